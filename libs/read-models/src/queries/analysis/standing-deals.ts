import { roundFraction } from '@voronka/kernel';
import {
  type ForecastDeal,
  type Potential,
  type PotentialPart,
  potentialOf,
  ratio,
  type StandingDeals,
} from '@voronka/pay/figures';
import { kopecks } from '../ratio.js';
import { type Counted, NO_COURSE } from './counted.js';
import type { OpenedCourse } from './course-counts.js';
import { rounded, type ShownShare, shownShare } from './shown.js';

/** Open deals that stand at one place at T, and what should come of them. */
export interface StandingHere {
  readonly standing: { readonly deals: number; readonly withoutAmount: number; readonly expectedKopecks: number };
  readonly potentialKopecks: number | null;
  /** Whether the conversion behind the potential is the slice's own. */
  readonly potentialOf: 'slice' | 'company';
  /** That conversion, from here to the win, with the sample it rests on. */
  readonly potentialConversion: ShownShare;
}

/** Deals that stand at no bar. */
export interface StandingOffBars extends StandingHere {
  /** Null: before the first bar; else a step that the newest version ranks no more. */
  readonly step: string | null;
}

/** What should come of the open deals, place by place: before the first bar, at the bars, and at what is one no more. */
export function standingPotential(facts: Counted): Potential {
  const { bars, open, least } = facts;
  const places = new Set<string | null>([null, ...bars.map(({ step }) => step), ...open.map(({ step }) => step)]);
  return potentialOf(
    [...places].map((place) => standingAt(facts, place)),
    least,
  );
}

function standingAt(facts: Counted, position: string | null): StandingDeals {
  const of = (which: 'slice' | 'company') => {
    const { won, reached } = courseFrom(facts, which, position);
    return ratio(won, reached);
  };
  const here = facts.open.filter((deal) => deal.step === position);
  const withAmount = here.flatMap(({ expectedKopecks }) => (expectedKopecks === null ? [] : [expectedKopecks]));
  return {
    position,
    deals: BigInt(here.length),
    withoutAmount: BigInt(here.length - withAmount.length),
    expectedKopecks: withAmount.reduce((sum, amount) => sum + amount, 0n),
    conversion: { slice: of('slice'), company: of('company') },
  };
}

/** What became of the deals that came to a bar, or, before the first one, of those that were opened. */
function courseFrom(facts: Counted, of: 'slice' | 'company', position: string | null): OpenedCourse {
  return position === null ? facts.opened[of] : (facts[of].get(position) ?? NO_COURSE);
}

export function shownAt(potential: Potential, step: string | null, least: bigint): StandingHere {
  return shownPart(partAt(potential, step), least);
}

/** Rows that make those of the bars add up to all that is open: before the first bar always, the others where any stand. */
export function shownOffBars(
  { parts }: Potential,
  { bars, least }: Pick<Counted, 'bars' | 'least'>,
): readonly StandingOffBars[] {
  const elsewhere = parts.filter(({ position }) => !bars.some(({ step }) => step === position));
  return elsewhere.map((part) => ({ step: part.position, ...shownPart(part, least) }));
}

function shownPart(
  { deals, withoutAmount, expectedKopecks, kopecks: worth, of, conversion }: PotentialPart,
  least: bigint,
): StandingHere {
  return {
    standing: {
      deals: Number(deals),
      withoutAmount: Number(withoutAmount),
      expectedKopecks: kopecks(expectedKopecks),
    },
    potentialKopecks: rounded(worth),
    potentialOf: of,
    potentialConversion: shownShare(conversion, least),
  };
}

function partAt({ parts }: Potential, step: string | null): PotentialPart {
  const part = parts.find(({ position }) => position === step);
  if (part === undefined) throw new TypeError(`no open deals were counted at ${step}`);
  return part;
}

/** The open deals as a forecast takes them, each by the conversion that its potential goes by. */
export function forecastDeals(facts: Counted, potential: Potential): readonly ForecastDeal[] {
  return facts.open.map(({ step, since, expectedKopecks }) => {
    const { won, reached, medianLagMs } = courseFrom(facts, partAt(potential, step).of, step);
    const isKnown = expectedKopecks !== null && reached > 0n;
    const potentialKopecks = isKnown ? roundFraction({ n: expectedKopecks * won, d: reached }) : null;
    return { reachedAt: since, medianLagMs, potentialKopecks };
  });
}
