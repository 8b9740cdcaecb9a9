import type { Grain } from '@voronka/kernel';
import type { InstantPeriod } from './context.js';
import { type Credit, dealValueIn, type Filters, type SliceName, SLICES, sliceSql, valueIn } from './slices.js';
import { all, type Statement } from './sql.js';

interface FactTable extends Credit {
  readonly table: string;
  /** The instant that periods are about, and its local date. */
  readonly instant: string;
  readonly localDate: string;
}

const byOwner = { performer: 'f.performer_id', credited: 'f.owner_id' };
const byPerformer = { performer: 'f.performer_id', credited: 'f.performer_id' };
const occurred = { instant: 'f.occurred_at', localDate: 'f.local_date' };

/** What can be counted. A closing has no performer of its own: the owner is credited. */
const FACTS = {
  touch: { table: 'reach_touch', ...byOwner, ...occurred },
  implied: { table: 'reach_implied', ...byOwner, ...occurred },
  steps: { table: 'steps', ...byPerformer, ...occurred },
  activities: { table: 'activities', ...byPerformer, ownerOfDeal: true, ...occurred },
  closings: { table: 'outcomes', performer: 'f.owner_id', credited: 'f.owner_id', ...occurred },
  closingsByOpening: {
    table: 'outcomes',
    performer: 'f.owner_id',
    credited: 'f.owner_id',
    instant: 'f.opened_at',
    localDate: 'f.opened_local_date',
  },
} as const satisfies Record<string, FactTable>;
export type FactName = keyof typeof FACTS;

/** Name of the table behind a fact. */
export function factTable(fact: FactName): string {
  return FACTS[fact].table;
}

/** How the facts are cut and which of them count. */
export interface Cut {
  readonly slices: readonly SliceName[];
  readonly grain?: Grain | undefined;
  readonly period?: InstantPeriod | undefined;
  /** Only one of the periods of a grain: half-open local dates. */
  readonly dates?: { readonly from: string; readonly to: string } | undefined;
  readonly filters?: Filters | undefined;
}

/** Pieces of a SELECT over fact `f`: slice columns s0, s1 …, the first day of the period as `bucket`. */
export interface Selection {
  /** `f.owner_id AS s0, …` with a comma before each. */
  readonly columns: string;
  /** Names of those columns, with a comma before each, for an outer SELECT and GROUP BY. */
  readonly names: string;
  /** Tables and conditions, from FROM on. */
  readonly body: string;
}

/** Selects the facts known at K that happened by T, in the period, under the filters. */
export function select(statement: Statement, fact: FactName, cut: Cut, conditions: readonly string[] = []): Selection {
  const source = FACTS[fact];
  const { joins, filters } = filtered(statement, source, cut);
  const values = cut.slices.map((slice) => sliceSql(statement, slice, source).value);
  const bucket = cut.grain === undefined ? undefined : bucketSql(cut.grain, source.localDate);
  const columns = [...values.map((value, at) => `${value} AS s${at}`), ...(bucket ? [`${bucket} AS bucket`] : [])];
  const names = [...values.map((_, at) => `s${at}`), ...(bucket ? ['bucket'] : [])];
  const where = all([
    statement.known('f'),
    `f.occurred_at <= ${statement.now}`,
    ...periodSql(statement, source.instant, cut.period),
    ...datesSql(statement, source.localDate, cut.dates),
    ...conditions,
    ...filters,
  ]);
  return {
    columns: columns.map((column) => `, ${column}`).join(''),
    names: names.map((name) => `, ${name}`).join(''),
    body: `FROM ${source.table} f ${joins}\n  WHERE ${where}`,
  };
}

function filtered(statement: Statement, source: FactTable, cut: Cut): { joins: string; filters: string[] } {
  const joins = new Set(cut.slices.map((slice) => sliceSql(statement, slice, source).join));
  const filters: string[] = [];
  for (const slice of SLICES) {
    const allowed = cut.filters?.[slice];
    if (allowed === undefined) continue;
    if (slice === 'product' || slice === 'productLine') {
      filters.push(dealValueIn(statement, slice, allowed));
      continue;
    }
    const { join, value } = sliceSql(statement, slice, source);
    joins.add(join);
    filters.push(valueIn(statement, value, allowed));
  }
  return { joins: [...joins].join('\n  '), filters };
}

function periodSql(statement: Statement, instant: string, period: InstantPeriod | undefined): string[] {
  if (period === undefined) return [];
  const from = statement.bind(period.from, 'timestamptz');
  const to = statement.bind(period.to, 'timestamptz');
  return [`${instant} >= ${from}`, `${instant} < ${to}`];
}

function datesSql(statement: Statement, localDate: string, dates: Cut['dates']): string[] {
  if (dates === undefined) return [];
  const from = statement.bind(dates.from, 'date');
  return [`${localDate} >= ${from}`, `${localDate} < ${statement.bind(dates.to, 'date')}`];
}

function bucketSql(grain: Grain, localDate: string): string {
  switch (grain) {
    case 'day':
      return localDate;
    case 'isoWeek':
      return `date_trunc('week', ${localDate}::timestamp)::date`;
    case 'month':
    case 'quarter':
    case 'year':
      return `date_trunc('${grain}', ${localDate}::timestamp)::date`;
    default:
      return grain satisfies never;
  }
}
