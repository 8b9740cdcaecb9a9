import type pg from 'pg';
import type { EventBatch, EventLog } from '@voronka/event-log';
import type { BuildWriter } from './apply-batch.js';
import { RowNotOpenError } from './bulk-write.js';
import { isDataError, PoisonEventError } from './errors.js';
import { ProgressMeter, type RebuildProgress } from './progress.js';
import type { LogReader } from './shared-reading.js';
import { takeBatch, writePrepared } from './take-batch.js';

/** Events read and folded at once: few, so that what they need is garbage while it is young. */
const READ_SIZE = 500;
/** Events per transaction: many, because each writes the states of all keys that its events touched. */
const BATCH_SIZE = 10_000;

function readSize(batchSize = BATCH_SIZE): number {
  return Math.min(READ_SIZE, batchSize);
}

export interface LoadOptions {
  readonly target: BuildWriter;
  readonly writer: pg.Client;
  /** Reads states while `writer` is busy. */
  readonly loader: pg.Client;
  readonly log: EventLog;
  /** Reads the log; the others that are built at this time read along. */
  readonly reader: LogReader;
  /** Events per transaction. */
  readonly batchSize?: number;
  readonly onProgress?: (progress: RebuildProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Reads the log to its end into a build. While PostgreSQL writes one batch, the next is read and folded.
 * @returns the checkpoint reached
 * @throws PoisonEventError, LogUnavailableError, errors of the database
 */
export async function load(options: LoadOptions, from: bigint | null): Promise<bigint | null> {
  const { log, reader, batchSize, onProgress, signal } = options;
  const meter = new ProgressMeter(from, await log.end());
  const loading = new Loading(options, from);
  let events = 0;
  try {
    for await (const batch of ahead(reader.read({ after: from, batchSize: readSize(batchSize) }))) {
      signal?.throwIfAborted();
      events += batch.events.length;
      const isFull = await loading.take(batch);
      if (!isFull && !batch.caughtUp) continue;
      onProgress?.(meter.add(events, batch.position));
      events = 0;
    }
    return await loading.finish();
  } finally {
    // What is under way is finished, so that the locks can be given back.
    await loading.settled();
  }
}

/**
 * Gathers one batch while the one before is being written. When either goes wrong, everything that is not surely
 * written is read from the log again and taken in smaller parts, which finds the event that is to blame.
 */
class Loading {
  /** Everything up to here is committed. */
  #safe: bigint | null;
  /** The batch being gathered begins after this. */
  #start: bigint | null;
  /** Looked at so far. */
  #reached: bigint | null;
  #written: Promise<void> | null = null;

  constructor(
    private readonly options: LoadOptions,
    from: bigint | null,
  ) {
    this.#safe = from;
    this.#start = from;
    this.#reached = from;
  }

  /** Returns whether a batch was full and went on its way. */
  async take(batch: EventBatch): Promise<boolean> {
    const { target, loader, batchSize = BATCH_SIZE } = this.options;
    this.#reached = batch.position;
    let isSound = true;
    let gathered = 0;
    try {
      gathered = await target.gather(batch, loader, this.#start);
    } catch (error) {
      if (!(error instanceof PoisonEventError || isDataError(error))) throw error;
      isSound = false;
    }
    if (isSound && gathered < batchSize) return false;
    await this.#turn(isSound);
    return true;
  }

  async finish(): Promise<bigint | null> {
    await this.#turn(true);
    if (!(await this.#landed())) await this.#again();
    return this.#start;
  }

  async settled(): Promise<void> {
    await this.#written?.catch(() => undefined);
  }

  /** Waits for the batch before, then lets the gathered one be written. */
  async #turn(isSound: boolean): Promise<void> {
    if (!(await this.#landed()) || !isSound) return await this.#again();
    const { target, writer } = this.options;
    const prepared = target.gathered();
    if (prepared === null) return;
    this.#start = prepared.position;
    this.#written = writePrepared(target, prepared, writer);
    this.#written.catch(() => undefined);
  }

  /** Whether what was under way is written now. When not, what was gathered since rests upon states that never were. */
  async #landed(): Promise<boolean> {
    try {
      await this.#written;
      // Only one batch is under way at a time, and it reaches to where the next begins.
      this.#safe = this.#start;
      return true;
    } catch (error) {
      if (isDataError(error) || error instanceof RowNotOpenError) return false;
      throw error;
    } finally {
      this.#written = null;
    }
  }

  async #again(): Promise<void> {
    const { target, writer, log, batchSize } = this.options;
    target.forget();
    for await (const batch of log.readAll({ after: this.#safe, batchSize: readSize(batchSize) })) {
      this.#safe = await takeBatch(target, batch, writer, this.#safe);
      if (this.#safe !== null && this.#reached !== null && this.#safe >= this.#reached) break;
    }
    this.#start = this.#safe;
  }
}

/** Asks for the next item before the one at hand is dealt with. */
async function* ahead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let next = iterator.next();
  next.catch(() => undefined);
  try {
    for (;;) {
      const { done, value } = await next;
      if (done === true) return;
      next = iterator.next();
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}
