import { type Api, createApi } from '@voronka/api';
import type { ProcessRunner } from '@voronka/processes';
import { createPayWorker, createProcessProgram, createProjectorProgram, type PayWorker } from '@voronka/projector';
import type { Projector } from '@voronka/projections';
import type { SharedClock } from '@voronka/eventstore-node';
import type { Clock } from '@voronka/kernel';
import {
  createLogger,
  ensureCompany,
  masterKeyOf,
  openStores,
  OPERATOR,
  type Settings,
  type Stores,
  systemClock,
} from '@voronka/runtime';
import { startStores } from './embedded-stores.js';
import { Undo } from './undo.js';
import { ownDataDirectory, removeInstance, writeInstance } from './instance.js';

export interface ProgramOptions {
  readonly say: (line: string) => void;
  /** Instead of the machine's clock; the event store then runs in a thread of this process on it. */
  readonly clock?: Clock & { readonly shared: SharedClock };
  /** Seeds the company before anything else is done. False where the caller founds it. */
  readonly foundCompany?: boolean;
  /** Leaves the start of the projector, the processes and the pay worker to the caller: a whole log is taken in faster than a growing one. */
  readonly holdProjector?: boolean;
  /** Breaks the start off: read models that are being built may take long. */
  readonly stopSignal?: Promise<unknown>;
  /** Nobody else writes to the log while this is true. */
  readonly isSoleWriter?: () => boolean;
}

const LONG_BUILDING_MS = 2_000;

/** Everything of one machine: both stores, the API and the projector, started together. */
export interface Program {
  readonly stores: Stores;
  readonly projector: Projector;
  readonly processes: ProcessRunner;
  readonly payWorker: PayWorker;
  readonly api: Api;
  /** A key for the operator where there is none in force, made now to be shown once; null where there is one. */
  firstKey(): Promise<string | null>;
  /** Resolves with what happened when an embedded store has ended and does not start again. */
  readonly lost: Promise<string>;
  /** Answers what is under way, then stops everything in turn. */
  stop(): Promise<void>;
}

/** The program was told to stop before it had started. What was started is stopped. */
export class StartBrokenOff extends Error {
  override readonly name = 'StartBrokenOff';
}

/** Starts it all. @throws StartBrokenOff. What was started is stopped again when a later part fails. */
export async function startProgram(settings: Settings, options: ProgramOptions): Promise<Program> {
  const undo = new Undo();
  try {
    return await assemble(settings, options, undo);
  } catch (error) {
    await undo.run().catch(() => undefined);
    throw error;
  }
}

async function assemble(settings: Settings, options: ProgramOptions, undo: Undo): Promise<Program> {
  const lock = ownDataDirectory(settings.dataDir);
  undo.add(() => lock.release());
  const { clock = systemClock } = options;
  // First of all: where it is missing beside data, nothing is to be started.
  const masterKey = masterKeyOf(settings);
  const own = options.clock === undefined ? {} : { clock: options.clock.shared };
  const running = await startStores(settings, { log: options.say, ...own });
  undo.add(() => running.stop());
  const sole = options.isSoleWriter === undefined ? {} : { isSoleWriter: options.isSoleWriter };
  const stores = await openStores({ endpoints: running.endpoints, masterKey, clock, ...sole });
  undo.add(() => stores.close());
  if (options.foundCompany !== false) await ensureCompany(stores, settings);
  if (settings.apiKey !== null) await stores.appStore.apiKeys.ensure(settings.apiKey, OPERATOR);
  const logger = createLogger(settings.logLevel);
  const projector = createProjectorProgram(stores, logger);
  undo.add(() => projector.stop());
  const processes = createProcessProgram(stores, logger);
  undo.add(() => processes.stop());
  const payWorker = createPayWorker(stores, logger);
  undo.add(() => payWorker.stop());
  let isFollowed = false;
  const follow = async (): Promise<void> => {
    await projector.start();
    isFollowed = true;
  };
  const [projectorStates, processStates] = [() => projector.states(), () => processes.states()];
  const states = { projectorStates, processStates, payWorkerState: () => payWorker.state() };
  const api = await createApi({ stores, clock, settings, logger, ...states, isFollowed: () => isFollowed });
  undo.add(() => api.close());
  // Before the read models are there: building them may take long, and whoever watches is told how far they are.
  await api.listen();
  if (options.holdProjector !== true) {
    const late = setTimeout(() => options.say(stillBuilding(api.url())), LONG_BUILDING_MS);
    await Promise.race([follow(), brokenOff(options.stopSignal)]).finally(() => clearTimeout(late));
    processes.start();
    payWorker.start();
  }
  writeInstance(settings.dataDir, { ...running.endpoints, apiUrl: api.url() });
  undo.add(() => removeInstance(settings.dataDir));
  const { lost } = running;
  return {
    stores,
    projector: { ...projector, start: follow },
    processes,
    payWorker,
    api,
    firstKey: () => firstKey(stores),
    lost,
    stop: () => undo.run(),
  };
}

function stillBuilding(url: string): string {
  return `The read models are being built: ${url}/health/ready says how far they are. Commands are taken meanwhile.`;
}

/** Rejects once the signal has come. @throws StartBrokenOff */
async function brokenOff(stopSignal: Promise<unknown> = new Promise(() => undefined)): Promise<never> {
  await stopSignal;
  throw new StartBrokenOff();
}

async function firstKey({ appStore }: Stores): Promise<string | null> {
  const known = await appStore.apiKeys.list();
  if (known.some((key) => key.revokedAt === null)) return null;
  return (await appStore.apiKeys.add(OPERATOR)).text;
}
