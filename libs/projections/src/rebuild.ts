import type pg from 'pg';
import type { EventLog } from '@voronka/event-log';
import { BuildWriter } from './apply-batch.js';
import { createIndexes, createKeys, SharedKeyError } from './build-schema.js';
import { checkLog } from './check-log.js';
import { connect, type Database, disconnect, tryLock } from './connection.js';
import { type Build, ensureControl, recordPoison } from './control.js';
import type { EraseHook } from './erasing.js';
import { poisonOf, RebuildRefusedError } from './errors.js';
import { dropRetired, openBuild, type RebuildMode } from './builds.js';
import { load } from './load.js';
import type { RebuildProgress } from './progress.js';
import type { SetPlan } from './set-plan.js';
import type { SharedReading } from './shared-reading.js';
import { swap, type SwapHook } from './swap.js';

export interface RebuildOptions {
  readonly database: Database;
  readonly log: EventLog;
  /** Where those who read the log at the same time meet. */
  readonly reading: SharedReading;
  readonly plan: SetPlan;
  readonly mode: RebuildMode;
  /** Events per transaction; default 10,000. */
  readonly batchSize?: number;
  readonly mostStates?: number;
  /** How long old readers are waited for before what was replaced is removed, in milliseconds; default 10,000. */
  readonly dropPatienceMs?: number;
  readonly onErased?: EraseHook;
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** Lines worth telling an operator. */
  readonly say?: (text: string) => void;
  readonly onSwap?: SwapHook;
  readonly signal?: AbortSignal;
}

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
  const reader = options.reading.announce();
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
    for (const db of [writer, loader]) {
      await db.query(`set synchronous_commit = off; set maintenance_work_mem = '128MB'`);
    }
    const reached = await load({ target, writer, loader, reader, ...options }, build.checkpoint);
    await createKeys([writer, loader], plan, build.schema);
    target.forget();
    await createIndexes([writer, loader], plan, build.schema);
    const active = await swap({ ...options, target, db: writer, checkpoint: reached });
    await dropRetired(writer, name, options.dropPatienceMs);
    return active;
  } catch (error) {
    const poison = poisonOf(error);
    if (poison !== null && build !== null && writer !== null) await recordPoison(writer, build, poison);
    throw error;
  } finally {
    reader.leave();
    await disconnect(loader);
    await disconnect(writer);
  }
}
