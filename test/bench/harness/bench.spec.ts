import { type Finding, findingsTable, isMet } from './finding.js';
import { median, percentile, summarise } from './statistics.js';

describe('the statistics of the bench', () => {
  it('takes the middle value, or the mean of the two middle ones', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([7])).toBe(7);
  });

  it('orders numbers as numbers', () => expect(median([10, 9, 100])).toBe(10));

  it('takes percentiles that were measured, by nearest rank', () => {
    const values = Array.from({ length: 30 }, (_none, index) => 30 - index);
    expect(percentile(values, 95)).toBe(29);
    expect(percentile(values, 50)).toBe(15);
    expect(percentile(values, 100)).toBe(30);
    expect(percentile([4], 95)).toBe(4);
    expect(() => percentile(values, 0)).toThrow(RangeError);
  });

  it('has no figure for nothing', () => {
    expect(() => median([])).toThrow(RangeError);
    expect(() => summarise([])).toThrow('nothing was measured');
  });

  it('summarises without changing what it is given', () => {
    const values = [3, 1, 2];
    expect(summarise(values)).toEqual({ runs: 3, median: 2, least: 1, most: 3, p95: 3, p99: 3 });
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('the findings of the bench', () => {
  const finding: Finding = {
    measure: 'rebuild',
    what: 'all sets',
    unit: 'events/s',
    summary: summarise([21_999.6, 30_000, 21_000]),
    ratio: { to: 'plain read', value: 0.5 },
    aims: [
      { of: 'ratio', kind: 'least', value: 0.5 },
      { of: 'median', kind: 'least', value: 22_000 },
    ],
  };

  it('meets an aim by the figure the aim is about, unrounded', () => {
    expect(finding.aims?.map((aim) => isMet(finding, aim))).toEqual([true, false]);
    const below = { of: 'p95', kind: 'below', value: 30_000 } as const;
    expect(isMet(finding, below)).toBe(false);
    expect(isMet(finding, { ...below, value: 30_001 })).toBe(true);
  });

  it('misses an aim about a ratio that was not measured', () => {
    const { ratio: _ratio, ...without } = finding;
    expect(isMet(without, { of: 'ratio', kind: 'least', value: 0 })).toBe(false);
  });

  it('shows a line for each', () => {
    const text = findingsTable([finding, { ...finding, what: 'one query', unit: 'ms', summary: summarise([1.25]) }]);
    expect(text).toContain('ratio ≥ 0.5 met, median ≥ 22000 MISSED');
    expect(text).toMatch(/all sets.* 22000 .*21000.*30000.*0\.50/);
    expect(text).toMatch(/one query.*1\.3/);
  });
});
