import {
  type CommandDefinition,
  type FactRefs,
  type FactsAsked,
  firstRefs,
  furtherRefs,
  streamOf,
  type ThingRef,
  thingsOf,
} from '@voronka/kernel';
import type { ThingState, ThingStates } from './thing-states.js';

/** States of other things by the name of the fact, and the revision of each stream that was looked at. */
export interface Facts {
  /** A state, `undefined` for a thing that does not exist, or an array of these. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Absent when nothing was looked up; -1 stands for a stream without events. */
  readonly reliedOn?: Readonly<Record<string, number>>;
}

/** Folds the streams that a command says its decision needs, side by side, each once; then those these lead to. */
export async function loadFacts(
  states: ThingStates,
  definition: CommandDefinition<unknown>,
  asked: FactsAsked,
): Promise<Facts> {
  const loaded = new Map<string, ThingState>();
  let refs = firstRefs(definition, asked);
  for (;;) {
    const streams = new Set(thingsOf(refs).map(streamOfRef));
    const missing = [...streams].filter((stream) => !loaded.has(stream));
    await Promise.all(missing.map(async (stream) => loaded.set(stream, await states.load(stream))));
    const facts = factsOf(refs, loaded);
    const more = furtherRefs(definition, asked, { refs, facts });
    if (more === null) return streams.size === 0 ? { facts } : { facts, reliedOn: revisionsOf(streams, loaded) };
    refs = more;
  }
}

type Loaded = ReadonlyMap<string, ThingState>;

function factsOf(refs: FactRefs, loaded: Loaded): Readonly<Record<string, unknown>> {
  const stateOf = (ref: ThingRef): unknown => known(loaded.get(streamOfRef(ref)));
  return Object.fromEntries(
    Object.entries(refs).map(([name, ref]) => [name, isList(ref) ? ref.map(stateOf) : stateOf(ref)]),
  );
}

/** In the order in which they were asked for, which does not depend on what was read first. */
function revisionsOf(streams: ReadonlySet<string>, loaded: Loaded): Readonly<Record<string, number>> {
  return Object.fromEntries([...streams].map((stream) => [stream, loaded.get(stream)?.revision ?? -1]));
}

function known(loaded: ThingState | undefined): unknown {
  return loaded === undefined || loaded.revision < 0 ? undefined : loaded.state;
}

function streamOfRef({ category, id }: ThingRef): string {
  return streamOf(category, id);
}

function isList(ref: ThingRef | readonly ThingRef[]): ref is readonly ThingRef[] {
  return Array.isArray(ref);
}
