import { type Fraction, fractionToDecimal, roundFraction } from '@voronka/kernel';
import {
  bottleneckOf,
  type Forecast,
  type ForecastDeal,
  forecastOf,
  type Potential,
  potentialOf,
  ratio,
  type Ratio,
  salesVelocity,
  winRateOf,
} from '@voronka/pay/figures';
import { answerHead, type Answer, type QueryContext } from '../context.js';
import { kopecks } from '../ratio.js';
import type { Bar } from '../route-map.js';
import { type AnalysisParams, type Counted, counted, NO_COURSE } from './counted.js';
import { openAtEndOf, type OpenDeal, type OpenedCourse } from './course-counts.js';
import { type ExitsFrom, exitsIn, type LossAt, lossesIn } from './period-counts.js';
import { rounded, type ShownShare, shownShare } from './shown.js';

type Exits = Omit<ExitsFrom, 'step'>;
const NO_EXITS: Exits = { forward: 0, back: 0, lost: 0, won: 0 };

export interface AnalysedBar extends Bar {
  /** Within H: to any higher bar or the win, and to the win. */
  readonly toNext: ShownShare;
  readonly toWin: ShownShare;
  readonly medianHoursToWin: string | null;
  /** Stays that ended in the period: of all of them, those that ended forward, back, lost, won. */
  readonly exits: Readonly<Record<keyof Exits, ShownShare>>;
  /** Open deals that stand here at T. */
  readonly standing: { readonly deals: number; readonly withoutAmount: number; readonly expectedKopecks: number };
  readonly potentialKopecks: number | null;
  /** Whether the conversion behind the potential is the slice's own. */
  readonly potentialOf: 'slice' | 'company';
  /** Wins that would be gained if everybody went on from here; null where nobody passed. */
  readonly winsLost: string | null;
}

export interface AnalysisAnswer extends Answer<AnalysisParams> {
  readonly bars: readonly AnalysedBar[];
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
  readonly winRate: ShownShare;
  /** The most frequent first. */
  readonly losses: readonly LossAt[];
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
  const potential = potentialOf(standingOf(facts), least);
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
    bottleneck: costs.bottleneck?.step ?? null,
    potentialKopecks: kopecks(potential.kopecks),
    withoutAmount: Number(potential.withoutAmount),
    withoutConversion: Number(potential.withoutConversion),
    forecast: shownForecast(forecastOf(period, facts.signedKopecks, forecastDeals(facts))),
    velocityKopecksPerDay: rounded(salesVelocity({ ...closed, open: openAtEnd })),
    winRate: shownShare(winRateOf(closed.won, closed.lost), least),
    losses: await lossesIn(context, { routeMap, filters, period }),
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
  const { reached, forward, won, medianLagMs } = facts.slice.get(bar.step) ?? NO_COURSE;
  return {
    ...bar,
    toNext: shownShare(ratio(forward, reached), facts.least),
    toWin: shownShare(ratio(won, reached), facts.least),
    medianHoursToWin: medianLagMs === null ? null : fractionToDecimal({ n: medianLagMs, d: 3_600_000n }, 2),
    exits: exitsOf(exits.get(bar.step) ?? NO_EXITS, facts.least),
    ...standingAt(potential, bar.step),
    winsLost: lost === null ? null : fractionToDecimal(lost, 2),
  };
}

function exitsOf(exits: Exits, least: bigint): AnalysedBar['exits'] {
  const { forward, back, lost, won } = exits;
  const share = (ended: number): ShownShare => shownShare(ratio(ended, forward + back + lost + won), least);
  return { forward: share(forward), back: share(back), lost: share(lost), won: share(won) };
}

function standingAt({ parts }: Potential, step: string) {
  const part = parts.find(({ position }) => position === step);
  if (part === undefined) throw new TypeError(`no open deals were counted at ${step}`);
  const { deals, withoutAmount, expectedKopecks, kopecks: worth, of } = part;
  return {
    standing: {
      deals: Number(deals),
      withoutAmount: Number(withoutAmount),
      expectedKopecks: kopecks(expectedKopecks),
    },
    potentialKopecks: rounded(worth),
    potentialOf: of,
  };
}

/** What became of the deals that came to a bar, or, before the first one, of those that were opened. */
function courseFrom(facts: Counted, of: 'slice' | 'company', position: string | null): OpenedCourse {
  return position === null ? facts.opened[of] : (facts[of].get(position) ?? NO_COURSE);
}

function standingOf(facts: Counted) {
  const { bars, open } = facts;
  const positions: readonly (string | null)[] = [null, ...bars.map(({ step }) => step)];
  return positions.map((position) => {
    const of = (which: 'slice' | 'company'): Ratio => {
      const { won, reached } = courseFrom(facts, which, position);
      return ratio(won, reached);
    };
    const here = open.filter((deal) => deal.step === position);
    const withAmount = here.flatMap(({ expectedKopecks }) => (expectedKopecks === null ? [] : [expectedKopecks]));
    return {
      position,
      deals: BigInt(here.length),
      withoutAmount: BigInt(here.length - withAmount.length),
      expectedKopecks: withAmount.reduce((sum, amount) => sum + amount, 0n),
      conversion: { slice: of('slice'), company: of('company') },
    };
  });
}

function forecastDeals(facts: Counted): readonly ForecastDeal[] {
  return facts.open.map(({ step, since, expectedKopecks }) => {
    const own = courseFrom(facts, 'slice', step);
    const { won, reached, medianLagMs } = own.reached >= facts.least ? own : courseFrom(facts, 'company', step);
    const isKnown = expectedKopecks !== null && reached > 0n;
    const potentialKopecks = isKnown ? roundFraction({ n: expectedKopecks * won, d: reached }) : null;
    return { reachedAt: since, medianLagMs, potentialKopecks };
  });
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
