import { EventEmitter, once } from 'node:events';
import type { EventBatch, EventLog, FollowOptions, FollowState, ReadAllOptions } from '@voronka/event-log';
import type { Recorded } from '@voronka/kernel';

/** The log's port over an array, for tests of what reads the log. Events are added by the test itself. */
export class ArrayLog implements EventLog {
  readonly events: Recorded[];
  /** Called before every batch is handed out; may throw. */
  beforeBatch: (batch: EventBatch) => void | Promise<void> = () => undefined;
  /** Tells the follower how its subscription fares, as a real one is told. */
  tell: (state: FollowState) => void = () => undefined;
  readonly #news = new EventEmitter().setMaxListeners(0);

  constructor(events: readonly Recorded[] = []) {
    this.events = [...events];
  }

  add(...events: readonly Recorded[]): void {
    this.events.push(...events);
    this.#news.emit('news');
  }

  append(): Promise<never> {
    return Promise.reject(new Error('this log is filled by the test'));
  }

  async *readStream(stream: string, fromRevision = 0): AsyncGenerator<Recorded> {
    for (const event of this.events) if (event.stream === stream && event.revision >= fromRevision) yield event;
  }

  async *readAll({ after, batchSize = 1_000 }: ReadAllOptions): AsyncGenerator<EventBatch> {
    const end = this.events.length;
    let from = this.#indexAfter(after);
    while (from < end) {
      const events = this.events.slice(from, Math.min(end, from + batchSize));
      from += events.length;
      const batch = { events, position: events.at(-1)?.position ?? 0n, caughtUp: from >= end };
      await this.beforeBatch(batch);
      yield batch;
    }
  }

  async *follow({ after, batchSize = 1_000, signal, onState }: FollowOptions): AsyncGenerator<EventBatch> {
    this.tell = (state) => onState?.(state);
    let from = this.#indexAfter(after);
    while (!signal.aborted) {
      const events = this.events.slice(from, from + batchSize);
      if (events.length === 0) {
        await once(this.#news, 'news', { signal }).catch(() => undefined);
        continue;
      }
      from += events.length;
      const batch = { events, position: events.at(-1)?.position ?? 0n, caughtUp: from >= this.events.length };
      await this.beforeBatch(batch);
      yield batch;
    }
  }

  end(): Promise<bigint | null> {
    return Promise.resolve(this.events.at(-1)?.position ?? null);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #indexAfter(after: bigint | null): number {
    const index = after === null ? 0 : this.events.findIndex(({ position }) => position > after);
    return index < 0 ? this.events.length : index;
  }
}
