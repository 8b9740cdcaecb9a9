import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import type { EventLog } from '@voronka/event-log';
import type { BuildWriter } from './apply-batch.js';
import { pointViews } from './build-schema.js';
import { activeBuild, type Build, lockBuild, setStatus } from './control.js';
import { codeOf, ForeignLogError } from './errors.js';
import type { SetPlan } from './set-plan.js';
import { takeBatch } from './take-batch.js';

/** Called inside the transaction of a swap, after the views of schema `read` stand: for views built upon them. */
export type SwapHook = (tx: ClientBase, setName: string) => Promise<void>;

export interface SwapOptions {
  readonly db: ClientBase;
  readonly log: EventLog;
  readonly plan: SetPlan;
  readonly target: BuildWriter;
  readonly checkpoint: bigint | null;
  readonly say?: (text: string) => void;
  readonly onSwap?: SwapHook;
}

const CATCH_UP_BATCH = 5_000;
const LOCK_TRIES = 20;
const LOCK_PAUSE_MS = 250;

/**
 * Makes a loaded build the one that is read: catches up, and in one transaction re-creates the views and retires the
 * old build. Readers never see an older state than before.
 */
export async function swap(options: SwapOptions): Promise<Build> {
  let { checkpoint } = options;
  for (let attempt = 1; ; attempt += 1) {
    checkpoint = await catchUp(options, checkpoint);
    try {
      return await exchange(options, checkpoint);
    } catch (error) {
      // 55P03: somebody reads through a view; waiting any longer would hold up all other readers.
      if (codeOf(error) !== '55P03' || attempt >= LOCK_TRIES) throw error;
      if (attempt === 1) options.say?.('waiting for readers of the old views before the swap');
      await sleep(LOCK_PAUSE_MS);
    }
  }
}

async function catchUp({ log, target, db }: SwapOptions, from: bigint | null): Promise<bigint | null> {
  let checkpoint = from;
  for await (const batch of log.readAll({ after: checkpoint, batchSize: CATCH_UP_BATCH })) {
    checkpoint = await takeBatch(target, batch, db, checkpoint);
  }
  return checkpoint;
}

async function exchange(options: SwapOptions, from: bigint | null): Promise<Build> {
  const { db, plan, target, say, onSwap } = options;
  const { build } = target;
  await db.query('begin');
  try {
    await db.query(`set local lock_timeout = '1s'; set local synchronous_commit = on`);
    const active = await activeBuild(db, build.set);
    const old = active === null ? null : await lockBuild(db, build.set, active.build);
    const checkpoint = await overtake(options, from, old?.checkpoint ?? null);
    if (old !== null) await setStatus(db, old, 'retired');
    await setStatus(db, build, 'active');
    const dropped = await pointViews(db, plan, { schema: build.schema, before: old?.schema ?? null });
    await onSwap?.(db, build.set);
    await db.query('commit');
    if (dropped.length > 0) say?.(`views re-created with other columns or dropped: ${dropped.join(', ')}`);
    return { ...build, status: 'active', checkpoint };
  } catch (error) {
    target.forget();
    await db.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** The old build may have moved on since the last catch-up; it is locked now, so this ends. */
async function overtake(options: SwapOptions, from: bigint | null, goal: bigint | null): Promise<bigint | null> {
  const { db, log, target } = options;
  let checkpoint = from;
  if (goal === null) return checkpoint;
  while (checkpoint === null || checkpoint < goal) {
    const before = checkpoint;
    for await (const batch of log.readAll({ after: checkpoint, batchSize: CATCH_UP_BATCH })) {
      checkpoint = (await target.take(batch, db, checkpoint)).position;
    }
    if (checkpoint === before)
      throw new ForeignLogError(`The log ends before ${goal}, which the old build has handled`);
  }
  return checkpoint;
}
