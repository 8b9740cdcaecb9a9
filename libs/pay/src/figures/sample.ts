import { type Fraction, fraction } from '@voronka/kernel';
import type { Ratio } from './ratio.js';

/** Below so many trials a share is marked as resting on a small sample. */
export const SMALL_SAMPLE = 30n;

/** Limits between which the true share lies, as fractions of a million. */
export interface Interval {
  readonly lower: Fraction;
  readonly upper: Fraction;
}

/** How much a share can be relied on. */
export interface Sample {
  /** The denominator. */
  readonly size: bigint;
  readonly small: boolean;
  /** Wilson's, at 95 %; null where nothing was tried, or where the quotient is no share (a flow may pass 100 %). */
  readonly interval: Interval | null;
}

/** The sample of a ratio; `least` is the smallest that is not small. */
export function sampleOf(of: Ratio, least: bigint = SMALL_SAMPLE): Sample {
  const { numerator, denominator } = of;
  const isShare = denominator > 0n && numerator >= 0n && numerator <= denominator;
  return { size: denominator, small: denominator < least, interval: isShare ? wilsonInterval(of) : null };
}

/** The quantile of the normal distribution that 2.5 % lie above, in thousand-millionths. */
const Z = 1_959_963_985n;
const UNIT = 1_000_000_000n;
const SCALE = 1_000_000n;

/**
 * Wilson's score interval at 95 % without continuity correction (E. B. Wilson, 1927): with n trials, s successes and
 * z = 1.959963985, the limits are (2s + z² ± z·√(z² + 4s(n−s)/n)) / (2(n + z²)). Counted in integers; rounded outwards
 * to a millionth, so it always holds s/n and never leaves [0, 1].
 * @throws {RangeError} unless 0 ≤ s ≤ n and n > 0.
 */
export function wilsonInterval({ numerator: s, denominator: n }: Ratio): Interval {
  if (n <= 0n || s < 0n || s > n) throw new RangeError('an interval is of 0 to n successes in n trials, n above 0');
  const zz = Z * Z;
  const unitSquared = UNIT * UNIT;
  // Everything times UNIT²: z·√(…) becomes √(zz · (zz + 4·UNIT²·s(n−s)/n)), cut or raised to a whole number.
  const underRoot = zz * (zz * n + 4n * unitSquared * s * (n - s));
  const root = squareRoot(underRoot / n);
  const centre = 2n * s * unitSquared + zz;
  const whole = 2n * (n * unitSquared + zz);
  const lower = ((centre - root - 1n) * SCALE) / whole;
  const upper = ((centre + root + 1n) * SCALE + whole - 1n) / whole;
  return {
    lower: fraction(s === 0n || lower < 0n ? 0n : lower, SCALE),
    upper: fraction(s === n || upper > SCALE ? SCALE : upper, SCALE),
  };
}

/** The whole part of the square root, by Newton's method from above. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}
