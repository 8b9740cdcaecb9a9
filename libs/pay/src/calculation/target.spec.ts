import { fraction, parsePeriod, plainFiveDayWeek } from '@voronka/kernel';
import { type CellPlan, dayAfter, paceOf, type TargetQuestion, targetOf, without } from './target.js';

const AUGUST = parsePeriod('2009-08');

describe('a plan to date', () => {
  const whole = (value: bigint, period = AUGUST): CellPlan => ({
    segments: [{ from: period.from, to: period.to, value }],
    proration: 'none',
    because: [],
  });
  const by = (today: string, plan = whole(42n), more: Partial<TargetQuestion> = {}) =>
    targetOf(plan, { period: AUGUST, calendar: plainFiveDayWeek(), presence: [], until: dayAfter(today), ...more });

  it('counts working days, today included', () => {
    expect(by('2009-08-14')).toEqual(fraction(20n));
    expect(by('2009-08-16')).toEqual(fraction(20n));
    expect(by('2009-08-17')).toEqual(fraction(22n));
    expect(by('2009-07-31')).toEqual(fraction(0n));
    expect(by('2009-12-31')).toEqual(fraction(42n));
  });

  it('goes by the levels up to today', () => {
    const raised: CellPlan = {
      segments: [
        { from: '2009-08-01', to: '2009-08-17', value: 40n },
        { from: '2009-08-17', to: '2009-09-01', value: 45n },
      ],
      proration: 'none',
      because: [],
    };
    expect(by('2009-08-17', raised)).toEqual(fraction(40n * 10n + 45n, 21n));
  });

  it('a period without working days goes by calendar days', () => {
    const weekend = parsePeriod('2009-08-01..2009-08-02');
    expect(by('2009-08-01', whole(10n, weekend), { period: weekend })).toEqual(fraction(5n));
  });

  it('is what a pace is of: 15 of 20 is 3/4; nothing is said where nothing is asked for yet', () => {
    expect(paceOf(fraction(15n), fraction(20n))).toEqual(fraction(3n, 4n));
    expect(paceOf(fraction(15n), fraction(0n))).toBeNull();
  });
});

describe('days less absences', () => {
  it('are what is left, whatever overlaps', () => {
    const august = { from: '2009-08-01', to: '2009-09-01' };
    expect(without(august, [])).toEqual([august]);
    const absences = [
      { from: '2009-07-20', to: '2009-08-05' },
      { from: '2009-08-10', to: '2009-08-15' },
      { from: '2009-08-12', to: '2009-08-20' },
    ];
    expect(without(august, absences)).toEqual([
      { from: '2009-08-05', to: '2009-08-10' },
      { from: '2009-08-20', to: '2009-09-01' },
    ]);
    expect(without(august, [{ from: '2009-07-01', to: '2010-01-01' }])).toEqual([]);
  });
});
