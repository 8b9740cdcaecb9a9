import { type Fraction, fraction, fractionToDecimal } from '@voronka/kernel';

/** A share or a quotient of counted things, kept as it was counted: the denominator is the sample. Never reduced. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export function ratio(numerator: bigint | number, denominator: bigint | number): Ratio {
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
}

/** The ratio of the whole from the ratios of its parts: numerators and denominators are added, nothing is averaged. */
export function pooled(parts: Iterable<Ratio>): Ratio {
  let [numerator, denominator] = [0n, 0n];
  for (const part of parts) {
    numerator += part.numerator;
    denominator += part.denominator;
  }
  return { numerator, denominator };
}

/** Its value; null where the denominator is 0. */
export function valueOf({ numerator, denominator }: Ratio): Fraction | null {
  return denominator === 0n ? null : fraction(numerator, denominator);
}

/** In percent, for showing: `percentText({ 1, 3 })` is `33.33`; null where the denominator is 0. */
export function percentText(of: Ratio, places = 2): string | null {
  const value = valueOf(of);
  return value === null ? null : fractionToDecimal({ n: value.n * 100n, d: value.d }, places);
}
