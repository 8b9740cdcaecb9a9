import { assumedYears, isAssumed, plainFiveDayWeek, statedYears, validateWorkCalendar, withYears } from './index.js';

const plain = plainFiveDayWeek();
const off = (date: string) => ({ date, kind: 'off' as const });
const decree = (year: number) => ({ year, source: `Decree of ${year}` });

describe('years of a calendar', () => {
  it('are assumed unless they are stated', () => {
    expect(statedYears(plain)).toEqual([]);
    expect(isAssumed(plain, '2009-01-01', '2009-12-31')).toBe(true);
    const calendar = withYears(plain, { years: [decree(2011), decree(2012)], days: [off('2011-01-03')] });
    expect(isAssumed(calendar, '2011-01-01', '2012-12-31')).toBe(false);
    expect(isAssumed(calendar, '2012-12-31', '2013-01-01')).toBe(true);
    expect(isAssumed(calendar, '2010-12-31', '2012-01-01')).toBe(true);
    expect(assumedYears(calendar, '2009-12-31', '2013-01-01')).toEqual([2009, 2010, 2013]);
    expect(assumedYears(calendar, '2011-01-01', '2012-12-31')).toEqual([]);
  });

  it('of a calendar that does not list them are those that it has days of', () => {
    const calendar = { ...plain, days: [off('2012-01-02'), off('2011-01-03'), off('2011-01-04')], source: 'Order 7' };
    expect(statedYears(calendar)).toEqual([
      { year: 2011, source: 'Order 7' },
      { year: 2012, source: 'Order 7' },
    ]);
    expect(statedYears({ ...plain, days: [off('2011-01-03')] })).toEqual([{ year: 2011, source: null }]);
  });

  it('take the place of what was said about them, and of nothing else', () => {
    const before = { ...plain, name: 'x', days: [off('2011-05-02'), off('2012-05-01')], source: 'Order 7' };
    const after = withYears(before, { years: [decree(2012)], days: [off('2012-06-12'), off('2012-03-08')] });
    expect(after.days.map(({ date }) => date)).toEqual(['2011-05-02', '2012-03-08', '2012-06-12']);
    expect(after.years).toEqual([{ year: 2011, source: 'Order 7' }, decree(2012)]);
    expect(after.weeklyHours).toBe(plain.weeklyHours);
    expect(before.days).toHaveLength(2);
  });

  it('are stated once each', () => {
    const faults = validateWorkCalendar({ ...plain, years: [decree(2011), decree(2012), decree(2011)] });
    expect(faults).toMatchObject([{ path: 'years[2]', code: 'YEAR' }]);
  });
});
