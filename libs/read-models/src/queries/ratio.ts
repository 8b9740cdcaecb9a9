/**
 * 100 × numerator ÷ denominator with two places, half-up, in integer arithmetic; null where the denominator is 0.
 * `percent(500, 2393)` is `'20.89'`.
 */
export function percent(numerator: number | bigint, denominator: number | bigint): string | null {
  return decimal(BigInt(numerator) * 100n, denominator);
}

/** numerator ÷ denominator (neither negative) with two places, half-up; null where the denominator is 0. */
export function decimal(numerator: number | bigint, denominator: number | bigint): string | null {
  const below = BigInt(denominator);
  if (below === 0n) return null;
  const hundredths = (BigInt(numerator) * 200n + below) / (below * 2n);
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
}

/**
 * A sum of money as a JSON integer.
 * @throws RangeError beyond 2^53 − 1, where a JSON number would lie
 */
export function kopecks(sum: bigint | string): number {
  const amount = Number(sum);
  if (!Number.isSafeInteger(amount)) throw new RangeError(`A sum of ${String(sum)} kopecks is no exact JSON number`);
  return amount;
}
