import {
  ceilFraction,
  divideFractions,
  type Fraction,
  fraction,
  multiplyFractions,
  refuse,
  subtractFractions,
} from '@voronka/kernel';
import { type Ratio, valueOf } from './ratio.js';
import { type Sample, sampleOf, SMALL_SAMPLE } from './sample.js';

/** A bar of the funnel, as the decomposition of a goal sees it. */
export interface GoalBar {
  readonly step: string;
  /** Matured conversion to the next bar; of the last bar, to the win. */
  readonly conversion: Ratio;
  /** Deals that stand exactly here and can still make it in the period (`canStillMakeIt`). */
  readonly standing: bigint;
}

export interface Goal {
  /** Wins to be reached in the period. */
  readonly wins: bigint;
  /** Wins that are signed in the period already. */
  readonly signed: bigint;
  /** From the entry to the last bar. */
  readonly bars: readonly GoalBar[];
  /** Smallest sample a conversion may rest on; 30 unless it is said. */
  readonly minimumSample?: bigint;
}

export interface NeededAtBar extends GoalBar {
  /** Deals that must still come to this bar, besides those standing on it. Never negative. */
  readonly needed: bigint;
  /** What those standing here should bring to the next bar. */
  readonly expected: Fraction;
  readonly sample: Sample;
}

export interface Decomposition {
  /** Wins that are still missing. */
  readonly missing: bigint;
  /** In the order of the bars. */
  readonly bars: readonly NeededAtBar[];
}

/**
 * How much work a goal takes. What is signed is taken off the goal; then, from the last bar to the entry,
 * needₖ = ⌈(needₖ₊₁ − standingₖ × conversionₖ) ÷ conversionₖ⌉, and 0 where that is negative: those who stand at a bar
 * bring their part, the rest must still come to it.
 * @throws DomainError `DECOMPOSITION_SAMPLE_TOO_SMALL` naming every bar with too small a sample,
 * `DECOMPOSITION_IMPOSSIBLE` naming the bar that nobody has ever passed.
 */
export function decompose({ wins, signed, bars, minimumSample = SMALL_SAMPLE }: Goal): Decomposition {
  assertSamples(bars, minimumSample);
  const missing = wins > signed ? wins - signed : 0n;
  const found: NeededAtBar[] = [];
  let next = missing;
  for (const bar of bars.toReversed()) {
    const conversion = valueOf(bar.conversion) ?? fraction(0n);
    const expected = multiplyFractions(fraction(bar.standing), conversion);
    const needed = neededAt(bar.step, subtractFractions(fraction(next), expected), conversion);
    found.push({ ...bar, needed, expected, sample: sampleOf(bar.conversion, minimumSample) });
    next = needed;
  }
  return { missing, bars: found.reverse() };
}

function neededAt(step: string, open: Fraction, conversion: Fraction): bigint {
  if (open.n <= 0n) return 0n;
  if (conversion.n === 0n) {
    throw refuse.rule(
      'DECOMPOSITION_IMPOSSIBLE',
      'nobody has passed this bar yet: take a longer period to learn from',
      {
        step,
      },
    );
  }
  return ceilFraction(divideFractions(open, conversion));
}

function assertSamples(bars: readonly GoalBar[], minimumSample: bigint): void {
  const small = bars.filter(({ conversion }) => conversion.denominator < minimumSample);
  if (small.length === 0) return;
  throw refuse.rule(
    'DECOMPOSITION_SAMPLE_TOO_SMALL',
    'take a longer period or a wider slice, or lower the minimum knowing what that means',
    {
      minimumSample: Number(minimumSample),
      bars: small.map(({ step, conversion }) => ({ step, sample: Number(conversion.denominator) })),
    },
  );
}

/**
 * How many wins an amount takes, at the mean amount of a win (amount ÷ number).
 * @throws DomainError `DECOMPOSITION_IMPOSSIBLE` if nothing was won, or for nothing.
 */
export function winsForAmount(amountKopecks: bigint, mean: Ratio): bigint {
  const value = valueOf(mean);
  if (value === null || value.n <= 0n) {
    throw refuse.rule(
      'DECOMPOSITION_IMPOSSIBLE',
      'no win brought anything yet: take a longer period, or give the goal by wins',
    );
  }
  return amountKopecks <= 0n ? 0n : ceilFraction(divideFractions(fraction(amountKopecks), value));
}
