import { EventStoreDBClient, type ReadAllOptions, START } from '@eventstore/db-client';
import { openEventLog } from '@voronka/event-log';
import { createProjector, type Projector } from '@voronka/projections';
import { createPayWorker, createProjectorProgram } from '@voronka/projector';
import { projectionSets } from '@voronka/read-models';
import {
  createLogger,
  identityDigest,
  keepHeapSmall,
  loadSettings,
  openStores,
  systemClock,
  things,
} from '@voronka/runtime';
import { createApi } from '../../apps/api/src/index.js';
import type { Stores, Task, Told } from './harness/tasks.js';
import { MASTER_KEY, openBenchAppStore } from './log/data-keys.js';
import { SeededKeys } from './log/seeded-keys.js';

// A process that carries out one task, and ends when whoever started it lets go.

const WARM_UP_EVENTS = 20_000;

function tell(told: Told): void {
  process.send?.(told);
}

async function carryOut(task: Task): Promise<void> {
  switch (task.kind) {
    case 'read':
      return await read(task);
    case 'rebuild':
      return await rebuild(task.stores, task.sets);
    case 'follow':
      return await follow(task.stores);
    case 'serve':
      return await serve(task.stores);
    default:
      return task satisfies never;
  }
}

/** The whole log by the original client and, if asked for, by our port, in turns. */
async function read({ endpoint, runs, withPort }: Extract<Task, { kind: 'read' }>): Promise<void> {
  const client = new EventStoreDBClient({ endpoint }, { insecure: true });
  const log = openEventLog({ connection: { endpoint }, things, keys: new SeededKeys() });
  const plainRead = async (maxCount?: number): Promise<number> => {
    let events = 0;
    const options: ReadAllOptions = { fromPosition: START, ...(maxCount === undefined ? {} : { maxCount }) };
    for await (const { event } of client.readAll(options)) if (event !== undefined) events += 1;
    return events;
  };
  const portRead = async (maxCount?: number): Promise<number> => {
    let events = 0;
    const options = { after: null, ...(maxCount === undefined ? {} : { maxCount }) };
    for await (const batch of log.readAll(options)) events += batch.events.length;
    return events;
  };
  await plainRead(WARM_UP_EVENTS);
  if (withPort) await portRead(WARM_UP_EVENTS);
  const plain: number[] = [];
  const port: number[] = [];
  let events = 0;
  const begun = performance.now();
  for (let run = 0; run < runs; run += 1) {
    plain.push(await timed(async () => (events = await plainRead())));
    if (withPort) port.push(await timed(async () => assertAll(events, await portRead())));
    tell({ kind: 'progress', done: run + 1, total: runs });
  }
  await log.close();
  await client.dispose();
  tell({ kind: 'done', seconds: (performance.now() - begun) / 1000, read: { events, plain, port } });
}

function assertAll(byClient: number, byPort: number): void {
  if (byPort !== byClient) throw new Error(`the port read ${byPort} events, the client ${byClient}`);
}

/** These sets side by side, as a first start builds them. */
async function rebuild(stores: Stores, names: readonly string[]): Promise<void> {
  const { log, close } = await openLog(stores);
  const sets = projectionSets.filter(({ name }) => names.includes(name));
  const projector = createProjector({ database: stores.databaseUrl, log, sets });
  const seconds = await timed(() =>
    Promise.all(
      sets.map(({ name }, index) =>
        projector.rebuild(name, {
          mode: 'new',
          onProgress: ({ position, end }) => {
            if (index === 0) tell({ kind: 'progress', done: Number(position), total: Number(end ?? position) });
          },
        }),
      ),
    ),
  );
  tell({ kind: 'done', seconds });
  await close();
}

/** The projector as it is run, until the parent lets go. */
async function follow(stores: Stores): Promise<void> {
  const { log, appStore, close } = await openLog(stores);
  const { databaseUrl } = stores;
  const projector: Projector = createProjectorProgram(
    { log, databaseUrl, appStore, identityDigest: identityDigest(MASTER_KEY) },
    createLogger('warn'),
  );
  const released = new Promise<void>((resolve) => process.once('disconnect', () => resolve()));
  await projector.start();
  tell({ kind: 'ready' });
  await released;
  await projector.stop();
  await close();
}

/** API, projector and pay worker in one process, as `voronka start` runs them, until the parent lets go. */
async function serve({ endpoint, databaseUrl }: Stores): Promise<void> {
  const endpoints = { eventStore: endpoint, databaseUrl };
  const stores = await openStores({ endpoints, masterKey: MASTER_KEY });
  const { settings } = loadSettings({
    env: { VORONKA_PORT: '0', VORONKA_LOG_LEVEL: 'warn', VORONKA_RATE_LIMIT_PER_MINUTE: '10000000' },
  });
  const logger = createLogger('warn');
  const projector = createProjectorProgram(stores, logger);
  const payWorker = createPayWorker(stores, logger);
  await projector.start();
  payWorker.start();
  const api = await createApi({
    stores,
    clock: systemClock,
    settings,
    logger,
    projectorStates: () => projector.states(),
  });
  await api.listen();
  const { text: key } = await stores.appStore.apiKeys.add({
    name: 'bench',
    roles: ['admin', 'service'],
    employeeId: null,
  });
  const released = new Promise<void>((resolve) => process.once('disconnect', () => resolve()));
  tell({ kind: 'ready', served: { url: api.url(), key } });
  await released;
  await api.close();
  await payWorker.stop();
  await projector.stop();
  await stores.close();
}

/** The log with the data keys where the product keeps them. */
async function openLog({ endpoint, databaseUrl }: Stores) {
  keepHeapSmall();
  const store = await openBenchAppStore(databaseUrl);
  const log = openEventLog({ connection: { endpoint }, things, keys: store.subjectKeys });
  return {
    log,
    appStore: store,
    close: async () => {
      await log.close();
      await store.close();
    },
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

process.once('message', (task: Task) => {
  // Without a parent nobody waits for the result; only who follows or serves has something to put away.
  if (task.kind !== 'follow' && task.kind !== 'serve') process.once('disconnect', () => process.exit());
  carryOut(task).then(
    () => {
      if (process.connected) process.disconnect();
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    },
  );
});
