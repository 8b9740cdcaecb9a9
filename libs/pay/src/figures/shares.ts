import { type Fraction, fraction, splitLargestRemainder, WHOLE_BPS } from '@voronka/kernel';

/** What one person holds of the credit under a role, in basis points; all shares of a role make 10,000. */
export interface Share {
  readonly employeeId: string;
  readonly basisPoints: number;
}

export interface AmountShare {
  readonly employeeId: string;
  readonly amountKopecks: bigint;
}

/**
 * Splits an amount among those who share the credit, before any rule of pay: the parts add up to it exactly; what is
 * left after cutting to kopecks goes to the largest remainders, of equal ones to the smaller employee id. In the order
 * of the ids.
 * @throws {RangeError} unless the shares make 10,000 basis points and each person holds one.
 */
export function shareAmount(amountKopecks: bigint, shares: readonly Share[]): readonly AmountShare[] {
  const inOrder = orderedShares(shares);
  const parts = splitLargestRemainder(
    amountKopecks,
    inOrder.map(({ basisPoints }) => BigInt(basisPoints)),
  );
  return inOrder.map(({ employeeId }, index) => ({ employeeId, amountKopecks: parts[index] ?? 0n }));
}

export interface CountShare {
  readonly employeeId: string;
  readonly count: Fraction;
}

/**
 * Splits a count among those who share the credit. The parts stay exact (a contract shared 60 to 40 counts 3/5 and
 * 2/5): a count cut to whole ones would take it from somebody.
 * @throws {RangeError} as `shareAmount`.
 */
export function shareCount(count: bigint, shares: readonly Share[]): readonly CountShare[] {
  return orderedShares(shares).map(({ employeeId, basisPoints }) => ({
    employeeId,
    count: fraction(count * BigInt(basisPoints), WHOLE_BPS),
  }));
}

function orderedShares(shares: readonly Share[]): readonly Share[] {
  const ids = new Set(shares.map(({ employeeId }) => employeeId));
  if (ids.size !== shares.length) throw new RangeError('each person holds one share under a role');
  const whole = shares.reduce((sum, { basisPoints }) => sum + BigInt(basisPoints), 0n);
  if (whole !== WHOLE_BPS || shares.some(({ basisPoints }) => basisPoints < 0)) {
    throw new RangeError(`the shares of a role make ${WHOLE_BPS} basis points, not ${whole}`);
  }
  return [...shares].sort((a, b) => (a.employeeId < b.employeeId ? -1 : 1));
}

/** Basis points for so many equal shares; those left over go to the first: three hold 3,334, 3,333 and 3,333. */
export function equalBasisPoints(people: number): readonly number[] {
  return splitLargestRemainder(
    WHOLE_BPS,
    Array.from({ length: people }, () => 1n),
  ).map(Number);
}

/**
 * Distributes the whole of a year (a plan, a goal) over months by weights, so that the months add up to it; of equal
 * remainders the earlier month gets one more.
 * @throws {RangeError} for no weights, a negative one, or only zeros.
 */
export function distribute(total: bigint, weights: readonly bigint[]): readonly bigint[] {
  return splitLargestRemainder(total, weights);
}
