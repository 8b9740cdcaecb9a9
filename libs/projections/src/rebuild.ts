import type pg from 'pg';
import type { EventBatch, EventLog } from '@voronka/event-log';
import { BuildWriter, type PreparedBatch } from './apply-batch.js';
import { createIndexes, createKeys, SharedKeyError } from './build-schema.js';
import { checkLog } from './check-log.js';
import { connect, type Database, disconnect, tryLock } from './connection.js';
import { type Build, ensureControl, recordPoison } from './control.js';
import { isDataError, PoisonEventError, poisonOf, RebuildRefusedError } from './errors.js';
import { RowNotOpenError } from './bulk-write.js';
import { dropRetired, openBuild, type RebuildMode } from './builds.js';
import { ProgressMeter, type RebuildProgress } from './progress.js';
import type { SetPlan } from './set-plan.js';
import { swap, type SwapHook } from './swap.js';
import { takeBatch, writePrepared } from './take-batch.js';

export interface RebuildOptions {
  readonly database: Database;
  readonly log: EventLog;
  readonly plan: SetPlan;
  readonly mode: RebuildMode;
  /** Events per transaction; default 10,000. */
  readonly batchSize?: number;
  readonly mostStates?: number;
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** Lines worth telling an operator. */
  readonly say?: (text: string) => void;
  readonly onSwap?: SwapHook;
  readonly signal?: AbortSignal;
}

const BATCH_SIZE = 10_000;

/**
 * Builds a set anew beside the one that is read, and swaps them when the new one has caught up. What was built stays
 * when the process dies: `resume` goes on from there.
 * @returns the new active build
 * @throws RebuildRefusedError, PoisonEventError, ForeignLogError, LogUnavailableError, errors of the database;
 *   the old build stays live
 */
export async function rebuildSet(options: RebuildOptions): Promise<Build> {
  try {
    return await attempt(options, false);
  } catch (error) {
    if (!(error instanceof SharedKeyError)) throw error;
    // Slower, but the event that brings a key a second time is found.
    options.say?.(`${error.message}; building again with the keys first, to find the event`);
    return await attempt({ ...options, mode: 'startOver' }, true);
  }
}

async function attempt(options: RebuildOptions, keysFirst: boolean): Promise<Build> {
  const { plan, log, mode } = options;
  const name = plan.set.name;
  let writer: pg.Client | null = null;
  let loader: pg.Client | null = null;
  let build: Build | null = null;
  try {
    writer = await connect(options.database, `rebuild ${name}`);
    loader = await connect(options.database, `rebuild ${name}, states`);
    await ensureControl(writer);
    if (!(await tryLock(writer, name, 'rebuild'))) {
      throw new RebuildRefusedError(`A rebuild of "${name}" is running already`);
    }
    build = await openBuild(writer, plan, { mode, keysFirst });
    await checkLog(log, build);
    const target = new BuildWriter(plan, build, options);
    await writer.query(`set synchronous_commit = off; set maintenance_work_mem = '256MB'`);
    const reached = await load({ target, writer, loader, options }, build.checkpoint);
    await createKeys(writer, plan, build.schema);
    target.forget();
    await createIndexes(writer, plan, build.schema);
    const active = await swap({ ...options, target, db: writer, checkpoint: reached });
    await dropRetired(writer, name);
    return active;
  } catch (error) {
    const poison = poisonOf(error);
    if (poison !== null && build !== null && writer !== null) await recordPoison(writer, build, poison);
    throw error;
  } finally {
    await disconnect(loader);
    await disconnect(writer);
  }
}

interface Load {
  readonly target: BuildWriter;
  readonly writer: pg.Client;
  readonly loader: pg.Client;
  readonly options: RebuildOptions;
}

/**
 * Reads the log to its end. While PostgreSQL writes one batch, the next is read and folded.
 * @returns the checkpoint reached
 */
async function load(work: Load, from: bigint | null): Promise<bigint | null> {
  const { target, writer } = work;
  const { log, batchSize = BATCH_SIZE, onProgress, signal } = work.options;
  const meter = new ProgressMeter(from, await log.end());
  let checkpoint = from;
  let underway: Underway | null = null;
  try {
    for await (const batch of ahead(log.readAll({ after: from, batchSize }))) {
      signal?.throwIfAborted();
      const prepared = await prepareQuietly(work, batch, checkpoint);
      const intact = await landed(work, underway);
      underway = null;
      if (intact && prepared !== null) {
        underway = { batch, before: checkpoint, written: writePrepared(target, prepared, writer) };
        underway.written.catch(() => undefined);
      } else await takeAlone(work, batch, checkpoint);
      checkpoint = batch.position;
      onProgress?.(meter.add(batch.events.length, batch.position));
    }
    await landed(work, underway);
    return checkpoint;
  } finally {
    // What is under way is finished, so that the locks can be given back.
    await underway?.written.catch(() => undefined);
  }
}

/** A batch that is being written while the next one is prepared. */
interface Underway {
  readonly batch: EventBatch;
  readonly before: bigint | null;
  readonly written: Promise<void>;
}

/**
 * Waits for a batch to be written. One that the data keeps from it is taken in again, in parts.
 * @returns false when that was so: what was prepared upon it is void
 */
async function landed(work: Load, underway: Underway | null): Promise<boolean> {
  try {
    await underway?.written;
    return true;
  } catch (error) {
    if (underway === null || !(isDataError(error) || error instanceof RowNotOpenError)) throw error;
    await takeAlone(work, underway.batch, underway.before);
    return false;
  }
}

/** Nothing may be prepared meanwhile: it would be folded into the states that the parts are saved with. */
async function takeAlone({ target, writer }: Load, batch: EventBatch, before: bigint | null): Promise<void> {
  target.forget();
  await takeBatch(target, batch, writer, before);
}

/** A failed preparation is found again, event by event, when the batch is written in parts. */
async function prepareQuietly(work: Load, batch: EventBatch, expected: bigint | null): Promise<PreparedBatch | null> {
  try {
    return await work.target.prepare(batch, work.loader, expected);
  } catch (error) {
    if (error instanceof PoisonEventError || isDataError(error)) return null;
    throw error;
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
