import type { EventMetadata, Thing, Written } from '@voronka/kernel';
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
  /** What the last append to the stream made of a state, so that it need not be read again. */
  grown(before: ThingState, event: Written): void;
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
  const kept = new KeptStates(capacity);
  const reads = new ReadsUnderWay(log);

  function deciderOf(stream: string) {
    const decider = deciders.get(parseStream(stream).category);
    if (decider === undefined) throw new TypeError(`no thing has the stream ${stream}`);
    return decider;
  }

  async function load(stream: string): Promise<ThingState> {
    const decider = deciderOf(stream);
    const found = kept.get(stream);
    if (found !== undefined && kept.isComplete(stream) && isSoleWriter()) return found;
    const known = found ?? {
      revision: -1,
      position: null,
      state: decider.initialState(),
      commands: new Map<string, DoneCommand>(),
    };
    const { events, isOvertaken } = await reads.read(stream, known.revision + 1);
    const loaded = events.length === 0 ? known : folded(known, events, (state, event) => decider.evolve(state, event));
    kept.keep(stream, loaded, { isComplete: !isOvertaken });
    return loaded;
  }

  function appended(stream: string): void {
    kept.mayBeBehind(stream);
    reads.overtake(stream);
  }

  function grown(before: ThingState, event: Written): void {
    const { stream } = event;
    const decider = deciderOf(stream);
    const after = folded(before, [event], (state, one) => decider.evolve(state, one));
    kept.keep(stream, after, { isComplete: true });
  }

  return { load, appended, grown };
}

/** The states that were used last. */
class KeptStates {
  readonly #kept = new Map<string, ThingState>();
  /** Streams whose kept state holds everything that this program appended. */
  readonly #complete = new Set<string>();

  constructor(private readonly capacity: number) {}

  get(stream: string): ThingState | undefined {
    return this.#kept.get(stream);
  }

  isComplete(stream: string): boolean {
    return this.#complete.has(stream);
  }

  mayBeBehind(stream: string): void {
    this.#complete.delete(stream);
  }

  keep(stream: string, loaded: ThingState, { isComplete }: { readonly isComplete: boolean }): void {
    const newest = this.#kept.get(stream);
    // Two loads may overlap: the one that saw more stays.
    const best = newest !== undefined && newest.revision > loaded.revision ? newest : loaded;
    this.#kept.delete(stream);
    this.#kept.set(stream, best);
    if (isComplete) this.#complete.add(stream);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > this.capacity && oldest.done !== true) {
      this.#kept.delete(oldest.value);
      this.#complete.delete(oldest.value);
    }
  }
}

/** Reads under way, by stream: one that an append overtakes may have missed it. */
class ReadsUnderWay {
  readonly #reads = new Map<string, Set<{ isOvertaken: boolean }>>();

  constructor(private readonly log: EventLog) {}

  async read(stream: string, from: number): Promise<{ events: Written[]; isOvertaken: boolean }> {
    const reading = { isOvertaken: false };
    const all = this.#reads.get(stream) ?? new Set();
    this.#reads.set(stream, all.add(reading));
    try {
      const events: Written[] = [];
      for await (const event of this.log.readStream(stream, from)) events.push(event);
      return { events, isOvertaken: reading.isOvertaken };
    } finally {
      all.delete(reading);
      if (all.size === 0) this.#reads.delete(stream);
    }
  }

  overtake(stream: string): void {
    for (const reading of this.#reads.get(stream) ?? []) reading.isOvertaken = true;
  }
}

function folded(
  known: ThingState,
  events: readonly Written[],
  evolve: (state: unknown, event: Written) => unknown,
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
