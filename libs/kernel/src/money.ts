/**
 * Money and exact arithmetic. Amounts are whole minor units ("kopecks"): JSON integers up to 2^53-1 at the edges,
 * bigint inside. Nothing here touches floating point.
 */

/** Ten thousand basis points are the whole. */
export const WHOLE_BPS = 10_000n;

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Checks an amount that came from outside; it may be negative.
 * @throws {TypeError} if the value is not an integer. @throws {RangeError} if it is beyond 2^53-1.
 */
export function assertKopecks(value: unknown, field: string): asserts value is number {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new TypeError(`${field} must be a whole number of minor units`);
  }
  if (!Number.isSafeInteger(value)) throw beyond(field);
}

/**
 * Checks an amount that may not be negative.
 * @throws {TypeError} if the value is not an integer. @throws {RangeError} if it is negative or beyond 2^53-1.
 */
export function assertNonNegativeKopecks(value: unknown, field: string): asserts value is number {
  assertKopecks(value, field);
  if (value < 0) throw new RangeError(`${field} must not be negative`);
}

function beyond(field: string): RangeError {
  return new RangeError(`${field} is beyond ${LARGEST} minor units`);
}

/**
 * The amount as the number that goes into events and answers.
 * @throws {RangeError} beyond 2^53-1.
 */
export function toKopecksNumber(amount: bigint, field = 'amount'): number {
  if (amount > LARGEST || amount < -LARGEST) throw beyond(field);
  return Number(amount);
}

/**
 * The sum of amounts, 0 for none. Parts may pass the limit on the way; the sum may not.
 * @throws {TypeError | RangeError} naming the entry that is no amount, or the sum if it is beyond 2^53-1.
 */
export function sumKopecks(list: Iterable<number>, field = 'sum'): number {
  let sum = 0n;
  let index = 0;
  for (const value of list) {
    assertKopecks(value, `${field}[${index}]`);
    sum += BigInt(value);
    index += 1;
  }
  return toKopecksNumber(sum, field);
}

/**
 * The quotient rounded to the nearest integer, a half away from zero: 5/2 is 3, -5/2 is -3.
 * @throws {RangeError} for a denominator of 0.
 */
export function roundHalfUp(numerator: bigint, denominator: bigint): bigint {
  if (denominator === 0n) throw new RangeError('denominator must not be 0');
  const d = magnitude(denominator);
  const rounded = (magnitude(numerator) * 2n + d) / (d * 2n);
  return numerator < 0n === denominator < 0n ? rounded : -rounded;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** A share of an amount in basis points (10,000 is the whole), rounded half-up to a minor unit. */
export function applyBasisPoints(amount: bigint, bps: bigint): bigint {
  return roundHalfUp(amount * bps, WHOLE_BPS);
}

/**
 * Splits a total by weights so that the parts add up to it exactly: each part is its share cut to whole units, and
 * the units left go to the largest remainders, of equal ones to the earlier. A negative total splits as its mirror.
 * @throws {RangeError} for no weights, a negative one, or only zeros.
 */
export function splitLargestRemainder(total: bigint, weights: readonly bigint[]): bigint[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  if (weights.some((weight) => weight < 0n)) throw new RangeError('weights must not be negative');
  if (whole === 0n) throw new RangeError('weights must not all be 0');
  const amount = magnitude(total);
  const shares = weights.map((weight, index) => ({
    index,
    part: (amount * weight) / whole,
    remainder: (amount * weight) % whole,
  }));
  const left = amount - shares.reduce((sum, share) => sum + share.part, 0n);
  const favoured = [...shares].sort((a, b) => compareBigint(b.remainder, a.remainder) || a.index - b.index);
  for (const share of favoured.slice(0, Number(left))) share.part += 1n;
  return shares.map(({ part }) => (total < 0n ? -part : part));
}

function compareBigint(a: bigint, b: bigint): -1 | 0 | 1 {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** An amount with two decimals and no grouping, for people and files: 630000 is `6300.00`. */
export function formatKopecks(amount: number | bigint): string {
  if (typeof amount === 'number') assertKopecks(amount, 'amount');
  return fractionToDecimal({ n: BigInt(amount), d: 100n }, 2);
}

/**
 * Reads an amount written with a dot and at most two decimals: `6300`, `100.5`, `-12.05`.
 * @throws {RangeError} naming the field, for any other text or beyond 2^53-1.
 */
export function parseKopecks(text: string, field = 'amount'): number {
  const match = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(text);
  if (match === null) throw new RangeError(`${field} must be written as 6300.00, not ${JSON.stringify(text)}`);
  const [, sign, units, decimals = ''] = match;
  const amount = BigInt(`${units}${decimals.padEnd(2, '0')}`);
  return toKopecksNumber(sign === '-' ? -amount : amount, field);
}

/** An exact quotient; `d` is always positive. Made by `fraction`, which reduces it. */
export interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

/**
 * The quotient n/d in lowest terms.
 * @throws {RangeError} for d = 0.
 */
export function fraction(n: bigint, d: bigint = 1n): Fraction {
  if (d === 0n) throw new RangeError('denominator must not be 0');
  let [a, b] = [magnitude(n), magnitude(d)];
  while (b !== 0n) [a, b] = [b, a % b];
  const divisor = d < 0n ? -a : a;
  return { n: n / divisor, d: d / divisor };
}

/** -1, 0 or 1, by cross-multiplication. */
export function compareFractions(a: Fraction, b: Fraction): -1 | 0 | 1 {
  return compareBigint(a.n * b.d, b.n * a.d);
}

export function addFractions(a: Fraction, b: Fraction): Fraction {
  return fraction(a.n * b.d + b.n * a.d, a.d * b.d);
}

export function subtractFractions(a: Fraction, b: Fraction): Fraction {
  return fraction(a.n * b.d - b.n * a.d, a.d * b.d);
}

export function multiplyFractions(a: Fraction, b: Fraction): Fraction {
  return fraction(a.n * b.n, a.d * b.d);
}

/** @throws {RangeError} if `b` is 0. */
export function divideFractions(a: Fraction, b: Fraction): Fraction {
  return fraction(a.n * b.d, a.d * b.n);
}

/** The fraction rounded to an integer, a half away from zero. */
export function roundFraction(value: Fraction): bigint {
  return roundHalfUp(value.n, value.d);
}

/** The smallest integer that is not below the fraction. */
export function ceilFraction(value: Fraction): bigint {
  const cut = value.n / value.d;
  return value.n > 0n && cut * value.d !== value.n ? cut + 1n : cut;
}

/**
 * The fraction as a decimal text with so many places, a half away from zero; for showing, never for counting.
 * @throws {RangeError} if `places` is not an integer from 0.
 */
export function fractionToDecimal(value: Fraction, places: number): string {
  if (!Number.isInteger(places) || places < 0) throw new RangeError('places must be a whole number from 0');
  const scaled = roundHalfUp(value.n * 10n ** BigInt(places), value.d);
  const digits = magnitude(scaled)
    .toString()
    .padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const text = places === 0 ? whole : `${whole}.${digits.slice(-places)}`;
  return scaled < 0n ? `-${text}` : text;
}
