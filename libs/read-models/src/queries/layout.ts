import {
  addDays,
  type Grain,
  type Instant,
  instantToMs,
  localDateOf,
  msToInstant,
  periodOf,
  periodsBetween,
  refuse,
} from '@voronka/kernel';
import type { InstantPeriod, QueryContext } from './context.js';
import { combinationsOf } from './combinations.js';
import type { Cut } from './facts.js';
import { membersOf, type Members, sliceValue, type SliceValue } from './members.js';

/** Where a figure stands: the values of its slices and its period. */
export interface Place {
  readonly slices: readonly SliceValue[];
  /** Key of the period (`2009-08`, `2009-W33`, `2009-Q3`, `2009-08-01`); null if no grain was asked for. */
  readonly bucket: string | null;
}

/** A row of a grouped SELECT: s0, s1 …, and the first day of its period. */
export type GroupRow = Readonly<Record<`s${number}`, string | null>> & { readonly bucket?: string };

/** Most rows of one answer: more is not a report. */
const MAX_ROWS = 50_000;

/** What identifies the place of a row. */
export function placeKey(row: GroupRow, cut: Cut): string {
  return keyOf(valuesOf(row, cut), bucketOf(row, cut));
}

/** The same for a place that is laid out. */
export function keyOfPlace(place: Place): string {
  return keyOf(
    place.slices.map(({ value }) => value),
    place.bucket,
  );
}

// Values may hold anything, so each comes with its length; JSON took more time than the counting.
function keyOf(values: readonly (string | null)[], bucket: string | null): string {
  let key = bucket ?? '';
  for (const value of values) key += value === null ? '|-' : `|${value.length}:${value}`;
  return key;
}

function valuesOf(row: GroupRow, cut: Cut): (string | null)[] {
  return cut.slices.map((_, at) => row[`s${at}`] ?? null);
}

function bucketOf(row: GroupRow, cut: Cut): string | null {
  return cut.grain === undefined || row.bucket === undefined ? null : periodKey(row.bucket, cut.grain);
}

// Many rows, few periods.
const MOST_PERIOD_KEYS = 10_000;
const periodKeys = new Map<string, string>();

function periodKey(date: string, grain: Grain): string {
  const asked = `${grain} ${date}`;
  const known = periodKeys.get(asked);
  if (known !== undefined) return known;
  const { key } = periodOf(date, grain);
  if (periodKeys.size >= MOST_PERIOD_KEYS) periodKeys.clear();
  periodKeys.set(asked, key);
  return key;
}

/** The rows of an answer. */
export interface Layout {
  readonly places: readonly Place[];
  /** False: of several slices there are too many combinations, and only those with something counted have a row. */
  readonly zeroRows: boolean;
}

/**
 * All places an answer has rows for: those with facts, and those of members without any, in every period. Ordered by
 * values (nobody last), then by period.
 * @throws DomainError ANSWER_TOO_LARGE
 */
export async function layOut(context: QueryContext, cut: Cut, rows: readonly GroupRow[]): Promise<Layout> {
  const members: Members[] = [];
  for (const slice of cut.slices) members.push(await membersOf(context, slice, cut));
  const combinations = new Map<string, (string | null)[]>();
  const counted = rows.map((row) => valuesOf(row, cut));
  const buckets = bucketsOf(context, cut, rows);
  const about = { slices: cut.slices, members, cut };
  const without = await combinationsOf(context, about, { counted, periods: buckets.length });
  for (const values of [...counted, ...without.values]) combinations.set(keyOf(values, null), values);
  if (combinations.size * buckets.length > MAX_ROWS) {
    throw refuse.invalid('ANSWER_TOO_LARGE', 'ask for a shorter period, a coarser grain or fewer slices', {
      most: MAX_ROWS,
    });
  }
  const ordered = [...combinations.values()].toSorted(compareValues);
  const places = ordered.flatMap((values) => {
    const slices = cut.slices.map((by, at) => sliceValue(by, values[at] ?? null, members[at] ?? new Map()));
    return buckets.map((bucket) => ({ slices, bucket }));
  });
  return { places, zeroRows: without.all };
}

/** Every period that the asked one touches, else from the first to the last that a fact is in. */
function bucketsOf(context: QueryContext, cut: Cut, rows: readonly GroupRow[]): (string | null)[] {
  const { grain, period } = cut;
  if (grain === undefined) return [null];
  const span = period === undefined ? spanOfRows(rows) : spanOfPeriod(period, context.zone);
  if (span === undefined) return [];
  return periodsBetween(span.first, addDays(span.last, 1), grain).map((one) => one.key);
}

function spanOfPeriod(period: InstantPeriod, zone: string): { first: string; last: string } {
  return { first: localDateOf(period.from, zone), last: localDateOf(before(period.to), zone) };
}

function before(instant: Instant): Instant {
  return msToInstant(instantToMs(instant) - 1);
}

function spanOfRows(rows: readonly GroupRow[]): { first: string; last: string } | undefined {
  const dates = rows.flatMap((row) => (row.bucket === undefined ? [] : [row.bucket])).toSorted();
  const first = dates[0];
  const last = dates.at(-1);
  return first === undefined || last === undefined ? undefined : { first, last };
}

function compareValues(left: readonly (string | null)[], right: readonly (string | null)[]): number {
  for (const [at, one] of left.entries()) {
    const other = right[at] ?? null;
    if (one === other) continue;
    if (one === null) return 1;
    if (other === null) return -1;
    return one < other ? -1 : 1;
  }
  return 0;
}
