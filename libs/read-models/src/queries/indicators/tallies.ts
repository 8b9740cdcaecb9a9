import {
  assumedYears,
  type Instant,
  localDateOf,
  type Period,
  periodBounds,
  type WorkCalendar,
  workingMsBetween,
} from '@voronka/kernel';
import { type IndicatorDocument, partsOfOne } from '@voronka/pay/events';
import { type ByCalendar, calendarAt, together } from '../calendar.js';
import type { QueryContext } from '../context.js';
import type { Cut } from '../facts.js';
import { type GroupRow, placeKey } from '../layout.js';
import { expandProducts } from '../product-sets.js';
import { groupBy } from '../report.js';
import { Statement } from '../sql.js';
import type { Defined } from './definitions.js';
import { countedSql } from './measure-sql.js';

/** What was counted at one place. */
export interface Tally {
  readonly num: bigint;
  /** Null where the figure is no quotient. */
  readonly den: bigint | null;
  /** What may yet count. */
  readonly pen: bigint;
  /** Milliseconds, for times. */
  readonly times: readonly bigint[];
}

export interface Tallied extends ByCalendar {
  /** By `placeKey`. */
  readonly tallies: ReadonlyMap<string, Tally>;
  /** The same facts uncut, each once whatever it is cut by: by `placeKey` without slices. */
  readonly wholes: ReadonlyMap<string, Tally>;
  readonly rows: readonly GroupRow[];
  /** How many facts were counted. */
  readonly read: number;
}

type SumRow = GroupRow & {
  readonly read: string;
  readonly num: string | null;
  readonly den: string | null;
  readonly pen: string | null;
};
type TimeRow = GroupRow & { readonly began: Date; readonly ended: Date };

const NOTHING: Tally = { num: 0n, den: null, pen: 0n, times: [] };
const NOTHING_TALLIED: Tallied = { tallies: new Map(), wholes: new Map(), rows: [], read: 0, calendarAssumed: [] };

/** Counts an indicator over some periods that lie side by side; with a grain, they are its buckets. */
export async function tallied(
  context: QueryContext,
  defined: Defined,
  cut: Omit<Cut, 'period'>,
  periods: readonly Period[],
): Promise<Tallied> {
  const [first, last] = [periods[0], periods.at(-1)];
  if (first === undefined || last === undefined) return NOTHING_TALLIED;
  const { from } = periodBounds(first, context.zone);
  const { to } = periodBounds(last, context.zone);
  return await over(context, defined, { ...cut, period: { from, to } });
}

async function over(context: QueryContext, { definition, parts }: Defined, cut: Cut): Promise<Tallied> {
  if (definition.measure === 'ratio') return await quotient(context, parts, cut);
  if (definition.measure === 'customers') return await differentCustomers(context, definition, cut);
  const isTime = definition.measure === 'time';
  const rows = await (isTime ? timeRows(context, definition, cut) : sumRows(context, definition, cut));
  const calendarAssumed = await assumedBy(context, definition, { cut, rows });
  const expanded = await expandProducts(context, cut, rows);
  const read = rows.reduce((sum, row) => sum + row.read, 0);
  return { tallies: sumsOf(expanded, cut), wholes: sumsOf(rows, uncut(cut)), rows: expanded, read, calendarAssumed };
}

function uncut(cut: Cut): Cut {
  return { ...cut, slices: [] };
}

function sumsOf(rows: readonly CountedRow[], cut: Cut): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const row of rows) {
    const key = placeKey(row, cut);
    tallies.set(key, added(tallies.get(key) ?? NOTHING, row));
  }
  return tallies;
}

/** A ratio stands wherever one of its parts does. */
async function quotient(context: QueryContext, parts: readonly Defined[], cut: Cut): Promise<Tallied> {
  const [above, below] = parts;
  if (above === undefined || below === undefined) throw new TypeError('a ratio has two parts');
  const top = await over(context, above, cut);
  const bottom = await over(context, below, cut);
  const divided = (which: 'tallies' | 'wholes'): ReadonlyMap<string, Tally> => {
    const keys = new Set([...top[which].keys(), ...bottom[which].keys()]);
    const quotientAt = (key: string): Tally => {
      // Each in the parts of one that the other is counted in, too: what the quotient is of is the same.
      const num = (top[which].get(key)?.num ?? 0n) * partsOfOne(below.definition);
      const den = (bottom[which].get(key)?.num ?? 0n) * partsOfOne(above.definition);
      return { num, den, pen: 0n, times: [] };
    };
    return new Map([...keys].map((key) => [key, quotientAt(key)]));
  };
  const rows = [...top.rows, ...bottom.rows];
  const calendarAssumed = together([top.calendarAssumed, bottom.calendarAssumed]);
  return {
    tallies: divided('tallies'),
    wholes: divided('wholes'),
    rows,
    read: top.read + bottom.read,
    calendarAssumed,
  };
}

interface CountedRow extends Readonly<Record<`s${number}`, string | null>> {
  readonly tally: Tally;
  readonly read: number;
  readonly bucket?: string;
  /** Of a time. */
  readonly lasted?: { readonly began: Instant; readonly ended: Instant };
}

function added(before: Tally, { tally }: CountedRow): Tally {
  const den = tally.den === null ? before.den : (before.den ?? 0n) + tally.den;
  const times = tally.times.length === 0 ? before.times : [...before.times, ...tally.times];
  return { num: before.num + tally.num, den, pen: before.pen + tally.pen, times };
}

async function sumRows(context: QueryContext, definition: IndicatorDocument, cut: Cut): Promise<CountedRow[]> {
  const statement = new Statement(context);
  const { inner, names } = countedSql(statement, definition, cut);
  const sums = ['count(*) AS read', 'sum(c.num) AS num', 'sum(c.den) AS den', 'sum(c.pen) AS pen'];
  const rows = await statement.rows<SumRow>(groupBy(names.slice(2), sums, `(${inner}) c`));
  return rows.map(({ read, num, den, pen, ...place }) => ({
    ...place,
    read: Number(read),
    tally: { num: BigInt(num ?? '0'), den: den === null ? null : BigInt(den), pen: BigInt(pen ?? '0'), times: [] },
  }));
}

/** Different customers do not add up: each is counted once at every place where it stands. */
async function differentCustomers(context: QueryContext, definition: IndicatorDocument, cut: Cut): Promise<Tallied> {
  const statement = new Statement(context);
  const { inner, names } = countedSql(statement, definition, cut);
  const shown = names.replace(', bucket', ', c.bucket::text AS bucket');
  const rows = await statement.rows<GroupRow & { readonly customer: string }>(
    `SELECT DISTINCT c.customer_id AS customer${shown} FROM (${inner}) c`,
  );
  const expanded = await expandProducts(context, cut, rows);
  const wholes = differentIn(rows, uncut(cut));
  return { tallies: differentIn(expanded, cut), wholes, rows: expanded, read: rows.length, calendarAssumed: [] };
}

function differentIn(
  rows: readonly (GroupRow & { readonly customer: string })[],
  cut: Cut,
): ReadonlyMap<string, Tally> {
  const met = new Map<string, Set<string>>();
  for (const row of rows) {
    const key = placeKey(row, cut);
    met.set(key, (met.get(key) ?? new Set()).add(row.customer));
  }
  return new Map([...met].map(([key, customers]) => [key, { ...NOTHING, num: BigInt(customers.size) }]));
}

async function timeRows(context: QueryContext, definition: IndicatorDocument, cut: Cut): Promise<CountedRow[]> {
  const statement = new Statement(context);
  const { inner, names } = countedSql(statement, definition, cut);
  const shown = names.replace(', bucket', ', c.bucket::text AS bucket');
  const rows = await statement.rows<TimeRow>(`SELECT c.began, c.ended${shown} FROM (${inner}) c`);
  const isWorking = definition.measure === 'time' && definition.hours === 'working';
  const calendar = isWorking ? await calendarAt(context) : null;
  return rows.map(({ began, ended, ...place }) => {
    const lasted = { began: began.toISOString(), ended: ended.toISOString() };
    const times = [BigInt(lengthOf(lasted.began, lasted.ended, { calendar, zone: context.zone }))];
    return { ...place, read: 1, lasted, tally: { num: 1n, den: null, pen: 0n, times } };
  });
}

/**
 * Working hours go by the calendar from the first beginning to the last end; the due times of steps by that of the
 * periods that they lie in.
 */
async function assumedBy(
  context: QueryContext,
  definition: IndicatorDocument,
  { cut, rows }: { readonly cut: Cut; readonly rows: readonly CountedRow[] },
): Promise<ByCalendar['calendarAssumed']> {
  const isWorking = definition.measure === 'time' && definition.hours === 'working';
  const isDue = definition.measure === 'timeliness' && definition.work === 'steps';
  const { period } = cut;
  if ((!isWorking && !isDue) || rows.every(({ read }) => read === 0) || period === undefined) return [];
  const lasted = rows.flatMap((row) => row.lasted ?? []);
  const day = (instant: Instant): string => localDateOf(instant, context.zone);
  const justBefore = (instant: Instant): Instant => new Date(Date.parse(instant) - 1).toISOString();
  const { from, to } = isDue ? { from: period.from, to: justBefore(period.to) } : spanOf(lasted);
  return assumedYears(await calendarAt(context), day(from), day(to));
}

function spanOf(lasted: readonly { readonly began: Instant; readonly ended: Instant }[]) {
  return {
    from: lasted.reduce((first, { began }) => (began < first ? began : first), lasted[0]?.began ?? ''),
    to: lasted.reduce((last, { ended }) => (ended > last ? ended : last), ''),
  };
}

function lengthOf(
  began: Instant,
  ended: Instant,
  { calendar, zone }: { readonly calendar: WorkCalendar | null; readonly zone: string },
): number {
  if (calendar === null) return Date.parse(ended) - Date.parse(began);
  return began < ended ? workingMsBetween(calendar, zone, began, ended) : 0;
}
