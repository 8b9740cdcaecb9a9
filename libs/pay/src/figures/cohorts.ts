import { addLocalDays, type Instant, type LocalDate, parseLocalDate, periodOf } from '@voronka/kernel';
import { type Ratio, ratio } from './ratio.js';

/** Deals of a cohort (by the month of its entry) that reached the bar asked about in a month; first days of months. */
export interface ReachCount {
  readonly cohort: LocalDate;
  readonly reached: LocalDate;
  readonly deals: bigint;
}

export interface CohortSize {
  readonly cohort: LocalDate;
  readonly deals: bigint;
}

export interface TriangleCell {
  /** Months after the month of entry, from 0. */
  readonly offset: number;
  /** Deals that reached the bar in this very month. */
  readonly deals: bigint;
  /** Those that reached it up to and including this month, out of the cohort. */
  readonly upTo: Ratio;
  /** The month is still running at T: the figure will grow. */
  readonly running: boolean;
}

export interface TriangleRow {
  readonly cohort: LocalDate;
  readonly size: bigint;
  /** One cell for every month that has begun at T. */
  readonly cells: readonly TriangleCell[];
  /** Deals that reached the bar in a month before they entered: counted apart, and nowhere else. */
  readonly reversed: bigint;
}

/**
 * Cohorts month by month: a row for each month of entry, a cell for each month since. Months without a reach have a
 * cell of 0; the share never falls along a row.
 * @param today local date of T
 * @throws {RangeError} if a count belongs to no cohort, or is not of a first day of a month.
 */
export function cohortTriangle(
  sizes: readonly CohortSize[],
  counts: readonly ReachCount[],
  today: LocalDate,
): readonly TriangleRow[] {
  const reached = new Map<LocalDate, Map<number, bigint>>(sizes.map(({ cohort }) => [cohort, new Map()]));
  for (const count of counts) {
    const row = reached.get(count.cohort);
    if (row === undefined) throw new RangeError(`deals of the cohort ${count.cohort}, whose size is not given`);
    const offset = monthOf(count.reached) - monthOf(count.cohort);
    row.set(offset, (row.get(offset) ?? 0n) + count.deals);
  }
  const now = monthOf(periodOf(today, 'month').from);
  return [...sizes]
    .sort((a, b) => (a.cohort < b.cohort ? -1 : 1))
    .map(({ cohort, deals }) => rowOf(cohort, deals, reached.get(cohort) ?? new Map(), now - monthOf(cohort)));
}

function rowOf(cohort: LocalDate, size: bigint, reached: ReadonlyMap<number, bigint>, lastOffset: number): TriangleRow {
  let sum = 0n;
  const cells = Array.from({ length: Math.max(lastOffset + 1, 0) }, (_, offset): TriangleCell => {
    const deals = reached.get(offset) ?? 0n;
    sum += deals;
    return { offset, deals, upTo: ratio(sum, size), running: offset === lastOffset };
  });
  const reversed = [...reached].reduce((total, [offset, deals]) => (offset < 0 ? total + deals : total), 0n);
  return { cohort, size, cells, reversed };
}

/** Months since the year 0, of the first day of a month. */
function monthOf(date: LocalDate): number {
  const { year, month, day } = parseLocalDate(date);
  if (day !== 1) throw new RangeError(`a cohort is named by the first day of its month, not by ${date}`);
  return year * 12 + month - 1;
}

/** Has the horizon of H local days passed at T, so that a deal that entered then counts above and below? */
export function isMature(
  entered: Instant,
  horizonDays: number,
  at: { readonly now: Instant; readonly zone: string },
): boolean {
  return addLocalDays(entered, horizonDays, at.zone) <= at.now;
}

/** How much of a cohort is settled: resolved (arrived, won or lost) ÷ all. */
export function maturityOf(resolved: bigint | number, all: bigint | number): Ratio {
  return ratio(resolved, all);
}
