import type { EventLog } from '@voronka/event-log';
import type { RebuildMode } from './builds.js';
import { connect, type Database, disconnect } from './connection.js';
import type { Build } from './control.js';
import type { Digest, ProjectionSet } from './definition.js';
import type { RebuildProgress } from './progress.js';
import type { EraseHook } from './erasing.js';
import { planSet, type SetPlan } from './set-plan.js';
import { type Message, SetRunner } from './set-runner.js';
import type { SetState } from './set-state.js';
import { SharedReading } from './shared-reading.js';
import { type BuildReport, status } from './status.js';
import type { SwapHook } from './swap.js';

export interface ProjectorOptions {
  /** Connection string, or what `pg` takes. The role must own what it creates. */
  readonly database: Database;
  readonly log: EventLog;
  readonly sets: readonly ProjectionSet[];
  /** Lines worth telling an operator. */
  readonly onMessage?: (message: Message) => void;
  /** Inside the transaction of every swap: creates again the views that stand upon schema `read`. */
  readonly onSwap?: SwapHook;
  /** Destroys the keys of subjects that an event erases: before it counts as handled, and for all of them at the start. */
  readonly onErased?: EraseHook;
  /** Makes the keyed hashes of keyed columns; without it they stay empty. */
  readonly digest?: Digest;
  /** States kept in memory per fold that is not resident; default 4,000. */
  readonly mostStates?: number;
  /** Events per transaction of a rebuild; default 10,000. */
  readonly rebuildBatchSize?: number;
  /**
   * How long readers that began before a rebuild keep what it replaced from being removed at its end;
   * then it is left for later.
   * In milliseconds, default 10,000.
   */
  readonly dropPatienceMs?: number;
  /** Most events per transaction of the tail; default 2,000. */
  readonly tailBatchSize?: number;
  /**
   * The tail leaves four times as long as a transaction took until the next, but no longer than this, in milliseconds:
   * bounds its cost, adds to the lag; default 0.
   */
  readonly tailPaceMs?: number;
  /** How often a hot standby tries to take over, in milliseconds; default 1,000. */
  readonly standbyPollMs?: number;
}

export interface RebuildRequest {
  readonly mode: RebuildMode;
  readonly onProgress?: (progress: RebuildProgress) => void;
}

export interface Projector {
  /** Resolves once every set follows the log, stands by for another program, or has stopped at an event. */
  start(): Promise<void>;
  /** Finishes the batches under way. */
  stop(): Promise<void>;
  /**
   * Builds a set anew beside the active build, swaps, and resolves with the new one. Works without `start`, too.
   * @throws RebuildRefusedError, PoisonEventError, ForeignLogError, errors of the stores; the old build stays live
   */
  rebuild(setName: string, request: RebuildRequest): Promise<Build>;
  /** All builds, and how far behind the log they are. */
  status(): Promise<BuildReport[]>;
  /** How every set fares in this program; costs nothing. */
  states(): SetState[];
}

/** Keeps projection sets up to date with the log. @throws Error for a definition that cannot work */
export function createProjector(options: ProjectorOptions): Projector {
  const { sets, digest, onMessage = () => undefined, ...shared } = options;
  const runners = new Map<string, SetRunner>();
  const reading = new SharedReading(shared.log);
  for (const set of sets) {
    if (runners.has(set.name)) throw new Error(`Two projection sets are named ${set.name}`);
    runners.set(set.name, new SetRunner(planSet(set, digest), { ...shared, reading, onMessage }));
  }
  refuseSharedViews([...runners.values()].map(({ plan }) => plan));
  const all = [...runners.values()];
  return {
    start: async () => {
      for (const runner of all) runner.start();
      await Promise.all(all.map((runner) => runner.settled));
    },
    stop: async () => {
      await Promise.all(all.map((runner) => runner.stop()));
    },
    rebuild: async (setName, { mode, onProgress }) => {
      const runner = runners.get(setName);
      if (runner === undefined)
        throw new Error(`There is no projection set ${setName}; sets: ${[...runners.keys()].join(', ')}`);
      return await runner.rebuild(mode, onProgress);
    },
    status: async () => {
      const db = await connect(options.database, 'projection status');
      try {
        return await status(db, options.log);
      } finally {
        await disconnect(db);
      }
    },
    states: () => all.map((runner) => runner.state),
  };
}

/** All sets have their views in one schema: the later one would take over the view of the other in silence. */
function refuseSharedViews(plans: readonly SetPlan[]): void {
  const owners = new Map<string, string>();
  for (const { set, tables } of plans) {
    for (const table of tables.keys()) {
      const owner = owners.get(table);
      if (owner !== undefined) throw new Error(`The sets ${owner} and ${set.name} both have a table ${table}`);
      owners.set(table, set.name);
    }
  }
}
