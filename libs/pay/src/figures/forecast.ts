import { type Instant, instantToMs } from '@voronka/kernel';

/** An open deal as the forecast sees it. */
export interface ForecastDeal {
  /** When it came to the position where it stands. */
  readonly reachedAt: Instant;
  /** Median of the milliseconds from that position to the win, of deals won; null if none was ever won from there. */
  readonly medianLagMs: bigint | null;
  /** Its part of the potential: expected amount × conversion, rounded to kopecks; null without an amount. */
  readonly potentialKopecks: bigint | null;
}

export interface Forecast {
  /** Signed in the period already, plus what should still be. */
  readonly kopecks: bigint;
  readonly signedKopecks: bigint;
  /** Of deals whose median lag ends inside the period. */
  readonly expectedKopecks: bigint;
  readonly deals: { readonly expected: number; readonly later: number; readonly overdue: number };
  /** Deals that no lag or no amount is known of. */
  readonly unknown: number;
}

/**
 * Forecast of a period [from, to): what is signed in it and the potential of the open deals whose median lag ends
 * inside it. A deal whose lag ended before the period is overdue: it is counted, and not relied on.
 */
export function forecastOf(
  period: { readonly from: Instant; readonly to: Instant },
  signedKopecks: bigint,
  open: readonly ForecastDeal[],
): Forecast {
  const counted = { expected: 0, later: 0, overdue: 0, unknown: 0 };
  let expectedKopecks = 0n;
  for (const deal of open) {
    const when = placeOf(deal, period);
    counted[when] += 1;
    if (when === 'expected') expectedKopecks += deal.potentialKopecks ?? 0n;
  }
  const { unknown, ...deals } = counted;
  return { kopecks: signedKopecks + expectedKopecks, signedKopecks, expectedKopecks, deals, unknown };
}

function placeOf(
  { reachedAt, medianLagMs, potentialKopecks }: ForecastDeal,
  period: { readonly from: Instant; readonly to: Instant },
): 'expected' | 'later' | 'overdue' | 'unknown' {
  if (medianLagMs === null || potentialKopecks === null) return 'unknown';
  const endsAt = BigInt(instantToMs(reachedAt)) + medianLagMs;
  if (endsAt < BigInt(instantToMs(period.from))) return 'overdue';
  return endsAt < BigInt(instantToMs(period.to)) ? 'expected' : 'later';
}

/** Can a deal still be won before the period ends, if it takes the median lag from where it stands? */
export function canStillMakeIt(
  deal: Pick<ForecastDeal, 'reachedAt' | 'medianLagMs'>,
  period: { readonly to: Instant },
): boolean {
  if (deal.medianLagMs === null) return false;
  return BigInt(instantToMs(deal.reachedAt)) + deal.medianLagMs < BigInt(instantToMs(period.to));
}
