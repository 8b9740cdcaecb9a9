import { type Fraction, fractionToDecimal, roundFraction } from '@voronka/kernel';
import { type Ratio, type Sample, sampleOf, SMALL_SAMPLE } from '@voronka/pay/figures';
import { kopecks, percent } from '../ratio.js';

/** How far a share can be relied on. */
export interface ShownSample {
  /** The denominator is below the smallest sample. */
  readonly small: boolean;
  /** Wilson's 95 % interval, in percent; null where nothing was tried, or where the quotient is no share. */
  readonly lower: string | null;
  readonly upper: string | null;
}

export interface ShownShare extends ShownSample {
  readonly numerator: number;
  readonly denominator: number;
  /** Two places, half-up; over 100 is possible for a flow; null if nothing is below. */
  readonly percent: string | null;
}

/** How many a figure that is no share was taken from. */
export interface SampleSize {
  readonly size: number;
  /** It is below the smallest sample. */
  readonly small: boolean;
}

export function shownSize(size: bigint, least: bigint): SampleSize {
  return { size: Number(size), small: size < least };
}

/** A share with how far it can be relied on; `least` is the smallest sample that is not small. */
export function shownShare(of: Ratio, least: bigint = SMALL_SAMPLE): ShownShare {
  return {
    numerator: Number(of.numerator),
    denominator: Number(of.denominator),
    percent: percent(of.numerator, of.denominator),
    ...shownSample(of, least),
  };
}

/** The sample of a share by itself. */
export function shownSample(of: Ratio, least: bigint = SMALL_SAMPLE): ShownSample {
  const { small, interval }: Sample = sampleOf(of, least);
  const shown = (limit: Fraction): string => fractionToDecimal({ n: limit.n * 100n, d: limit.d }, 2);
  return {
    small,
    lower: interval === null ? null : shown(interval.lower),
    upper: interval === null ? null : shown(interval.upper),
  };
}

/** Kopecks, rounded once, half-up. */
export function rounded(value: Fraction | null): number | null {
  return value === null ? null : kopecks(roundFraction(value));
}
