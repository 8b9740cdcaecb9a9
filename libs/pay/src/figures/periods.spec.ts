import { fraction, parsePeriod } from '@voronka/kernel';
import fc from 'fast-check';
import { cohortTriangle, isMature, maturityOf } from './cohorts.js';
import { changeOf, comparedPart, comparedPeriods, samePeriodLastYear } from './comparison.js';
import { ratio } from './ratio.js';

describe('what a period is compared with', () => {
  const compared = (key: string) => {
    const { previous, lastYear } = comparedPeriods(parsePeriod(key));
    return [previous?.key ?? null, lastYear?.key ?? null];
  };

  it.each([
    ['2009-08', '2009-07', '2008-08'],
    ['2009-01', '2008-12', '2008-01'],
    ['2009-Q1', '2008-Q4', '2008-Q1'],
    ['2009', '2008', '2008'],
    ['2009-W01', '2008-W52', '2008-W01'],
    ['2009-03-01', '2009-02-28', '2008-03-01'],
    ['2009-06..2009-08', '2009-03-01..2009-05-31', '2008-06-01..2008-08-31'],
    ['2009-08-03..2009-08-09', '2009-07-27..2009-08-02', '2008-08-03..2008-08-09'],
    ['2008-02-29..2008-03-02', '2008-02-26..2008-02-28', '2007-03-01..2007-03-02'],
    ['2008-02-27..2008-02-29', '2008-02-24..2008-02-26', '2007-02-27..2007-02-28'],
  ])('%s with %s and %s', (key, previous, lastYear) => {
    expect(compared(key)).toEqual([previous, lastYear]);
  });

  it('with nothing where the year before has no such week or day', () => {
    expect(samePeriodLastYear(parsePeriod('2009-W53'))).toBeNull();
    expect(samePeriodLastYear(parsePeriod('2008-02-29'))).toBeNull();
    expect(compared('0001')).toEqual([null, null]);
  });

  it.each([
    ['2009-08', '2009-08-05..2009-08-10', '2009-07', '2009-07-05..2009-07-10'],
    ['2009-08', '2009-07-20..2009-09-10', '2009-07', '2009-07'],
    ['2009-02', '2009-02-20..2009-02-28', '2009-01', '2009-01-20..2009-01-31'],
    ['2009-03', '2009-03-05..2009-03-30', '2009-02', '2009-02-05..2009-02-28'],
    ['2009-03', '2009-03-29..2009-03-30', '2009-02', null],
    ['2008', '2008-01-01..2008-08-10', '2007', '2007-01-01..2007-08-10'],
    ['2009-Q3', '2009-08-05..2009-09-10', '2009-Q2', '2009-05-05..2009-06-10'],
    ['2009-W33', '2009-08-11..2009-08-12', '2008-W33', '2008-08-12..2008-08-13'],
  ])('%s asked for in %s is compared with as much of %s: %s', (key, asked, compared, expected) => {
    const part = comparedPart(parsePeriod(key), parsePeriod(asked), parsePeriod(compared));
    const { from, to } = expected === null ? { from: null, to: null } : parsePeriod(expected);
    expect([part?.from ?? null, part?.to ?? null]).toEqual([from, to]);
  });

  it('changes: 8 after 5 is 3 more, 60 %; nothing is said of what is undefined', () => {
    expect(changeOf(fraction(8n), fraction(5n))).toEqual({ difference: fraction(3n), relative: fraction(3n, 5n) });
    expect(changeOf(fraction(1n, 2n), fraction(0n))).toEqual({ difference: fraction(1n, 2n), relative: null });
    expect(changeOf(null, fraction(1n))).toBeNull();
    expect(changeOf(fraction(1n), null)).toBeNull();
  });
});

describe('cohort triangle', () => {
  const sizes = [
    { cohort: '2009-07-01', deals: 4n },
    { cohort: '2009-06-01', deals: 10n },
  ];
  const counts = [
    { cohort: '2009-06-01', reached: '2009-06-01', deals: 2n },
    { cohort: '2009-06-01', reached: '2009-08-01', deals: 3n },
    { cohort: '2009-07-01', reached: '2009-06-01', deals: 1n },
  ];

  it('has a row for each cohort and a cell for each month that has begun', () => {
    const rows = cohortTriangle(sizes, counts, '2009-08-10');
    expect(rows.map(({ cohort, size, reversed }) => [cohort, size, reversed])).toEqual([
      ['2009-06-01', 10n, 0n],
      ['2009-07-01', 4n, 1n],
    ]);
    expect(rows[0]?.cells).toEqual([
      { offset: 0, deals: 2n, upTo: ratio(2, 10), running: false },
      { offset: 1, deals: 0n, upTo: ratio(2, 10), running: false },
      { offset: 2, deals: 3n, upTo: ratio(5, 10), running: true },
    ]);
    expect(rows[1]?.cells.map(({ upTo }) => upTo)).toEqual([ratio(0, 4), ratio(0, 4)]);
  });

  it('knows nothing of cohorts that are still to come, or that have no size', () => {
    expect(cohortTriangle([{ cohort: '2009-09-01', deals: 0n }], [], '2009-08-31')[0]?.cells).toEqual([]);
    expect(() => cohortTriangle([], counts, '2009-08-10')).toThrow(RangeError);
    expect(() => cohortTriangle([{ cohort: '2009-06-02', deals: 1n }], [], '2009-08-10')).toThrow(RangeError);
  });

  it('never falls along a row and loses nobody', () => {
    const months = ['2009-03-01', '2009-04-01', '2009-05-01', '2009-06-01', '2009-07-01'];
    const count = fc.record({
      cohort: fc.constantFrom(...months),
      reached: fc.constantFrom(...months),
      deals: fc.bigInt({ min: 0n, max: 9n }),
    });
    fc.assert(
      fc.property(fc.array(count), (list) => {
        const rows = cohortTriangle(
          months.map((cohort) => ({ cohort, deals: 500n })),
          list,
          '2009-07-15',
        );
        for (const { cells, cohort, reversed } of rows) {
          const sums = cells.map(({ upTo }) => upTo.numerator);
          expect(sums).toEqual([...sums].sort((a, b) => Number(a - b)));
          const all = list.filter((one) => one.cohort === cohort).reduce((sum, { deals }) => sum + deals, 0n);
          expect((sums.at(-1) ?? 0n) + reversed).toBe(all);
        }
      }),
    );
  });
});

describe('maturity', () => {
  it('a horizon of local days passes at the same local time, also where the clocks change', () => {
    // Samara put its clocks forward on 29 March 2009: 30 local days from the 10th are one hour short.
    const entered = '2009-03-10T08:00:00.000Z';
    const mature = (now: string) => isMature(entered, 30, { now, zone: 'Europe/Samara' });
    expect(mature('2009-04-09T06:59:59.999Z')).toBe(false);
    expect(mature('2009-04-09T07:00:00.000Z')).toBe(true);
  });

  it('is resolved ÷ all', () => {
    expect(maturityOf(3, 4)).toEqual(ratio(3, 4));
  });
});
