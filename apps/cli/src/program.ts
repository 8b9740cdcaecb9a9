import { type Api, createApi } from '@voronka/api';
import { createProjectorProgram } from '@voronka/projector';
import type { Projector } from '@voronka/projections';
import type { Clock } from '@voronka/kernel';
import {
  createLogger,
  ensureCompany,
  masterKeyOf,
  openStores,
  type Settings,
  type Stores,
  systemClock,
} from '@voronka/runtime';
import { startStores } from './embedded-stores.js';
import { ownDataDirectory, removeInstance, writeInstance } from './instance.js';

export interface ProgramOptions {
  readonly say: (line: string) => void;
  /** Instead of the machine's clock; the event store then runs in this process on it. */
  readonly clock?: Clock;
  /** Seeds the company before anything else is done. False where the caller founds it. */
  readonly foundCompany?: boolean;
  readonly api?: boolean;
}

/** Everything of one machine: both stores, the API and the projector, started together. */
export interface Program {
  readonly stores: Stores;
  readonly projector: Projector;
  readonly api: Api | null;
  /** The operator's key, when this start made one: shown once. */
  readonly newKey: string | null;
  /** Answers what is under way, then stops everything in turn. */
  stop(): Promise<void>;
}

/** Starts it all. What was started is stopped again when a later part fails. */
export async function startProgram(settings: Settings, options: ProgramOptions): Promise<Program> {
  const undo: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    const lock = ownDataDirectory(settings.dataDir);
    undo.push(() => lock.release());
    const { clock } = options;
    const millis = clock === undefined ? {} : { clock: () => Date.parse(clock.now()) };
    const running = await startStores(settings, { log: options.say, ...millis });
    undo.push(() => running.stop());
    const stores = await openStores({
      endpoints: running.endpoints,
      masterKey: masterKeyOf(settings),
      clock: clock ?? systemClock,
    });
    undo.push(() => stores.close());
    if (options.foundCompany !== false) await ensureCompany(stores, settings);
    const newKey = await operatorKey(stores, settings);
    const logger = createLogger(settings.logLevel);
    const projector = createProjectorProgram(stores, logger);
    undo.push(() => projector.stop());
    await projector.start();
    const api =
      options.api === false
        ? null
        : await createApi({
            stores,
            clock: clock ?? systemClock,
            settings,
            logger,
            projectorStates: () => projector.states(),
          });
    if (api !== null) {
      undo.push(() => api.close());
      await api.listen();
    }
    writeInstance(settings.dataDir, { pid: process.pid, ...running.endpoints, apiUrl: api?.url() ?? null });
    undo.push(() => removeInstance(settings.dataDir));
    return { stores, projector, api, newKey, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The key that the settings name, or, where there is none at all, a new one. */
async function operatorKey(stores: Stores, settings: Settings): Promise<string | null> {
  const wish = { name: 'operator', roles: ['admin', 'service', 'head', 'director', 'auditor'] } as const;
  const { apiKeys } = stores.appStore;
  if (settings.apiKey !== null) {
    await apiKeys.ensure(settings.apiKey, wish);
    return null;
  }
  const known = await apiKeys.list();
  if (known.some((key) => key.revokedAt === null)) return null;
  return (await apiKeys.add(wish)).text;
}
