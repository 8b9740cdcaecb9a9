import type { Written } from '@voronka/kernel';
import type { EventLog } from './event-log.port.js';
import type { ThingState } from './thing-states.js';

/** The states that were used last. */
export class KeptStates {
  readonly #kept = new Map<string, ThingState>();
  /** Streams whose kept state holds everything that was appended up to the last refreshing, and by this program. */
  readonly #complete = new Set<string>();

  constructor(private readonly capacity: number) {}

  get(stream: string): ThingState | undefined {
    return this.#kept.get(stream);
  }

  /** As `get`, and lets it stay longest. */
  use(stream: string): ThingState | undefined {
    const found = this.#kept.get(stream);
    if (found !== undefined) {
      this.#kept.delete(stream);
      this.#kept.set(stream, found);
    }
    return found;
  }

  isComplete(stream: string): boolean {
    return this.#complete.has(stream);
  }

  /** More is to be read of the stream. */
  doubt(stream: string): void {
    this.#complete.delete(stream);
  }

  /** Nothing is known any more. */
  forgetAll(): void {
    this.#complete.clear();
    this.#kept.clear();
  }

  /** In the place of one that is kept. */
  replace(stream: string, grown: ThingState): void {
    this.#kept.set(stream, grown);
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
export class ReadsUnderWay {
  readonly #reads = new Map<string, Set<{ isOvertaken: boolean }>>();

  constructor(private readonly log: EventLog) {}

  /** @param take is called with what was found, at the very moment from which on appends overtake nothing any more */
  async read<T>(stream: string, from: number, take: (events: Written[], isOvertaken: boolean) => T): Promise<T> {
    const reading = { isOvertaken: false };
    const all = this.#reads.get(stream) ?? new Set();
    this.#reads.set(stream, all.add(reading));
    try {
      const events: Written[] = [];
      for await (const event of this.log.readStream(stream, from)) events.push(event);
      return take(events, reading.isOvertaken);
    } finally {
      all.delete(reading);
      if (all.size === 0) this.#reads.delete(stream);
    }
  }

  overtake(stream: string): void {
    for (const reading of this.#reads.get(stream) ?? []) reading.isOvertaken = true;
  }

  overtakeAll(): void {
    for (const stream of this.#reads.keys()) this.overtake(stream);
  }
}
