import { type LocalDate, periodOf } from '@voronka/kernel';
import type { IndicatorState } from '../indicator/indicator.decider.js';
import type { IndicatorDocument } from '../indicator/indicator.document.js';
import { versionOn } from '../indicator/indicator.versions.js';
import type { PayoutBody, RegulationBody, RuleBody } from './pay-regulation.body.js';
import type { Bracket, Coverage, Payout, RegulationDocument, Rule } from './pay-regulation.document.js';
import { coverageFrom, documentFrom } from './pay-regulation.reading.js';
import { mayOverlap, type RegulationVersion } from './pay-regulation.versions.js';

/** What makes a regulation unusable, and where (RFC 6901 pointer into the body). */
export interface RegulationFault {
  readonly pointer: string;
  readonly code: string;
  /** What is wrong, and what to do. */
  readonly detail: string;
}

type Report = (pointer: string, code: string, detail: string) => void;

export interface RegulationQuestion {
  readonly body: RegulationBody;
  /** States of the indicators that the body names, by code. */
  readonly indicators: ReadonlyMap<string, IndicatorState>;
  /** Every version of every regulation so far, in the order in which they were recorded. */
  readonly versions: readonly RegulationVersion[];
}

export type JudgedRegulation =
  | { readonly faults: readonly RegulationFault[]; readonly document: null }
  | { readonly faults: readonly []; readonly document: RegulationDocument };

/** The document that a body says, or everything wrong with it. */
export function judgeRegulation(question: RegulationQuestion): JudgedRegulation {
  const { body } = question;
  const faults: RegulationFault[] = [];
  const report: Report = (pointer, code, detail) => faults.push({ pointer, code, detail });
  coverageFaults(question, report);
  body.rules.forEach((rule, index) => {
    const at = `/rules/${index}`;
    if (body.rules.findIndex(({ code }) => code === rule.code) < index) {
      report(`${at}/code`, 'RULE_REPEATED', `another rule is called ${rule.code}; give each its own code`);
    }
    payoutFieldFaults(rule.payout, `${at}/payout`, report);
    limitFaults(rule, at, report);
  });
  const document = documentFrom(body);
  document.rules.forEach((rule, index) => ruleFaults(rule, { at: `/rules/${index}`, question, report }));
  return faults.length > 0 ? { faults, document: null } : { faults: [], document };
}

/** Every indicator that the rules and gates of a body name, each once. */
export function indicatorsNamed({ rules }: Pick<RegulationBody, 'rules'>): readonly string[] {
  const codes = rules.flatMap(({ indicator, gates }) => [indicator, ...(gates ?? []).map((gate) => gate.indicator)]);
  return [...new Set(codes)];
}

function coverageFaults({ body, versions }: RegulationQuestion, report: Report): void {
  const { regulation, effectiveFrom } = body;
  const covers = coverageFrom(body.covers);
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

/** The versions that hold for some month from a day on: of every regulation those that no later one replaces. */
function holdingFrom(versions: readonly RegulationVersion[], from: string): readonly RegulationVersion[] {
  return versions.filter((one, index) => {
    const later = versions.slice(index + 1).filter(({ regulation }) => regulation === one.regulation);
    return !later.some(({ effectiveFrom }) => effectiveFrom <= one.effectiveFrom || effectiveFrom <= from);
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

function payoutFieldFaults(payout: PayoutBody, at: string, report: Report): void {
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

function limitFaults({ floorKopecks: floor, capKopecks: cap }: RuleBody, at: string, report: Report): void {
  if (typeof floor !== 'number' || typeof cap !== 'number' || cap >= floor) return;
  report(`${at}/capKopecks`, 'CAP_BELOW_FLOOR', `the cap must not lie below the floor of ${floor}`);
}

interface RulePlace {
  readonly at: string;
  readonly question: RegulationQuestion;
  readonly report: Report;
}

function ruleFaults(rule: Rule, { at, question, report }: RulePlace): void {
  // A quarter or a year goes by what holds on its first day, which may lie before that of the regulation.
  const from = periodOf(question.body.effectiveFrom, rule.period).from;
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
