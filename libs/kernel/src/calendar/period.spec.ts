import fc from 'fast-check';
import { msToInstant } from './instant.js';
import { addDays, daysBetween, fromEpochDay, weekdayOf } from './local-date.js';
import {
  GRAINS,
  MAX_PERIODS,
  lastDayOf,
  parsePeriod,
  periodAt,
  periodBounds,
  periodHolds,
  periodOf,
  periodsBetween,
  previousPeriod,
  rangeOf,
} from './period.js';

const anyDate = fc.integer({ min: -150_000, max: 150_000 }).map(fromEpochDay);
const anyGrain = fc.constantFrom(...GRAINS);
const anyZone = fc.constantFrom('Europe/Samara', 'Europe/Amsterdam', 'America/Sao_Paulo', 'America/St_Johns', 'UTC');

describe('periods', () => {
  it.each([
    ['2009-08-15', 'day', '2009-08-15', '2009-08-15', '2009-08-16'],
    ['2009-12-31', 'isoWeek', '2009-W53', '2009-12-28', '2010-01-04'],
    ['2010-01-03', 'isoWeek', '2009-W53', '2009-12-28', '2010-01-04'],
    ['2010-01-04', 'isoWeek', '2010-W01', '2010-01-04', '2010-01-11'],
    ['2008-12-29', 'isoWeek', '2009-W01', '2008-12-29', '2009-01-05'],
    ['2009-12-15', 'month', '2009-12', '2009-12-01', '2010-01-01'],
    ['2008-02-29', 'month', '2008-02', '2008-02-01', '2008-03-01'],
    ['2009-08-01', 'quarter', '2009-Q3', '2009-07-01', '2009-10-01'],
    ['2009-12-31', 'quarter', '2009-Q4', '2009-10-01', '2010-01-01'],
    ['2009-08-01', 'year', '2009', '2009-01-01', '2010-01-01'],
    ['0999-08-01', 'quarter', '0999-Q3', '0999-07-01', '0999-10-01'],
  ] as const)('%s by %s is %s, from %s to before %s', (date, grain, key, from, to) => {
    expect(periodOf(date, grain)).toEqual({ key, grain, from, to });
    expect(parsePeriod(key)).toEqual({ key, grain, from, to });
  });

  it('2009 has 53 ISO weeks and 2010 has 52', () => {
    const weeks = periodsBetween('2009-01-01', '2010-12-31', 'isoWeek').map(({ key }) => key);
    expect(weeks.filter((key) => key.startsWith('2009-'))).toHaveLength(53);
    expect(weeks.filter((key) => key.startsWith('2010-'))).toHaveLength(52);
  });

  it('hold the date they are asked for, and are found again by their name', () => {
    fc.assert(
      fc.property(anyDate, anyGrain, (date, grain) => {
        const found = periodOf(date, grain);
        expect(periodHolds(found, date)).toBe(true);
        expect(periodHolds(found, found.to)).toBe(false);
        expect(parsePeriod(found.key)).toEqual(found);
        expect(periodOf(lastDayOf(found), grain)).toEqual(found);
      }),
    );
  });

  it('tile the calendar: each begins where the one before ends', () => {
    fc.assert(
      fc.property(anyDate, anyGrain, fc.integer({ min: 1, max: 1500 }), (from, grain, days) => {
        const to = addDays(from, days);
        const periods = periodsBetween(from, to, grain);
        periods.slice(1).forEach((next, index) => expect(next.from).toBe(periods[index]?.to));
        expect(periods[0]?.key).toBe(periodOf(from, grain).key);
        expect(periods.at(-1)?.key).toBe(periodOf(addDays(to, -1), grain).key);
        expect(new Set(periods.map(({ key }) => key)).size).toBe(periods.length);
      }),
    );
  });

  it('weeks begin on Monday and have the number of their Thursday', () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        const week = periodOf(date, 'isoWeek');
        expect(weekdayOf(week.from)).toBe(1);
        expect(daysBetween(week.from, week.to)).toBe(7);
        const thursday = addDays(week.from, 3);
        const dayOfYear = daysBetween(`${thursday.slice(0, 4)}-01-01`, thursday);
        expect(week.key).toBe(`${thursday.slice(0, 4)}-W${String(Math.floor(dayOfYear / 7) + 1).padStart(2, '0')}`);
      }),
    );
  });

  it('lay out nothing for an empty stretch and refuse a mistyped year', () => {
    expect(periodsBetween('2009-08-01', '2009-08-01', 'day')).toEqual([]);
    expect(periodsBetween('2009-08-02', '2009-08-01', 'month')).toEqual([]);
    expect(() => periodsBetween('0209-08-01', '2009-08-01', 'day')).toThrow(`More than ${MAX_PERIODS} periods`);
    expect(() => periodsBetween('2009-08-01', '2009-99-01', 'day')).toThrow('Not a date');
  });
});

describe('ranges', () => {
  it.each([
    ['2009-08..2009-10', '2009-08-01..2009-10-31', '2009-08-01', '2009-11-01'],
    ['2009-08-01..2009-08-31', '2009-08-01..2009-08-31', '2009-08-01', '2009-09-01'],
    ['2009-08-15..2009-08-15', '2009-08-15..2009-08-15', '2009-08-15', '2009-08-16'],
    ['2009-Q3..2009', '2009-07-01..2009-12-31', '2009-07-01', '2010-01-01'],
    ['2009-W53..2010-W01', '2009-12-28..2010-01-10', '2009-12-28', '2010-01-11'],
  ])('%s is %s', (text, key, from, to) => {
    expect(parsePeriod(text)).toEqual({ key, grain: 'range', from, to });
    expect(parsePeriod(key)).toEqual(parsePeriod(text));
  });

  it.each(['2009-10..2009-08', '2009-08-02..2009-08-01', '2010..2009'])('%s ends before it begins', (text) => {
    expect(() => parsePeriod(text)).toThrow('A range must end after it begins');
  });

  it.each([
    ['', '2009-13', '2009-00', '2009-Q5', '2009-Q0', '2010-W53', '2009-W54', '2009-W00', '2009-8', '209', '0000'],
    ['2009-02-29', '2009-08..', '..2009-08', '2009..2010..2011', '2009-08...2009-10', 'August', '2009-W1', '2009-08-'],
  ])('refuses %p and the like', (...texts) => {
    for (const text of texts) expect(() => parsePeriod(text)).toThrow(/^Not a period/);
  });
});

describe('the period before', () => {
  it.each([
    ['2010-W01', '2009-W53'],
    ['2010-01', '2009-12'],
    ['2010-Q1', '2009-Q4'],
    ['2010', '2009'],
    ['2009-03-01', '2009-02-28'],
    ['2009-08..2009-10', '2009-05-01..2009-07-31'],
    ['2009-01..2009-02', '2008-11-01..2008-12-31'],
    ['2009-08-10..2009-08-16', '2009-08-03..2009-08-09'],
  ])('%s is %s', (text, key) => expect(previousPeriod(parsePeriod(text)).key).toBe(key));

  it('ends where the period begins', () => {
    fc.assert(
      fc.property(anyDate, anyGrain, fc.integer({ min: 1, max: 500 }), (date, grain, days) => {
        for (const period of [periodOf(date, grain), rangeOf(date, addDays(date, days))]) {
          const before = previousPeriod(period);
          expect(before.to).toBe(period.from);
          expect(before.grain).toBe(period.grain);
        }
      }),
    );
  });
});

describe('bounds in a zone', () => {
  it('August 2009 in Samara begins at 19:00 UTC of 31 July', () => {
    expect(periodBounds(parsePeriod('2009-08'), 'Europe/Samara')).toEqual({
      from: '2009-07-31T19:00:00.000Z',
      to: '2009-08-31T19:00:00.000Z',
    });
  });

  it('a period may begin in summer time and end in winter time', () => {
    expect(periodBounds(parsePeriod('2009-Q4'), 'Europe/Samara')).toEqual({
      from: '2009-09-30T19:00:00.000Z',
      to: '2009-12-31T20:00:00.000Z',
    });
  });

  it('hold exactly the moments whose local date the period holds', () => {
    const moments = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2040, 0) });
    fc.assert(
      fc.property(moments, anyGrain, anyZone, (ms, grain, zone) => {
        const instant = msToInstant(ms);
        const period = periodAt(instant, grain, zone);
        const bounds = periodBounds(period, zone);
        expect(bounds.from <= instant && instant < bounds.to).toBe(true);
        expect(periodBounds(previousPeriod(period), zone).to).toBe(bounds.from);
        expect(periodAt(bounds.to, grain, zone).from).toBe(period.to);
      }),
      { numRuns: 1000 },
    );
  });
});
