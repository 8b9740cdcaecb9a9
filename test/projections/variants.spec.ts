import { createProjector, type ProjectionSet, SetNotBuiltError, withSnapshot } from '@voronka/projections';
import type pg from 'pg';
import { ArrayLog } from './support/array-log.js';
import { startDatabases, type TestDatabases } from './support/database.js';
import { entries, entriesFrom, ledgerSet } from './support/ledger-set.js';

const [ledger] = ledgerSet.projections;
if (ledger === undefined) throw new Error('the ledger set has no projection');

const others = { ...entries, name: 'other_entries' };
const both: ProjectionSet = {
  ...ledgerSet,
  projections: [ledger, { kind: 'rows', name: 'others', tables: [others], on: {} }],
  variants: { other: { entries: 'other_entries' } },
};

describe('a variant of a set', () => {
  let databases: TestDatabases;
  beforeAll(async () => {
    databases = await startDatabases();
  });
  afterAll(() => databases.stop());

  async function built(set: ProjectionSet) {
    const url = await databases.fresh();
    const projector = createProjector({ database: url, log: new ArrayLog(entriesFrom(0, 3)), sets: [set] });
    await projector.rebuild(set.name, { mode: 'new' });
    return { pool: databases.pool(url), projector };
  }

  const count = (pool: pg.Pool, variant: string | null): Promise<string | undefined> =>
    withSnapshot(
      pool,
      'ledger',
      async ({ client }) => (await client.query<{ n: string }>('select count(*) as n from entries')).rows[0]?.n,
      variant,
    );

  const schemas = async (pool: pg.Pool): Promise<string[]> => {
    const text = "select nspname as name from pg_namespace where starts_with(nspname, 'ledger_v') order by 1";
    return (await pool.query<{ name: string }>(text)).rows.map(({ name }) => name);
  };

  it('reads other tables under the same names', async () => {
    const { pool } = await built(both);
    expect([await count(pool, null), await count(pool, 'other')]).toEqual(['3', '0']);
  });

  it('goes with its build when that is retired', async () => {
    const { pool, projector } = await built(both);
    await projector.rebuild('ledger', { mode: 'new' });
    expect(await schemas(pool)).toEqual(['ledger_v2', 'ledger_v2_other']);
    expect(await count(pool, 'other')).toBe('0');
  });

  it('is not built where the build has none: the tables of the set itself are no answer', async () => {
    const { pool } = await built(ledgerSet);
    expect(await count(pool, null)).toBe('3');
    await expect(count(pool, 'other')).rejects.toThrow(SetNotBuiltError);
  });

  it('stands upon tables that the set has', () => {
    const wrong = { ...ledgerSet, variants: { other: { entries: 'nothing' } } };
    const making = () => createProjector({ database: 'postgres://nowhere', log: new ArrayLog(), sets: [wrong] });
    expect(making).toThrow('stands upon no table nothing');
  });
});
