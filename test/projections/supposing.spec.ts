import {
  createProjector,
  dumpSet,
  planSet,
  SetNotBuiltError,
  type Snapshot,
  withSupposition,
} from '@voronka/projections';
import type pg from 'pg';
import { ArrayLog } from './support/array-log.js';
import { startDatabases, type TestDatabases } from './support/database.js';
import { entered, entriesFrom, ledgerSet } from './support/ledger-set.js';

const plan = planSet(ledgerSet);

describe('a supposition', () => {
  let databases: TestDatabases;
  let pool: pg.Pool;
  beforeAll(async () => {
    databases = await startDatabases();
    const url = await databases.fresh();
    const projector = createProjector({ database: url, log: new ArrayLog(entriesFrom(0, 3)), sets: [ledgerSet] });
    await projector.rebuild('ledger', { mode: 'new' });
    pool = databases.pool(url);
  });
  afterAll(() => databases.stop());

  const known = async ({ client }: Snapshot, k: bigint): Promise<string[]> => {
    const text = 'select entry_id as id from entries where known_from <= $1 and $1 < known_to order by 1';
    return (await client.query<{ id: string }>(text, [String(k)])).rows.map(({ id }) => id);
  };

  it('shows what events would do as of them, what is as of before, and leaves nothing behind', async () => {
    const before = await dumpSet(pool, ledgerSet);
    const events = [
      entered(10, {
        insert: [
          { id: 'new', amount: 1 },
          { id: 'gone', amount: 2 },
        ],
        close: ['e1'],
      }),
      entered(11, { close: ['gone'] }),
    ];
    const seen = await withSupposition(pool, plan, async (snapshot, suppose) => {
      const at = snapshot.k ?? 0n;
      const { k } = await suppose(events);
      const other = await withSupposition(pool, plan, (beside) => known(beside, k));
      return {
        was: await known(snapshot, at),
        is: await known(snapshot, k),
        between: await known(snapshot, k - 1n),
        other,
      };
    });
    expect(seen).toEqual({
      was: ['e0', 'e1', 'e2'],
      is: ['e0', 'e2', 'new'],
      between: ['e0', 'e2', 'gone', 'new'],
      other: ['e0', 'e1', 'e2'],
    });
    expect(await dumpSet(pool, ledgerSet)).toEqual(before);
    const { rows } = await pool.query("select from pg_class where relname like 'supposed_%'");
    expect(rows).toEqual([]);
  });

  it('waits for nobody who writes the same rows', async () => {
    const writer = await pool.connect();
    try {
      await writer.query('begin');
      await writer.query('update ledger_v1.entries set amount = 7');
      const supposed = await withSupposition(pool, plan, async (snapshot, suppose) => {
        await snapshot.client.query("set local lock_timeout = '200ms'");
        const { k } = await suppose([entered(10, { close: ['e1'] })]);
        return known(snapshot, k);
      });
      expect(supposed).toEqual(['e0', 'e2']);
    } finally {
      await writer.query('rollback');
      writer.release();
    }
  });

  it('is refused on tables of another version', async () => {
    const other = planSet({
      ...ledgerSet,
      projections: ledgerSet.projections.map((one) => ({ ...one, name: 'else' })),
    });
    await expect(withSupposition(pool, other, () => Promise.resolve())).rejects.toThrow(SetNotBuiltError);
  });
});
