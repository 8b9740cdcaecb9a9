import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { buildsIfAny } from './status.js';

const FIRST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 40;

interface Waiter {
  readonly set: string;
  readonly position: bigint;
  readonly deadline: number;
  readonly resolve: (reached: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** One watch per pool: however many wait, one query at a time asks for the checkpoints. */
const watches = new WeakMap<Pool, Set<Waiter>>();

/**
 * Waits until the active build of a set has handled a log position.
 * @returns false when it has not within `timeoutMs` milliseconds, or when the set is not built
 * @throws errors of the database
 */
export async function waitFor(pool: Pool, set: string, position: bigint, timeoutMs: number): Promise<boolean> {
  return await new Promise<boolean>((resolve, reject) => {
    const waiter = { set, position, deadline: performance.now() + timeoutMs, resolve, reject };
    const waiters = watches.get(pool);
    if (waiters !== undefined) {
      waiters.add(waiter);
      return;
    }
    const fresh = new Set([waiter]);
    watches.set(pool, fresh);
    void watch(pool, fresh);
  });
}

async function watch(pool: Pool, waiters: Set<Waiter>): Promise<void> {
  let pause = FIRST_PAUSE_MS;
  while (waiters.size > 0) {
    const asked = [...waiters];
    try {
      const checkpoints = await checkpointsOf(pool);
      for (const waiter of asked) settle(waiters, waiter, checkpoints.get(waiter.set) ?? null);
    } catch (error) {
      for (const waiter of asked) {
        waiters.delete(waiter);
        waiter.reject(error);
      }
    }
    if (waiters.size === 0) break;
    // A newcomer among the waiters has most likely just written: it gets the short pauses again.
    pause = asked.length < waiters.size ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, pause * 1.5);
    await sleep(pause);
  }
  watches.delete(pool);
}

async function checkpointsOf(pool: Pool): Promise<ReadonlyMap<string, bigint | null>> {
  const builds = await buildsIfAny(pool);
  return new Map(builds.filter(({ status }) => status === 'active').map(({ set, checkpoint }) => [set, checkpoint]));
}

function settle(waiters: Set<Waiter>, waiter: Waiter, checkpoint: bigint | null): void {
  const reached = checkpoint !== null && checkpoint >= waiter.position;
  if (!reached && performance.now() < waiter.deadline) return;
  waiters.delete(waiter);
  waiter.resolve(reached);
}
