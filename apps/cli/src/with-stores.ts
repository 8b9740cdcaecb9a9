import { createProjectorProgram } from '@voronka/projector';
import { waitFor } from '@voronka/projections';
import { projectionSets } from '@voronka/read-models';
import { createLogger, masterKeyOf, openStores, type Settings, type Stores } from '@voronka/runtime';
import { startStores } from './embedded-stores.js';
import { CliError, EXIT } from './cli-error.js';
import { ownDataDirectory, runningInstance } from './instance.js';
import { say } from './output.js';

const LONGEST_CATCHING_UP_MS = 3_600_000;

/** The stores, and whether somebody else keeps the read models of them up to date. */
export interface OpenStores extends Stores {
  /** Resolves when the read models hold everything up to this position (default: the log's end). */
  caughtUp(position?: bigint): Promise<void>;
}

/**
 * Runs one command on the stores: those the settings name, those of the running instance of the data directory, or,
 * when nothing runs, embedded ones started for as long as the command takes (with a projector beside).
 */
export async function withStores<T>(
  settings: Settings,
  work: (stores: OpenStores) => Promise<T>,
  { projector: wantsProjector = true }: { readonly projector?: boolean } = {},
): Promise<T> {
  const instance = settings.databaseUrl === null ? runningInstance(settings.dataDir) : null;
  const undo: (() => Promise<void> | void)[] = [];
  try {
    let endpoints = instance === null ? null : { eventStore: instance.eventStore, databaseUrl: instance.databaseUrl };
    if (endpoints === null) {
      if (settings.databaseUrl === null || settings.eventStoreUrl === null) {
        const lock = ownDataDirectory(settings.dataDir);
        undo.push(() => lock.release());
      }
      const running = await startStores(settings, { log: say });
      undo.push(() => running.stop());
      endpoints = running.endpoints;
    }
    const stores = await openStores({ endpoints, masterKey: masterKeyOf(settings) });
    undo.push(() => stores.close());
    if (instance === null && wantsProjector) {
      const projector = createProjectorProgram(stores, createLogger('warn'));
      undo.push(() => projector.stop());
      await projector.start();
    }
    return await work({ ...stores, caughtUp: (position) => caughtUp(stores, position) });
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

async function caughtUp(stores: Stores, position?: bigint): Promise<void> {
  const target = position ?? (await stores.log.end());
  if (target === null) return;
  for (const set of projectionSets) {
    const there = await waitFor(stores.pool, set.name, target, LONGEST_CATCHING_UP_MS);
    if (!there)
      throw new CliError(
        EXIT.failed,
        `the read models of set ${set.name} do not come forward: see \`voronka projections status\``,
      );
  }
}
