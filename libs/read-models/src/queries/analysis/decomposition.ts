import { canStillMakeIt, decompose, type Ratio, ratio, sampleOf, valueOf, winsForAmount } from '@voronka/pay/figures';
import { answerHead, type Answer, type QueryContext } from '../context.js';
import type { Bar } from '../route-map.js';
import { type AnalysisParams, type Counted, counted, HORIZON_DAYS, NO_COURSE } from './counted.js';
import { wonMatured } from './period-counts.js';
import { rounded, type ShownShare, shownShare } from './shown.js';

export interface DecompositionParams extends AnalysisParams {
  /** The goal of the period: so many wins, or an amount. */
  readonly wins?: number | undefined;
  readonly amountKopecks?: number | undefined;
}

/** The mean amount of a win by which an amount is taken apart. */
export interface MeanWin {
  readonly kopecks: number;
  /** Wins that it is the mean of. */
  readonly wins: number;
  readonly small: boolean;
  /** Those of the period; where it has none, those of all deals whose horizon has passed at T. */
  readonly of: 'period' | 'history';
}

export interface DecompositionAnswer extends Answer<DecompositionParams> {
  readonly goalWins: number;
  /** Deals won in the period; of an amount, the wins that what is signed in it makes up. */
  readonly signedWins: number;
  readonly missingWins: number;
  /** Null where the goal is said by wins. */
  readonly meanWin: MeanWin | null;
  readonly bars: readonly (Bar & {
    readonly toNext: ShownShare;
    readonly standing: number;
    /** Deals that must still come to this bar. */
    readonly needed: number;
  })[];
}

/**
 * How much work a goal takes, from the end of the funnel to its entry.
 * @throws DomainError ROUTE_MAP_NOT_FOUND, DECOMPOSITION_SAMPLE_TOO_SMALL, DECOMPOSITION_IMPOSSIBLE
 */
export async function decomposition(context: QueryContext, params: DecompositionParams): Promise<DecompositionAnswer> {
  const facts = await counted(context, params);
  const { bars, period, slice, open, least } = facts;
  const mean = params.wins === undefined ? await meanOf(context, params, facts) : null;
  const { wins, signed } = goalOf(params, facts, mean);
  const goal = bars.map(({ step }) => {
    const { reached, forward, medianLagMs } = slice.get(step) ?? NO_COURSE;
    const standing = open.filter(
      (deal) => deal.step === step && canStillMakeIt({ reachedAt: deal.since, medianLagMs }, period),
    );
    return { step, conversion: ratio(forward, reached), standing: BigInt(standing.length) };
  });
  const { missing, bars: needed } = decompose({ wins, signed, bars: goal, minimumSample: least });
  return {
    ...answerHead(context, params, true),
    goalWins: Number(wins),
    signedWins: Number(signed),
    missingWins: Number(missing),
    meanWin: mean === null ? null : shownMean(mean, least),
    bars: bars.map((bar, index) => ({
      ...bar,
      toNext: shownShare(goal[index]?.conversion ?? ratio(0, 0), least),
      standing: Number(goal[index]?.standing ?? 0n),
      needed: Number(needed[index]?.needed ?? 0n),
    })),
  };
}

interface Mean {
  /** Amount ÷ number of the wins. */
  readonly amount: Ratio;
  readonly of: MeanWin['of'];
}

/** A period that has only begun has no wins yet: what a win brings is known from before then. */
async function meanOf(
  context: QueryContext,
  { routeMap, filters = {}, horizonDays = HORIZON_DAYS }: DecompositionParams,
  { closed }: Counted,
): Promise<Mean> {
  if (closed.won > 0n) return { amount: ratio(closed.wonKopecks, closed.won), of: 'period' };
  const { wonKopecks, won } = await wonMatured(context, { routeMap, filters, horizonDays });
  return { amount: ratio(wonKopecks, won), of: 'history' };
}

function shownMean({ amount, of }: Mean, least: bigint): MeanWin {
  const { size, small } = sampleOf(amount, least);
  return { kopecks: rounded(valueOf(amount)) ?? 0, wins: Number(size), small, of };
}

/**
 * The goal in wins, and how many of them what is signed in the period already makes up: the deals won in it, or, of an
 * amount, the wins less that the rest of it takes.
 */
function goalOf(
  { wins, amountKopecks = 0 }: DecompositionParams,
  { closed, signedKopecks }: Counted,
  mean: Mean | null,
): { readonly wins: bigint; readonly signed: bigint } {
  if (mean === null) return { wins: BigInt(wins ?? 0), signed: closed.won };
  const whole = winsForAmount(BigInt(amountKopecks), mean.amount);
  return { wins: whole, signed: whole - winsForAmount(BigInt(amountKopecks) - signedKopecks, mean.amount) };
}
