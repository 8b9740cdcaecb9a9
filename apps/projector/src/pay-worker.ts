import { setTimeout as sleep } from 'node:timers/promises';
import { connect, disconnect, SetNotBuiltError } from '@voronka/projections';
import { ensurePayLines, type PayLinesState, refreshPayLines } from '@voronka/read-models';
import type { Logger, Stores } from '@voronka/runtime';

const LOCK = `select pg_try_advisory_lock(hashtextextended('voronka.pay-worker', 0)) as taken`;
const POLL_MS = 25;
/** After a recomputation that counted facts, so many times what it took. */
const COSTLY_PAUSE = 4;
const STANDBY_POLL_MS = 1_000;
const PAUSE_AFTER_ERROR_MS = 2_000;

export interface PayWorker {
  start(): void;
  /** Finishes the recomputation under way. */
  stop(): Promise<void>;
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
  const pause = async (milliseconds: number): Promise<void> => {
    await sleep(milliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);
  };
  const work = async (): Promise<void> => {
    const db = await connect(databaseUrl, 'pay worker');
    try {
      while (!stopping.signal.aborted) {
        const { rows } = await db.query<{ taken: boolean }>(LOCK);
        if (rows[0]?.taken === true) break;
        await pause(STANDBY_POLL_MS);
      }
      await ensurePayLines(db);
      while (!stopping.signal.aborted) {
        const begun = performance.now();
        const done = await unlessNotBuilt(refreshPayLines(db));
        last = done ?? last;
        // Facts come all day: counting them takes a fifth of one connection's time at most, and what is asked meanwhile
        // is worked out from scratch.
        const isCostly = done !== null && done.eventsRead > 0;
        await pause(isCostly ? Math.max(POLL_MS, COSTLY_PAUSE * (performance.now() - begun)) : POLL_MS);
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
        logger.warn({ process: 'pay-worker' }, `tries again in ${PAUSE_AFTER_ERROR_MS} ms: ${reason}`);
        await pause(PAUSE_AFTER_ERROR_MS);
      }
    }
  };
  return {
    start: () => {
      running = run();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
    last: () => last,
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
