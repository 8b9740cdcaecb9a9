import {
  type CommandDefinition,
  factRounds,
  type FactRefs,
  type FactSender,
  type FoundFacts,
  streamOf,
  type ThingRef,
} from '@voronka/kernel';
import type { ThingState, ThingStates } from './thing-states.js';

/** What a decision's look-ups depend on. */
export interface FactsRequest extends FactSender {
  readonly body: object;
  readonly state: unknown;
}

/** States of other things by the name of the fact, and the revision of each stream that was looked at. */
export interface Facts {
  /** A state, `undefined` for a thing that does not exist, or an array of these. */
  readonly facts: FoundFacts;
  /** Absent when nothing was looked up; -1 stands for a stream without events. */
  readonly reliedOn?: Readonly<Record<string, number>>;
}

/** Folds the streams that a command says its decision needs, those of a round side by side, each once. */
export async function loadFacts(
  states: Pick<ThingStates, 'load'>,
  definition: CommandDefinition<unknown>,
  request: FactsRequest,
): Promise<Facts> {
  const loaded = new Map<string, ThingState>();
  const rounds = factRounds(definition, request);
  let step = rounds.next();
  while (step.done !== true) step = rounds.next(await found(states, step.value, loaded));
  if (loaded.size === 0) return { facts: step.value };
  return {
    facts: step.value,
    reliedOn: Object.fromEntries([...loaded].map(([stream, { revision }]) => [stream, revision])),
  };
}

async function found(
  states: Pick<ThingStates, 'load'>,
  refs: FactRefs,
  loaded: Map<string, ThingState>,
): Promise<FoundFacts> {
  const streams = new Set(Object.values(refs).flatMap((ref) => listOf(ref).map(streamOfRef)));
  const missing = [...streams].filter((stream) => !loaded.has(stream));
  await Promise.all(missing.map(async (stream) => loaded.set(stream, await states.load(stream))));
  const stateOf = (ref: ThingRef): unknown => known(loaded.get(streamOfRef(ref)));
  const facts = Object.entries(refs).map(([name, ref]) => [name, isList(ref) ? ref.map(stateOf) : stateOf(ref)]);
  return Object.fromEntries(facts) as FoundFacts;
}

function known(loaded: ThingState | undefined): unknown {
  return loaded === undefined || loaded.revision < 0 ? undefined : loaded.state;
}

function streamOfRef({ category, id }: ThingRef): string {
  return streamOf(category, id);
}

function listOf(ref: ThingRef | readonly ThingRef[]): readonly ThingRef[] {
  return isList(ref) ? ref : [ref];
}

function isList(ref: ThingRef | readonly ThingRef[]): ref is readonly ThingRef[] {
  return Array.isArray(ref);
}
