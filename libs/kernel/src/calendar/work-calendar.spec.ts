import fc from 'fast-check';
import { addDays, fromEpochDay } from './local-date.js';
import {
  addWorkingDays,
  isWorkingDay,
  plainFiveDayWeek,
  validateWorkCalendar,
  type WorkCalendar,
  type WorkCalendarDay,
  workingDaysBetween,
} from './work-calendar.js';

const plain = plainFiveDayWeek();
const office = plain.weeklyHours[1];
const short = [{ from: '09:00', to: '13:00' }];

/** January 2010 in Russia: ten days of holidays, and a Saturday in February that is worked for a Monday. */
const holidays: WorkCalendar = {
  ...plain,
  days: [
    { date: '2010-02-27', kind: 'working', hours: office },
    { date: '2010-02-22', kind: 'off' },
    { date: '2010-02-23', kind: 'off' },
    { date: '2009-12-31', kind: 'short', hours: short },
    ...Array.from({ length: 10 }, (_, index): WorkCalendarDay => ({ date: addDays('2010-01-01', index), kind: 'off' })),
  ],
};

const anyDay = fc.integer({ min: 14_000, max: 15_000 }).map(fromEpochDay);
const anyCalendar: fc.Arbitrary<WorkCalendar> = fc
  .tuple(
    fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
    fc.uniqueArray(fc.tuple(anyDay, fc.boolean()), { selector: ([date]) => date, maxLength: 40 }),
  )
  .map(([week, special]) => {
    const hours = (index: number): typeof office => (week[index] === true ? office : []);
    return {
      weeklyHours: { 1: office, 2: hours(1), 3: hours(2), 4: hours(3), 5: hours(4), 6: hours(5), 7: hours(6) },
      days: special.map(([date, off]) => (off ? { date, kind: 'off' } : { date, kind: 'working', hours: short })),
    };
  });

describe('working days', () => {
  it('August 2009 has 21 in a plain week: 10 up to and including the 14th, 11 from the 17th', () => {
    expect(workingDaysBetween(plain, '2009-08-01', '2009-09-01')).toBe(21);
    expect(workingDaysBetween(plain, '2009-08-01', '2009-08-15')).toBe(10);
    expect(workingDaysBetween(plain, '2009-08-17', '2009-09-01')).toBe(11);
  });

  it('follow the dates that differ', () => {
    expect(isWorkingDay(holidays, '2010-01-08')).toBe(false);
    expect(isWorkingDay(holidays, '2010-01-11')).toBe(true);
    expect(isWorkingDay(holidays, '2010-02-27')).toBe(true);
    expect(isWorkingDay(holidays, '2009-12-31')).toBe(true);
    expect(workingDaysBetween(holidays, '2010-01-01', '2010-02-01')).toBe(15);
    expect(workingDaysBetween(holidays, '2010-02-01', '2010-03-01')).toBe(19);
  });

  it('an empty or turned stretch has none', () => {
    expect(workingDaysBetween(plain, '2009-08-03', '2009-08-03')).toBe(0);
    expect(workingDaysBetween(plain, '2009-08-10', '2009-08-03')).toBe(0);
  });

  it('are counted as one would count them day by day, before 1970 too', () => {
    const starts = fc.oneof(anyDay, fc.integer({ min: -3000, max: 3000 }).map(fromEpochDay));
    fc.assert(
      fc.property(anyCalendar, starts, fc.integer({ min: 0, max: 800 }), (calendar, from, days) => {
        let counted = 0;
        for (let n = 0; n < days; n += 1) counted += isWorkingDay(calendar, addDays(from, n)) ? 1 : 0;
        expect(workingDaysBetween(calendar, from, addDays(from, days))).toBe(counted);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['2009-08-14', 1, '2009-08-17'],
    ['2009-08-15', 1, '2009-08-17'],
    ['2009-08-15', 0, '2009-08-15'],
    ['2009-08-17', -1, '2009-08-14'],
    ['2009-12-31', 1, '2010-01-11'],
    ['2010-01-11', -1, '2009-12-31'],
  ])('%s and %d more is %s', (date, n, expected) => expect(addWorkingDays(holidays, date, n)).toBe(expected));

  it('adding n passes exactly n of them', () => {
    fc.assert(
      fc.property(anyCalendar, anyDay, fc.integer({ min: 1, max: 60 }), (calendar, date, n) => {
        const later = addWorkingDays(calendar, date, n);
        expect(isWorkingDay(calendar, later)).toBe(true);
        expect(workingDaysBetween(calendar, addDays(date, 1), addDays(later, 1))).toBe(n);
        const earlier = addWorkingDays(calendar, date, -n);
        expect(workingDaysBetween(calendar, earlier, date)).toBe(n);
      }),
    );
  });

  it('may be many years of them', () => {
    expect(addWorkingDays(plain, '2009-08-14', 5_000)).toBe(addDays('2009-08-14', 7_000));
  });

  it('are refused where there are none', () => {
    const never: WorkCalendar = { weeklyHours: { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] }, days: [] };
    expect(() => addWorkingDays(never, '2009-08-01', 1)).toThrow('The work calendar has no 1 working days after');
    expect(() => addWorkingDays(plain, '2009-08-01', 0.5)).toThrow('Working days must be a whole number');
  });
});

describe('a calendar', () => {
  it('may be published if it has no faults', () => {
    expect(validateWorkCalendar(plain)).toEqual([]);
    expect(validateWorkCalendar(holidays)).toEqual([]);
    const night = { ...plain.weeklyHours, 6: [{ from: '00:00', to: '06:00' }], 7: [{ from: '22:00', to: '24:00' }] };
    expect(validateWorkCalendar({ weeklyHours: night, days: [] })).toEqual([]);
  });

  it.each([
    [[{ from: '9:00', to: '18:00' }], 'HOURS_FORM'],
    [[{ from: '09:00', to: '24:01' }], 'HOURS_FORM'],
    [[{ from: '09:60', to: '18:00' }], 'HOURS_FORM'],
    [[{ from: '18:00', to: '09:00' }], 'HOURS_EMPTY'],
    [[{ from: '09:00', to: '09:00' }], 'HOURS_EMPTY'],
  ])('refuses the hours %j: %s', (hours, code) => {
    const calendar = { ...plain, weeklyHours: { ...plain.weeklyHours, 3: hours } };
    expect(validateWorkCalendar(calendar)).toEqual([expect.objectContaining({ path: 'weeklyHours.3[0]', code })]);
  });

  it('refuses hours that overlap or are out of order', () => {
    const overlap = [
      { from: '09:00', to: '13:00' },
      { from: '12:59', to: '18:00' },
    ];
    const faults = validateWorkCalendar({ ...plain, weeklyHours: { ...plain.weeklyHours, 5: overlap } });
    expect(faults).toEqual([expect.objectContaining({ path: 'weeklyHours.5[1]', code: 'HOURS_OVERLAP' })]);
    expect(faults[0]?.message).toContain('12:59 to 18:00');
  });

  it.each<[WorkCalendarDay, string, string]>([
    [{ date: '2009-02-29', kind: 'off' }, 'DAY', 'days[1]'],
    [{ date: '2009-06-12', kind: 'off' }, 'DAY', 'days[1]'],
    [{ date: '2009-06-13', kind: 'off', hours: short }, 'HOURS_FORBIDDEN', 'days[1]'],
    [{ date: '2009-06-13', kind: 'working' }, 'HOURS_MISSING', 'days[1]'],
    [{ date: '2009-06-13', kind: 'short', hours: [] }, 'HOURS_MISSING', 'days[1]'],
    [{ date: '2009-06-13', kind: 'short', hours: [{ from: '9', to: '10' }] }, 'HOURS_FORM', 'days[1].hours[0]'],
  ])('refuses the day %j: %s', (day, code, path) => {
    const calendar: WorkCalendar = { ...plain, days: [{ date: '2009-06-12', kind: 'off' }, day] };
    expect(validateWorkCalendar(calendar)).toEqual([expect.objectContaining({ path, code })]);
  });

  it('with faults is not counted by', () => {
    const calendar: WorkCalendar = { ...plain, days: [{ date: '2009-06-13', kind: 'working' }] };
    expect(() => isWorkingDay(calendar, '2009-08-03')).toThrow('Work calendar, days[0]: 2009-06-13 is a working day');
  });
});
