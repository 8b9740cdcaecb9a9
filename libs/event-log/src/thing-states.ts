import { type EventMetadata, parseStream, type Thing, type Written } from '@voronka/kernel';
import type { EventLog } from './event-log.port.js';
import { Freshness } from './freshness.js';
import { KeptStates, ReadsUnderWay } from './kept-states.js';

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
  /** What is loaded from now on is not older than this call. @throws LogUnavailableError */
  refresh(): Promise<void>;
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
  return new FoldedStates(log, things, { kept: new KeptStates(capacity), isSoleWriter });
}

class FoldedStates implements ThingStates {
  readonly #deciders: ReadonlyMap<string, Thing['decider']>;
  readonly #kept: KeptStates;
  readonly #reads: ReadsUnderWay;
  readonly #freshness: Freshness;
  readonly #isSoleWriter: () => boolean;
  /** Others may have written before this program came to be the only one that can. */
  #wasShared = false;

  constructor(
    log: EventLog,
    things: readonly Thing[],
    { kept, isSoleWriter }: { readonly kept: KeptStates; readonly isSoleWriter: () => boolean },
  ) {
    this.#deciders = new Map(things.map((thing) => [thing.category, thing.decider]));
    this.#kept = kept;
    this.#isSoleWriter = isSoleWriter;
    this.#reads = new ReadsUnderWay(log);
    this.#freshness = new Freshness(log, {
      onEvents: (events) => events.forEach((event) => this.#takeIn(event)),
      onGap: () => {
        this.#kept.forgetAll();
        this.#reads.overtakeAll();
      },
    });
  }

  async refresh(): Promise<void> {
    const isShared = !this.#isSoleWriter();
    if (isShared) this.#wasShared = true;
    if (!this.#wasShared) return;
    await this.#freshness.refresh();
    if (!isShared) this.#wasShared = false;
  }

  async load(stream: string): Promise<ThingState> {
    const decider = this.#deciderOf(stream);
    const found = this.#kept.use(stream);
    if (found !== undefined && this.#kept.isComplete(stream)) return found;
    const known = found ?? {
      revision: -1,
      position: null,
      state: decider.initialState(),
      commands: new Map<string, DoneCommand>(),
    };
    return await this.#reads.read(stream, known.revision + 1, (events, isOvertaken) => {
      const evolve = (state: unknown, event: Written): unknown => decider.evolve(state, event);
      const loaded = events.length === 0 ? known : folded(known, events, evolve);
      this.#kept.keep(stream, loaded, { isComplete: !isOvertaken });
      return loaded;
    });
  }

  appended(stream: string): void {
    this.#kept.doubt(stream);
    this.#reads.overtake(stream);
  }

  grown(before: ThingState, event: Written): void {
    // Whatever came to be known of the stream since it was loaded may be less than what is in it by now.
    const isComplete = this.#kept.get(event.stream) === before;
    this.#kept.keep(event.stream, this.#grownBy(before, event), { isComplete });
  }

  #takeIn(event: Written): void {
    const { stream, revision } = event;
    this.#reads.overtake(stream);
    const known = this.#kept.get(stream);
    if (known === undefined || revision <= known.revision) return;
    if (revision > known.revision + 1) this.#kept.doubt(stream);
    else this.#kept.replace(stream, this.#grownBy(known, event));
  }

  #grownBy(known: ThingState, event: Written): ThingState {
    const decider = this.#deciderOf(event.stream);
    return folded(known, [event], (state, one) => decider.evolve(state, one));
  }

  #deciderOf(stream: string): Thing['decider'] {
    const decider = this.#deciders.get(parseStream(stream).category);
    if (decider === undefined) throw new TypeError(`no thing has the stream ${stream}`);
    return decider;
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
