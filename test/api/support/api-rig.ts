import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '@voronka/embedded-postgres';
import { type EventStoreNode, startEventStoreNode } from '@voronka/eventstore-node';
import type { Clock, Role } from '@voronka/kernel';
import type { ProcessRunner } from '@voronka/processes';
import { createProjector, type Projector } from '@voronka/projections';
import { createProcessProgram } from '@voronka/projector';
import { projectionSets } from '@voronka/read-models';
import { createLogger, ensureCompany, loadSettings, openStores, type Stores, systemClock } from '@voronka/runtime';
import { type Api, createApi } from '../../../apps/api/src/index.js';
import { startTestPostgres } from '../../../libs/embedded/postgres/src/test-postgres.js';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; an empty object if it is something else. */
  readonly json: Record<string, unknown>;
}

export interface Asking {
  readonly key?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The whole house in one process: node, PostgreSQL, projector and API. */
export interface ApiRig {
  readonly api: Api;
  readonly stores: Stores;
  readonly projector: Projector;
  /** Where the node keeps the log. */
  readonly directory: string;
  readonly lines: readonly string[];
  /** By which another program finds the same stores. */
  readonly environment: Readonly<Record<string, string>>;
  readonly adminKey: string;
  readonly keyFor: (roles: readonly Role[], employeeId?: string) => Promise<string>;
  readonly get: (where: string, asking?: Asking) => Promise<Answered>;
  readonly post: (where: string, body: unknown, asking?: Asking) => Promise<Answered>;
  /** Starts what was held back: the read models and the processes. */
  readonly follow: () => Promise<void>;
  readonly stopNode: () => Promise<void>;
  readonly startNode: () => Promise<void>;
  /** For good: what it held is gone. */
  readonly stopPostgres: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

interface Parts {
  node: EventStoreNode;
  readonly directory: string;
  readonly postgres: Awaited<ReturnType<typeof startEmbeddedPostgres>>;
  readonly stores: Stores;
  readonly projector: Projector;
  readonly processes: ProcessRunner;
  readonly api: Api;
  readonly lines: string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly follow: () => Promise<void>;
}

interface Pace {
  /** How often timed processes look what is due. */
  readonly lookEveryMs?: number | undefined;
  /** Nothing follows the log until it is told to, and nobody but this program writes to it: a long story is told fast. */
  readonly isHeld?: boolean;
}

async function startParts(env: Readonly<Record<string, string>>, clock: Clock, pace: Pace): Promise<Parts> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'api-'));
  const [node, postgres] = await Promise.all([startEventStoreNode({ directory }), startTestPostgres()]);
  const { settings } = loadSettings({ env: { VORONKA_PORT: '0', VORONKA_LOG_LEVEL: 'debug', ...env } });
  const masterKey = new Uint8Array(32).fill(9);
  const environment = {
    ...{ EVENTSTORE_URL: node.endpoint, DATABASE_URL: postgres.url },
    VORONKA_MASTER_KEY: Buffer.from(masterKey).toString('hex'),
  };
  const endpoints = { eventStore: node.endpoint, databaseUrl: postgres.url };
  let isHeld = pace.isHeld === true;
  const stores = await openStores({ endpoints, masterKey, clock, isSoleWriter: () => isHeld });
  await ensureCompany(stores, settings);
  const lines: string[] = [];
  const logger = createLogger('debug', { write: (line) => void lines.push(line) });
  // As the program has it, but without its pace: a test waits for every event.
  const projector = createProjector({
    database: postgres.url,
    log: stores.log,
    sets: projectionSets,
    digest: stores.identityDigest,
    dropPatienceMs: 500,
    onErased: (subjects) => stores.appStore.subjectKeys.destroy(subjects),
    onMessage: ({ level, set, text }) => logger[level]({ set }, text),
  });
  const processes = createProcessProgram(stores, logger, { clock, lookEveryMs: pace.lookEveryMs });
  let isFollowed = false;
  const follow = async (): Promise<void> => {
    isHeld = false;
    await projector.start();
    isFollowed = true;
    processes.start();
  };
  if (!isHeld) await follow();
  const projectorStates = () => projector.states();
  const processStates = () => processes.states();
  const states = { projectorStates, processStates, isFollowed: () => isFollowed };
  const api = await createApi({ stores, clock, settings, logger, ...states });
  await api.listen();
  return { node, directory, postgres, stores, projector, processes, api, lines, environment, follow };
}

/** Sends what `asking` says; without a word about it, with the given key. */
async function send(url: string, method: string, key: string, asking: Asking): Promise<Answered> {
  const asked = asking.key === undefined ? key : asking.key;
  const response = await fetch(url, {
    method,
    headers: {
      ...(asked === null ? {} : { authorization: `Bearer ${asked}` }),
      // The key of the house is nobody's.
      ...(method === 'POST' && asked === key ? { 'voronka-on-behalf-of': 'none' } : {}),
      ...(asking.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...asking.headers,
    },
    ...(asking.body === undefined
      ? {}
      : { body: typeof asking.body === 'string' ? asking.body : JSON.stringify(asking.body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

export async function startApiRig(
  env: Readonly<Record<string, string>> = {},
  clock: Clock = systemClock,
  pace: Pace = {},
): Promise<ApiRig> {
  const parts = await startParts(env, clock, pace);
  const { stores, api, directory, lines, environment } = parts;
  const keyFor = async (roles: readonly Role[], employeeId?: string): Promise<string> =>
    (await stores.appStore.apiKeys.add({ name: 'test', roles, employeeId: employeeId ?? null })).text;
  const adminKey = await keyFor(['admin']);
  return {
    api,
    stores,
    projector: parts.projector,
    directory,
    lines,
    environment,
    adminKey,
    keyFor,
    get: (where, asking = {}) => send(api.url() + where, 'GET', adminKey, asking),
    post: (where, body, asking = {}) => send(api.url() + where, 'POST', adminKey, { body, ...asking }),
    follow: parts.follow,
    stopNode: () => parts.node.stop(),
    stopPostgres: () => parts.postgres.stop(),
    startNode: async () => {
      parts.node = await startEventStoreNode({ directory });
    },
    stop: async () => {
      await api.close();
      await parts.processes.stop();
      await parts.projector.stop();
      await stores.close();
      await parts.node.stop();
      await parts.postgres.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
