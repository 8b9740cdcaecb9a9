import type { EventMetadata, Recorded, Thing } from '@voronka/kernel';
import { parseStream } from '@voronka/kernel';
import type { EventLog } from './event-log.port.js';

/** An event of a command, as its answer tells it. */
export interface CommandEvent {
  readonly eventId: string;
  readonly type: string;
  readonly revision: number;
  readonly occurredAt: string;
}

/** What a command did when it was carried out. */
export interface DoneCommand {
  readonly requestHash: string;
  readonly events: readonly CommandEvent[];
  /** Position of its last event. */
  readonly position: bigint;
}

/** A thing as its stream tells it now. */
export interface ThingState {
  /** Of the last event; -1 for a stream with none. */
  readonly revision: number;
  /** Of the last event; null for a stream with none. */
  readonly position: bigint | null;
  readonly state: unknown;
  /** Every command of the stream by its id. */
  readonly commands: ReadonlyMap<string, DoneCommand>;
}

/** The states of things, folded from their streams. */
export interface ThingStates {
  /** Reads what is new in the log every time, so the answer is never older than the call. */
  load(stream: string): Promise<ThingState>;
  /** This program has appended, or may have appended, to the stream. */
  appended(stream: string): void;
}

/**
 * Folds streams and keeps up to `capacity` of the results, the least recently used going first: what was folded once
 * is not read again. Sharing them is safe because `evolve` never changes the state it is given.
 */
export function createThingStates(
  log: EventLog,
  things: readonly Thing[],
  capacity = 5_000,
  isSoleWriter: () => boolean = () => false,
): ThingStates {
  const deciders = new Map(things.map((thing) => [thing.category, thing.decider]));
  const kept = new Map<string, ThingState>();
  /** Streams whose kept state holds everything that this program appended. */
  const complete = new Set<string>();
  /** Reads under way, by stream: one that an append overtakes may have missed it. */
  const underWay = new Map<string, Set<{ isOvertaken: boolean }>>();

  async function load(stream: string): Promise<ThingState> {
    const decider = deciders.get(parseStream(stream).category);
    if (decider === undefined) throw new TypeError(`no thing has the stream ${stream}`);
    const found = kept.get(stream);
    if (found !== undefined && complete.has(stream) && isSoleWriter()) return found;
    const known = found ?? {
      revision: -1,
      position: null,
      state: decider.initialState(),
      commands: new Map<string, DoneCommand>(),
    };
    const { events, isOvertaken } = await read(stream, known.revision + 1);
    const loaded = events.length === 0 ? known : folded(known, events, (state, event) => decider.evolve(state, event));
    keep(stream, loaded);
    if (!isOvertaken && kept.has(stream)) complete.add(stream);
    return loaded;
  }

  async function read(stream: string, from: number): Promise<{ events: Recorded[]; isOvertaken: boolean }> {
    const reading = { isOvertaken: false };
    const all = underWay.get(stream) ?? new Set();
    underWay.set(stream, all.add(reading));
    try {
      const events: Recorded[] = [];
      for await (const event of log.readStream(stream, from)) events.push(event);
      return { events, isOvertaken: reading.isOvertaken };
    } finally {
      all.delete(reading);
      if (all.size === 0) underWay.delete(stream);
    }
  }

  function keep(stream: string, loaded: ThingState): void {
    const newest = kept.get(stream);
    // Two loads may overlap: the one that saw more stays.
    const best = newest !== undefined && newest.revision > loaded.revision ? newest : loaded;
    kept.delete(stream);
    kept.set(stream, best);
    const oldest = kept.keys().next();
    if (kept.size > capacity && oldest.done !== true) {
      kept.delete(oldest.value);
      complete.delete(oldest.value);
    }
  }

  function appended(stream: string): void {
    complete.delete(stream);
    for (const reading of underWay.get(stream) ?? []) reading.isOvertaken = true;
  }

  return { load, appended };
}

function folded(
  known: ThingState,
  events: readonly Recorded[],
  evolve: (state: unknown, event: Recorded) => unknown,
): ThingState {
  const commands = new Map(known.commands);
  let { state, revision, position } = known;
  for (const event of events) {
    state = evolve(state, event);
    ({ revision, position } = event);
    const { commandId, requestHash } = event.metadata;
    const done: DoneCommand = commands.get(commandId) ?? { requestHash, events: [], position: event.position };
    commands.set(commandId, { ...done, events: [...done.events, commandEvent(event)], position: event.position });
  }
  return { revision, position, state, commands };
}

function commandEvent(event: {
  eventId: string;
  type: string;
  revision: number;
  metadata: EventMetadata;
}): CommandEvent {
  const { eventId, type, revision, metadata } = event;
  return { eventId, type, revision, occurredAt: metadata.occurredAt };
}
