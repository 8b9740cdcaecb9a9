import { type Fraction, fractionToDecimal, roundFraction } from '@voronka/kernel';
import { type Ratio, type Sample, sampleOf } from '@voronka/pay/figures';
import { kopecks, percent } from '../ratio.js';

export interface ShownShare {
  readonly numerator: number;
  readonly denominator: number;
  readonly percent: string | null;
  readonly small: boolean;
  /** Wilson's 95 % interval, in percent. */
  readonly lower: string | null;
  readonly upper: string | null;
}

/** A share with how far it can be relied on; `least` is the smallest sample that is not small. */
export function shownShare(of: Ratio, least: bigint): ShownShare {
  const { small, interval }: Sample = sampleOf(of, least);
  const shown = (limit: Fraction): string => fractionToDecimal({ n: limit.n * 100n, d: limit.d }, 2);
  return {
    numerator: Number(of.numerator),
    denominator: Number(of.denominator),
    percent: percent(of.numerator, of.denominator),
    small,
    lower: interval === null ? null : shown(interval.lower),
    upper: interval === null ? null : shown(interval.upper),
  };
}

/** Kopecks, rounded once, half-up. */
export function rounded(value: Fraction | null): number | null {
  return value === null ? null : kopecks(roundFraction(value));
}
