import { type LocalDate, parseLocalDate } from './local-date.js';
import type { CalendarYear, WorkCalendar, WorkCalendarDay } from './work-calendar.js';

/**
 * Years whose days are stated, in order; every other year is assumed to be plain weeks. A calendar that does not list
 * them states the years that it has days of.
 */
export function statedYears(calendar: WorkCalendar): readonly CalendarYear[] {
  if (calendar.years !== undefined) return calendar.years.toSorted((a, b) => a.year - b.year);
  const years = [...new Set(calendar.days.map(({ date }) => yearOf(date)))].sort((a, b) => a - b);
  return years.map((year) => ({ year, source: calendar.source ?? null }));
}

/** True if a year from one date to another, both included, is not stated: what is worked out over it is assumed. */
export function isAssumed(calendar: WorkCalendar, from: LocalDate, to: LocalDate): boolean {
  return assumedYears(calendar, from, to).length > 0;
}

/** The years from one date to another, both included, that are not stated, in order. */
export function assumedYears(calendar: WorkCalendar, from: LocalDate, to: LocalDate): readonly number[] {
  const stated = new Set(statedYears(calendar).map(({ year }) => year));
  const assumed: number[] = [];
  for (let year = yearOf(from); year <= yearOf(to); year += 1) if (!stated.has(year)) assumed.push(year);
  return assumed;
}

/** Days of whole years, with what sets them. */
export interface StatedYears {
  readonly years: readonly CalendarYear[];
  readonly days: readonly WorkCalendarDay[];
}

/** The calendar with these years in place of what it said about them; its week and its other years stay. */
export function withYears(calendar: WorkCalendar, { years, days }: StatedYears): WorkCalendar {
  const replaced = new Set(years.map(({ year }) => year));
  const kept = calendar.days.filter(({ date }) => !replaced.has(yearOf(date)));
  const others = statedYears(calendar).filter(({ year }) => !replaced.has(year));
  return {
    ...calendar,
    days: [...kept, ...days].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0)),
    years: [...others, ...years].sort((a, b) => a.year - b.year),
  };
}

function yearOf(date: LocalDate): number {
  return parseLocalDate(date).year;
}
