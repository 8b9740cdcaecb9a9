import { compareFractions, fraction } from '@voronka/kernel';
import fc from 'fast-check';
import { MEDIAN, P90, percentile } from './percentile.js';

const values = fc.array(fc.bigInt({ min: -1000n, max: 1000n }), { minLength: 1 });
const part = fc.integer({ min: 0, max: 1000 }).map((n) => fraction(BigInt(n), 1000n));

describe('percentile', () => {
  it('interpolates between neighbours', () => {
    expect(percentile([4n, 1n, 3n, 2n], MEDIAN)).toEqual({ n: 5n, d: 2n });
    expect(percentile([1n, 2n, 3n], MEDIAN)).toEqual({ n: 2n, d: 1n });
    // Places 0 to 10; nine tenths of the way is the value at place 9.
    expect(percentile([...Array(11).keys()].map(BigInt), P90)).toEqual({ n: 9n, d: 1n });
    expect(percentile([0n, 10n], P90)).toEqual({ n: 9n, d: 1n });
    expect(percentile([7n], P90)).toEqual({ n: 7n, d: 1n });
    expect(percentile([], MEDIAN)).toBeNull();
  });

  it('is refused outside 0 to 1', () => {
    expect(() => percentile([1n], { n: 3n, d: 2n })).toThrow(RangeError);
    expect(() => percentile([1n], { n: -1n, d: 2n })).toThrow(RangeError);
  });

  it('never falls as the share grows, from the smallest value to the largest', () => {
    fc.assert(
      fc.property(values, part, part, (list, a, b) => {
        const [low, high] = compareFractions(a, b) > 0 ? [b, a] : [a, b];
        const [below, above] = [percentile(list, low), percentile(list, high)];
        if (below === null || above === null) throw new Error('no percentile');
        expect(compareFractions(below, above)).not.toBe(1);
        const least = list.reduce((x, y) => (x < y ? x : y));
        const most = list.reduce((x, y) => (x > y ? x : y));
        expect(percentile(list, fraction(0n))).toEqual(fraction(least));
        expect(percentile(list, fraction(1n))).toEqual(fraction(most));
      }),
    );
  });
});
