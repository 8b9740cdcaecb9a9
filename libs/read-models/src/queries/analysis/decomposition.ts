import { canStillMakeIt, decompose, ratio, winsForAmount } from '@voronka/pay/figures';
import { answerHead, type Answer, type QueryContext } from '../context.js';
import type { Bar } from '../route-map.js';
import { type AnalysisParams, counted, NO_COURSE } from './counted.js';
import { type ShownShare, shownShare } from './shown.js';

export interface DecompositionParams extends AnalysisParams {
  /** The goal of the period: so many wins, or an amount. */
  readonly wins?: number | undefined;
  readonly amountKopecks?: number | undefined;
}

export interface DecompositionAnswer extends Answer<DecompositionParams> {
  readonly goalWins: number;
  readonly signedWins: number;
  readonly missingWins: number;
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
  const { bars, period, slice, open, closed, least } = facts;
  const mean = ratio(closed.wonKopecks, closed.won);
  const wins = params.wins === undefined ? winsForAmount(BigInt(params.amountKopecks ?? 0), mean) : BigInt(params.wins);
  const goal = bars.map(({ step }) => {
    const { reached, forward, medianLagMs } = slice.get(step) ?? NO_COURSE;
    const standing = open.filter(
      (deal) => deal.step === step && canStillMakeIt({ reachedAt: deal.since, medianLagMs }, period),
    );
    return { step, conversion: ratio(forward, reached), standing: BigInt(standing.length) };
  });
  const { missing, bars: needed } = decompose({ wins, signed: closed.won, bars: goal, minimumSample: least });
  return {
    ...answerHead(context, params, true),
    goalWins: Number(wins),
    signedWins: Number(closed.won),
    missingWins: Number(missing),
    bars: bars.map((bar, index) => ({
      ...bar,
      toNext: shownShare(goal[index]?.conversion ?? ratio(0, 0), least),
      standing: Number(goal[index]?.standing ?? 0n),
      needed: Number(needed[index]?.needed ?? 0n),
    })),
  };
}
