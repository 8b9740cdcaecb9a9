import { refuse } from '@voronka/kernel';
import { distribute } from '../figures/shares.js';
import type { PlanCell, PlanOwner } from './plan.document.js';

const MONTHS = 12;
const WHOLE = 10_000;

export interface YearToDistribute {
  readonly indicator: string;
  readonly owner: PlanOwner;
  /** `2009`. */
  readonly year: string;
  /** In the smallest unit of the indicator. */
  readonly value: number;
  /** Twelve shares of the year from January on, making 10,000; equal months unless they are given. */
  readonly basisPoints?: readonly number[] | undefined;
}

export type DistributedCell = PlanCell & { readonly value: number };

/**
 * The months' cells of a year's plan, to be assigned; they add up to it: of equal remainders the earlier month gets one
 * more. Nothing is recorded.
 * @throws DomainError DISTRIBUTION_INVALID unless twelve shares make 10,000 basis points.
 */
export function distributeYear(asked: YearToDistribute): readonly DistributedCell[] {
  const { indicator, owner, year, value, basisPoints } = asked;
  const weights = basisPoints ?? Array.from({ length: MONTHS }, () => 1);
  const sum = weights.reduce((total, one) => total + one, 0);
  if (weights.length !== MONTHS || (basisPoints !== undefined && sum !== WHOLE)) {
    const detail = 'give twelve shares from January on that make 10,000 basis points, or none for equal months';
    throw refuse.invalid('DISTRIBUTION_INVALID', detail, { shares: weights.length, basisPoints: sum });
  }
  return distribute(BigInt(value), weights.map(BigInt)).map((part, index) => ({
    indicator,
    owner,
    period: `${year}-${String(index + 1).padStart(2, '0')}`,
    value: Number(part),
  }));
}
