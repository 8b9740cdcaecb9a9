import { addFractions, fraction } from '@voronka/kernel';
import fc from 'fast-check';
import { distribute, equalBasisPoints, shareAmount, shareCount } from './shares.js';

const held = (...shares: [employeeId: string, basisPoints: number][]) =>
  shares.map(([employeeId, basisPoints]) => ({ employeeId, basisPoints }));

describe('credit shared', () => {
  it('10.00 by three: 3.34, 3.33, 3.33', () => {
    const [first = 0, second = 0, third = 0] = equalBasisPoints(3);
    const parts = shareAmount(1000n, held(['orlova', third], ['belov', first], ['ivanova', second]));
    expect(parts).toEqual([
      { employeeId: 'belov', amountKopecks: 334n },
      { employeeId: 'ivanova', amountKopecks: 333n },
      { employeeId: 'orlova', amountKopecks: 333n },
    ]);
  });

  it('ties go by employee id, whatever order they are written in', () => {
    const expected = [
      { employeeId: 'a', amountKopecks: 1n },
      { employeeId: 'b', amountKopecks: 0n },
    ];
    expect(shareAmount(1n, held(['b', 5000], ['a', 5000]))).toEqual(expected);
    expect(shareAmount(1n, held(['a', 5000], ['b', 5000]))).toEqual(expected);
  });

  it('600,000.00 shared 50/50: 300,000.00 each', () => {
    const parts = shareAmount(60_000_000n, held(['a', 5000], ['b', 5000]));
    expect(parts.map(({ amountKopecks }) => amountKopecks)).toEqual([30_000_000n, 30_000_000n]);
  });

  it('split credit counted twice: the parts of a count make the count', () => {
    const parts = shareCount(1n, held(['a', 6000], ['b', 4000]));
    expect(parts.map(({ count }) => count)).toEqual([fraction(3n, 5n), fraction(2n, 5n)]);
    expect(parts.reduce((sum, { count }) => addFractions(sum, count), fraction(0n))).toEqual(fraction(1n));
  });

  it('is refused unless the shares make the whole, each person once', () => {
    for (const shares of [held(['a', 5000]), held(['a', 5000], ['a', 5000]), held(['a', 11_000], ['b', -1000]), []]) {
      expect(() => shareAmount(1n, shares)).toThrow(RangeError);
      expect(() => shareCount(1n, shares)).toThrow(RangeError);
    }
  });

  it('adds up exactly, nobody is a kopeck or more off', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 9999 }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), cuts, (amount, marks) => {
        const edges = [0, ...marks.sort((a, b) => a - b), 10_000];
        const shares = edges
          .slice(1)
          .map((edge, at) => ({ employeeId: `e${at}`, basisPoints: edge - (edges[at] ?? 0) }));
        const parts = shareAmount(amount, shares);
        expect(parts.reduce((sum, part) => sum + part.amountKopecks, 0n)).toBe(amount);
        parts.forEach(({ amountKopecks }, at) => {
          const off = amountKopecks * 10_000n - amount * BigInt(shares[at]?.basisPoints ?? 0);
          expect(off > -10_000n && off < 10_000n).toBe(true);
        });
      }),
    );
  });
});

describe('distribution', () => {
  it('year 100 over 12 equal months: 9, 9, 9, 9, then 8 × 8', () => {
    const months = distribute(
      100n,
      Array.from({ length: 12 }, () => 1n),
    );
    expect(months).toEqual([9n, 9n, 9n, 9n, 8n, 8n, 8n, 8n, 8n, 8n, 8n, 8n]);
  });

  it('adds up exactly', () => {
    const weights = fc.array(fc.bigInt({ min: 0n, max: 10_000n }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), weights, (total, list) => {
        fc.pre(list.some((weight) => weight > 0n));
        const parts = distribute(total, list);
        expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(total);
        expect(parts.every((part) => part >= 0n)).toBe(true);
      }),
    );
  });
});
