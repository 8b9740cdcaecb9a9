import { addFractions, type Fraction, fraction, multiplyFractions, roundFraction } from '@voronka/kernel';
import { type Ratio, valueOf } from './ratio.js';
import { type Sample, sampleOf, SMALL_SAMPLE } from './sample.js';

/** Open deals that stand at one position. */
export interface StandingDeals {
  /** Code of the last ranked step done; null before the first. */
  readonly position: string | null;
  readonly deals: bigint;
  /** Deals that nobody expects an amount of; they bring nothing to the sum and are shown apart. */
  readonly withoutAmount: bigint;
  /** Sum of what the others are expected to bring. */
  readonly expectedKopecks: bigint;
  /** Matured cohort conversion from here to the win: of the slice asked for, and of the company. */
  readonly conversion: { readonly slice: Ratio; readonly company: Ratio };
}

export interface PotentialPart {
  readonly position: string | null;
  readonly deals: bigint;
  readonly withoutAmount: bigint;
  readonly expectedKopecks: bigint;
  /** The conversion that was taken. */
  readonly conversion: Ratio;
  readonly of: 'slice' | 'company';
  readonly sample: Sample;
  /** Exact; null where no deal ever matured from here, so nothing can be said. */
  readonly kopecks: Fraction | null;
}

export interface Potential {
  /** Rounded once, half-up. */
  readonly kopecks: bigint;
  readonly parts: readonly PotentialPart[];
  readonly withoutAmount: bigint;
  /** Deals at positions without any matured conversion: they are not in the sum. */
  readonly withoutConversion: bigint;
}

/**
 * What the open deals should bring: Σ expected amount × matured conversion from their position to the win. The slice's
 * own conversion is taken if its sample has at least `least` deals, else the company's.
 */
export function potentialOf(standing: readonly StandingDeals[], least: bigint = SMALL_SAMPLE): Potential {
  const parts = standing.map((deals) => partOf(deals, least));
  const sum = parts.reduce((total, { kopecks }) => addFractions(total, kopecks ?? fraction(0n)), fraction(0n));
  const count = (of: readonly PotentialPart[], field: 'deals' | 'withoutAmount') =>
    of.reduce((total, part) => total + part[field], 0n);
  return {
    kopecks: roundFraction(sum),
    parts,
    withoutAmount: count(parts, 'withoutAmount'),
    withoutConversion: count(
      parts.filter(({ kopecks }) => kopecks === null),
      'deals',
    ),
  };
}

function partOf({ conversion, ...standing }: StandingDeals, least: bigint): PotentialPart {
  const of = conversion.slice.denominator >= least && conversion.slice.denominator > 0n ? 'slice' : 'company';
  const taken = conversion[of];
  const value = valueOf(taken);
  return {
    ...standing,
    conversion: taken,
    of,
    sample: sampleOf(taken, least),
    kopecks: value === null ? null : multiplyFractions(fraction(standing.expectedKopecks), value),
  };
}
