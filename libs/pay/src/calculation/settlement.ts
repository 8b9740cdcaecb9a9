import { applyBasisPoints, splitLargestRemainder, toKopecksNumber } from '@voronka/kernel';
import type { Clawback } from '../pay-regulation/pay-regulation.document.js';
import type { Bonus } from './bonus.js';

/** A rule's bonus for one origin period, three times: as posted, by the facts now, by facts and terms now. Kopecks. */
export interface RuleDelta {
  readonly rule: string;
  readonly period: string;
  readonly postedKopecks: number;
  readonly factDeltaKopecks: number;
  readonly termDeltaKopecks: number;
}

/**
 * What a closed period owes or is owed, over all rules. posted + due = now − waived − notTaken; waived and notTaken
 * are never positive. Kopecks.
 */
export interface Settlement {
  readonly origin: string;
  readonly postedKopecks: number;
  /** By facts and terms known now. */
  readonly nowKopecks: number;
  readonly factDeltaKopecks: number;
  readonly termDeltaKopecks: number;
  readonly dueKopecks: number;
  readonly waivedKopecks: number;
  readonly notTakenKopecks: number;
  readonly rules: readonly RuleDelta[];
}

/** As which rule that stands which was posted by hand to settle a month. */
export const BY_HAND = 'manual';

export interface SettlementQuestion {
  /** The closed month that the money was earned in, `YYYY-MM`. */
  readonly origin: string;
  /** The month whose statement would carry it, `YYYY-MM`. */
  readonly month: string;
  /** What statements have posted for this origin so far, rule by rule. */
  readonly posted: readonly { readonly rule: string; readonly period: string; readonly kopecks: number }[];
  /** Of what facts took off this origin, so much was taken back already (`takenBackAfter`). Never negative; kopecks. */
  readonly takenBackKopecks: number;
  /** Facts now, terms under which it was last posted. */
  readonly underOldTerms: Bonus;
  /** Facts now, terms now. */
  readonly now: Bonus;
  /** Of the regulation in force when it was earned. */
  readonly clawback: Clawback | null;
}

/**
 * The difference between what was posted and what is right now, split into what facts changed and what terms changed,
 * netted over all rules. Less by facts is taken back as far as the clause allows; less by terms is waived.
 */
export function settle(question: SettlementQuestion): Settlement {
  const rules = ruleDeltas(question);
  const posted = sumOf(rules, (one) => one.postedKopecks);
  const factDelta = sumOf(rules, (one) => one.factDeltaKopecks);
  const termDelta = sumOf(rules, (one) => one.termDeltaKopecks);
  const taken = factDelta >= 0n ? factDelta : -takenBack(-factDelta, question);
  const due = taken + (termDelta > 0n ? termDelta : 0n);
  return {
    origin: question.origin,
    postedKopecks: kopecks(posted),
    nowKopecks: question.now.totalKopecks,
    factDeltaKopecks: kopecks(factDelta),
    termDeltaKopecks: kopecks(termDelta),
    dueKopecks: kopecks(due),
    waivedKopecks: kopecks(termDelta < 0n ? termDelta : 0n),
    notTakenKopecks: kopecks(factDelta - taken),
    rules: rules.filter(({ factDeltaKopecks, termDeltaKopecks }) => factDeltaKopecks !== 0 || termDeltaKopecks !== 0),
  };
}

/**
 * Of what is too much, so much may be taken back by the clause: months, then share. The share is of all that the facts
 * took off the month, what was taken back already counted in: else every statement would take its share of the rest.
 */
function takenBack(tooMuch: bigint, { clawback, origin, month, takenBackKopecks }: SettlementQuestion): bigint {
  if (clawback === null || monthsBetween(origin, month) > clawback.months) return 0n;
  const before = BigInt(takenBackKopecks);
  const left = applyBasisPoints(tooMuch + before, BigInt(clawback.shareBps)) - before;
  return left > 0n ? (left < tooMuch ? left : tooMuch) : 0n;
}

/** What is taken back of an origin once a statement carries its settlement: what the facts give back is taken no more. */
export function takenBackAfter(
  takenBackKopecks: number,
  settlement: Pick<Settlement, 'dueKopecks' | 'termDeltaKopecks'>,
): number {
  return Math.max(0, takenBackKopecks - byFacts(settlement));
}

function sumOf(rules: readonly RuleDelta[], pick: (one: RuleDelta) => number): bigint {
  return rules.reduce((total, one) => total + BigInt(pick(one)), 0n);
}

function ruleDeltas({ posted, underOldTerms, now }: SettlementQuestion): readonly RuleDelta[] {
  const keys = new Map<string, { rule: string; period: string; posted: number; old: number; now: number }>();
  const at = (rule: string, period: string) => {
    const key = `${rule}|${period}`;
    const found = keys.get(key) ?? { rule, period, posted: 0, old: 0, now: 0 };
    keys.set(key, found);
    return found;
  };
  for (const one of posted) at(one.rule, one.period).posted += one.kopecks;
  for (const line of underOldTerms.lines) at(line.rule, line.period).old = line.amountKopecks;
  for (const line of now.lines) at(line.rule, line.period).now = line.amountKopecks;
  return withTermsByHand(
    [...keys.values()].map((one) => ({
      rule: one.rule,
      period: one.period,
      postedKopecks: one.posted,
      factDeltaKopecks: one.old - one.posted,
      termDeltaKopecks: one.now - one.old,
    })),
  );
}

/**
 * What was posted by hand to settle a month is no bonus, so it stands as if facts had taken it off. Where better terms
 * are what it paid, it is set off against those: nobody is paid twice, and no clause is asked.
 */
function withTermsByHand(rules: readonly RuleDelta[]): readonly RuleDelta[] {
  const tooMuch = -sumOf(rules, (one) => one.factDeltaKopecks);
  const better = sumOf(rules, (one) => one.termDeltaKopecks);
  const byHand = rules.find(({ rule }) => rule === BY_HAND);
  const least = [BigInt(byHand?.postedKopecks ?? 0), tooMuch, better].reduce((a, b) => (a < b ? a : b));
  const paid = least > 0n ? kopecks(least) : 0;
  if (paid === 0) return rules;
  return rules.map((one) => {
    if (one !== byHand) return one;
    const { factDeltaKopecks, termDeltaKopecks } = one;
    return { ...one, factDeltaKopecks: factDeltaKopecks + paid, termDeltaKopecks: termDeltaKopecks - paid };
  });
}

/** Calendar months from one `YYYY-MM` to a later one. */
export function monthsBetween(from: string, to: string): number {
  const index = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5));
  return index(to) - index(from);
}

function kopecks(amount: bigint): number {
  return toKopecksNumber(amount, 'settlement');
}

/** A statement's amounts in kopecks: what it pays, and what it carries over below zero. */
export interface StatementTotals {
  /** Bonus lines of the month. */
  readonly earnedKopecks: number;
  /** Σ due of earlier months, as far as the statement takes it. */
  readonly adjustedKopecks: number;
  readonly manualKopecks: number;
  /** From the statement before; never positive. */
  readonly broughtKopecks: number;
  /** Never below 0. */
  readonly payableKopecks: number;
  /** What is below 0 and goes to the next one; never positive. */
  readonly carriedKopecks: number;
}

/** Adds a statement up; below zero nothing is paid and the rest is carried over. */
export function totalsOf(parts: {
  readonly earnedKopecks: number;
  readonly adjustedKopecks: number;
  readonly manualKopecks: number;
  readonly broughtKopecks: number;
}): StatementTotals {
  const sum = Object.values(parts).reduce((total, one) => total + BigInt(one), 0n);
  return { ...parts, payableKopecks: kopecks(sum > 0n ? sum : 0n), carriedKopecks: kopecks(sum < 0n ? sum : 0n) };
}

/**
 * Limits what one statement takes back to a share of what it earns (the largest share of one statement): of several
 * origins the oldest first. Better terms of the same origin are paid all the same. Answers the settlements with the rest
 * counted as not taken.
 */
export function withinStatement(
  settlements: readonly Settlement[],
  earnedKopecks: number,
  clawbackOf: (origin: string) => Clawback | null,
): readonly Settlement[] {
  let used = 0n;
  return [...settlements]
    .sort((a, b) => (a.origin < b.origin ? -1 : 1))
    .map((one) => {
      const clause = clawbackOf(one.origin);
      const wanted = BigInt(-byFacts(one));
      if (wanted <= 0n || clause === null) return one;
      const most = applyBasisPoints(BigInt(Math.max(0, earnedKopecks)), BigInt(clause.statementShareBps));
      const room = most > used ? most - used : 0n;
      const taken = clause.statementShareBps === UNLIMITED || wanted < room ? wanted : room;
      used += taken;
      const left = wanted - taken;
      return {
        ...one,
        dueKopecks: kopecks(BigInt(one.dueKopecks) + left),
        notTakenKopecks: kopecks(BigInt(one.notTakenKopecks) - left),
      };
    });
}

/**
 * Is there anything to be recorded of it? Zero due, no line. But better terms that what the facts took off eats up to
 * the kopeck were paid all the same: unless a statement says so, worse ones later would take them back.
 */
export function isToBeRecorded(settlement: Settlement): boolean {
  const { dueKopecks, termDeltaKopecks, waivedKopecks, notTakenKopecks } = settlement;
  return dueKopecks !== 0 || termDeltaKopecks > 0 || waivedKopecks !== 0 || notTakenKopecks !== 0;
}

/** What of the due is by facts: better terms are paid in full beside it. */
function byFacts({ dueKopecks, termDeltaKopecks }: Pick<Settlement, 'dueKopecks' | 'termDeltaKopecks'>): number {
  return dueKopecks - Math.max(0, termDeltaKopecks);
}

/** A clause that takes up to the whole statement goes on below zero: the rest is carried over. */
const UNLIMITED = 10_000;

/**
 * What is posted rule by rule; adds up to the settlement's due. Where less is taken back than the rules lost, the rules
 * that lost bear it by how much they lost.
 */
export function postingsOf({ rules, factDeltaKopecks, termDeltaKopecks, dueKopecks }: Settlement): readonly {
  readonly rule: string;
  readonly period: string;
  readonly kopecks: number;
}[] {
  const takesTerms = termDeltaKopecks > 0;
  const full = rules.map((one) => one.factDeltaKopecks + (takesTerms ? one.termDeltaKopecks : 0));
  const spared = BigInt(dueKopecks) - BigInt(factDeltaKopecks) - (takesTerms ? BigInt(termDeltaKopecks) : 0n);
  const weights = rules.map((one) => (one.factDeltaKopecks < 0 ? BigInt(-one.factDeltaKopecks) : 0n));
  const back = spared === 0n ? [] : splitLargestRemainder(spared, weights);
  return rules
    .map(({ rule, period }, index) => ({
      rule,
      period,
      kopecks: kopecks(BigInt(full[index] ?? 0) + (back[index] ?? 0n)),
    }))
    .filter((one) => one.kopecks !== 0);
}
