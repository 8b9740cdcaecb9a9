import { type Instant, instantToMs } from './instant.js';
import {
  type EpochDay,
  type LocalDate,
  addDays,
  epochDayOf,
  formatDate,
  fromEpochDay,
  isLocalDate,
  parseLocalDate,
  partsOfEpochDay,
  toEpochDay,
  weekdayOfEpochDay,
} from './local-date.js';
import { epochDayAt, startOfLocalDay } from './zone.js';

/** The regular periods that tile the calendar; a week is an ISO week, Monday to Sunday. */
export type Grain = 'day' | 'isoWeek' | 'month' | 'quarter' | 'year';

export const GRAINS: readonly Grain[] = ['day', 'isoWeek', 'month', 'quarter', 'year'];

/**
 * A run of local dates, half-open: `from` belongs to it, `to` does not. `key` names it in one way only:
 * `2009-08-01`, `2009-W53`, `2009-08`, `2009-Q3`, `2009`, and a range by its first and last day
 * `2009-08-01..2009-10-31` however it was written.
 */
export interface Period {
  readonly key: string;
  readonly grain: Grain | 'range';
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** Most periods one call lays out: more is a mistyped year, not a report. */
export const MAX_PERIODS = 20_000;

/**
 * The period of a grain that holds a date.
 * @throws {RangeError} for an impossible date, or the last period of the year 9999 (its end has no date).
 */
export function periodOf(date: LocalDate, grain: Grain): Period {
  return periodOfEpochDay(toEpochDay(date), grain);
}

/** The period of a grain that holds a moment, by the local date of the zone. */
export function periodAt(instant: Instant, grain: Grain, zone: string): Period {
  return periodOfEpochDay(epochDayAt(instantToMs(instant), zone), grain);
}

function periodOfEpochDay(epochDay: EpochDay, grain: Grain): Period {
  const { year, month } = partsOfEpochDay(epochDay);
  switch (grain) {
    case 'day':
      return period(fromEpochDay(epochDay), grain, epochDay, epochDay + 1);
    case 'isoWeek':
      return isoWeekOf(epochDay);
    case 'month':
      return monthsFrom(formatDate(year, month, 1).slice(0, 7), grain, year, month);
    case 'quarter': {
      const quarter = Math.ceil(month / 3);
      return monthsFrom(`${yearText(year)}-Q${quarter}`, grain, year, quarter * 3 - 2);
    }
    case 'year':
      return monthsFrom(yearText(year), grain, year, 1);
    default:
      return grain satisfies never;
  }
}

function yearText(year: number): string {
  return String(year).padStart(4, '0');
}

function period(key: string, grain: Period['grain'], from: EpochDay, to: EpochDay): Period {
  return { key, grain, from: fromEpochDay(from), to: fromEpochDay(to) };
}

const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

function monthsFrom(key: string, grain: keyof typeof MONTHS, year: number, month: number): Period {
  const end = year * 12 + month - 1 + MONTHS[grain];
  return period(key, grain, epochDayOf(year, month, 1), epochDayOf(Math.floor(end / 12), (end % 12) + 1, 1));
}

/** A week belongs to the year of its Thursday, so 2009-W53 runs into January. */
function isoWeekOf(epochDay: EpochDay): Period {
  const monday = epochDay - weekdayOfEpochDay(epochDay) + 1;
  const { year } = partsOfEpochDay(monday + 3);
  const week = Math.floor((monday - mondayOfFirstWeek(year)) / 7) + 1;
  return period(`${yearText(year)}-W${String(week).padStart(2, '0')}`, 'isoWeek', monday, monday + 7);
}

function mondayOfFirstWeek(year: number): EpochDay {
  const fourth = epochDayOf(year, 1, 4);
  return fourth - weekdayOfEpochDay(fourth) + 1;
}

/**
 * Reads a period's name, or a range `first..last` of two names, both included: `2009-08..2009-10` is August to
 * October. A range keeps the grain `range` even if it happens to be one month.
 * @throws {RangeError} for anything else, a week or day that does not exist, or a range that ends before it begins.
 */
export function parsePeriod(text: string): Period {
  const ends = text.split('..');
  const [first, last] = ends;
  if (first === undefined || ends.length > 2) throw notAPeriod(text);
  if (last === undefined) return parseKey(first, text);
  return rangeOf(parseKey(first, text).from, parseKey(last, text).to);
}

/**
 * The range of the half-open dates [from, to).
 * @throws {RangeError} if it holds no day.
 */
export function rangeOf(from: LocalDate, to: LocalDate): Period {
  const [first, end] = [toEpochDay(from), toEpochDay(to)];
  if (end <= first) throw new RangeError(`A range must end after it begins, not ${from} to ${to}`);
  return period(`${from}..${fromEpochDay(end - 1)}`, 'range', first, end);
}

function notAPeriod(text: string): RangeError {
  const forms = '2009-08-01, 2009-W53, 2009-08, 2009-Q3, 2009 or a range such as 2009-08..2009-10';
  return new RangeError(`Not a period: ${JSON.stringify(text)}; write ${forms}`);
}

function parseKey(key: string, text: string): Period {
  if (isLocalDate(key)) return periodOf(key, 'day');
  const match = /^(\d{4})(?:-(?:(\d\d)|Q([1-4])|W(\d\d)))?$/.exec(key);
  const year = Number(match?.[1] ?? 0);
  if (match === null || year < 1) throw notAPeriod(text);
  const [, , month, quarter, week] = match;
  if (month !== undefined) {
    if (!isLocalDate(`${key}-01`)) throw notAPeriod(text);
    return periodOf(`${key}-01`, 'month');
  }
  if (quarter !== undefined) return periodOf(formatDate(year, Number(quarter) * 3 - 2, 1), 'quarter');
  if (week === undefined) return periodOf(formatDate(year, 1, 1), 'year');
  const found = isoWeekOf(mondayOfFirstWeek(year) + (Number(week) - 1) * 7);
  if (found.key !== key) throw notAPeriod(text);
  return found;
}

/**
 * The moments a period begins and ends in a zone, half-open. Neighbouring periods share their boundary.
 * @throws {RangeError} for an unknown zone.
 */
export function periodBounds(of: Pick<Period, 'from' | 'to'>, zone: string): { from: Instant; to: Instant } {
  return { from: startOfLocalDay(of.from, zone), to: startOfLocalDay(of.to, zone) };
}

/**
 * The periods of a grain that share a day with the half-open dates [from, to), in order; none if it is empty.
 * @throws {RangeError} for impossible dates or more than `MAX_PERIODS` periods.
 */
export function periodsBetween(from: LocalDate, to: LocalDate, grain: Grain): Period[] {
  const found: Period[] = [];
  parseLocalDate(to);
  for (let date = from; date < to;) {
    const next = periodOf(date, grain);
    if (found.length === MAX_PERIODS) throw new RangeError(`More than ${MAX_PERIODS} periods from ${from} to ${to}`);
    found.push(next);
    date = next.to;
  }
  return found;
}

/**
 * The period just before, of the same kind and ending where this one begins. Before a range of whole months lie as
 * many whole months, before any other range as many days.
 * @throws {RangeError} before the year 0001.
 */
export function previousPeriod(of: Period): Period {
  if (of.grain !== 'range') return periodOf(addDays(of.from, -1), of.grain);
  return rangeOf(shiftedBack(of), of.from);
}

function shiftedBack(range: Period): LocalDate {
  const [first, end] = [parseLocalDate(range.from), parseLocalDate(range.to)];
  if (first.day !== 1 || end.day !== 1) return addDays(range.from, toEpochDay(range.from) - toEpochDay(range.to));
  const months = (end.year - first.year) * 12 + end.month - first.month;
  const begin = first.year * 12 + first.month - 1 - months;
  return fromEpochDay(epochDayOf(Math.floor(begin / 12), (begin % 12) + 1, 1));
}

/** True if the local date lies in the period. */
export function periodHolds(of: Pick<Period, 'from' | 'to'>, date: LocalDate): boolean {
  return of.from <= date && date < of.to;
}

/** The last day that belongs to the period. */
export function lastDayOf(of: Pick<Period, 'from' | 'to'>): LocalDate {
  return addDays(of.to, -1);
}
