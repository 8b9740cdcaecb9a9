import {
  isAssumed,
  isWorkingDay,
  plainFiveDayWeek,
  validateWorkCalendar,
  weekdayOf,
  withYears,
  workingDaysBetween,
  workingMinutesBetween,
} from '@voronka/kernel';
import { russia } from './russia.js';
import { anHourLess, shippedYear } from './shipped-years.js';

/** Working days and hours of a week of 40 hours. */
const TOTALS: Readonly<Record<number, readonly [number, number]>> = {
  2011: [248, 1981],
  2012: [249, 1986],
  2013: [247, 1970],
  2014: [247, 1970],
  2015: [247, 1971],
  2016: [247, 1974],
  2017: [247, 1973],
  2018: [247, 1970],
  2019: [247, 1970],
  2022: [247, 1973],
  2023: [247, 1973],
  2024: [248, 1979],
  2025: [247, 1972],
  2026: [247, 1972],
};

describe('shipped years', () => {
  const plain = plainFiveDayWeek();

  it('are those whose totals are known, each with its decree', () => {
    expect(russia.map(({ year }) => year)).toEqual(Object.keys(TOTALS).map(Number));
    for (const { source } of russia) expect(source).toMatch(/decree No\. \d+ of \d+ \w+ 20\d\d/);
  });

  it.each(russia)('$year has the working days and hours of its year', (shipped) => {
    const { year } = shipped;
    const calendar = withYears(plain, shippedYear(shipped, plain.weeklyHours));
    expect(validateWorkCalendar(calendar)).toEqual([]);
    const minutes = workingMinutesBetween(
      calendar,
      'UTC',
      `${year}-01-01T00:00:00.000Z`,
      `${year + 1}-01-01T00:00:00.000Z`,
    );
    const days = workingDaysBetween(calendar, `${year}-01-01`, `${year + 1}-01-01`);
    expect([days, minutes / 60]).toEqual(TOTALS[year]);
    for (const holiday of ['01-01', '01-07', '02-23', '03-08', '05-01', '05-09', '06-12', '11-04']) {
      expect([holiday, isWorkingDay(calendar, `${year}-${holiday}`)]).toEqual([holiday, false]);
    }
    expect(isAssumed(calendar, `${year}-01-01`, `${year}-12-31`)).toBe(false);
  });

  it('say of each day only what its weekday does not', () => {
    for (const { year, off, working } of russia) {
      const weekdays = (text: string) =>
        text.split(' ').flatMap((day) => (day === '' ? [] : [weekdayOf(`${year}-${day}`)]));
      expect(weekdays(off).every((day) => day <= 5)).toBe(true);
      expect(weekdays(working).every((day) => day > 5)).toBe(true);
    }
  });

  it('take an hour off the end of the day, over a break if need be', () => {
    const morning = { from: '09:00', to: '13:00' };
    expect(anHourLess([morning, { from: '14:00', to: '18:00' }])).toEqual([morning, { from: '14:00', to: '17:00' }]);
    expect(anHourLess([morning, { from: '14:00', to: '14:30' }])).toEqual([{ from: '09:00', to: '12:30' }]);
    expect(anHourLess([{ from: '09:00', to: '10:00' }])).toEqual([{ from: '09:00', to: '10:00' }]);
  });
});
