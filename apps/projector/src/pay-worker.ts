import { setTimeout as sleep } from 'node:timers/promises';
import { connect, disconnect, MOVED_CHANNEL, SetNotBuiltError } from '@voronka/projections';
import { ensurePayLines, type PayLinesState, refreshPayLines } from '@voronka/read-models';
import type { Logger, Stores } from '@voronka/runtime';

const LOCK = `select pg_try_advisory_lock(hashtextextended('voronka.pay-worker', 0)) as taken`;
/** It is told when `core` moves; should it not be (a swap, a build of an older program), it looks by itself. */
const LOOK_EVERY_MS = 1_000;
/** After a recomputation that counted facts, so many times what it took. */
const COSTLY_PAUSE = 4;
/** Plans and regulations that change meanwhile wait no longer than this. */
const LONGEST_PAUSE_MS = 1_000;
const STANDBY_POLL_MS = 1_000;
const PAUSE_AFTER_ERROR_MS = 2_000;

/** How the worker of this program fares: `standby` while that of another one works. */
export interface PayWorkerState {
  readonly status: 'stopped' | 'standby' | 'running' | 'waiting';
  /** Why it waits before it tries again. */
  readonly error: string | null;
}

export interface PayWorker {
  start(): void;
  /** Finishes the recomputation under way. */
  stop(): Promise<void>;
  state(): PayWorkerState;
  /** What the last recomputation of this program took; null before the first. */
  last(): PayLinesState | null;
}

/**
 * Keeps current pay up to date with `core`, on a connection of its own: one program works, others stand by. What a
 * crash interrupts was never written, and is worked out by whoever comes next.
 */
export function createPayWorker({ databaseUrl }: Pick<Stores, 'databaseUrl'>, logger: Logger): PayWorker {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let last: PayLinesState | null = null;
  let state: PayWorkerState = { status: 'stopped', error: null };
  const pause = async (milliseconds: number, woken: AbortSignal = stopping.signal): Promise<void> => {
    await sleep(milliseconds, undefined, { signal: woken }).catch(() => undefined);
  };
  const work = async (): Promise<void> => {
    const db = await connect(databaseUrl, 'pay worker');
    try {
      while (!stopping.signal.aborted) {
        const { rows } = await db.query<{ taken: boolean }>(LOCK);
        if (rows[0]?.taken === true) break;
        state = { status: 'standby', error: null };
        await pause(STANDBY_POLL_MS);
      }
      await ensurePayLines(db);
      const moves = await movesOf(db, stopping.signal);
      state = { status: 'running', error: null };
      while (!stopping.signal.aborted) {
        const moved = moves.next();
        const begun = performance.now();
        const done = await unlessNotBuilt(refreshPayLines(db));
        last = done ?? last;
        // Facts come all day: short counts take a fifth of one connection's time at most, and what is asked meanwhile
        // is worked out from scratch.
        const isCostly = done !== null && done.eventsRead > 0;
        if (isCostly) await pause(Math.min(LONGEST_PAUSE_MS, COSTLY_PAUSE * (performance.now() - begun)));
        await pause(LOOK_EVERY_MS, moved);
      }
    } finally {
      await disconnect(db);
    }
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await work();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        state = { status: 'waiting', error: reason };
        logger.warn({ process: 'pay-worker' }, `tries again in ${PAUSE_AFTER_ERROR_MS} ms: ${reason}`);
        await pause(PAUSE_AFTER_ERROR_MS);
      }
    }
    state = { status: 'stopped', error: null };
  };
  return {
    start: () => {
      running = run();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
    state: () => state,
    last: () => last,
  };
}

/**
 * Hears of every move of `core`, those included that come while it is being looked at; and of the stop. One signal
 * after the other, each let go of once it was given: signals made of others would pile up on the one of the stop.
 */
async function movesOf(
  db: Awaited<ReturnType<typeof connect>>,
  stopping: AbortSignal,
): Promise<{ next(): AbortSignal }> {
  let moved = new AbortController();
  const wake = (): void => moved.abort();
  stopping.addEventListener('abort', wake);
  db.on('notification', ({ payload }) => {
    if (payload === 'core') wake();
  });
  // Who has lost the connection must notice at once, even if nothing moves.
  db.once('end', () => {
    wake();
    stopping.removeEventListener('abort', wake);
  });
  await db.query(`listen ${MOVED_CHANNEL}`);
  return {
    next: () => {
      if (moved.signal.aborted && !stopping.aborted) moved = new AbortController();
      return moved.signal;
    },
  };
}

/** While `core` is being built for the first time there is nothing to count. */
async function unlessNotBuilt<T>(work: Promise<T | null>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SetNotBuiltError) return null;
    throw error;
  }
}
