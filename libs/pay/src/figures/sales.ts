import { type Fraction, fraction } from '@voronka/kernel';
import { type Ratio, ratio } from './ratio.js';

const MS_PER_DAY = 86_400_000n;

/** won ÷ (won + lost), by numbers of deals or by amounts; losses whose reason does not count are none. */
export function winRateOf(won: bigint | number, lost: bigint | number): Ratio {
  return ratio(won, BigInt(won) + BigInt(lost));
}

export interface VelocityFacts {
  /** Deals open at the end of the period. */
  readonly open: bigint;
  /** Deals closed in the period. */
  readonly won: bigint;
  readonly lost: bigint;
  /** Sum over the deals won. */
  readonly wonKopecks: bigint;
  /** Sum over the deals won of the milliseconds from opening to win. */
  readonly wonCycleMs: bigint;
}

/**
 * Sales velocity in kopecks per calendar day: open × win rate × mean won amount ÷ mean won cycle. The number of deals
 * won falls out of the means, so this is open × won × wonKopecks ÷ ((won + lost) × wonCycle). Null if nothing was won,
 * or everything in no time.
 */
export function salesVelocity({ open, won, lost, wonKopecks, wonCycleMs }: VelocityFacts): Fraction | null {
  if (won === 0n || wonCycleMs === 0n) return null;
  return fraction(open * won * wonKopecks * MS_PER_DAY, (won + lost) * wonCycleMs);
}
