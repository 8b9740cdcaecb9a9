import { fraction, fractionToDecimal, type Fraction } from '@voronka/kernel';
import { type IndicatorDocument, partsOfOne, type Unit } from '@voronka/pay/events';
import { MEDIAN, P90, percentile, ratio, type Sample, sampleOf, valueOf } from '@voronka/pay/figures';
import { kopecks } from '../ratio.js';
import type { Tally } from './tallies.js';

/** A figure at one place. */
export interface IndicatorFigure {
  /** Counts and kopecks as integers, counts by shares as decimals with four places, percent, ratios and hours as decimals with two places; null if undefined. */
  readonly value: number | string | null;
  /** What was counted, for quotients. */
  readonly numerator: number | null;
  readonly denominator: number | null;
  /** What may yet count: deals whose time has not passed. */
  readonly pending: number | null;
  /** How many cases it rests on, for shares and times; null for counts and sums, which rest on everything. */
  readonly sample: {
    readonly size: number;
    readonly small: boolean;
    readonly lower: string | null;
    readonly upper: string | null;
  } | null;
}

const EMPTY: Tally = { num: 0n, den: null, pen: 0n, times: [] };
const MS_PER_HOUR = 3_600_000n;

/** Shows a tally as its definition says; nothing counted is zero for counts and sums, undefined for the others. */
export function figureOf(definition: IndicatorDocument, tally: Tally = EMPTY): IndicatorFigure {
  if (definition.measure === 'time') return timeOf(definition.statistic, tally);
  if (isQuotient(definition)) return quotientOf(definition, tally);
  const parts = partsOfOne(definition);
  const whole = definition.unit === 'kopecks' ? kopecks(tally.num) : Number(tally.num);
  const value = parts === 1n ? whole : fractionToDecimal(fraction(tally.num, parts), 4);
  return { value, numerator: null, denominator: null, pending: null, sample: null };
}

function isQuotient({ measure }: IndicatorDocument): boolean {
  return measure === 'ratio' || measure === 'conversion' || measure === 'winRate' || measure === 'timeliness';
}

function quotientOf(definition: IndicatorDocument, { num, den, pen }: Tally): IndicatorFigure {
  const of = ratio(num, den ?? 0n);
  const value = valueOf(of);
  const isCohort = definition.measure === 'conversion' && definition.conversion === 'cohort';
  return {
    value: value === null ? null : shown(value, definition.unit),
    numerator: kopecks(num),
    denominator: kopecks(den ?? 0n),
    pending: isCohort ? Number(pen) : null,
    sample: isCounted(definition) ? sampleShown(sampleOf(of)) : null,
  };
}

/** Shares of cases have a sample; a quotient of sums of money has none. */
function isCounted(definition: IndicatorDocument): boolean {
  if (definition.measure === 'winRate') return definition.weigh === 'count';
  return definition.measure === 'conversion' || definition.measure === 'timeliness';
}

function shown(value: Fraction, unit: Unit): number | string {
  if (unit === 'kopecks') return Number(fractionToDecimal(value, 0));
  return fractionToDecimal(unit === 'percent' ? { n: value.n * 100n, d: value.d } : value, 2);
}

function timeOf(statistic: 'median' | 'p90', { times }: Tally): IndicatorFigure {
  const found = percentile(times, statistic === 'median' ? MEDIAN : P90);
  const value = found === null ? null : fractionToDecimal(fraction(found.n, found.d * MS_PER_HOUR), 2);
  const sample = sampleShown({ ...sampleOf(ratio(0, times.length)), interval: null });
  return { value, numerator: null, denominator: null, pending: null, sample };
}

function sampleShown({ size, small, interval }: Sample): IndicatorFigure['sample'] {
  const percent = ({ n, d }: Fraction): string => fractionToDecimal({ n: n * 100n, d }, 2);
  return {
    size: Number(size),
    small,
    lower: interval === null ? null : percent(interval.lower),
    upper: interval === null ? null : percent(interval.upper),
  };
}
