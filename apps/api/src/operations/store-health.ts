import { type BuildReport, type SetState, status } from '@voronka/projections';
import { payLinesReach, type PayLinesState, projectionSets } from '@voronka/read-models';
import type { EventLog } from '@voronka/event-log';
import type { Pool } from 'pg';

const LONGEST_PROBE_MS = 2_000;

export interface SetHealth {
  readonly set: string;
  /** False until a build of it can be asked; null while the database does not tell. */
  readonly built: boolean | null;
  /** How far it is, also while it is being built. */
  readonly checkpoint: string | null;
  /** Distance to the end of the log in positions; null when it cannot be told. */
  readonly lag: string | null;
  /** How the projector of this program fares with it, if there is one; `failed` also where that of another has stopped. */
  readonly status?: string;
  readonly error?: string;
}

export interface Readiness {
  readonly ready: boolean;
  readonly stores: { readonly eventStore: 'up' | 'missing'; readonly postgres: 'up' | 'missing' };
  readonly sets: readonly SetHealth[];
  /** Where a pay worker ever worked. */
  readonly payWorker?: PayWorkerHealth;
}

export interface PayWorkerHealth {
  readonly checkpoint: string;
  /** Distance to the end of the log in positions; null when it cannot be told. */
  readonly lag: string | null;
  /** How the worker of this program fares, if there is one: running, standby, waiting or stopped. */
  readonly status?: string;
  /** Why it waits before it tries again. */
  readonly error?: string;
  /** What the last recomputation that found something to do took: employees × months, rules, facts counted. */
  readonly affectedCells: number;
  readonly rulesEvaluated: number;
  readonly eventsRead: number;
}

/** How the pay worker of a program fares. */
export interface PayWorkerStatus {
  readonly status: string;
  readonly error: string | null;
}

/** How a process of the product fares in this program. */
export interface ProcessHealth {
  readonly name: string;
  readonly status: string;
  readonly refusals: readonly { readonly type: string; readonly code: string; readonly count: number }[];
}

interface Probed {
  readonly log: EventLog;
  readonly pool: Pool;
  readonly projectorStates?: (() => SetState[]) | undefined;
  readonly isFollowed?: (() => boolean) | undefined;
  readonly processStates?: (() => readonly ProcessHealth[]) | undefined;
  readonly payWorkerState?: (() => PayWorkerStatus) | undefined;
}

/** Asks both stores, for a bounded time, and says how far the read models are. Never throws. */
export async function readiness(probed: Probed): Promise<Readiness> {
  const [end, builds, pay] = await Promise.all([
    answerOf(probed.log.end()),
    answerOf(status(probed.pool)),
    answerOf(payLinesReach(probed.pool)),
  ]);
  const sets = projectionSets.map(({ name }) =>
    healthOf(name, builds ?? null, end ?? null, probed.projectorStates?.() ?? []),
  );
  const stores = {
    eventStore: end === undefined ? ('missing' as const) : ('up' as const),
    postgres: builds === undefined ? ('missing' as const) : ('up' as const),
  };
  const up = stores.eventStore === 'up' && stores.postgres === 'up';
  return {
    ready: up && probed.isFollowed?.() !== false && sets.every((set) => set.built === true && set.status !== 'failed'),
    stores,
    sets,
    ...payHealth(pay, end, probed.payWorkerState?.()),
  };
}

function payHealth(
  pay: PayLinesState | null | undefined,
  end: bigint | null | undefined,
  own: PayWorkerStatus | undefined,
): { readonly payWorker?: PayWorkerHealth } {
  if (pay === null || pay === undefined) return {};
  const { k, affectedCells, rulesEvaluated, eventsRead } = pay;
  const behind = (end ?? k) - k;
  const lag = end === undefined ? null : String(behind > 0n ? behind : 0n);
  const fares =
    own === undefined
      ? {}
      : { status: own.status, ...(own.error === null ? {} : { error: 'see the log of the program' }) };
  return { payWorker: { checkpoint: String(k), lag, ...fares, affectedCells, rulesEvaluated, eventsRead } };
}

function healthOf(
  set: string,
  builds: readonly BuildReport[] | null,
  end: bigint | null,
  states: readonly SetState[],
): SetHealth {
  const own = states.find((one) => one.set === set);
  const active = builds?.find((one) => one.set === set && one.status === 'active');
  const build = active ?? builds?.find((one) => one.set === set && one.status === 'building');
  // Beside what this program builds one of another version may be there: it does not answer the questions of this one.
  const isBuilding = own?.status === 'building';
  const followed = isBuilding ? own : build;
  const status = statusOf(build, own);
  return {
    set,
    built: builds === null ? null : active !== undefined && !isBuilding,
    ...(followed === undefined ? { checkpoint: null, lag: null } : reachOf(followed, end)),
    ...(status === undefined ? {} : { status }),
    ...(status === 'failed' ? { error: 'stopped at an event: see `voronka projections status`' } : {}),
  };
}

/** A projector elsewhere leaves word with the build: it may be the only one that works. */
function statusOf(build: BuildReport | undefined, own: SetState | undefined): string | undefined {
  const isElsewhere = own === undefined || own.status === 'standby';
  if (!isElsewhere || build === undefined) return own?.status;
  if (build.error !== null) return 'failed';
  return build.status === 'building' ? 'building' : own?.status;
}

function reachOf(
  { checkpoint }: Pick<SetState, 'checkpoint'>,
  end: bigint | null,
): Pick<SetHealth, 'checkpoint' | 'lag'> {
  const behind = (end ?? 0n) - (checkpoint ?? 0n);
  return {
    checkpoint: checkpoint === null ? null : String(checkpoint),
    lag: end === null ? null : String(behind > 0n ? behind : 0n),
  };
}

/** Undefined when there is no answer, or none in time. */
async function answerOf<T>(asked: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), LONGEST_PROBE_MS);
  });
  try {
    return await Promise.race([asked, late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
