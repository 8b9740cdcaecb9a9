import { withSnapshot } from '@voronka/projections';
import type { Pool } from 'pg';
import type { QueryContext, ReadClient } from '../queries/context.js';

// What the worker keeps, beside the builds of `core`: a swap does not take it away, and lets it begin anew.

const TABLES = `
create schema if not exists pay_live;
create table if not exists pay_live.state (
  single boolean primary key default true check (single),
  build text not null,
  k bigint not null,
  last_month text not null,
  affected_cells bigint not null,
  rules_evaluated bigint not null,
  events_read bigint not null,
  updated_at timestamptz not null default clock_timestamp()
);
create table if not exists pay_live.actuals (
  counting text primary key,
  definition text not null,
  ends date not null,
  "values" json not null
);
create table if not exists pay_live.months (month text primary key, answerable boolean not null);
create table if not exists pay_live.bonuses (
  month text not null,
  employee_id text collate "C" not null,
  bonus json not null,
  primary key (month, employee_id)
);
create or replace view pay_live.lines as
  select b.month, b.employee_id, l.line->>'rule' as rule, l.line->>'regulation' as regulation,
    l.line->>'period' as period, l.line->>'status' as status, (l.line->>'amountKopecks')::bigint as amount_kopecks
  from pay_live.bonuses b
    join pay_live.months m on m.month = b.month and m.answerable
    cross join lateral json_array_elements(b.bonus->'lines') l(line);
comment on schema pay_live is 'Current pay, kept by the pay worker; to be made anew at any time';
comment on table pay_live.state is 'How far the worker has come: build of core, K, and what the last recomputation took';
comment on table pay_live.actuals is 'Counts by indicator, scope and period, of everybody at once';
comment on table pay_live.months is 'Months that are kept; not answerable: asked for, they are worked out from scratch';
comment on table pay_live.bonuses is 'One row per employee and month: the bonus at K';
comment on view pay_live.lines is 'One row per employee, month and rule of what is earned at K; of months that are answerable';
`;

/** Creates what the worker keeps, where it is not there yet. */
export async function ensurePayLines(client: ReadClient): Promise<void> {
  await client.query(TABLES);
}

export interface PayLinesState {
  /** Schema of the build of `core` that it was worked out from. */
  readonly build: string;
  /** What pay depends on is worked out up to here; of later events, none may matter to it. */
  readonly k: bigint;
  readonly lastMonth: string;
  /** Employees × months that were worked out by the last recomputation that found something to do. */
  readonly affectedCells: number;
  readonly rulesEvaluated: number;
  /** Facts that it counted: none where only plans changed. */
  readonly eventsRead: number;
}

interface StateRow {
  readonly build: string;
  readonly k: string;
  readonly last_month: string;
  readonly affected_cells: string;
  readonly rules_evaluated: string;
  readonly events_read: string;
}

/** Null: no worker ever finished a recomputation. */
export async function payLinesState(client: ReadClient | Pool): Promise<PayLinesState | null> {
  if (!(await isThere(client))) return null;
  const { rows } = await client.query<StateRow>('select * from pay_live.state');
  return rows[0] === undefined ? null : stateOf(rows[0]);
}

async function isThere(client: ReadClient | Pool): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(`select to_regclass('pay_live.state') is not null as there`);
  return rows[0]?.there === true;
}

function stateOf(row: StateRow): PayLinesState {
  return {
    build: row.build,
    k: BigInt(row.k),
    lastMonth: row.last_month,
    affectedCells: Number(row.affected_cells),
    rulesEvaluated: Number(row.rules_evaluated),
    eventsRead: Number(row.events_read),
  };
}

/** How what the worker keeps stands to a snapshot of `core`. */
export interface Standing {
  readonly state: PayLinesState;
  /** It was worked out from the build that the snapshot looks at. */
  readonly isOfBuild: boolean;
  /** Something that pay depends on was recorded after what was worked out, up to K. */
  readonly isBehind: boolean;
  /** The row is so old that it is written though nothing changed: how far one has to look back stays short. */
  readonly isStale: boolean;
}

interface StandingRow extends StateRow {
  readonly of_build: boolean;
  readonly behind: boolean;
  readonly stale: boolean;
}

/** Asked within a snapshot of `core` at K. Null: no worker ever finished a recomputation. */
export async function standingAt(client: ReadClient, k: bigint): Promise<Standing | null> {
  if (!(await isThere(client))) return null;
  const { rows } = await client.query<StandingRow>(
    `select s.*, s.build = current_schema() as of_build,
       exists (select from pay_causes c where c.position > s.k and c.position <= $1::bigint) as behind,
       s.updated_at < clock_timestamp() - interval '10 seconds' as stale
     from pay_live.state s`,
    [String(k)],
  );
  const [row] = rows;
  return row === undefined
    ? null
    : { state: stateOf(row), isOfBuild: row.of_build, isBehind: row.behind, isStale: row.stale };
}

/**
 * How far the worker has come as `core` stands now: where nothing that pay depends on was recorded since it last wrote,
 * as far as `core`.
 * @throws SetNotBuiltError, errors of the database
 */
export async function payLinesReach(pool: Pool): Promise<PayLinesState | null> {
  return await withSnapshot(pool, 'core', async ({ client, k }) => {
    const standing = k === null ? null : await standingAt(client, k);
    return k === null || standing === null ? null : reachOf(standing, k);
  });
}

function reachOf({ state, isOfBuild, isBehind }: Standing, k: bigint): PayLinesState {
  return isOfBuild && !isBehind && k > state.k ? { ...state, k } : state;
}

/** The K that what is kept reaches, in decimal digits, and what the recomputation took that brought it there. */
export interface KeptPay extends Pick<PayLinesState, 'affectedCells' | 'rulesEvaluated' | 'eventsRead'> {
  readonly k: string;
}

/** Asked within a snapshot of `core` at its checkpoint. Null: nothing of the build that it looks at is kept. */
export async function keptPayAt({ client, k }: Pick<QueryContext, 'client' | 'k'>): Promise<KeptPay | null> {
  const standing = await standingAt(client, k);
  if (standing?.isOfBuild !== true) return null;
  const { affectedCells, rulesEvaluated, eventsRead } = standing.state;
  return { k: String(reachOf(standing, k).k), affectedCells, rulesEvaluated, eventsRead };
}

/**
 * Lets a role read what is earned and how far the worker is, and nothing else of it.
 * @throws errors of the database: no such role, no right to grant
 */
export async function grantPayLines(client: ReadClient, role: string): Promise<void> {
  const name = `"${role.replaceAll('"', '""')}"`;
  await client.query(
    `grant usage on schema pay_live to ${name}; grant select on pay_live.lines, pay_live.state to ${name}`,
  );
}

export async function savePayLinesState(client: ReadClient, state: PayLinesState): Promise<void> {
  const { build, k, lastMonth, affectedCells, rulesEvaluated, eventsRead } = state;
  await client.query(
    `insert into pay_live.state (build, k, last_month, affected_cells, rules_evaluated, events_read)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (single) do update set build = excluded.build, k = excluded.k, last_month = excluded.last_month,
       affected_cells = excluded.affected_cells, rules_evaluated = excluded.rules_evaluated,
       events_read = excluded.events_read, updated_at = clock_timestamp()`,
    [build, String(k), lastMonth, affectedCells, rulesEvaluated, eventsRead],
  );
}

/** Schema in which names are looked up first: that of the build a snapshot looks at. */
export async function buildOf(client: ReadClient): Promise<string> {
  const { rows } = await client.query<{ build: string }>('select current_schema() as build');
  return rows[0]?.build ?? '';
}
