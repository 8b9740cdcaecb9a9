import { createHash } from 'node:crypto';
import { canonicalJson, type LocalDate } from '@voronka/kernel';
import {
  type Covered,
  ENGINE,
  isToBeRecorded,
  postingsOf,
  settle,
  type Settlement,
  totalsOf,
  withinStatement,
} from '@voronka/pay/calculation';
import type { Clawback, ManualLine, PostedAdjustment, RegulationVersion, StatementDocument } from '@voronka/pay/events';
import type { QueryContext } from '../context.js';
import { type BonusQuestion, bonusesOf, type CurrentBonus, type CurrentBonuses } from './bonuses.js';
import { payContext } from './context-of-pay.js';
import { asPosted, engineDifferences, restated } from './engine-review.js';
import { isCalledFor, lastDaysAt, lastOf, leavingOf } from './leavers.js';
import {
  closedMonths,
  earliestOpen,
  issuedAt,
  manualAt,
  type ManualRow,
  type Payroll,
  payrollAt,
  settlingFrom,
} from './payroll.js';
import { keyOf, noLongerPaid, nothingPosted, postedBy, type PostedTerms } from './posted.js';
import { regulationsAt } from './terms.js';
import { underOldTerms } from './under-old-terms.js';

export { payContext };

export interface Draft {
  readonly document: StatementDocument;
  readonly hash: string;
}

export interface Drafts {
  readonly month: string;
  readonly drafts: readonly Draft[];
  /** By employee, what closed months owe or are owed, before a statement limits what it takes: open months move none of it. */
  readonly settlements: ReadonlyMap<string, readonly Settlement[]>;
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
  return await draftsUnder(await payContext(asked), month, employees, current);
}

/** The same with the T that is given: where two positions are compared, time must not move between them. */
export async function draftsUnder(
  context: QueryContext,
  month: string,
  employees: readonly string[] | null,
  current: CurrentSource = bonusesOf,
): Promise<Drafts> {
  const payroll = await payrollAt(context);
  const live = await current({ facts: context, terms: context, months: [month], employees });
  const manual = (await manualAt(context, month)).filter(({ employeeId }) => employees?.includes(employeeId) ?? true);
  const carriesAdjustments = earliestOpen(payroll) === month;
  const settled = carriesAdjustments
    ? await settlementsOf(context, { payroll, month, employees, current })
    : NO_SETTLEMENTS;
  const people = new Set([
    ...live.bonuses.map(({ employeeId }) => employeeId),
    ...settled.byEmployee.keys(),
    ...manual.map(({ employeeId }) => employeeId),
  ]);
  const begun = payroll.periods.find(({ period }) => period === month);
  const isUnderWay = begun?.status === 'closing' || begun?.status === 'failed';
  // Only asked as of the event by which its closing began a statement stands on that event.
  const asOfEventId = isUnderWay && begun.since === String(context.k) ? begun.eventId : null;
  const version = isUnderWay ? begun.version : (begun?.version ?? 0) + 1;
  const lastDays = await lastDaysAt(context, month);
  const drafts = [...people].sort().flatMap((employeeId) => {
    const bonus = live.bonuses.find((one) => one.employeeId === employeeId) ?? null;
    const own = manual.filter((one) => one.employeeId === employeeId);
    const lastDay = lastDays.get(employeeId) ?? null;
    const draft = draftOf({ employeeId, month, version, bonus, settled, manual: own, lastDay, context, asOfEventId });
    return isCalledFor(draft.document, settled.last.get(employeeId) ?? null) ? [draft] : [];
  });
  const { countings, rulesEvaluated } = live;
  return {
    month,
    drafts,
    settlements: new Map([...settled.byEmployee].map(([id, own]) => [id, own.map(({ settlement }) => settlement)])),
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
  /** Null while he works. */
  readonly lastDay: LocalDate | null;
  readonly context: QueryContext;
  /** Null for a draft as of any other position. */
  readonly asOfEventId: string | null;
}

const NO_BONUS = { totalKopecks: 0, place: null, regulation: null, lines: [] } as const;

function draftOf(parts: DraftParts): Draft {
  const { employeeId, month, version, bonus, settled, manual, lastDay, context, asOfEventId } = parts;
  const { totalKopecks: earnedKopecks, place, regulation, lines } = bonus ?? NO_BONUS;
  const before = settled.last.get(employeeId) ?? null;
  const adjustments = adjustmentsOf(settled.byEmployee.get(employeeId) ?? [], earnedKopecks, {
    termsPosition: String(context.k),
    termsEventId: asOfEventId,
  });
  const totals = totalsOf({
    earnedKopecks,
    adjustedKopecks: sum(adjustments.map(({ dueKopecks }) => dueKopecks)),
    manualKopecks: sum(manual.map(({ amountKopecks }) => amountKopecks)),
    broughtKopecks: before?.totals.carriedKopecks ?? 0,
  });
  const document: StatementDocument = {
    period: month,
    employeeId,
    version,
    asOf: String(context.k),
    ...(asOfEventId === null ? {} : { asOfEventId }),
    place,
    regulation,
    lines,
    adjustments,
    manual: manual.map(manualLine),
    totals,
    ...(lastDay === null ? {} : { leaving: leavingOf(lastDay, { adjustments, totals }, before) }),
    engine: ENGINE,
    zoneData: `${process.versions.tz} ${context.zone}`,
  };
  return { document, hash: hashOf(document) };
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, one) => total + one, 0);
}

/** What the statement posts for closed months; better terms that it pays are those of the next time, `now`. */
function adjustmentsOf(
  own: readonly OwnSettlement[],
  earnedKopecks: number,
  now: PostedTerms,
): readonly PostedAdjustment[] {
  const clauses = new Map(own.map(({ settlement, clawback }) => [settlement.origin, clawback]));
  const termsOf = new Map(own.map(({ settlement, terms }) => [settlement.origin, terms]));
  const within = withinStatement(
    own.map(({ settlement }) => settlement),
    earnedKopecks,
    (origin) => clauses.get(origin) ?? null,
  );
  const reviews = new Map(own.map(({ settlement, reviewKopecks }) => [settlement.origin, reviewKopecks]));
  const shown = within.filter((one) => isToBeRecorded(one) || reviews.get(one.origin) !== 0);
  return shown.map((settlement): PostedAdjustment => {
    const known = settlement.termDeltaKopecks > 0 ? now : (termsOf.get(settlement.origin) ?? now);
    const { termsPosition, termsEventId } = known;
    const review = reviews.get(settlement.origin) ?? 0;
    return {
      ...settlement,
      ...(review === 0 ? {} : { reviewKopecks: review }),
      ...{ termsPosition, ...(termsEventId === null ? {} : { termsEventId }), postings: postingsOf(settlement) },
    };
  });
}

/** SHA-256 of the document's canonical JSON: the same figures give the same hash. */
export function hashOf(document: StatementDocument): string {
  return createHash('sha256').update(canonicalJson(document)).digest('hex');
}

/** SHA-256 over lines of text: the hash of a closing is that over the hashes of its statements, by employee. */
export function hashOfLines(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** Ids only: who asked for it, and why, is said by the events. */
function manualLine({ adjustmentId, amountKopecks, settles, eventId }: ManualRow): ManualLine {
  return { adjustmentId, amountKopecks, settles, eventId };
}

interface OwnSettlement {
  readonly settlement: Settlement;
  readonly terms: PostedTerms;
  readonly clawback: Clawback | null;
  /** What another engine made otherwise, left to be looked at. */
  readonly reviewKopecks: number;
}

interface Settled {
  readonly byEmployee: ReadonlyMap<string, readonly OwnSettlement[]>;
  /** The statement before: what it carried over below zero is brought. */
  readonly last: ReadonlyMap<string, StatementDocument>;
  readonly countings: number;
  readonly rulesEvaluated: number;
}

const NO_SETTLEMENTS: Settled = { byEmployee: new Map(), last: new Map(), countings: 0, rulesEvaluated: 0 };

interface SettlementQuestion {
  readonly payroll: Payroll;
  readonly month: string;
  readonly employees: readonly string[] | null;
  readonly current: CurrentSource;
}

async function settlementsOf(context: QueryContext, question: SettlementQuestion): Promise<Settled> {
  const { payroll, month, employees, current } = question;
  const months = closedMonths(payroll);
  if (months.length === 0) return NO_SETTLEMENTS;
  const issued = await issuedAt(context, payroll, employees);
  const posted = postedBy(payroll, issued, await settlingFrom(context, month, employees));
  const now = await current({ facts: context, terms: context, months, employees });
  // What a later statement settles by hand may be of a month that was opened again since: its own statement pays that.
  const unpaid = noLongerPaid(now.bonuses, posted).filter((bonus) => months.includes(bonus.month));
  const asked = [...now.bonuses, ...unpaid].map((bonus) => ({
    bonus,
    posted: posted.get(keyOf(bonus)) ?? nothingPosted(payroll, bonus.month),
  }));
  const old = await underOldTerms(context, asked);
  const engines = await engineDifferences(context, payroll, issued);
  const regulations = await regulationsAt(context);
  const byEmployee = new Map<string, OwnSettlement[]>();
  for (const { bonus, posted: own } of asked) {
    const known = old.found.get(keyOf(bonus));
    const before = known ?? bonus;
    const clawback = clauseOf(known?.covered ?? [], own.regulation, regulations);
    const { lines, reviewKopecks } = restated(own.lines, engines.found.get(keyOf(bonus)) ?? [], {
      origin: bonus.month,
      earned: before.totalKopecks,
    });
    const settled = settle({
      origin: bonus.month,
      month,
      posted: lines,
      takenBackKopecks: own.takenBackKopecks,
      underOldTerms: before,
      now: bonus,
      clawback,
    });
    const settlement = asPosted(settled, own.lines);
    const list = byEmployee.get(bonus.employeeId) ?? [];
    list.push({ settlement, terms: own, clawback, reviewKopecks });
    byEmployee.set(bonus.employeeId, list);
  }
  return {
    byEmployee,
    last: lastOf(issued),
    countings: now.countings + old.countings + engines.countings,
    rulesEvaluated: now.rulesEvaluated + old.rulesEvaluated + engines.rulesEvaluated,
  };
}

/**
 * The clause in force when it was earned: of the regulation he was paid by, wherever he is said to have worked since, and
 * whatever terms pay the month by now. Who was paid by none then goes by the terms of the last posting.
 */
function clauseOf(
  covered: readonly Covered[],
  regulation: string | null,
  versions: readonly RegulationVersion[],
): Clawback | null {
  if (regulation !== null) {
    const paidBy = versions.find((one) => `${one.regulation}@${one.version}` === regulation);
    return paidBy?.document?.clawback ?? null;
  }
  const own = covered.find(({ grain }) => grain === 'month') ?? covered[0];
  return own?.document.clawback ?? null;
}
