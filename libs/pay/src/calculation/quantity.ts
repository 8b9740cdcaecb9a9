import { compareFractions, divideFractions, type Fraction, fraction } from '@voronka/kernel';

/** A fraction as text: `40`, `895/21`. */
export function fractionText({ n, d }: Fraction): string {
  return d === 1n ? String(n) : `${n}/${d}`;
}

/** Reads what `fractionText` writes. @throws {RangeError} for any other text */
export function fractionFrom(text: string): Fraction {
  const match = /^(-?\d+)(?:\/(\d+))?$/.exec(text);
  if (match === null) throw new RangeError(`not a fraction: ${text}`);
  return fraction(BigInt(match[1] ?? '0'), BigInt(match[2] ?? '1'));
}

/** How far a plan is fulfilled; without bound where less is better and nothing was counted. */
export type Fulfilment = Fraction | 'unbounded';

/** Is it a plan? One of 0 is none, except where less is better. */
export function isPlan(target: Fraction | null, better: 'higher' | 'lower'): target is Fraction {
  return target !== null && (better === 'lower' || target.n > 0n);
}

/**
 * actual ÷ plan; where less is better, plan ÷ actual. Null: there is no plan. A plan of 0 is one only where less is
 * better: then nothing counted is all fulfilled, anything else not at all.
 */
export function fulfilmentOf(actual: Fraction, target: Fraction | null, better: 'higher' | 'lower'): Fulfilment | null {
  if (!isPlan(target, better)) return null;
  if (better === 'higher') return divideFractions(actual, target);
  if (actual.n === 0n) return target.n === 0n ? fraction(1n) : 'unbounded';
  return divideFractions(target, actual);
}

/** Is the fulfilment at least so many basis points? By cross-multiplication, so 99.999… never passes for 100. */
export function reaches(fulfilment: Fulfilment, bps: number | bigint): boolean {
  return fulfilment === 'unbounded' || compareFractions(fulfilment, fraction(BigInt(bps), 10_000n)) >= 0;
}
