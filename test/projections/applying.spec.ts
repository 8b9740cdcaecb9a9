import type pg from 'pg';
import type { Recorded } from '@voronka/kernel';
import {
  applyBatch,
  BuildWriter,
  CheckpointMovedError,
  createProjector,
  defineFold,
  planSet,
  PoisonEventError,
  type ProjectionSet,
  STILL_KNOWN,
  status,
} from '@voronka/projections';
import { takeBatch } from '../../libs/projections/src/take-batch.js';
import { ArrayLog } from './support/array-log.js';
import { startDatabases, type TestDatabases } from './support/database.js';
import { entered, entries, entriesFrom, ledgerSet } from './support/ledger-set.js';
import { parcelEvent } from './support/parcel-set.js';

describe('applying batches', () => {
  let databases: TestDatabases;
  beforeAll(async () => {
    databases = await startDatabases();
  });
  afterAll(() => databases.stop());

  /** A build of the set that has handled nothing, and one connection to write to it. */
  async function emptyBuild(set: ProjectionSet) {
    const url = await databases.fresh();
    const pool = databases.pool(url);
    const projector = createProjector({ database: url, log: new ArrayLog(), sets: [set] });
    const build = await projector.rebuild(set.name, { mode: 'new' });
    const client = await pool.connect();
    const take = (events: readonly Recorded[], checkpoint: bigint | null, on: pg.ClientBase = client) =>
      takeBatch(new BuildWriter(planSet(set), { ...build, checkpoint }), batchOf(events), on, checkpoint);
    return { pool, client, build, take };
  }

  const batchOf = (events: readonly Recorded[]) => {
    return { events, position: events.at(-1)?.position ?? 0n, caughtUp: false };
  };

  async function rowsOf(pool: pg.Pool, table = 'entries'): Promise<string[]> {
    const { rows } = await pool.query<Record<string, unknown>>(`select * from read.${table} order by 1`);
    return rows.map((row) => Object.values(row).join(' '));
  }

  it('closes rows of the same batch and of earlier ones alike', async () => {
    const { pool, client, take } = await emptyBuild(ledgerSet);
    const at = await take([...entriesFrom(1, 3), entered(3, { close: ['e1'] })], null);
    await take([entered(4, { close: ['e2'], insert: [{ id: 'e4', amount: 4 }] })], at);
    expect(await rowsOf(pool)).toEqual(['e1 1 107 307', 'e2 2 207 407', `e4 4 407 ${STILL_KNOWN}`]);
    client.release();
  });

  it.each([
    ['a row that never was', [entered(4, { close: ['nobody'] })]],
    ['a row closed in an earlier batch', [...entriesFrom(4, 8), entered(8, { close: ['e1'] })]],
    ['a row of an earlier batch twice', [entered(4, { close: ['e2'] }), entered(5, { close: ['e2'] })]],
    ['a row of the batch twice', [...entriesFrom(4, 5), entered(5, { close: ['e4'] }), entered(6, { close: ['e4'] })]],
    ['a row that only comes afterwards', [entered(4, { close: ['e9'] }), ...entriesFrom(9, 10)]],
  ])('takes closing %s for poison, and names the event', async (_, events) => {
    const { pool, client, take } = await emptyBuild(ledgerSet);
    const at = await take([...entriesFrom(1, 3), entered(3, { close: ['e1'] })], null);
    const poison = events.findLast((event) => 'close' in event.data);
    await expect(take(events, at)).rejects.toMatchObject({
      name: 'PoisonEventError',
      poison: {
        position: poison?.position,
        message: expect.stringMatching(/table entries: .*(not there|closed already)/),
      },
    });
    const before = events.filter(({ position }) => position < (poison?.position ?? 0n));
    expect((await status(pool))[0]?.checkpoint).toBe(before.at(-1)?.position ?? at);
    client.release();
  });

  it.each([
    ['a handler that throws', entered(5, { fail: 'no such thing' }), /no such thing/],
    ['a key that is taken', entered(5, { insert: [{ id: 'e1', amount: 5 }] }), /duplicate key/],
    ['a number out of range', entered(5, { insert: [{ id: 'e5', amount: 3e9 }] }), /out of range/],
    ['a value of another type', entered(5, { insert: [{ id: 'e5', amount: 1.5 }] }), /entries, column amount/],
  ])('keeps what came before %s, whatever came after', async (_, event, message) => {
    const { pool, client, take } = await emptyBuild(ledgerSet);
    const events = [...entriesFrom(0, 5), event, ...entriesFrom(6, 9)];
    const failure = await take(events, null).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PoisonEventError);
    if (!(failure instanceof PoisonEventError)) return;
    expect(failure.poison).toMatchObject({ position: 507n, eventType: 'Entered', eventId: event.eventId });
    expect(failure.poison.message).toMatch(message);
    expect((await rowsOf(pool)).map((row) => row.split(' ')[0])).toEqual(['e0', 'e1', 'e2', 'e3', 'e4']);
    expect((await status(pool))[0]?.checkpoint).toBe(407n);
    client.release();
  });

  it('finds the one bad event among hundreds that were copied', async () => {
    const { client, take } = await emptyBuild(ledgerSet);
    const events = [
      ...entriesFrom(0, 400),
      entered(400, { insert: [{ id: 'e17', amount: 1 }] }),
      ...entriesFrom(401, 500),
    ];
    await expect(take(events, null)).rejects.toMatchObject({ poison: { position: 40_007n } });
    client.release();
  });

  it('lets only one of two writers through', async () => {
    const { pool, build, client } = await emptyBuild(ledgerSet);
    const other = await pool.connect();
    await client.query('begin');
    await applyBatch(new BuildWriter(planSet(ledgerSet), build), batchOf(entriesFrom(0, 3)), client, null);
    const second = takeBatch(new BuildWriter(planSet(ledgerSet), build), batchOf(entriesFrom(0, 3)), other, null);
    second.catch(() => undefined);
    await client.query('commit');
    await expect(second).rejects.toThrow(CheckpointMovedError);
    expect(await rowsOf(pool)).toHaveLength(3);
    client.release();
    other.release();
  });

  it('never moves a checkpoint back', async () => {
    const { pool, client, take } = await emptyBuild(ledgerSet);
    const at = await take(entriesFrom(0, 5), null);
    expect(await take(entriesFrom(1, 3), at)).toBe(at);
    expect((await status(pool))[0]?.checkpoint).toBe(at);
    client.release();
  });

  it('shows states of resident folds as they are at each event, in any batch', async () => {
    const { pool, client, take } = await emptyBuild(pricesSet);
    const named = (index: number, id: string, amount: number) =>
      parcelEvent(index, 'Priced', `price-${id}`, { id, amount });
    const sold = (index: number, id: string) => parcelEvent(index, 'Sold', `sale-${index}`, { id });
    let at = await take([sold(0, 'a'), named(1, 'a', 10), sold(2, 'a'), named(3, 'a', 20), sold(4, 'a')], null);
    // A new writer in every batch: states come from the table.
    at = await take([sold(5, 'a'), named(6, 'b', 5), sold(7, 'b')], at);
    await take([sold(8, 'a'), sold(9, 'b')], at);
    expect((await rowsOf(pool)).map((row) => row.split(' ').slice(0, 2).join(' '))).toEqual([
      'sale-0 -1',
      'sale-2 10',
      'sale-4 20',
      'sale-5 20',
      'sale-7 5',
      'sale-8 20',
      'sale-9 5',
    ]);
    client.release();
  });

  it('forgets states of resident folds that were rolled back', async () => {
    const { pool, client, build } = await emptyBuild(pricesSet);
    const writer = new BuildWriter(planSet(pricesSet), build);
    const priced = parcelEvent(0, 'Priced', 'price-a', { id: 'a', amount: 10 });
    await client.query('begin');
    await applyBatch(writer, batchOf([priced]), client, null);
    await client.query('rollback');
    writer.forget();
    await takeBatch(writer, batchOf([parcelEvent(1, 'Sold', 'sale-1', { id: 'a' })]), client, null);
    expect((await rowsOf(pool))[0]).toMatch(/^sale-1 -1 /);
    client.release();
  });
});

interface Price {
  readonly amount: number;
}

const prices = defineFold<Price>({
  kind: 'fold',
  name: 'prices',
  resident: true,
  tables: [],
  key: (event) => (event.data as { id: string }).id,
  initialState: () => ({ amount: 0 }),
  on: { Priced: (_, event) => ({ state: { amount: (event.data as Price).amount }, changes: [] }) },
});

const pricesSet: ProjectionSet = {
  name: 'prices',
  version: 1,
  projections: [
    prices,
    {
      kind: 'rows',
      name: 'sales',
      tables: [entries],
      on: {
        Sold: (event, look) => {
          const price = look<Price>('prices', (event.data as { id: string }).id);
          const row = { entry_id: event.stream, amount: price?.amount ?? -1, known_from: event.position };
          return [{ op: 'insert', table: 'entries', row }];
        },
      },
    },
  ],
};
