import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AllStreamRecordedEvent,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  eventTypeFilter,
  excludeSystemEvents,
  type Position,
  START,
} from '@eventstore/db-client';
import { CorruptEventError, LogUnavailableError } from './errors.js';
import type { EventBatch, FollowOptions, FollowState } from './event-log.port.js';
import { DEFAULT_BATCH_SIZE, type Reader } from './reading.js';
import { reasonOf } from './store-errors.js';
import { Tap } from './tap.js';

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;
/** How long a batch that is not full waits for one more event, and in all: an event that comes alone goes at once. */
const PATIENCE = { catchingUp: { gapMs: 25, inAllMs: 250 }, live: { gapMs: 1, inAllMs: 10 } } as const;
/** Positions are signed numbers of 64 bits. */
const LARGEST_POSITION = 2n ** 63n - 1n;
/** Checkpoints come every 32 × this many events looked at, besides the one on going live. */
const CHECKPOINT_INTERVAL = 32;

/** Marks put among the events of a subscription, so that they keep their place in its order. */
type Mark = { readonly reached: bigint } | 'caughtUp' | 'confirmed';

/** Follows the log for ever; see `EventLog.follow`. */
export async function* follow(reader: Reader, options: FollowOptions): AsyncGenerator<EventBatch> {
  const { signal } = options;
  const tell = teller(options);
  let position = options.after;
  let attempt = 0;
  while (!signal.aborted) {
    let delay = 0;
    tell({ status: 'connecting', attempt });
    try {
      for await (const batch of subscription(reader, { ...options, after: position }, tell)) {
        attempt = 0;
        yield batch;
        position = batch.position;
      }
    } catch (error) {
      if (error instanceof CorruptEventError) throw error;
      if (signal.aborted) return;
      delay = backOff(attempt);
      attempt += 1;
      tell({ status: 'waiting', retryInMilliseconds: delay, reason: reasonOf(error) });
    }
    await sleep(delay, undefined, { signal }).catch(() => undefined);
  }
}

/** Doubles from try to try, with a fifth of chance so that several followers do not come back in step. */
function backOff(attempt: number): number {
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10));
  return Math.round(delay * (0.8 + Math.random() * 0.2));
}

type Tell = (state: FollowState) => void;

/** Reports states; a report that fails must not stop what it reports on. */
function teller(options: FollowOptions): Tell {
  return (state) => {
    try {
      options.onState?.(state);
    } catch {
      // Whoever listens has to look after himself.
    }
  };
}

/** One subscription: ends quietly when aborted, throws whatever else ends it. */
async function* subscription(reader: Reader, options: FollowOptions, tell: Tell): AsyncGenerator<EventBatch> {
  const { signal } = options;
  const { batchSize = DEFAULT_BATCH_SIZE } = options;
  const source = subscribe(reader, options, batchSize);
  const tap = new Tap<AllStreamResolvedEvent | Mark>(source, reader.closing);
  const stop = (): void => tap.wake();
  signal.addEventListener('abort', stop);
  try {
    await confirmed(tap, reader.silenceMs, signal);
    const progress = new Progress(options.after, tell);
    while (!signal.aborted) {
      const records = await gather(tap, progress, batchSize);
      if (signal.aborted) return;
      const { events, failure } = await reader.codec.decode(records);
      const position = failure === null ? progress.handOut(events.length) : events.at(-1)?.position;
      const caughtUp = failure === null && progress.caughtUp && tap.isEmpty;
      if (position !== undefined) yield { events, position, caughtUp };
      if (failure !== null) throw failure;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    tap.release(() => source.unsubscribe());
  }
}

/** Where a subscription stands, as its events and marks are taken from it in order. */
class Progress {
  caughtUp = false;
  #position: bigint | null;
  #hasNews = false;
  readonly #tell: Tell;

  constructor(after: bigint | null, tell: Tell) {
    this.#position = after;
    this.#tell = tell;
    tell({ status: 'catchingUp', position: after });
  }

  /** The record when the item is one; otherwise notes what the mark says. */
  note(item: AllStreamResolvedEvent | Mark): AllStreamRecordedEvent | undefined {
    if (item === 'confirmed') return undefined;
    if (item === 'caughtUp') {
      this.caughtUp = true;
      this.#hasNews = true;
      this.#tell({ status: 'live', position: this.#position });
      return undefined;
    }
    if ('reached' in item) {
      this.#moveTo(item.reached);
      return undefined;
    }
    if (item.event !== undefined) this.#moveTo(item.event.position.commit);
    return item.event;
  }

  /** The position to hand out with so many events; undefined when there is nothing to tell. */
  handOut(events: number): bigint | undefined {
    const worthIt = events > 0 || this.#hasNews;
    this.#hasNews = false;
    return worthIt ? (this.#position ?? undefined) : undefined;
  }

  #moveTo(position: bigint): void {
    if (this.#position !== null && position <= this.#position) return;
    this.#position = position;
    this.#hasNews = true;
  }
}

function subscribe(reader: Reader, { after, types }: FollowOptions, batchSize: number): AllStreamSubscription {
  const mark = (source: AllStreamSubscription, value: Mark): void => {
    // Nothing may be thrown into the client's transform: its subscription would stall without a word.
    if (!source.destroyed) source.push(value);
  };
  const checkpoints = {
    checkpointInterval: CHECKPOINT_INTERVAL,
    checkpointReached: (from: AllStreamSubscription, { commit }: Position) => {
      // Servers before 24.10.5 say the largest number there is where a filter finds nothing in a short log.
      if (commit <= LARGEST_POSITION) mark(from, { reached: commit });
    },
  };
  const source = reader.client.subscribeToAll(
    {
      fromPosition: after === null ? START : { commit: after, prepare: after },
      filter:
        types === undefined
          ? excludeSystemEvents(checkpoints)
          : eventTypeFilter({ ...checkpoints, prefixes: [...types] }),
    },
    { highWaterMark: batchSize },
  );
  source.on('confirmation', () => mark(source, 'confirmed'));
  source.on('caughtUp', () => mark(source, 'caughtUp'));
  return source;
}

/** Waits for the server's first word: a server that takes the call and keeps silent must not hold us for ever. */
async function confirmed(tap: Tap<unknown>, silenceMs: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + silenceMs;
  while (!signal.aborted && !(await tap.ready(Math.max(1, deadline - performance.now())))) {
    if (performance.now() >= deadline) {
      throw new LogUnavailableError(`The event store did not confirm the subscription within ${silenceMs} ms`);
    }
  }
}

/**
 * The next events, in order: at least one item is waited for, then a moment for more of them, because they come out
 * of the connection one by one. An empty answer means that only marks came, or that the wait was ended.
 */
async function gather(tap: Tap<AllStreamResolvedEvent | Mark>, progress: Progress, batchSize: number) {
  const records: AllStreamRecordedEvent[] = [];
  let more = await tap.ready();
  const begun = performance.now();
  while (more && records.length < batchSize) {
    // What ended the subscription is told only when the good events before it have been handed out.
    if (tap.isOver && records.length > 0) break;
    if (tap.isDone) throw new LogUnavailableError('The event store ended the subscription');
    for (const item of tap.take(batchSize - records.length)) {
      const record = progress.note(item);
      if (record !== undefined) records.push(record);
    }
    const { gapMs, inAllMs } = PATIENCE[progress.caughtUp ? 'live' : 'catchingUp'];
    const mayWait = records.length > 0 && performance.now() - begun < inAllMs;
    more = mayWait ? await tap.ready(gapMs) : false;
  }
  return records;
}
