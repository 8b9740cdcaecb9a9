import { distributeYear } from './plan.distribution.js';

const year = { indicator: 'contacts', owner: { kind: 'employee', id: 'ivanova' }, year: '2009', value: 100 } as const;

describe('distribution of a year', () => {
  it('over equal months is 9, 9, 9, 9, then 8 × 8, from January on', () => {
    const cells = distributeYear(year);
    expect(cells.map(({ value }) => value)).toEqual([9, 9, 9, 9, 8, 8, 8, 8, 8, 8, 8, 8]);
    expect([cells[0], cells[11]?.period]).toEqual([
      { indicator: 'contacts', owner: year.owner, period: '2009-01', value: 9 },
      '2009-12',
    ]);
  });

  it('follows basis points', () => {
    const basisPoints = [5_000, 2_500, 2_500, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const cells = distributeYear({ ...year, value: 7, basisPoints });
    expect(cells.slice(0, 4).map(({ value }) => value)).toEqual([3, 2, 2, 0]);
  });

  it.each([[[10_000]], [Array.from({ length: 12 }, () => 800)]])('refuses shares %j', (basisPoints) => {
    expect(() => distributeYear({ ...year, basisPoints })).toThrow(
      expect.objectContaining({ code: 'DISTRIBUTION_INVALID' }) as Error,
    );
  });
});
