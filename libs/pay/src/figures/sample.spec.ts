import { compareFractions, fraction, fractionToDecimal } from '@voronka/kernel';
import fc from 'fast-check';
import { percentText, pooled, ratio, valueOf } from './ratio.js';
import { sampleOf, wilsonInterval } from './sample.js';

const shown = (s: number, n: number) => {
  const { lower, upper } = wilsonInterval(ratio(s, n));
  return [fractionToDecimal(lower, 4), fractionToDecimal(upper, 4)];
};

/** Some s of n. */
const shares = fc
  .integer({ min: 1, max: 5_000 })
  .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));

describe('Wilson interval', () => {
  it('agrees with published values', () => {
    expect(shown(8, 10)).toEqual(['0.4902', '0.9433']);
    expect(shown(0, 10)).toEqual(['0.0000', '0.2775']);
    expect(shown(10, 10)).toEqual(['0.7225', '1.0000']);
    expect(shown(50, 100)).toEqual(['0.4038', '0.5962']);
    expect(shown(1, 1)).toEqual(['0.2065', '1.0000']);
  });

  it('lies in [0, 1] and holds the share it is about', () => {
    fc.assert(
      fc.property(shares, ([s, n]) => {
        const { lower, upper } = wilsonInterval(ratio(s, n));
        const share = fraction(BigInt(s), BigInt(n));
        const order = [fraction(0n), lower, share, upper, fraction(1n)];
        order.slice(1).forEach((value, index) => {
          expect(compareFractions(order[index] ?? value, value)).not.toBe(1);
        });
      }),
    );
  });

  it('agrees with the formula in floating point to a millionth', () => {
    fc.assert(
      fc.property(shares, ([s, n]) => {
        const z = 1.959963985;
        const half = z * Math.sqrt(z * z + (4 * s * (n - s)) / n);
        const { lower, upper } = wilsonInterval(ratio(s, n));
        const number = (value: { n: bigint; d: bigint }) => Number(value.n) / Number(value.d);
        expect(Math.abs(number(lower) - (2 * s + z * z - half) / (2 * (n + z * z)))).toBeLessThan(2e-6);
        expect(Math.abs(number(upper) - (2 * s + z * z + half) / (2 * (n + z * z)))).toBeLessThan(2e-6);
      }),
    );
  });

  it('is refused for what is no share', () => {
    for (const [s, n] of [
      [1, 0],
      [3, 2],
      [-1, 2],
    ] as const) {
      expect(() => wilsonInterval(ratio(s, n))).toThrow(RangeError);
    }
  });
});

describe('sampleOf', () => {
  it('marks a small sample, and has no interval for a flow above 100 %', () => {
    expect(sampleOf(ratio(3, 29))).toMatchObject({ size: 29n, small: true });
    expect(sampleOf(ratio(3, 30))).toMatchObject({ size: 30n, small: false });
    expect(sampleOf(ratio(3, 9), 9n).small).toBe(false);
    expect(sampleOf(ratio(5, 4)).interval).toBeNull();
    expect(sampleOf(ratio(0, 0))).toEqual({ size: 0n, small: true, interval: null });
  });
});

describe('ratios', () => {
  it('are never averaged: 1 of 2 and 1 of 10 are 2 of 12', () => {
    expect(pooled([ratio(1, 2), ratio(1, 10)])).toEqual(ratio(2, 12));
    expect(percentText(pooled([ratio(1, 2), ratio(1, 10)]))).toBe('16.67');
  });

  it('are undefined at 0', () => {
    expect(valueOf(pooled([]))).toBeNull();
    expect(percentText(ratio(0, 0))).toBeNull();
    expect(percentText(ratio(3, 2), 0)).toBe('150');
  });
});
