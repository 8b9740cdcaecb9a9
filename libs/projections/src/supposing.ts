import type { Recorded } from '@voronka/kernel';
import type { Pool, PoolClient } from 'pg';
import { BuildWriter } from './apply-batch.js';
import type { BatchRows } from './batch-rows.js';
import { copyClosed, insertRows } from './bulk-write.js';
import type { Build } from './control.js';
import { SetNotBuiltError } from './errors.js';
import { openSnapshot, type Snapshot, withConnection } from './reading.js';
import type { SetPlan } from './set-plan.js';
import { quoteName } from './sql-text.js';
import type { TablePlan } from './table-plan.js';

/** The read models as they would be. */
export interface Supposed {
  /** Position of the last supposed event: as of it queries see what it does, as of `k` of the snapshot what is. */
  readonly k: bigint;
  /** Earliest business instant in the rows that would come or go; null where none has one. */
  readonly earliest: string | null;
}

/** Shows the events' effect to every later query of the snapshot. Their positions come after its `k`; asked for once. */
export type Suppose = (events: readonly Recorded[]) => Promise<Supposed>;

/**
 * A snapshot in which events can be supposed: the set's own projections fold them, and what they come to lies before
 * the set's tables in temporary ones of this connection. Nothing is recorded: the transaction is rolled back, no row of
 * the set is written or locked, and no other connection sees any of it. The role needs the right to make temporary
 * tables, which PostgreSQL gives to everybody.
 * @throws SetNotBuiltError also where the active build is of another version than the plan, PoisonEventError
 */
export async function withSupposition<T>(
  pool: Pool,
  plan: SetPlan,
  work: (snapshot: Snapshot, suppose: Suppose) => Promise<T>,
): Promise<T> {
  return await withConnection(pool, async (client) => {
    await client.query('begin isolation level repeatable read');
    const { build, ...snapshot } = await openSnapshot(client, plan.set.name, null);
    if (build.shape !== plan.shape) throw new SetNotBuiltError(plan.set.name);
    const result = await work(snapshot, (events) => suppose(client, { plan, build }, events));
    await client.query('rollback');
    return result;
  });
}

async function suppose(
  client: PoolClient,
  { plan, build }: { readonly plan: SetPlan; readonly build: Build },
  events: readonly Recorded[],
): Promise<Supposed> {
  const position = events.at(-1)?.position ?? build.checkpoint ?? 0n;
  const writer = new BuildWriter(plan, build);
  await writer.gather({ events, position, caughtUp: true }, client, build.checkpoint);
  const tables = (writer.gathered()?.rows ?? []).filter(({ size, closings }) => size > 0 || closings.length > 0);
  for (const rows of tables) await overlay(client, build.schema, rows);
  return { k: position, earliest: await earliestOf(client, tables) };
}

/** Puts a temporary view in front of a table: rows that the batch closes, closed; then its own. */
async function overlay(client: PoolClient, schema: string, rows: BatchRows): Promise<void> {
  const { plan } = rows;
  const [table, added] = [`${quoteName(schema)}.${quoteName(plan.name)}`, supposedTable(plan)];
  await client.query(`create temp table ${quoteName(added)} (like ${table}) on commit drop`);
  const target = `pg_temp.${quoteName(added)}`;
  await insertRows(client, 'pg_temp', rows, added);
  await copyClosed(client, schema, rows, target);
  await client.query(`analyze ${target}`);
  const names = plan.copied.map(quoteName).join(', ');
  const keys = plan.key.map((index) => quoteName(plan.columns[index]?.name ?? ''));
  const same = keys.map((key) => `s.${key} = t.${key}`).join(' and ');
  // Names of the set's tables are looked up in pg_temp first.
  await client.query(`create temp view ${quoteName(plan.name)} as
    select ${names} from ${table} as t where not exists (select from ${target} as s where ${same})
    union all select ${names} from ${target}`);
}

function supposedTable({ name }: TablePlan): string {
  return `supposed_${name}`;
}

/** When something was recorded is no business time. */
const NOT_BUSINESS = new Set(['recorded_at']);

async function earliestOf(client: PoolClient, tables: readonly BatchRows[]): Promise<string | null> {
  const instants = tables.flatMap(({ plan }) =>
    plan.columns
      .filter(({ name, type }) => (type === 'timestamptz' || type === 'date') && !NOT_BUSINESS.has(name))
      .map(({ name }) => {
        const cell = quoteName(name);
        const from = `pg_temp.${quoteName(supposedTable(plan))}`;
        return `select min(${cell}::timestamptz) as at from ${from} where isfinite(${cell})`;
      }),
  );
  if (instants.length === 0) return null;
  const { rows } = await client.query<{ at: Date | null }>(
    `select min(at) as at from (${instants.join(' union all ')}) as i`,
  );
  return rows[0]?.at?.toISOString() ?? null;
}
