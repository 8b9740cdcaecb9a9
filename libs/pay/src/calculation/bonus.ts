import { type Fraction, roundFraction, toKopecksNumber } from '@voronka/kernel';
import type { Unit } from '../indicator/indicator.document.js';
import type { Gate, PayGrain, RegulationDocument, Rule, Scope } from '../pay-regulation/pay-regulation.document.js';
import { needsPlan, payoutOf, type PayStep } from './payout.js';
import { type Fulfilment, fractionText, fulfilmentOf, isPlan, reaches } from './quantity.js';

/** What was counted for somebody, by one definition. */
export interface Actual {
  /** In the smallest unit of the indicator; null where it is undefined (a quotient by 0). */
  readonly value: Fraction | null;
  /** `meetings@2`. */
  readonly definition: string;
  readonly unit: Unit;
  readonly better: 'higher' | 'lower';
}

/** What was to be reached. */
export interface Planned {
  readonly target: Fraction;
  /** Ids of the plan events that it rests on. */
  readonly because: readonly string[];
}

/** Everything a bonus depends on, looked up beforehand; one rule's period is the month, quarter or year that ends. */
export interface BonusInputs {
  actual(indicator: string, scope: Scope, grain: PayGrain): Actual;
  /** Null: no plan. */
  plan(indicator: string, scope: Scope, grain: PayGrain): Planned | null;
  /** Share of the period's working days on which the employee was there. */
  presence(grain: PayGrain): Fraction;
  /** Key of the period of a grain. */
  periodKey(grain: PayGrain): string;
}

export type LineStatus = 'PAID' | 'NO_PLAN' | 'GATE_FAILED' | 'NO_ACTUAL';

export interface GateResult {
  readonly indicator: string;
  readonly definition: string;
  readonly scope: Scope;
  readonly planScope: Scope;
  readonly actual: string | null;
  readonly target: string | null;
  /** As fraction of 1; `unbounded` where less is better and nothing was counted. */
  readonly fulfilment: string | null;
  readonly thresholdBps: number;
  /** Null where it cannot be said: no plan, or nothing to divide by. */
  readonly passed: boolean | null;
  readonly because: readonly string[];
}

/** One rule's bonus with everything that it was made of. Fractions are texts (`895/21`), so the line is plain JSON. */
export interface BonusLine {
  /** `sales@2`. */
  readonly regulation: string;
  readonly rule: string;
  readonly name: string;
  readonly period: string;
  readonly indicator: string;
  readonly definition: string;
  readonly unit: Unit;
  readonly scope: Scope;
  readonly planScope: Scope;
  readonly status: LineStatus;
  readonly actual: string | null;
  readonly target: string | null;
  readonly fulfilment: string | null;
  readonly because: readonly string[];
  readonly gates: readonly GateResult[];
  readonly steps: readonly PayStep[];
  readonly amountKopecks: number;
}

export interface Bonus {
  readonly lines: readonly BonusLine[];
  readonly totalKopecks: number;
}

const MONTHS_OF: Readonly<Record<PayGrain, number>> = { month: 1, quarter: 3, year: 12 };

/** Is a rule of this grain paid in the month `YYYY-MM`? In the month in which its period ends. */
export function isPaidIn(grain: PayGrain, month: string): boolean {
  return Number(month.slice(5)) % MONTHS_OF[grain] === 0;
}

/** A regulation as it covers somebody: by the month, quarter or year, since who moved may be covered by another. */
export interface Covered {
  readonly grain: PayGrain;
  /** `sales@2`. */
  readonly ref: string;
  readonly document: RegulationDocument;
}

/**
 * The bonus of one employee for one month: a line per rule that is paid in that month, in the order of the documents.
 * Depends on nothing but its arguments.
 */
export function bonusOf(covered: readonly Covered[], month: string, inputs: BonusInputs): Bonus {
  const lines = covered
    .filter(({ grain }) => isPaidIn(grain, month))
    .flatMap(({ grain, ref, document }) =>
      document.rules.filter(({ period }) => period === grain).map((rule) => lineOf(rule, ref, inputs)),
    );
  const total = lines.reduce((sum, { amountKopecks }) => sum + BigInt(amountKopecks), 0n);
  return { lines, totalKopecks: toKopecksNumber(total, 'bonus') };
}

/** One rule. Rounded once, half away from zero; then floor, then cap. A failed gate is not lifted by the floor. */
export function lineOf(rule: Rule, regulation: string, inputs: BonusInputs): BonusLine {
  const own = measuredOf(rule, rule.period, inputs);
  const { actual, plan, fulfilment } = own;
  const gates = rule.gates.map((gate) => ({ gate, measured: measuredOf(gate, rule.period, inputs) }));
  const judged = gates.map(({ gate, measured }) => gateResult(gate, measured));
  const asked = [...(needsPlan(rule.payout) ? [own] : []), ...gates.map(({ measured }) => measured)];
  const status = asked.some(({ isPlanned }) => !isPlanned) ? 'NO_PLAN' : statusOf(actual, judged);
  const { steps, kopecks } = status === 'PAID' ? amountOf(rule, { actual, plan, fulfilment, inputs }) : NOTHING;
  return {
    regulation,
    rule: rule.code,
    name: rule.name,
    period: inputs.periodKey(rule.period),
    indicator: rule.indicator,
    definition: actual.definition,
    unit: actual.unit,
    scope: rule.scope,
    planScope: rule.planScope,
    status,
    actual: textOf(actual.value),
    target: textOf(plan?.target ?? null),
    fulfilment: fulfilmentText(fulfilment),
    because: plan?.because ?? [],
    gates: judged,
    steps,
    amountKopecks: toKopecksNumber(kopecks, rule.code),
  };
}

const NOTHING = { steps: [], kopecks: 0n } as const;

/** What a rule or a gate asks about, looked up. */
interface Measured {
  readonly actual: Actual;
  readonly plan: Planned | null;
  readonly fulfilment: Fulfilment | null;
  /** Is there a plan that counts as one? Whether or not anything can be measured against it. */
  readonly isPlanned: boolean;
}

function measuredOf(
  { indicator, scope, planScope }: Pick<Gate, 'indicator' | 'scope' | 'planScope'>,
  grain: PayGrain,
  inputs: BonusInputs,
): Measured {
  const actual = inputs.actual(indicator, scope, grain);
  const plan = inputs.plan(indicator, planScope, grain);
  const target = plan?.target ?? null;
  const fulfilment = actual.value === null ? null : fulfilmentOf(actual.value, target, actual.better);
  return { actual, plan, fulfilment, isPlanned: isPlan(target, actual.better) };
}

function gateResult({ indicator, scope, planScope, thresholdBps }: Gate, measured: Measured): GateResult {
  const { actual, plan, fulfilment } = measured;
  return {
    indicator,
    definition: actual.definition,
    scope,
    planScope,
    actual: textOf(actual.value),
    target: textOf(plan?.target ?? null),
    fulfilment: fulfilmentText(fulfilment),
    thresholdBps,
    passed: fulfilment === null ? null : reaches(fulfilment, thresholdBps),
    because: plan?.because ?? [],
  };
}

/** Where every plan is there that is asked for. */
function statusOf(actual: Actual, gates: readonly GateResult[]): LineStatus {
  if (gates.some(({ passed }) => passed !== true)) return 'GATE_FAILED';
  return actual.value === null ? 'NO_ACTUAL' : 'PAID';
}

interface Counted {
  readonly actual: Actual;
  readonly plan: Planned | null;
  readonly fulfilment: Fulfilment | null;
  readonly inputs: BonusInputs;
}

function amountOf(
  rule: Rule,
  { actual, plan, fulfilment, inputs }: Counted,
): { readonly steps: readonly PayStep[]; readonly kopecks: bigint } {
  if (actual.value === null) return NOTHING;
  const target = plan?.target ?? null;
  const paid = payoutOf(rule.payout, {
    actual: actual.value,
    target,
    fulfilment,
    presence: inputs.presence(rule.period),
  });
  const rounded = roundFraction(paid.kopecks);
  const steps: PayStep[] = [...paid.steps];
  if (paid.kopecks.d !== 1n) steps.push({ step: 'rounded', kopecks: Number(rounded) });
  return clamped(rule, rounded, steps);
}

function clamped({ floorKopecks, capKopecks }: Rule, rounded: bigint, steps: PayStep[]) {
  let kopecks = rounded;
  if (floorKopecks !== null && kopecks < BigInt(floorKopecks)) {
    kopecks = BigInt(floorKopecks);
    steps.push({ step: 'floor', kopecks: floorKopecks });
  }
  if (capKopecks !== null && kopecks > BigInt(capKopecks)) {
    kopecks = BigInt(capKopecks);
    steps.push({ step: 'cap', kopecks: capKopecks });
  }
  return { steps, kopecks };
}

function textOf(value: Fraction | null): string | null {
  return value === null ? null : fractionText(value);
}

function fulfilmentText(value: Fulfilment | null): string | null {
  return value === null || value === 'unbounded' ? value : fractionText(value);
}
