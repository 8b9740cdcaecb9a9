import {
  type LocalDate,
  plainFiveDayWeek,
  type StatedYears,
  type WorkCalendar,
  type WorkCalendarDay,
  type WorkHours,
  weekdayOf,
  withYears,
} from '@voronka/kernel';
import { russia, type ShippedYear } from './russia.js';

/** Countries whose years come with the product. */
export const COUNTRIES: Readonly<Record<string, readonly ShippedYear[]>> = { ru: russia };

/** A plain five-day week with every year that is shipped for a country; other years are assumed. */
export function countryCalendar(country: string): WorkCalendar {
  const week = plainFiveDayWeek();
  return (COUNTRIES[country] ?? []).reduce(
    (calendar, year) => withYears(calendar, shippedYear(year, week.weeklyHours)),
    week,
  );
}

/** A shipped year as days of a calendar with these weekly hours: who works other hours has short days of their own. */
export function shippedYear(shipped: ShippedYear, weeklyHours: WorkCalendar['weeklyHours']): StatedYears {
  const { year, source } = shipped;
  const dates = (text: string): LocalDate[] => text.split(' ').flatMap((day) => (day === '' ? [] : [`${year}-${day}`]));
  const ordinary = (date: LocalDate): readonly WorkHours[] => {
    const hours = weeklyHours[weekdayOf(date)];
    return hours.length > 0 ? hours : anyDay(weeklyHours);
  };
  const days: WorkCalendarDay[] = [
    ...dates(shipped.off).map((date) => ({ date, kind: 'off' as const })),
    ...dates(shipped.working).map((date) => ({ date, kind: 'working' as const, hours: ordinary(date) })),
    ...dates(shipped.short).map((date) => ({ date, kind: 'short' as const, hours: anHourLess(ordinary(date)) })),
  ];
  return { years: [{ year, source }], days: days.sort((a, b) => (a.date < b.date ? -1 : 1)) };
}

/** A worked weekend day has the hours of the week's first working day. */
function anyDay(weeklyHours: WorkCalendar['weeklyHours']): readonly WorkHours[] {
  const worked = ([1, 2, 3, 4, 5, 6, 7] as const).map((day) => weeklyHours[day]).find((hours) => hours.length > 0);
  return worked ?? plainFiveDayWeek().weeklyHours[1];
}

/** The same hours, ending an hour of work earlier; a day of an hour or less stays as it is. */
export function anHourLess(hours: readonly WorkHours[]): readonly WorkHours[] {
  const left = hours.map(({ from, to }) => ({ from: minuteOf(from), to: minuteOf(to) }));
  let less = 60;
  for (let span = left.at(-1); span !== undefined && less > 0; span = left.at(-1)) {
    const taken = Math.min(less, span.to - span.from);
    less -= taken;
    span.to -= taken;
    if (span.to === span.from) left.pop();
  }
  return left.length === 0 ? hours : left.map(({ from, to }) => ({ from: clock(from), to: clock(to) }));
}

function minuteOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
