import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startEventStoreNode } from '@voronka/eventstore-node';
import { type Clock, DomainError, msToInstant, plainFiveDayWeek, type Recorded, validateBody } from '@voronka/kernel';
import { indicatorCatalogue } from '@voronka/pay';
import { createProjector, waitFor } from '@voronka/projections';
import { coreSet } from '@voronka/read-models';
import { openStores, type Stores, things } from '@voronka/runtime';
import { startTestPostgres } from '../../../libs/embedded/postgres/src/test-postgres.js';
import { ArrayLog } from '../../projections/support/array-log.js';
import { startDatabases } from '../../projections/support/database.js';

export const ZONE = 'Europe/Samara';
const BEGINNING = Date.parse('2009-08-03T05:00:00.000Z');
const LONGEST_WAIT_MS = 60_000;

/** One thing to do: by whom it is sent, and what it says. */
export interface Told {
  readonly category: string;
  readonly id: string;
  readonly type: string;
  readonly body: object;
  /** Who sends it; null: the operator. */
  readonly person?: string | null;
  readonly role?: 'admin' | 'head' | 'manager';
}

/** A clock that goes only when it is told to. */
class ToldClock implements Clock {
  ms = BEGINNING;
  now(): string {
    return msToInstant(this.ms);
  }
}

/** A small sales department on a log and read models of its own; commands go the way they go in the product. */
export interface Department {
  readonly stores: Stores;
  readonly clock: ToldClock;
  /** Endpoint of the store, for readers that know nothing of the product. */
  readonly endpoint: string;
  /** Carries a command out. @returns null, or the code by which it was refused */
  readonly send: (told: Told) => Promise<string | null>;
  /** Starts the projector, and waits until the read models hold the whole log. @returns the position of its end */
  readonly caughtUp: () => Promise<bigint>;
  /** The same company's read models, built from the log as it was at a position. */
  readonly cutAt: (recorded: readonly Recorded[], position: bigint) => Promise<Cut>;
  /** The whole log. */
  readonly recorded: () => Promise<readonly Recorded[]>;
  readonly stop: () => Promise<void>;
}

export interface Cut {
  readonly log: ArrayLog;
  readonly pool: Stores['pool'];
}

export async function startDepartment(): Promise<Department> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'department-'));
  const [node, postgres, cuts] = await Promise.all([
    startEventStoreNode({ directory }),
    startTestPostgres(),
    startDatabases(),
  ]);
  const clock = new ToldClock();
  const endpoints = { eventStore: node.endpoint, databaseUrl: postgres.url };
  const stores = await openStores({
    endpoints,
    masterKey: new Uint8Array(32).fill(7),
    clock,
    isSoleWriter: () => true,
  });
  const projector = createProjector({ database: postgres.url, log: stores.log, sets: [coreSet] });
  const send = sender(stores);
  for (const told of founding) {
    const refusal = await send(told);
    if (refusal !== null) throw new Error(`${told.type} of ${told.id} was refused: ${refusal}`);
  }
  return {
    stores,
    clock,
    endpoint: node.endpoint,
    send,
    caughtUp: async () => {
      await projector.start();
      const end = (await stores.log.end()) ?? 0n;
      if (await waitFor(stores.pool, coreSet.name, end, LONGEST_WAIT_MS)) return end;
      throw new Error('the read models did not catch up');
    },
    recorded: async () => {
      const events: Recorded[] = [];
      for await (const batch of stores.log.readAll({ after: null })) events.push(...batch.events);
      return events;
    },
    cutAt: async (recorded, position) => {
      const log = new ArrayLog(recorded.filter((event) => event.position <= position));
      const database = await cuts.fresh();
      await createProjector({ database, log, sets: [coreSet] }).rebuild(coreSet.name, { mode: 'new' });
      return { log, pool: cuts.pool(database) };
    },
    stop: async () => {
      await projector.stop();
      await stores.close();
      await Promise.all([postgres.stop(), cuts.stop()]);
      await node.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function sender(stores: Stores): Department['send'] {
  let sent = 0;
  return async ({ category, id, type, body, person = null, role = 'admin' }) => {
    const definition = things
      .find((thing) => thing.category === category)
      ?.commands.find((command) => command.type === type);
    if (definition === undefined) throw new Error(`${category} has no command ${type}`);
    sent += 1;
    try {
      await stores.handle({
        ...{ category, id, type, person, roles: [role], actor: 'test', commandId: `test:${sent}` },
        body: validateBody(definition.body, body),
      });
      return null;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return error.code;
    }
  };
}

const HIRED_ON = '2009-01-12';

/** Two departments, three who sell, one who heads both, a program; two customers and two products. */
const founding: readonly Told[] = [
  {
    ...{ category: 'company', id: 'main', type: 'ConfigureCompany' },
    body: { name: 'Konstanta', zone: ZONE, currency: 'RUB', firstPayrollPeriod: '2009-08' },
  },
  { category: 'calendar', id: 'main', type: 'PublishCalendar', body: { name: 'Plain', ...plainFiveDayWeek() } },
  ...['north', 'south'].map((id) => ({
    ...{ category: 'department', id, type: 'CreateDepartment' },
    body: { name: id },
  })),
  ...[hired('anna', 'north'), hired('boris', 'north'), hired('vera', 'south'), hired('olga', 'south', ['head'])],
  hired('robot', 'south', [], true),
  ...['north', 'south'].map((id) => ({
    ...{ category: 'department', id, type: 'AppointHead' },
    body: { employeeId: 'olga', effectiveOn: HIRED_ON },
  })),
  ...['c1', 'c2'].map((id) => ({
    ...{ category: 'customer', id, type: 'RegisterCustomer' },
    body: { kind: 'company', name: id },
  })),
  ...[
    ['p1', 'trade'],
    ['p2', 'stock'],
  ].map(([id = '', line]) => ({ category: 'product', id, type: 'AddProduct', body: { name: id, line } })),
  ...indicatorCatalogue.map(({ code, definition }) => ({
    ...{ category: 'indicator', id: code, type: 'DefineIndicator' },
    body: { ...definition },
  })),
];

function hired(id: string, departmentId: string, roles: readonly string[] = ['manager'], robot = false): Told {
  const body = { name: id, position: 'Seller', departmentId, roles, hiredOn: HIRED_ON, robot };
  return { category: 'employee', id, type: 'HireEmployee', body };
}
