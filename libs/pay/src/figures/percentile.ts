import { addFractions, type Fraction, fraction, multiplyFractions } from '@voronka/kernel';

export const MEDIAN: Fraction = { n: 1n, d: 2n };
export const P90: Fraction = { n: 9n, d: 10n };

/**
 * The value below which a share of the values lies, between neighbours by straight line (as `percentile_cont` of SQL):
 * the n values in order stand at 0, 1/(n−1), 2/(n−1) … 1. The order they come in does not matter; null for none.
 * @throws {RangeError} unless 0 ≤ share ≤ 1.
 */
export function percentile(values: readonly bigint[], share: Fraction): Fraction | null {
  if (share.n < 0n || share.n > share.d) throw new RangeError('a percentile is asked for a share from 0 to 1');
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const place = fraction(share.n * BigInt(Math.max(sorted.length - 1, 0)), share.d);
  const below = place.n / place.d;
  const low = sorted[Number(below)];
  if (low === undefined) return null;
  const high = sorted[Number(below) + 1] ?? low;
  const part = fraction(place.n - below * place.d, place.d);
  return addFractions(fraction(low), multiplyFractions(fraction(high - low), part));
}
