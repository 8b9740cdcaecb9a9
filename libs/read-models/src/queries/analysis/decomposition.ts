import { canStillMakeIt, decompose, ratio, winsForAmount } from '@voronka/pay/figures';
import { answerHead, type Answer, type QueryContext } from '../context.js';
import type { Bar } from '../route-map.js';
import { type AnalysisParams, type Counted, counted, NO_COURSE } from './counted.js';
import { type ShownShare, shownShare } from './shown.js';

export interface DecompositionParams extends AnalysisParams {
  /** The goal of the period: so many wins, or an amount. */
  readonly wins?: number | undefined;
  readonly amountKopecks?: number | undefined;
}

export interface DecompositionAnswer extends Answer<DecompositionParams> {
  readonly goalWins: number;
  /** Deals won in the period; of an amount, the wins that what is signed in it makes up. */
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
  const { bars, period, slice, open, least } = facts;
  const { wins, signed } = goalOf(params, facts);
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
    bars: bars.map((bar, index) => ({
      ...bar,
      toNext: shownShare(goal[index]?.conversion ?? ratio(0, 0), least),
      standing: Number(goal[index]?.standing ?? 0n),
      needed: Number(needed[index]?.needed ?? 0n),
    })),
  };
}

/**
 * The goal in wins, and how many of them what is signed in the period already makes up: the deals won in it, or, of an
 * amount, the wins less that the rest of it takes.
 */
function goalOf(
  { wins, amountKopecks = 0 }: DecompositionParams,
  { closed, signedKopecks }: Counted,
): { readonly wins: bigint; readonly signed: bigint } {
  if (wins !== undefined) return { wins: BigInt(wins), signed: closed.won };
  const mean = ratio(closed.wonKopecks, closed.won);
  const whole = winsForAmount(BigInt(amountKopecks), mean);
  return { wins: whole, signed: whole - winsForAmount(BigInt(amountKopecks) - signedKopecks, mean) };
}
