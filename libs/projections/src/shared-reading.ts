import type { EventBatch, EventLog, ReadAllOptions } from '@voronka/event-log';

/** Batches that the first of several readers may be ahead of the last. */
const MOST_AHEAD = 4;

export interface ReadRequest {
  readonly after: ReadAllOptions['after'];
  readonly batchSize: number;
}

/** One who is about to read the log to its end. Every one that was announced has to leave. */
export interface LogReader {
  read(request: ReadRequest): AsyncGenerator<EventBatch>;
  /** No read of this one is to be waited for any more. */
  leave(): void;
}

interface Place {
  /** Ordinal of the batch to take next. */
  next: number;
}

/**
 * Reads of the whole log by those who build at the same time, as one: to fetch and decode an event costs more than to
 * take it into a small set. Whoever asks for the same as others, while they still are at the beginning, reads along;
 * who is fast then waits for the slowest. Whoever fails or leaves holds nobody up.
 */
export class SharedReading {
  readonly #announced = new Set<() => void>();
  readonly #open = new Set<OneRead>();
  #allBegun: Promise<void> = Promise.resolve();
  #begun: () => void = () => undefined;

  constructor(private readonly log: EventLog) {}

  /** A read begins only when all who were announced before have begun or left. */
  announce(): LogReader {
    if (this.#announced.size === 0) this.#allBegun = new Promise((resolve) => (this.#begun = resolve));
    const begin = (): void => {
      if (this.#announced.delete(begin) && this.#announced.size === 0) this.#begun();
    };
    this.#announced.add(begin);
    return { read: (request) => this.#read(request, begin), leave: begin };
  }

  async *#read(request: ReadRequest, begin: () => void): AsyncGenerator<EventBatch> {
    const [read, place] = this.#join(request);
    begin();
    try {
      await this.#allBegun;
      for (;;) {
        const batch = await read.next(place);
        if (batch === null) return;
        yield batch;
      }
    } finally {
      if (await read.leave(place)) this.#open.delete(read);
    }
  }

  #join(request: ReadRequest): readonly [OneRead, Place] {
    for (const read of this.#open) {
      const place = read.join(request);
      if (place !== null) return [read, place];
    }
    const read = new OneRead(this.log.readAll({ ...request, isLong: true })[Symbol.asyncIterator](), request);
    this.#open.add(read);
    return [read, read.begin()];
  }
}

/** One read of the log and where its readers are in it. */
class OneRead {
  readonly #places = new Set<Place>();
  /** Who waits for the slowest. */
  readonly #waiting: (() => void)[] = [];
  #held: EventBatch[] = [];
  /** Ordinal of the first batch held. */
  #first = 0;
  #fetching: Promise<void> | null = null;
  #end: { readonly failure: unknown } | 'reached' | null = null;

  constructor(
    private readonly source: AsyncIterator<EventBatch>,
    private readonly request: ReadRequest,
  ) {}

  /** A place at the start. */
  begin(): Place {
    const place: Place = { next: 0 };
    this.#places.add(place);
    return place;
  }

  /** A place at the start, for one who asks for the same; null when this is another read, or is under way. */
  join({ after, batchSize }: ReadRequest): Place | null {
    const isSame = after === this.request.after && batchSize === this.request.batchSize;
    return isSame && this.#first === 0 && this.#end === null && this.#places.size > 0 ? this.begin() : null;
  }

  /** The next batch; null at the end. @throws what the read failed with */
  async next(place: Place): Promise<EventBatch | null> {
    for (;;) {
      const batch = this.#held[place.next - this.#first];
      if (batch !== undefined) {
        place.next += 1;
        this.#letGo();
        return batch;
      }
      if (this.#end === 'reached') return null;
      if (this.#end !== null) throw this.#end.failure;
      if (this.#held.length >= MOST_AHEAD) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      else await (this.#fetching ??= this.#fetch());
    }
  }

  /** Whoever reads last ends the read. @returns whether it was the last */
  async leave(place: Place): Promise<boolean> {
    this.#places.delete(place);
    if (this.#places.size > 0) {
      this.#letGo();
      return false;
    }
    await this.source.return?.();
    return true;
  }

  /** Forgets what everybody has taken, and lets the fastest go on. */
  #letGo(): void {
    const slowest = Math.min(...[...this.#places].map(({ next }) => next));
    if (slowest === this.#first) return;
    this.#held = this.#held.slice(slowest - this.#first);
    this.#first = slowest;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #fetch(): Promise<void> {
    try {
      const { done, value } = await this.source.next();
      if (done === true) this.#end = 'reached';
      else this.#held.push(value);
    } catch (failure) {
      this.#end = { failure };
    } finally {
      this.#fetching = null;
    }
  }
}
