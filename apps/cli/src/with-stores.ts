import { createProjectorProgram } from '@voronka/projector';
import { status, waitFor } from '@voronka/projections';
import { projectionSets } from '@voronka/read-models';
import type { Clock } from '@voronka/kernel';
import {
  createLogger,
  type Endpoints,
  masterKeyOf,
  openStores,
  type Settings,
  type Stores,
  systemClock,
} from '@voronka/runtime';
import { startStores } from './embedded-stores.js';
import { CliError, EXIT } from './cli-error.js';
import { assertHoldsData, clockOf, keepsOwnTime } from './data-directory.js';
import { DemoClock } from './demo/demo-clock.js';
import { ownDataDirectory, runningInstance } from './instance.js';
import { say } from './output.js';
import { interruptible } from './signals.js';
import { Undo } from './undo.js';

const LOOK_FOR_ERRORS_MS = 5_000;
/** For commands that may be the first on a data directory. */
export const FOUNDING = { mayFound: true } as const;
const ALL_SETS: readonly string[] = projectionSets.map(({ name }) => name);

/** The stores, and whether somebody else keeps the read models of them up to date. */
export interface OpenStores extends Stores {
  /**
   * Brings the read models up to date where nobody else does: only now, since a whole log is taken in faster than a
   * growing one. Resolves when they hold everything up to this position (default: the log's end).
   * @throws CliError when a set has stopped
   */
  caughtUp(position?: bigint, sets?: readonly string[]): Promise<void>;
  /** Another program keeps the read models and runs the processes. */
  readonly isAttended: boolean;
}

/**
 * Runs one command on the stores: those the settings name, those of the running instance of the data directory, or,
 * when nothing runs, embedded ones started for as long as the command takes.
 * A signal breaks the work off and puts away what was started. The clock is the company's own where it keeps one.
 * @throws CliError for a data directory that holds nothing, unless the command may found one
 */
export async function withStores<T>(
  settings: Settings,
  work: (stores: OpenStores) => Promise<T>,
  { mayFound }: { readonly mayFound: boolean } = { mayFound: false },
): Promise<T> {
  const attached = attachedEndpoints(settings);
  // First of all, since even a master key would be made there.
  if (attached === null && !mayFound) assertHoldsData(settings);
  const masterKey = masterKeyOf(settings);
  const undo = new Undo();
  try {
    return await interruptible(async () => {
      const { clock, ...endpoints } =
        attached === null ? await started(settings, undo) : { ...attached, clock: clockOf(settings) };
      const ownsLog = attached === null && settings.eventStoreUrl === null;
      const stores = await openStores({ endpoints, masterKey, clock, isSoleWriter: () => ownsLog });
      undo.add(() => stores.close());
      let isFollowed = attached?.hasProjector ?? false;
      return await work({
        ...stores,
        isAttended: isFollowed,
        caughtUp: async (position, sets) => {
          if (!isFollowed) await follow(stores, undo);
          isFollowed = true;
          await caughtUp(stores, position, sets);
        },
      });
    });
  } finally {
    await undo.run();
  }
}

/** Stores that run already: named by the settings, or told of by the instance on the data directory. */
function attachedEndpoints(settings: Settings): (Endpoints & { readonly hasProjector: boolean }) | null {
  const { eventStoreUrl, databaseUrl } = settings;
  if (eventStoreUrl !== null && databaseUrl !== null)
    return { eventStore: eventStoreUrl, databaseUrl, hasProjector: false };
  const instance = runningInstance(settings.dataDir);
  if (instance === null) return null;
  return {
    eventStore: eventStoreUrl ?? instance.eventStore,
    databaseUrl: databaseUrl ?? instance.databaseUrl,
    hasProjector: true,
  };
}

/** Time stands in a company of its own time while a single command works on it. */
async function started(settings: Settings, undo: Undo): Promise<Endpoints & { readonly clock: Clock }> {
  const lock = ownDataDirectory(settings.dataDir);
  undo.add(() => lock.release());
  const own = keepsOwnTime(settings) ? DemoClock.ifKept(settings.dataDir) : null;
  const running = await startStores(settings, { log: say, ...(own === null ? {} : { clock: own.shared }) });
  undo.add(() => running.stop());
  return { ...running.endpoints, clock: own ?? systemClock };
}

/** Beside stores elsewhere it stands by while another projector works. */
async function follow(stores: Stores, undo: Undo): Promise<void> {
  const projector = createProjectorProgram(stores, createLogger('warn'));
  undo.add(() => projector.stop());
  await projector.start();
}

async function caughtUp(stores: Stores, position?: bigint, sets = ALL_SETS): Promise<void> {
  const target = position ?? (await stores.log.end());
  if (target === null) return;
  for (const set of sets) {
    while (!(await waitFor(stores.pool, set, target, LOOK_FOR_ERRORS_MS))) await assertGoesOn(stores, set);
  }
}

/** Waiting for a set that has stopped would have no end. */
async function assertGoesOn({ pool, log }: Stores, set: string): Promise<void> {
  const client = await pool.connect();
  try {
    const broken = (await status(client, log)).find((build) => build.set === set && build.error !== null);
    if (broken === undefined) return;
    throw new CliError(EXIT.failed, `the read models of set ${set} have stopped: see \`voronka projections status\``);
  } finally {
    client.release();
  }
}
