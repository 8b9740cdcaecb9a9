import {
  addFractions,
  compareFractions,
  type Fraction,
  fraction,
  multiplyFractions,
  subtractFractions,
} from '@voronka/kernel';
import type { Bracket, Payout } from '../pay-regulation/pay-regulation.document.js';
import { type Fulfilment, fractionText, reaches } from './quantity.js';

/** One line of the arithmetic; numbers are exact (fractions as text), money in kopecks. */
export type PayStep =
  | { readonly step: 'perUnit'; readonly units: string; readonly kopecks: number; readonly gives: string }
  | { readonly step: 'percent'; readonly amount: string; readonly bps: number; readonly gives: string }
  | { readonly step: 'fixed'; readonly kopecks: number; readonly share: string; readonly gives: string }
  | { readonly step: 'bracket'; readonly from: string; readonly to: string | null; readonly value: number }
  | { readonly step: 'belowFirstBracket'; readonly from: string }
  | { readonly step: 'sum'; readonly gives: string }
  | { readonly step: 'rounded'; readonly kopecks: number }
  | { readonly step: 'floor' | 'cap'; readonly kopecks: number };

export interface PayoutQuestion {
  /** In the smallest unit of the indicator: kopecks, or ones. */
  readonly actual: Fraction;
  /** In the same unit; null: there is no plan. */
  readonly target: Fraction | null;
  readonly fulfilment: Fulfilment | null;
  /** Of the period's working days, those the employee was there. */
  readonly presence: Fraction;
}

export interface PayoutResult {
  /** Kopecks, not rounded. */
  readonly kopecks: Fraction;
  readonly steps: readonly PayStep[];
}

const NOTHING = fraction(0n);

/** Does the payout ask for a plan, besides what gates ask for? */
export function needsPlan(payout: Payout): boolean {
  return payout.kind === 'tiers' && payout.by === 'fulfilment';
}

/** What a rule pays before floor and cap, exactly. @throws {TypeError} if a plan is needed and there is none */
export function payoutOf(payout: Payout, question: PayoutQuestion): PayoutResult {
  switch (payout.kind) {
    case 'perUnit':
      return one(perUnit(question.actual, payout.kopecks));
    case 'percentOfAmount':
      return one(percent(question.actual, payout.bps));
    case 'fixed':
      return one(fixed(payout.kopecks, payout.prorated ? question.presence : fraction(1n)));
    case 'tiers':
      return payout.mode === 'slab' ? slab(payout, question) : marginal(payout, question);
    default:
      return payout satisfies never;
  }
}

type Counted = readonly [Fraction, PayStep];
type Tiers = Extract<Payout, { kind: 'tiers' }>;

function one([kopecks, step]: Counted): PayoutResult {
  return { kopecks, steps: [step] };
}

function perUnit(units: Fraction, kopecks: number): Counted {
  const gives = multiplyFractions(units, fraction(BigInt(kopecks)));
  return [gives, { step: 'perUnit', units: fractionText(units), kopecks, gives: fractionText(gives) }];
}

function percent(amount: Fraction, bps: number): Counted {
  const gives = multiplyFractions(amount, fraction(BigInt(bps), 10_000n));
  return [gives, { step: 'percent', amount: fractionText(amount), bps, gives: fractionText(gives) }];
}

function fixed(kopecks: number, share: Fraction): Counted {
  const gives = multiplyFractions(fraction(BigInt(kopecks)), share);
  return [gives, { step: 'fixed', kopecks, share: fractionText(share), gives: fractionText(gives) }];
}

function paid(pays: Tiers['pays'], part: Fraction, value: number): Counted {
  if (pays === 'perUnit') return perUnit(part, value);
  return pays === 'percent' ? percent(part, value) : fixed(value, fraction(1n));
}

function bracketStep({ from, to, value }: Bracket): PayStep {
  return { step: 'bracket', from: String(from), to: to === null ? null : String(to), value };
}

function slab({ by, pays, brackets }: Tiers, { actual, fulfilment }: PayoutQuestion): PayoutResult {
  const reached = brackets.findLast(({ from }) =>
    by === 'actual' ? compareFractions(actual, fraction(BigInt(from))) >= 0 : reaches(planned(fulfilment), from),
  );
  if (reached === undefined) return belowFirst(brackets);
  const [kopecks, step] = paid(pays, actual, reached.value);
  return { kopecks, steps: [bracketStep(reached), step] };
}

function belowFirst([first]: readonly Bracket[]): PayoutResult {
  return { kopecks: NOTHING, steps: [{ step: 'belowFirstBracket', from: String(first?.from ?? 0) }] };
}

function planned<T>(value: T | null): T {
  if (value === null) throw new TypeError('tiers by fulfilment need a plan');
  return value;
}

/** Each part of the actual at its own rate; bounds of fulfilment stand at that share of the plan. */
function marginal({ by, pays, brackets }: Tiers, { actual, target }: PayoutQuestion): PayoutResult {
  const bound = (at: number): Fraction =>
    by === 'actual' ? fraction(BigInt(at)) : multiplyFractions(planned(target), fraction(BigInt(at), 10_000n));
  let kopecks = NOTHING;
  const steps: PayStep[] = [];
  for (const bracket of brackets) {
    const low = bound(bracket.from);
    // A bracket is entered at its bound; a part of no size pays only what is fixed.
    if (compareFractions(actual, low) < 0) break;
    const high = bracket.to === null ? actual : smaller(actual, bound(bracket.to));
    const part = subtractFractions(high, low);
    if (part.n === 0n && pays !== 'fixed') break;
    const [gives, step] = paid(pays, part, bracket.value);
    kopecks = addFractions(kopecks, gives);
    const to = bracket.to === null ? null : fractionText(bound(bracket.to));
    steps.push({ step: 'bracket', from: fractionText(low), to, value: bracket.value }, step);
  }
  if (steps.length === 0) return belowFirst(brackets);
  return { kopecks, steps: steps.length > 2 ? [...steps, { step: 'sum', gives: fractionText(kopecks) }] : steps };
}

function smaller(a: Fraction, b: Fraction): Fraction {
  return compareFractions(a, b) <= 0 ? a : b;
}
