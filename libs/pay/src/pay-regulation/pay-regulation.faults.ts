import { type LocalDate, periodOf } from '@voronka/kernel';
import type { IndicatorState } from '../indicator/indicator.decider.js';
import type { IndicatorDocument } from '../indicator/indicator.document.js';
import { versionOn } from '../indicator/indicator.versions.js';
import { BY_HAND } from '../calculation/settlement.js';
import type { PayoutBody } from './pay-regulation.body.js';
import type { Bracket, Coverage, Payout, RegulationDocument, Rule } from './pay-regulation.document.js';
import { holdingFrom, mayOverlap, type RegulationVersion } from './pay-regulation.versions.js';

/** What makes a regulation unusable, and where (RFC 6901 pointer into the body). */
export interface RegulationFault {
  readonly pointer: string;
  readonly code: string;
  /** What is wrong, and what to do. */
  readonly detail: string;
}

type Report = (pointer: string, code: string, detail: string) => void;

export interface RegulationQuestion {
  readonly regulation: string;
  /** First day of a month. */
  readonly effectiveFrom: LocalDate;
  readonly document: RegulationDocument;
  /** What is said of the payout of each rule, of which the document holds only what belongs to its kind. */
  readonly payouts: readonly SaidPayout[];
  /** States of the indicators that the document names, by code. */
  readonly indicators: ReadonlyMap<string, IndicatorState>;
  /** Every version of every regulation so far, in the order in which they were recorded. */
  readonly versions: readonly RegulationVersion[];
}

type SaidPayout = { readonly kind: Payout['kind'] } & { readonly [Field in keyof PayoutBody]?: unknown };

/** Everything wrong with a document, where it stands. */
export function regulationFaults(question: RegulationQuestion): readonly RegulationFault[] {
  const { document, payouts } = question;
  const faults: RegulationFault[] = [];
  const report: Report = (pointer, code, detail) => faults.push({ pointer, code, detail });
  coverageFaults(question, report);
  document.rules.forEach((rule, index) => {
    const at = `/rules/${index}`;
    codeFaults(document.rules, index, report);
    payoutFieldFaults(payouts[index] ?? rule.payout, `${at}/payout`, report);
    limitFaults(rule, at, report);
  });
  document.rules.forEach((rule, index) => ruleFaults(rule, { at: `/rules/${index}`, question, report }));
  return faults;
}

function codeFaults(rules: readonly Rule[], index: number, report: Report): void {
  const { code = '' } = rules[index] ?? {};
  const at = `/rules/${index}/code`;
  if (rules.findIndex((one) => one.code === code) < index) {
    report(at, 'RULE_REPEATED', `another rule is called ${code}; give each its own code`);
  }
  // What is posted by hand to settle a month stands under this code among the rules of the month.
  if (code === BY_HAND)
    report(at, 'RULE_RESERVED', `${code} stands for what is adjusted by hand; give it another code`);
}

interface NamesIndicators {
  readonly indicator: string;
  readonly gates?: readonly { readonly indicator: string }[] | null;
}

/** Every indicator that rules and gates name, each once. */
export function indicatorsNamed({ rules }: { readonly rules: readonly NamesIndicators[] }): readonly string[] {
  const codes = rules.flatMap(({ indicator, gates }) => [indicator, ...(gates ?? []).map((gate) => gate.indicator)]);
  return [...new Set(codes)];
}

function coverageFaults(question: RegulationQuestion, report: Report): void {
  const { regulation, effectiveFrom, versions } = question;
  const { covers } = question.document;
  if (covers.positions === null && covers.departments === null && covers.employees === null) {
    return report('/covers', 'COVERAGE_EMPTY', 'name positions, departments or employees');
  }
  for (const other of overlapping({ regulation, effectiveFrom, covers }, versions)) {
    const detail = `one person could fall under this and under ${other}; name positions and departments that differ, or except employees`;
    report('/covers', 'COVERAGE_OVERLAPS', detail);
  }
}

/** The other regulations (`sales@2`) that some person could fall under as well, in some month from a day on. */
export function overlapping(
  { covers, regulation, effectiveFrom }: { covers: Coverage; regulation: string; effectiveFrom: string },
  versions: readonly RegulationVersion[],
): readonly string[] {
  return holdingFrom(versions, effectiveFrom).flatMap((other) => {
    if (other.regulation === regulation || other.document === null) return [];
    return mayOverlap(covers, other.document.covers) ? [`${other.regulation}@${other.version}`] : [];
  });
}

const PAYOUT_FIELDS: Readonly<Record<Payout['kind'], readonly (keyof PayoutBody)[]>> = {
  perUnit: ['kopecks'],
  fixed: ['kopecks'],
  percentOfAmount: ['bps'],
  tiers: ['by', 'mode', 'pays', 'brackets'],
};
const ALL_PAYOUT_FIELDS: readonly (keyof PayoutBody)[] = [
  'kopecks',
  'prorated',
  'bps',
  'by',
  'mode',
  'pays',
  'brackets',
];

function payoutFieldFaults(payout: SaidPayout, at: string, report: Report): void {
  const fields = PAYOUT_FIELDS[payout.kind];
  for (const field of ALL_PAYOUT_FIELDS) {
    const isGiven = payout[field] !== undefined && payout[field] !== null;
    const mayBe = fields.includes(field) || (field === 'prorated' && payout.kind === 'fixed');
    if (isGiven && !mayBe)
      report(`${at}/${field}`, 'FIELD_NOT_ALLOWED', `leave it out: ${payout.kind} has no ${field}`);
    if (!isGiven && fields.includes(field))
      report(`${at}/${field}`, 'FIELD_MISSING', `say ${field} for ${payout.kind}`);
  }
}

function limitFaults({ floorKopecks: floor, capKopecks: cap }: Rule, at: string, report: Report): void {
  if (floor === null || cap === null || cap >= floor) return;
  report(`${at}/capKopecks`, 'CAP_BELOW_FLOOR', `the cap must not lie below the floor of ${floor}`);
}

interface RulePlace {
  readonly at: string;
  readonly question: RegulationQuestion;
  readonly report: Report;
}

function ruleFaults(rule: Rule, { at, question, report }: RulePlace): void {
  // A quarter or a year goes by what holds on its first day, which may lie before that of the regulation.
  const from = periodOf(question.effectiveFrom, rule.period).from;
  const place = { from, question, report };
  const indicator = indicatorAt(rule.indicator, `${at}/indicator`, place);
  rule.gates.forEach((gate, index) => indicatorAt(gate.indicator, `${at}/gates/${index}/indicator`, place));
  if (rule.payout.kind === 'tiers') bracketFaults(rule.payout.brackets, `${at}/payout/brackets`, report);
  if (indicator !== null) unitFaults(rule, indicator, { at, report });
}

interface IndicatorPlace extends Pick<RulePlace, 'question' | 'report'> {
  /** First day of the rule's first period. */
  readonly from: LocalDate;
}

function indicatorAt(
  code: string,
  pointer: string,
  { from, question, report }: IndicatorPlace,
): IndicatorDocument | null {
  const state = question.indicators.get(code);
  if (state?.status !== 'active') {
    report(pointer, 'INDICATOR_UNKNOWN', `define ${code} first, or name one in use`);
    return null;
  }
  if (versionOn(state.versions, from) === null) {
    const detail = `${code} does not hold on ${from} yet, when the rule's first period begins: let the regulation begin later, or name another`;
    report(pointer, 'INDICATOR_NOT_EFFECTIVE', detail);
  }
  return state.latest.definition;
}

/** Money is paid for money or for things counted; a plan that less is better for has no parts to pay one by one. */
function unitFaults({ payout }: Rule, indicator: IndicatorDocument, { at, report }: Omit<RulePlace, 'question'>): void {
  const pays = payout.kind === 'tiers' ? payout.pays : payout.kind;
  const { unit, better } = indicator;
  if ((pays === 'percent' || pays === 'percentOfAmount') && unit !== 'kopecks') {
    report(`${at}/payout`, 'PAYOUT_NEEDS_AMOUNT', `a percentage is of money, and the indicator is in ${unit}`);
  }
  if (pays === 'perUnit' && unit !== 'count') {
    report(
      `${at}/payout`,
      'PAYOUT_NEEDS_COUNT',
      `a price per unit is for what is counted, the indicator is in ${unit}`,
    );
  }
  if (payout.kind === 'tiers' && payout.by === 'fulfilment' && payout.mode === 'marginal' && better === 'lower') {
    report(`${at}/payout/mode`, 'MARGINAL_NOT_ALLOWED', 'where less is better, pay by slabs');
  }
}

/** Half-open brackets that tile from the first bound to infinity. */
function bracketFaults(brackets: readonly Bracket[], at: string, report: Report): void {
  brackets.forEach(({ from, to }, index) => {
    const next = brackets[index + 1];
    if (to !== null && to <= from) report(`${at}/${index}/to`, 'BRACKET_EMPTY', `it must lie above ${from}`);
    if (next === undefined) {
      if (to !== null) report(`${at}/${index}/to`, 'BRACKETS_END', 'the last bracket is open: leave its end out');
      return;
    }
    if (to === null) report(`${at}/${index}/to`, 'BRACKET_OPEN', 'only the last bracket is open; say where it ends');
    else if (next.from > to)
      report(`${at}/${index + 1}/from`, 'BRACKETS_GAP', `nothing is said for ${to} to ${next.from}`);
    else if (next.from < to) {
      report(`${at}/${index + 1}/from`, 'BRACKETS_OVERLAP', `${next.from} to ${to} is said twice`);
    }
  });
}
