import type { Recorded } from '@voronka/kernel';
import { CorruptEventError } from './errors.js';
import type { EventLog } from './event-log.port.js';

/** After more events than so many it is cheaper to doubt everything than to take each in. */
const MOST_EVENTS = 1_000;
/** The same for what is not ours: batches are looked through, whoever wrote what is in them. */
const MOST_BATCHES = 4;

export interface FreshnessListener {
  /** These came since the last time, in the order of the log. Some may have been told before. */
  readonly onEvents: (events: readonly Recorded[]) => void;
  /** More came than is told: anything may be out of date. */
  readonly onGap: () => void;
}

/** Tells what has come into the log since it was last asked; those who ask at the same time share one read. */
export class Freshness {
  /** Up to here everything was told; undefined before the first time, null for an empty log. */
  #position: bigint | null | undefined;
  #running: Promise<void> | null = null;
  /** Begins when the running one has ended. */
  #next: Promise<void> | null = null;

  constructor(
    private readonly log: Pick<EventLog, 'readAll' | 'end'>,
    private readonly listener: FreshnessListener,
  ) {}

  /** Resolves when everything that was in the log as this was called has been told. @throws LogUnavailableError */
  refresh(): Promise<void> {
    if (this.#next !== null) return this.#next;
    if (this.#running === null) return this.#begin();
    // What is being read may have missed what came just now.
    this.#next = this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = null;
        return this.#begin();
      });
    return this.#next;
  }

  #begin(): Promise<void> {
    const running = this.#tell().finally(() => {
      if (this.#running === running) this.#running = null;
    });
    this.#running = running;
    return running;
  }

  async #tell(): Promise<void> {
    if (this.#position !== undefined && (await this.#tellSince(this.#position))) return;
    this.#position = await this.log.end();
    this.listener.onGap();
  }

  /** @returns false when it is more than can be told */
  async #tellSince(after: bigint | null): Promise<boolean> {
    let told = 0;
    let batches = 0;
    try {
      for await (const { events, position, caughtUp } of this.log.readAll({ after, maxCount: MOST_EVENTS })) {
        told += events.length;
        this.listener.onEvents(events);
        this.#position = position;
        batches += 1;
        if (batches >= MOST_BATCHES && !caughtUp) return false;
      }
    } catch (error) {
      // It concerns whoever reads the stream that it is in.
      if (error instanceof CorruptEventError) return false;
      throw error;
    }
    return told < MOST_EVENTS;
  }
}
