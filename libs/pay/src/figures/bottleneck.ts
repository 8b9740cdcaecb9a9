import { compareFractions, type Fraction, fraction, multiplyFractions, subtractFractions } from '@voronka/kernel';
import { type Ratio, ratio, valueOf } from './ratio.js';
import { type Sample, sampleOf, SMALL_SAMPLE } from './sample.js';

/** What became of the deals that reached a bar; only deals whose fate is settled or whose horizon has passed. */
export interface PassedBar {
  readonly step: string;
  readonly reached: bigint;
  /** Of those, deals that reached the next bar; of the last bar, deals that were won. */
  readonly forward: bigint;
  /** Of those that went forward, deals that were won in the end. */
  readonly won: bigint;
  /** The conversion it is held against, such as the company's or last year's; all, unless it is said. */
  readonly reference?: Ratio;
}

export interface BarCost {
  readonly step: string;
  readonly conversion: Ratio;
  readonly sample: Sample;
  /** Wins that this bar costs. Null where nobody passed it: nothing tells how they would have fared. */
  readonly winsLost: Fraction | null;
}

export interface Bottleneck {
  readonly bars: readonly BarCost[];
  /** The bar that costs most wins, of equal ones the earlier; null if no bar costs any. */
  readonly bottleneck: BarCost | null;
}

/**
 * Where wins are lost. A bar costs the wins that would be gained if its conversion were the reference and nothing else
 * changed: (reference × reached − forward) deals more would have gone forward, and would have been won as often as
 * those that did, won ÷ forward. Without a reference everyone is taken to go forward, so the figure is an upper bound:
 * all that could be gained here. Costs of different bars do not add up, since each assumes the others as they are.
 * A bar that deals reached and none passed is the bottleneck whatever the others cost, since behind it nothing is ever
 * won; but only if its sample is not small: a deal or two that stopped at a bar say little of it. Else the bar that costs
 * most wins is; where none costs any, a closed bar of a small sample.
 */
export function bottleneckOf(bars: readonly PassedBar[], least: bigint = SMALL_SAMPLE): Bottleneck {
  const costs = bars.map((bar) => ({
    step: bar.step,
    conversion: ratio(bar.forward, bar.reached),
    sample: sampleOf(ratio(bar.forward, bar.reached), least),
    winsLost: winsLostAt(bar),
  }));
  const closed = costs.filter(({ winsLost, sample }) => winsLost === null && sample.size > 0n);
  const surely = closed.find(({ sample }) => !sample.small);
  return { bars: costs, bottleneck: surely ?? costliest(costs) ?? closed[0] ?? null };
}

const NOTHING = fraction(0n);

function winsLostAt({ reached, forward, won, reference }: PassedBar): Fraction | null {
  if (forward === 0n) return null;
  const asked = reference === undefined ? fraction(1n) : valueOf(reference);
  if (asked === null) return NOTHING;
  const more = subtractFractions(multiplyFractions(asked, fraction(reached)), fraction(forward));
  return more.n <= 0n ? NOTHING : multiplyFractions(more, fraction(won, forward));
}

function costliest(costs: readonly BarCost[]): BarCost | null {
  return costs.reduce<BarCost | null>((worst, cost) => {
    if (cost.winsLost === null || cost.winsLost.n === 0n) return worst;
    return compareFractions(cost.winsLost, worst?.winsLost ?? NOTHING) > 0 ? cost : worst;
  }, null);
}
