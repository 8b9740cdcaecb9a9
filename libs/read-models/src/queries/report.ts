import type { QueryContext } from './context.js';
import type { Cut } from './facts.js';
import { type GroupRow, keyOfPlace, layOut, type Place, placeKey } from './layout.js';
import { expandProducts } from './product-sets.js';
import { isMultiValued } from './slices.js';

/** Sums of one place; PostgreSQL's bigint and numeric arrive as text. */
export type Sums<Field extends string> = Readonly<Record<Field, bigint>>;
export type SumRow<Field extends string> = GroupRow & Readonly<Partial<Record<Field, string>>>;

/** How a report counts and what it makes of the sums. */
export interface ReportPlan<Field extends string, Row extends Place> {
  readonly fields: readonly Field[];
  /** Rows with s0 …, bucket and some of the fields; several rows may be about one place. */
  readonly count: (cut: Cut) => Promise<readonly SumRow<Field>[]>;
  readonly row: (place: Place, sums: Sums<Field>) => Row;
}

/** Rows of a report with their totals. */
export interface Report<Row extends Place> {
  /** One row per combination of slice values and period, rows of zero included. */
  readonly rows: readonly Row[];
  /** Everything once, per period (if there is a grain). */
  readonly totals: readonly Row[];
  /** Everything once. */
  readonly total: Row;
  /** False: there are too many combinations, and only those with something counted have a row. */
  readonly zeroRows: boolean;
}

/** True if the rows of this cut add up to its total. */
export function isAdditive(cut: Cut): boolean {
  return !cut.slices.some(isMultiValued);
}

/** Counts, lays out the rows and adds them up; every fact is counted once, whatever it is cut by. */
export async function report<Field extends string, Row extends Place>(
  context: QueryContext,
  cut: Cut,
  plan: ReportPlan<Field, Row>,
): Promise<Report<Row>> {
  const counted = await plan.count(cut);
  const once = { ...cut, slices: [] };
  const rows = await rowsOf(context, cut, plan, await expandProducts(context, cut, counted));
  const totals = cut.grain === undefined ? [] : (await rowsOf(context, once, plan, counted)).rows;
  const [sums] = tally(counted, { slices: [] }, plan.fields).values();
  return { ...rows, totals, total: plan.row({ slices: [], bucket: null }, sums ?? zero(plan.fields)) };
}

async function rowsOf<Field extends string, Row extends Place>(
  context: QueryContext,
  cut: Cut,
  plan: ReportPlan<Field, Row>,
  counted: readonly SumRow<Field>[],
): Promise<Pick<Report<Row>, 'rows' | 'zeroRows'>> {
  const sums = tally(counted, cut, plan.fields);
  const { places, zeroRows } = await layOut(context, cut, counted);
  return { rows: places.map((place) => plan.row(place, sums.get(keyOfPlace(place)) ?? zero(plan.fields))), zeroRows };
}

function tally<Field extends string>(
  rows: readonly SumRow<Field>[],
  cut: Cut,
  fields: readonly Field[],
): Map<string, Sums<Field>> {
  const sums = new Map<string, Sums<Field>>();
  for (const row of rows) {
    const key = placeKey(row, cut);
    const before = sums.get(key) ?? zero(fields);
    const entries = fields.map((field) => [field, before[field] + BigInt(row[field] ?? '0')] as const);
    sums.set(key, Object.fromEntries(entries) as Record<Field, bigint>);
  }
  return sums;
}

function zero<Field extends string>(fields: readonly Field[]): Sums<Field> {
  return Object.fromEntries(fields.map((field) => [field, 0n])) as Record<Field, bigint>;
}

/**
 * A grouped SELECT over an inner one that has the columns `names`; dates leave as text, after grouping.
 * `sums` are SQL aggregates with their names, `from` is what follows FROM.
 */
export function groupBy(names: string, sums: readonly string[], from: string): string {
  const columns = names.split(', ').filter((name) => name !== '');
  const groups = columns.length === 0 ? '' : ` GROUP BY ${columns.join(', ')}`;
  const inner = `SELECT ${[...columns, ...sums].join(', ')} FROM ${from}${groups}`;
  if (!columns.includes('bucket')) return inner;
  return `SELECT g.*, g.first_day::text AS bucket FROM (${inner.replace('bucket,', 'bucket AS first_day,')}) g`;
}
