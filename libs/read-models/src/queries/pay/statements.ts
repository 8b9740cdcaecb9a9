import { createHash } from 'node:crypto';
import { canonicalJson, type Instant } from '@voronka/kernel';
import { postingsOf, settle, type Settlement, totalsOf, withinStatement } from '@voronka/pay/calculation';
import type { Clawback, ManualLine, PostedAdjustment, StatementDocument } from '@voronka/pay/events';
import type { QueryContext } from '../context.js';
import {
  type BonusQuestion,
  bonusesOf,
  type CurrentBonus,
  type CurrentBonuses,
  type EmployeeBonus,
} from './bonuses.js';
import {
  closedMonths,
  earliestOpen,
  issuedAt,
  type IssuedStatement,
  manualAt,
  type ManualRow,
  type Payroll,
  payrollAt,
} from './payroll.js';

/** Of the arithmetic: raised with every change that can move a figure. */
export const ENGINE = 'voronka-pay-1';

/**
 * What pay is counted under: K, and as T the moment at which the log knew it, so that nothing depends on when one asks.
 */
export async function payContext(context: QueryContext, k: bigint = context.k): Promise<QueryContext> {
  const { rows } = await context.client.query<{ at: Date | null }>(
    'SELECT max(recorded_at) AS at FROM log_clock WHERE position <= $1::bigint',
    [String(k)],
  );
  const at: Instant = rows[0]?.at?.toISOString() ?? context.at;
  return { ...context, k, at };
}

export interface Draft {
  readonly document: StatementDocument;
  readonly hash: string;
}

export interface Drafts {
  readonly month: string;
  readonly drafts: readonly Draft[];
  readonly countings: number;
  readonly rulesEvaluated: number;
}

/** Bonuses by facts and terms of one K: worked out from scratch, or those that the worker keeps. */
export type CurrentSource = (question: BonusQuestion) => Promise<CurrentBonuses>;

/**
 * Statements of a month as they would be issued at K: for the earliest open month with what closed months owe or are
 * owed. For a month that is closed at K, what its last version would be if it were opened again is not asked here.
 */
export async function draftsOf(
  asked: QueryContext,
  month: string,
  employees: readonly string[] | null,
  current: CurrentSource = bonusesOf,
): Promise<Drafts> {
  const context = await payContext(asked);
  const payroll = await payrollAt(context);
  const live = await current({ facts: context, terms: context, months: [month], employees });
  const carriesAdjustments = earliestOpen(payroll) === month;
  const settled = carriesAdjustments
    ? await settlementsOf(context, { payroll, month, employees, current })
    : NO_SETTLEMENTS;
  const manual = (await manualAt(context, month)).filter(({ employeeId }) => employees?.includes(employeeId) ?? true);
  const people = new Set([
    ...live.bonuses.map(({ employeeId }) => employeeId),
    ...settled.byEmployee.keys(),
    ...manual.map(({ employeeId }) => employeeId),
    ...settled.brought.keys(),
  ]);
  const begun = payroll.periods.find(({ period }) => period === month);
  const version = begun?.status === 'closing' ? begun.version : (begun?.version ?? 0) + 1;
  const drafts = [...people].sort().map((employeeId) => {
    const bonus = live.bonuses.find((one) => one.employeeId === employeeId) ?? null;
    const own = manual.filter((one) => one.employeeId === employeeId);
    return draftOf({ employeeId, month, version, bonus, settled, manual: own, context });
  });
  const { countings, rulesEvaluated } = live;
  return {
    month,
    drafts,
    countings: countings + settled.countings,
    rulesEvaluated: rulesEvaluated + settled.rulesEvaluated,
  };
}

interface DraftParts {
  readonly employeeId: string;
  readonly month: string;
  readonly version: number;
  readonly bonus: CurrentBonus | null;
  readonly settled: Settled;
  readonly manual: readonly ManualRow[];
  readonly context: QueryContext;
}

function draftOf({ employeeId, month, version, bonus, settled, manual, context }: DraftParts): Draft {
  const earnedKopecks = bonus?.totalKopecks ?? 0;
  const own = settled.byEmployee.get(employeeId) ?? [];
  const clauses = new Map(own.map(({ settlement, clawback }) => [settlement.origin, clawback]));
  const termsOf = new Map(own.map(({ settlement, termsPosition }) => [settlement.origin, termsPosition]));
  const within = withinStatement(
    own.map(({ settlement }) => settlement),
    earnedKopecks,
    (origin) => clauses.get(origin) ?? null,
  );
  const adjustments = within.filter(hasSomething).map((settlement): PostedAdjustment => {
    const improves = settlement.termDeltaKopecks > 0;
    const termsPosition = improves ? String(context.k) : (termsOf.get(settlement.origin) ?? String(context.k));
    return { ...settlement, termsPosition, postings: postingsOf(settlement) };
  });
  const sum = (amounts: readonly number[]): number => amounts.reduce((total, one) => total + one, 0);
  const totals = totalsOf({
    earnedKopecks,
    adjustedKopecks: sum(adjustments.map(({ dueKopecks }) => dueKopecks)),
    manualKopecks: sum(manual.map(({ amountKopecks }) => amountKopecks)),
    broughtKopecks: settled.brought.get(employeeId) ?? 0,
  });
  const document: StatementDocument = {
    period: month,
    employeeId,
    version,
    asOf: String(context.k),
    place: bonus?.place ?? null,
    regulation: bonus?.regulation ?? null,
    lines: bonus?.lines ?? [],
    adjustments,
    manual: manual.map(manualLine),
    totals,
    engine: ENGINE,
    zoneData: `${process.versions.tz} ${context.zone}`,
  };
  return { document, hash: hashOf(document) };
}

/** SHA-256 of the document's canonical JSON: the same figures give the same hash. */
export function hashOf(document: StatementDocument): string {
  return createHash('sha256').update(canonicalJson(document)).digest('hex');
}

function manualLine({ adjustmentId, amountKopecks, settles, reason }: ManualRow): ManualLine {
  return { adjustmentId, amountKopecks, settles, reason };
}

function hasSomething({ dueKopecks, waivedKopecks, notTakenKopecks }: Settlement): boolean {
  return dueKopecks !== 0 || waivedKopecks !== 0 || notTakenKopecks !== 0;
}

interface OwnSettlement {
  readonly settlement: Settlement;
  readonly termsPosition: string;
  readonly clawback: Clawback | null;
}

interface Settled {
  readonly byEmployee: ReadonlyMap<string, readonly OwnSettlement[]>;
  /** What the statement before carried over below zero. */
  readonly brought: ReadonlyMap<string, number>;
  readonly countings: number;
  readonly rulesEvaluated: number;
}

const NO_SETTLEMENTS: Settled = { byEmployee: new Map(), brought: new Map(), countings: 0, rulesEvaluated: 0 };

interface SettlementQuestion {
  readonly payroll: Payroll;
  readonly month: string;
  readonly employees: readonly string[] | null;
  readonly current: CurrentSource;
}

interface Posted {
  readonly lines: { readonly rule: string; readonly period: string; readonly kopecks: number }[];
  termsPosition: string;
}

async function settlementsOf(context: QueryContext, question: SettlementQuestion): Promise<Settled> {
  const { payroll, month, employees, current } = question;
  const months = closedMonths(payroll);
  if (months.length === 0) return NO_SETTLEMENTS;
  const issued = await issuedAt(context, payroll, employees);
  const posted = postedBy(issued, await manualAt(context, month));
  const now = await current({ facts: context, terms: context, months, employees });
  const asked = now.bonuses.map((bonus) => ({ bonus, posted: postedOf(posted, bonus, payroll) }));
  const old = await underOldTerms(context, asked);
  const byEmployee = new Map<string, OwnSettlement[]>();
  for (const { bonus, posted: own } of asked) {
    const before = old.found.get(keyOf(bonus));
    if (before === undefined) throw new TypeError(`no bonus under the old terms for ${keyOf(bonus)}`);
    const clawback = before.covered.find(({ grain }) => grain === 'month')?.document.clawback ?? null;
    const settlement = settle({
      origin: bonus.month,
      month,
      posted: own.lines,
      underOldTerms: before,
      now: bonus,
      clawback,
    });
    const list = byEmployee.get(bonus.employeeId) ?? [];
    list.push({ settlement, termsPosition: own.termsPosition, clawback });
    byEmployee.set(bonus.employeeId, list);
  }
  const last = months.at(-1);
  const brought = new Map(
    issued
      .filter(({ document }) => document.period === last && document.totals.carriedKopecks !== 0)
      .map(({ document }) => [document.employeeId, document.totals.carriedKopecks] as const),
  );
  return {
    byEmployee,
    brought,
    countings: now.countings + old.countings,
    rulesEvaluated: now.rulesEvaluated + old.rulesEvaluated,
  };
}

function keyOf({ employeeId, month }: { readonly employeeId: string; readonly month: string }): string {
  return `${month} ${employeeId}`;
}

/** What statements have posted, by origin month and employee; by hand, what names the month it settles. */
function postedBy(issued: readonly IssuedStatement[], drafted: readonly ManualRow[]): ReadonlyMap<string, Posted> {
  const found = new Map<string, Posted>();
  const at = (month: string, employeeId: string, asOf: string): Posted => {
    const key = keyOf({ month, employeeId });
    const known = found.get(key) ?? { lines: [], termsPosition: asOf };
    found.set(key, known);
    return known;
  };
  const byHand = (
    employeeId: string,
    { settles, amountKopecks }: Pick<ManualRow, 'settles' | 'amountKopecks'>,
  ): void => {
    if (settles !== null)
      found.get(keyOf({ month: settles, employeeId }))?.lines.push(manualPosting(settles, amountKopecks));
  };
  for (const { document } of issued) {
    const { period, employeeId, asOf, lines, adjustments, manual } = document;
    const own = at(period, employeeId, asOf);
    for (const line of lines) own.lines.push({ rule: line.rule, period: line.period, kopecks: line.amountKopecks });
    for (const one of adjustments) {
      const origin = at(one.origin, employeeId, asOf);
      origin.lines.push(...one.postings);
      origin.termsPosition = one.termsPosition;
    }
    for (const one of manual) byHand(employeeId, one);
  }
  for (const one of drafted) byHand(one.employeeId, one);
  return found;
}

function manualPosting(period: string, kopecks: number) {
  return { rule: 'manual', period, kopecks };
}

/** Who had no statement for a closed month was posted nothing under the terms by which it was closed. */
function postedOf(posted: ReadonlyMap<string, Posted>, bonus: CurrentBonus, payroll: Payroll): Posted {
  const found = posted.get(keyOf(bonus));
  if (found !== undefined) return found;
  const closed = payroll.periods.find(({ period }) => period === bonus.month)?.data['asOf'];
  const position = (closed as { readonly position?: string } | undefined)?.position;
  return { lines: [], termsPosition: position ?? '0' };
}

/** bonus(F, A): by the facts now, under the terms of the last posting; asked for once per A. */
async function underOldTerms(
  context: QueryContext,
  asked: readonly { readonly bonus: CurrentBonus; readonly posted: Posted }[],
) {
  const found = new Map<string, EmployeeBonus>();
  let [countings, rulesEvaluated] = [0, 0];
  const positions = new Map<string, CurrentBonus[]>();
  for (const { bonus, posted } of asked) {
    positions.set(posted.termsPosition, [...(positions.get(posted.termsPosition) ?? []), bonus]);
  }
  for (const [position, list] of positions) {
    const months = [...new Set(list.map(({ month }) => month))];
    const employees = [...new Set(list.map(({ employeeId }) => employeeId))];
    const terms = { ...context, k: BigInt(position) };
    const old = await bonusesOf({ facts: context, terms, months, employees });
    for (const bonus of old.bonuses) {
      const isAsked = list.some((one) => one.month === bonus.month && one.employeeId === bonus.employeeId);
      if (isAsked) found.set(keyOf(bonus), bonus);
    }
    countings += old.countings;
    rulesEvaluated += old.rulesEvaluated;
  }
  return { found, countings, rulesEvaluated };
}
