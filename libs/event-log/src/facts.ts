import { type CommandDefinition, type FactRefs, streamOf, type ThingRef } from '@voronka/kernel';
import type { ThingState, ThingStates } from './thing-states.js';

/** What a decision's look-ups depend on. */
export interface FactsRequest {
  readonly body: object;
  readonly state: unknown;
  readonly id: string;
  readonly person: string | null;
}

/** States of other things by the name of the fact, and the revision of each stream that was looked at. */
export interface Facts {
  /** A state, `undefined` for a thing that does not exist, or an array of these. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Absent when nothing was looked up; -1 stands for a stream without events. */
  readonly reliedOn?: Readonly<Record<string, number>>;
}

/** Folds the streams that a command says its decision needs, side by side, each once. */
export async function loadFacts(
  states: ThingStates,
  definition: CommandDefinition<unknown>,
  request: FactsRequest,
): Promise<Facts> {
  const { body, state, id, person } = request;
  const refs: FactRefs = definition.facts?.(body as never, state, { id, person }) ?? {};
  const streams = new Set(Object.values(refs).flatMap((ref) => listOf(ref).map(streamOfRef)));
  if (streams.size === 0) return { facts: Object.fromEntries(Object.keys(refs).map((name) => [name, []])) };
  const loaded = new Map(
    await Promise.all([...streams].map(async (stream) => [stream, await states.load(stream)] as const)),
  );
  const stateOf = (ref: ThingRef): unknown => known(loaded.get(streamOfRef(ref)));
  const facts = Object.entries(refs).map(([name, ref]) => [name, isList(ref) ? ref.map(stateOf) : stateOf(ref)]);
  const reliedOn = [...loaded].map(([stream, { revision }]) => [stream, revision]);
  return { facts: Object.fromEntries(facts), reliedOn: Object.fromEntries(reliedOn) };
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
