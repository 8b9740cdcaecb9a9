import type { Grain } from '@voronka/kernel';
import type { InstantPeriod } from './context.js';
import type { Named } from './members.js';
import {
  answerAmong,
  type Credit,
  factValueIn,
  type Filters,
  isMultiValued,
  isPortraitSlice,
  type SliceName,
  slicesIn,
  sliceSql,
  valueIn,
} from './slices.js';
import { all, type Statement } from './sql.js';

/** What can be counted: a table, or a SELECT with the columns of one. Periods are about its `instant`. */
export interface FactTable extends Credit {
  readonly table: string;
  /** The instant that periods are about, where it is not the one at which it counts. */
  readonly period?: string;
  /** Local date of that instant. */
  readonly localDate: string;
}

const byOwner = { performer: 'f.performer_id', credited: 'owner' } as const;
const byPerformer = { performer: 'f.performer_id', credited: 'performer' } as const;
const ofOwner = { performer: null, credited: 'owner' } as const;
const occurred = { instant: 'f.occurred_at', localDate: 'f.local_date' };
const ofStep = { own: { step: 'f.step' } };
const ofActivity = { step: 'f.step', activityKind: 'f.kind', topic: 'f.topic', outcome: 'f.outcome' };

/** What can be counted. A closing has no performer of its own: the owner is credited. */
const FACTS = {
  touch: { table: 'reach_touch', ...byOwner, ...occurred, ...ofStep },
  implied: { table: 'reach_implied', ...byOwner, ...occurred, ...ofStep },
  steps: { table: 'steps', ...byPerformer, ...occurred, ...ofStep },
  activities: { table: 'activities', ...byPerformer, ownerAt: 'f.occurred_at', ...occurred, own: ofActivity },
  closings: { table: 'outcomes', ...ofOwner, ...occurred, own: { lossReason: 'f.loss_reason' } },
  closingsByOpening: {
    table: 'outcomes',
    ...ofOwner,
    // Who owned it, and where he worked, when it was closed.
    instant: 'f.occurred_at',
    localDate: 'f.opened_local_date',
    period: 'f.opened_at',
    own: { lossReason: 'f.loss_reason' },
  },
} as const satisfies Record<string, FactTable>;
export type FactName = keyof typeof FACTS;

/** A fact as it is counted by itself; may be credited otherwise. */
export function factOf(fact: FactName): FactTable {
  return FACTS[fact];
}

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
  /** What alone can count, by slice, as far as the question says it: who has a row of zero. */
  readonly named?: Named | undefined;
  /** Portrait slices whose filter names a row: of several choices all. In any other filter one of them is enough. */
  readonly whole?: readonly SliceName[] | undefined;
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
export function select(
  statement: Statement,
  fact: FactName | FactTable,
  cut: Cut,
  conditions: readonly string[] = [],
): Selection {
  const source: FactTable = typeof fact === 'string' ? FACTS[fact] : fact;
  const { joins, filters } = filtered(statement, source, cut);
  const values = cut.slices.map((slice) => sliceSql(statement, slice, source).value);
  const bucket = cut.grain === undefined ? undefined : bucketSql(cut.grain, source.localDate);
  const columns = [...values.map((value, at) => `${value} AS s${at}`), ...(bucket ? [`${bucket} AS bucket`] : [])];
  const names = [...values.map((_, at) => `s${at}`), ...(bucket ? ['bucket'] : [])];
  const where = all([
    statement.known('f'),
    `f.occurred_at <= ${statement.now}`,
    ...periodSql(statement, source.period ?? source.instant, cut.period),
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
  const joins = new Set(cut.slices.flatMap((slice) => sliceSql(statement, slice, source).joins));
  const filters: string[] = [];
  for (const slice of slicesIn(cut.filters)) {
    const allowed = cut.filters?.[slice];
    if (allowed === undefined) continue;
    if (isMultiValued(slice) && source.product === undefined) {
      filters.push(factValueIn(statement, slice, allowed, source));
      continue;
    }
    const { joins: needed, value } = sliceSql(statement, slice, source);
    for (const join of needed) joins.add(join);
    filters.push(
      isPortraitSlice(slice) && cut.whole?.includes(slice) !== true
        ? answerAmong(statement, slice, allowed)
        : valueIn(statement, value, allowed),
    );
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
