import { DomainError, parsePeriod, refuse } from '@voronka/kernel';
import { explainLeaving, type Language } from '@voronka/pay/calculation';
import type { BonusLine, GateResult, StatementTotals } from '@voronka/pay/calculation';
import type { StatementDocument } from '@voronka/pay/events';
import { assumedIn, type ByCalendar, calendarAt } from '../calendar.js';
import { type Answer, answerHead, type QueryContext } from '../context.js';
import type { Page } from '../page.js';
import { type ExplainedAdjustment, explainAdjustments } from './adjustment-explanation.js';
import { disputesOf, doubts, type ShownDispute } from './disputes.js';
import {
  NOT_OPENED,
  type OpenedActual,
  openedActual,
  type OwnerOf,
  ownersOf,
  type PlanEventRow,
  planEvents,
} from './line-evidence.js';
import { lineWords } from './line-words.js';
import { type ExplainedManual, explainManuals } from './manual-explanation.js';
import { isClosedMonth, issuedAt, payrollAt } from './payroll.js';
import { draftsOf, payContext } from './statements.js';

export interface ExplanationParams {
  readonly employee: string;
  /** Month. */
  readonly period: string;
  readonly rule?: string | undefined;
  readonly lang: Language;
}

/** A gate of a line with the events behind its own figure; not opened unless one rule is asked for. */
export interface ExplainedGate extends OpenedActual {
  readonly gate: GateResult;
  /** The changes of plans that its target rests on. */
  readonly plans: readonly PlanEventRow[];
}

export interface ExplainedLine extends OpenedActual {
  readonly rule: string;
  readonly amountKopecks: number;
  readonly text: readonly string[];
  readonly line: BonusLine;
  /** The changes of plans that the targets rest on, its own and those of its gates. */
  readonly plans: readonly PlanEventRow[];
  readonly gates: readonly ExplainedGate[];
  /** Disputes about this line, with what it paid as of the position that each pins; null: there was no such line. */
  readonly disputed: readonly { readonly disputeId: string; readonly pinnedKopecks: number | null }[];
}

export interface Explanation extends Answer<ExplanationParams>, ByCalendar {
  /** The issued statement that is explained; null for a draft. */
  readonly statement: { readonly version: number; readonly hash: string } | null;
  readonly regulation: string | null;
  readonly totals: StatementTotals;
  readonly lines: readonly ExplainedLine[];
  /** For earlier months, down to the events by which they differ from what was posted. */
  readonly adjustments: readonly ExplainedAdjustment[];
  /** By hand: who, why, and by whose leave. */
  readonly manual: readonly ExplainedManual[];
  /** Of somebody who has left; empty for who works. */
  readonly leaving: readonly string[];
  /** All that were opened about it, as known at the K asked for. */
  readonly disputes: readonly ShownDispute[];
}

/**
 * A month's pay of one employee in words and numbers; with one rule, also the events counted. For a month that is
 * closed at K it is the statement as it was issued, for any other the draft at K.
 * @throws DomainError RULE_NOT_FOUND, NOTHING_PAID
 */
export async function explanationOf(asked: QueryContext, params: ExplanationParams, page: Page): Promise<Explanation> {
  const { employee, period, rule, lang } = params;
  const { document, context, issued } = await paidAt(asked, employee, period);
  const wanted = document.lines.filter((line) => rule === undefined || line.rule === rule);
  if (rule !== undefined) assertRule(rule, document);
  const disputes = await disputesOf(asked, { periods: [period], employees: [employee] });
  const pinned = await pinnedBy(asked, disputes);
  const lines: ExplainedLine[] = [];
  for (const line of wanted) {
    const ownerOf = await ownersOf(context, line, employee);
    const open = async (figure: Pick<BonusLine | GateResult, 'indicator' | 'scope'>): Promise<OpenedActual> =>
      rule === undefined
        ? NOT_OPENED
        : await openedActual(context, { ...figure, period: line.period }, { ownerOf, page });
    lines.push({
      rule: line.rule,
      amountKopecks: line.amountKopecks,
      text: await lineWords(context, line, lang),
      line,
      plans: await planEvents(context, line, ownerOf),
      ...(await open(line)),
      gates: await gatesOf(context, { line, ownerOf }, open),
      disputed: disputes
        .filter((one) => doubts(one, line.rule))
        .map(({ disputeId }) => ({ disputeId, pinnedKopecks: pinned.get(disputeId)?.get(line.rule) ?? null })),
    });
  }
  return {
    ...answerHead(context, params, true),
    calendarAssumed: await assumedFor(context, { ...document, lines: wanted }),
    statement: issued,
    regulation: document.regulation,
    totals: document.totals,
    lines,
    adjustments: await explainAdjustments(context, { document, rule, lang }, page),
    manual: await explainManuals(context, document.manual, lang),
    leaving: document.leaving === undefined ? [] : explainLeaving(document.leaving, lang),
    disputes,
  };
}

/** Of the periods whose working days a plan or a share of presence goes by, and of the months that are settled. */
async function assumedFor(
  context: QueryContext,
  { lines, adjustments }: Pick<StatementDocument, 'lines' | 'adjustments'>,
): Promise<ByCalendar['calendarAssumed']> {
  const periods = [...lines.filter(goesByDays).map(({ period }) => period), ...adjustments.map(({ origin }) => origin)];
  return periods.length === 0 ? [] : assumedIn(await calendarAt(context), periods.map(parsePeriod));
}

function goesByDays({ target, unit, gates, steps }: BonusLine): boolean {
  const isPlanned = target !== null || gates.some((gate) => gate.target !== null);
  return isPlanned || unit === 'workingHours' || steps.some((one) => one.step === 'fixed' && one.share !== '1');
}

/** A rule of a line, or of what is settled. @throws DomainError RULE_NOT_FOUND */
function assertRule(rule: string, { lines, adjustments }: StatementDocument): void {
  const rules = [...new Set([...lines, ...adjustments.flatMap((one) => one.rules)].map((one) => one.rule))];
  if (rules.includes(rule)) return;
  throw refuse.notFound('RULE_NOT_FOUND', 'no such rule covers the employee in the month: name one of `rules`', {
    rule,
    rules,
  });
}

/** Each gate by itself; one that asks for what the line does, or an earlier gate, opens to the same. */
async function gatesOf(
  context: QueryContext,
  { line, ownerOf }: { readonly line: BonusLine; readonly ownerOf: OwnerOf },
  open: (gate: GateResult) => Promise<OpenedActual>,
): Promise<readonly ExplainedGate[]> {
  const gates: ExplainedGate[] = [];
  for (const gate of line.gates) {
    const plans = await planEvents(context, { ...gate, period: line.period, gates: [] }, ownerOf);
    gates.push({ gate, plans, ...(await open(gate)) });
  }
  return gates;
}

interface Paid {
  readonly document: StatementDocument;
  /** What its figures were counted under. */
  readonly context: QueryContext;
  readonly issued: Explanation['statement'];
}

/** @throws DomainError NOTHING_PAID */
async function paidAt(asked: QueryContext, employee: string, period: string): Promise<Paid> {
  const payroll = await payrollAt(asked);
  if (isClosedMonth(payroll, period)) {
    const found = (await issuedAt(asked, payroll, [employee])).find(({ document }) => document.period === period);
    if (found === undefined) throw nothingPaid(employee, period);
    const { document, hash } = found;
    const context = await payContext(asked, BigInt(document.asOf));
    return { document, context, issued: { version: document.version, hash } };
  }
  const { drafts } = await draftsOf(asked, period, [employee]);
  const document = drafts[0]?.document;
  if (document === undefined) throw nothingPaid(employee, period);
  return { document, context: await payContext(asked), issued: null };
}

function nothingPaid(employee: string, period: string): DomainError {
  return refuse.rule(
    'NOTHING_PAID',
    'nobody by this id is paid anything in the month: check the employee and the month, or publish a regulation',
    { employee, period },
  );
}

/** By dispute, what each rule paid as of the position that it pins. Kopecks. */
async function pinnedBy(
  asked: QueryContext,
  disputes: readonly ShownDispute[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const found = new Map<string, ReadonlyMap<string, number>>();
  for (const { disputeId, employeeId, period, openedAt } of disputes) {
    const then = await paidAt({ ...asked, k: BigInt(openedAt) }, employeeId, period).catch(unlessNothing);
    const lines = then?.document.lines ?? [];
    found.set(disputeId, new Map(lines.map(({ rule, amountKopecks }) => [rule, amountKopecks])));
  }
  return found;
}

function unlessNothing(error: unknown): null {
  if (error instanceof DomainError && error.code === 'NOTHING_PAID') return null;
  throw error;
}
