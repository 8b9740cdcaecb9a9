import { type Fraction, fractionToDecimal } from '@voronka/kernel';
import {
  bottleneckOf,
  type Forecast,
  forecastOf,
  type Potential,
  ratio,
  salesVelocity,
  winRateOf,
} from '@voronka/pay/figures';
import { answerHead, type Answer, type QueryContext } from '../context.js';
import { EXITS } from '../indicators/fact-sql.js';
import { kopecks } from '../ratio.js';
import type { Bar } from '../route-map.js';
import { type AnalysisParams, type Counted, counted, NO_COURSE } from './counted.js';
import { openAtEndOf, type OpenDeal } from './course-counts.js';
import { type ExitsFrom, exitsIn, type LossAt, lossesIn, type ReturnFrom, returnsIn } from './period-counts.js';
import { rounded, type SampleSize, type ShownShare, shownShare, shownSize } from './shown.js';
import {
  forecastDeals,
  shownAt,
  shownOffBars,
  type StandingHere,
  type StandingOffBars,
  standingPotential,
} from './standing-deals.js';

type Exits = Omit<ExitsFrom, 'step'>;
const NO_EXITS: Exits = { forward: 0, back: 0, lost: 0, won: 0 };

export interface AnalysedBar extends Bar, StandingHere {
  /** Within H: to any higher bar or the win, and to the win. */
  readonly toNext: ShownShare;
  readonly toWin: ShownShare;
  readonly medianHoursToWin: string | null;
  /** The deals won from here by T, whose median it is. */
  readonly medianHoursToWinSample: SampleSize;
  /** Of the stays that ended forward, back or lost in the period, those that ended so; those that ended won, apart. */
  readonly exits: Readonly<Record<(typeof EXITS)[number], ShownShare>> & { readonly won: number };
  /** Wins that would be gained if everybody went on from here; null where nobody passed. */
  readonly winsLost: string | null;
}

export interface AnalysisAnswer extends Answer<AnalysisParams> {
  readonly bars: readonly AnalysedBar[];
  /** The open deals that stand at no bar: with those of the bars they are all that is open at T. */
  readonly offBars: readonly StandingOffBars[];
  /** The bar that costs most wins; null if none costs any. */
  readonly bottleneck: string | null;
  readonly potentialKopecks: number;
  readonly withoutAmount: number;
  readonly withoutConversion: number;
  readonly forecast: {
    readonly kopecks: number;
    readonly signedKopecks: number;
    readonly expectedKopecks: number;
    readonly expected: number;
    readonly later: number;
    readonly overdue: number;
    readonly unknown: number;
  };
  /** Kopecks per calendar day; null if nothing was won in the period. */
  readonly velocityKopecksPerDay: number | null;
  /** What it is made of: deals open at the end, won and closed; its means are of those won. */
  readonly velocitySample: SampleSize & { readonly open: number; readonly closed: number };
  readonly winRate: ShownShare;
  /** The most frequent first. */
  readonly losses: readonly LossAt[];
  /** Where deals went back to, from where: the most frequent first. */
  readonly returns: readonly ReturnFrom[];
  /** Open deals at T by how long they have been open. */
  readonly ageing: readonly { readonly days: string; readonly deals: number }[];
}

/**
 * Where a funnel loses: conversions with their samples, exits, losses, what stands, and what should come of it.
 * @throws DomainError ROUTE_MAP_NOT_FOUND
 */
export async function funnelAnalysis(context: QueryContext, params: AnalysisParams): Promise<AnalysisAnswer> {
  const { routeMap, filters = {} } = params;
  const facts = await counted(context, params);
  const { bars, period, slice, open, closed, least } = facts;
  const exits = new Map((await exitsIn(context, { routeMap, filters, period })).map(({ step, ...how }) => [step, how]));
  const openAtEnd = await openAtEndOf(context, period, { routeMap, filters });
  const potential = standingPotential(facts);
  const costs = bottleneckOf(
    bars.map(({ step }) => {
      const { reached, forward, forwardWon } = slice.get(step) ?? NO_COURSE;
      return { step, reached, forward, won: forwardWon };
    }),
    least,
  );
  return {
    ...answerHead(context, params, true),
    bars: bars.map((bar) =>
      barOf(bar, { facts, potential, exits, lost: costs.bars.find(({ step }) => step === bar.step)?.winsLost ?? null }),
    ),
    offBars: shownOffBars(potential, facts),
    bottleneck: costs.bottleneck?.step ?? null,
    potentialKopecks: kopecks(potential.kopecks),
    withoutAmount: Number(potential.withoutAmount),
    withoutConversion: Number(potential.withoutConversion),
    forecast: shownForecast(forecastOf(period, facts.signedKopecks, forecastDeals(facts, potential))),
    velocityKopecksPerDay: rounded(salesVelocity({ ...closed, open: openAtEnd })),
    velocitySample: {
      ...shownSize(closed.won, least),
      open: Number(openAtEnd),
      closed: Number(closed.won + closed.lost),
    },
    winRate: shownShare(winRateOf(closed.won, closed.lost), least),
    losses: await lossesIn(context, { routeMap, filters, period }),
    returns: await returnsIn(context, { routeMap, filters, period }),
    ageing: ageingOf(open, context.at),
  };
}

function barOf(
  bar: Bar,
  {
    facts,
    potential,
    exits,
    lost,
  }: {
    readonly facts: Counted;
    readonly potential: Potential;
    readonly exits: ReadonlyMap<string, Exits>;
    readonly lost: Fraction | null;
  },
): AnalysedBar {
  const { reached, forward, won, medianLagMs, lags } = facts.slice.get(bar.step) ?? NO_COURSE;
  return {
    ...bar,
    toNext: shownShare(ratio(forward, reached), facts.least),
    toWin: shownShare(ratio(won, reached), facts.least),
    medianHoursToWin: medianLagMs === null ? null : fractionToDecimal({ n: medianLagMs, d: 3_600_000n }, 2),
    medianHoursToWinSample: shownSize(lags, facts.least),
    exits: exitsOf(exits.get(bar.step) ?? NO_EXITS, facts.least),
    ...shownAt(potential, bar.step, facts.least),
    winsLost: lost === null ? null : fractionToDecimal(lost, 2),
  };
}

function exitsOf(exits: Exits, least: bigint): AnalysedBar['exits'] {
  const all = EXITS.reduce((sum, how) => sum + exits[how], 0);
  const share = (how: (typeof EXITS)[number]): ShownShare => shownShare(ratio(exits[how], all), least);
  return { forward: share('forward'), back: share('back'), lost: share('lost'), won: exits.won };
}

function shownForecast({
  kopecks: sum,
  signedKopecks,
  expectedKopecks,
  deals,
  unknown,
}: Forecast): AnalysisAnswer['forecast'] {
  return {
    kopecks: kopecks(sum),
    signedKopecks: kopecks(signedKopecks),
    expectedKopecks: kopecks(expectedKopecks),
    ...deals,
    unknown,
  };
}

const AGES = [30, 60, 90, 180, 365] as const;
const DAY_MS = 86_400_000;

function ageingOf(open: readonly OpenDeal[], at: string): AnalysisAnswer['ageing'] {
  const days = open.map(({ openedAt }) => Math.floor((Date.parse(at) - Date.parse(openedAt)) / DAY_MS));
  const bounds = [0, ...AGES];
  return bounds.map((from, index) => {
    const to = bounds[index + 1];
    const deals = days.filter((age) => age >= from && (to === undefined || age < to)).length;
    return { days: to === undefined ? `${from}+` : `${from}–${to - 1}`, deals };
  });
}
