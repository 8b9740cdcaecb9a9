import type { Recorded } from '@voronka/kernel';
import type { BonusLine, Settlement } from '@voronka/pay/calculation';
import type { Suppose } from '@voronka/projections';
import type { QueryContext } from '../context.js';
import { bonusesOf } from './bonuses.js';
import { closedMonths, earliestOpen, payrollAt } from './payroll.js';
import { hashOfPreview, type Moved, movedOf } from './preview-hash.js';
import { asIfApproved, changeIn, reachOf } from './preview-reach.js';
import { Statement } from '../sql.js';
import { type Draft, type Drafts, draftsUnder, payContext } from './statements.js';
import { regulationsAt } from './terms.js';

/** One side of a line: exact figures as texts, in the smallest unit of the indicator. */
export interface LineFigures {
  readonly status: BonusLine['status'];
  readonly actual: string | null;
  readonly target: string | null;
  readonly amountKopecks: number;
}

export interface PreviewedRule {
  readonly rule: string;
  readonly name: string;
  readonly period: string;
  /** Null: the rule did not cover him. */
  readonly before: LineFigures | null;
  /** Null: it covers him no more. */
  readonly after: LineFigures | null;
}

/** What of a closed month's change comes into the next statement. */
export interface PreviewedStatement {
  readonly payableKopecks: number;
  readonly carriedKopecks: number;
  readonly adjustments: readonly {
    readonly origin: string;
    readonly factDeltaKopecks: number;
    readonly termDeltaKopecks: number;
    readonly dueKopecks: number;
    readonly waivedKopecks: number;
    readonly notTakenKopecks: number;
  }[];
}

export interface PreviewedMonth {
  readonly month: string;
  /** It was closed: what moves is settled in the earliest open month. */
  readonly closed: boolean;
  readonly beforeKopecks: number;
  readonly afterKopecks: number;
  /** The rules that come out otherwise, or rest on something else. */
  readonly rules: readonly PreviewedRule[];
}

export interface PreviewedPerson {
  readonly employeeId: string;
  readonly months: readonly PreviewedMonth[];
  /** Where a closed month is touched: the statement of the earliest open month. */
  readonly statement: {
    readonly period: string;
    readonly before: PreviewedStatement;
    readonly after: PreviewedStatement;
  } | null;
}

export interface PayPreview {
  /** Covers the change, the people it touches, versions of plans, regulations and definitions, money of closed months. */
  readonly hash: string;
  readonly people: readonly PreviewedPerson[];
  readonly countings: number;
  readonly rulesEvaluated: number;
}

export interface PreviewQuestion {
  /** What was asked for, as JSON. */
  readonly change: object;
  /** What it would append; positions after K. */
  readonly events: readonly Recorded[];
}

/**
 * What a change would do to pay, by the same calculation as everything else: asked once as of K, once as of the last of
 * the supposed events. T is on both sides that of those events, now. People by id, their months in order.
 */
export async function previewOf(
  context: QueryContext,
  suppose: Suppose,
  { change, events }: PreviewQuestion,
): Promise<PayPreview> {
  const versions = await regulationsAt(context);
  const effects = events.map((event) => asIfApproved(event, versions));
  const { k, earliest } = await suppose(effects);
  const payroll = await payrollAt(context);
  const { at: now, zone } = context;
  const { months, employees } = reachOf({ events: effects, earliest, payroll, now, zone, versions });
  // Weeks and ranges of days pay nothing, and neither does what changes nothing.
  if (months.length === 0) {
    return {
      hash: hashOfPreview(changeIn(effects) ?? change, [], () => UNSETTLED),
      people: [],
      countings: 0,
      rulesEvaluated: 0,
    };
  }
  // What fell due since the log was last written to would else look like something that the change does.
  const after = await payContext(context, k);
  const before = { ...context, at: after.at };
  const was = await bonusesOf({ facts: before, terms: before, months, employees });
  const is = await bonusesOf({ facts: after, terms: after, months, employees });
  const moved = movedOf(was.bonuses, is.bonuses, closedMonths(payroll));
  const settled = [...new Set(moved.filter(({ closed }) => closed).map(({ employeeId }) => employeeId))];
  const period = earliestOpen(payroll);
  const [old, fresh] =
    settled.length === 0
      ? [null, null]
      : [await draftsUnder(before, period, settled), await draftsUnder(after, period, settled)];
  const people = [...new Set(moved.map(({ employeeId }) => employeeId))].map((employeeId): PreviewedPerson => {
    const statement = settled.includes(employeeId)
      ? { period, before: statementIn(old?.drafts, employeeId), after: statementIn(fresh?.drafts, employeeId) }
      : null;
    return { employeeId, months: moved.filter((one) => one.employeeId === employeeId).map(monthOf), statement };
  });
  const settledAs = ({ employeeId, month }: Pick<Moved, 'employeeId' | 'month'>) => ({
    before: settlementOf(old, employeeId, month),
    after: settlementOf(fresh, employeeId, month),
  });
  const counted = [was, is, ...(old === null || fresh === null ? [] : [old, fresh])];
  return {
    hash: hashOfPreview(changeIn(effects) ?? change, moved, settledAs),
    people,
    countings: counted.reduce((sum, { countings }) => sum + countings, 0),
    rulesEvaluated: counted.reduce((sum, { rulesEvaluated }) => sum + rulesEvaluated, 0),
  };
}

const UNSETTLED = { before: null, after: null };

function settlementOf(drafts: Drafts | null, employeeId: string, origin: string): Settlement | null {
  return drafts?.settlements.get(employeeId)?.find((one) => one.origin === origin) ?? null;
}

function monthOf({ month, closed, before, after, lines }: Moved): PreviewedMonth {
  const [beforeKopecks, afterKopecks] = [before?.totalKopecks ?? 0, after?.totalKopecks ?? 0];
  return { month, closed, beforeKopecks, afterKopecks, rules: lines.map(ruleOf) };
}

function ruleOf({ before, after }: Moved['lines'][number]): PreviewedRule {
  const { rule = '', name = '', period = '' } = after ?? before ?? {};
  return { rule, name, period, before: figuresOf(before), after: figuresOf(after) };
}

function figuresOf(line: BonusLine | null): LineFigures | null {
  if (line === null) return null;
  const { status, actual, target, amountKopecks } = line;
  return { status, actual, target, amountKopecks };
}

const NO_STATEMENT: PreviewedStatement = { payableKopecks: 0, carriedKopecks: 0, adjustments: [] };

function statementIn(drafts: readonly Draft[] | undefined, employeeId: string): PreviewedStatement {
  const found = drafts?.find(({ document }) => document.employeeId === employeeId)?.document;
  if (found === undefined) return NO_STATEMENT;
  const { payableKopecks, carriedKopecks } = found.totals;
  const adjustments = found.adjustments.map(
    ({ origin, factDeltaKopecks, termDeltaKopecks, dueKopecks, waivedKopecks, notTakenKopecks }) => ({
      ...{ origin, factDeltaKopecks, termDeltaKopecks },
      ...{ dueKopecks, waivedKopecks, notTakenKopecks },
    }),
  );
  return { payableKopecks, carriedKopecks, adjustments };
}

/** By which word of a command its proposal is named, and what kind it is; none: the stream's id names it. */
const APPROVALS: Readonly<Record<string, { readonly kind: string; readonly member?: string }>> = {
  ApprovePlanChange: { kind: 'plan' },
  ApprovePayRegulation: { kind: 'regulation', member: 'proposal' },
};

/** Does the command make count what somebody proposed upon a preview? */
export function approvesUponPreview(type: string): boolean {
  return Object.hasOwn(APPROVALS, type);
}

/** The hash that what a command approves was proposed with; null where it approves nothing, or none was given. */
export async function proposedHashOf(
  context: QueryContext,
  { type, id, body }: { readonly type: string; readonly id: string; readonly body: object },
): Promise<string | null> {
  const approval = APPROVALS[type];
  if (approval === undefined) return null;
  const named: unknown = approval.member === undefined ? id : Reflect.get(body, approval.member);
  const statement = new Statement(context);
  const [found] = await statement.rows<{ hash: string | null }>(`SELECT p.data->>'previewHash' AS hash
    FROM pay_proposals p WHERE ${statement.known('p')} AND p.kind = ${statement.bind(approval.kind, 'text')}
      AND p.proposal = ${statement.bind(String(named), 'text')}`);
  return found?.hash ?? null;
}
