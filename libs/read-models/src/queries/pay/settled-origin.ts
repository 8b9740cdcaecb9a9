import type { BonusLine, PostingNamed } from '@voronka/pay/calculation';
import { BY_HAND } from '@voronka/pay/calculation';
import type { StatementDocument } from '@voronka/pay/events';
import type { IssuedStatement, Payroll } from './payroll.js';
import { nothingPosted } from './posted.js';

/** What statements have posted for a month of origin, and by which facts and terms. */
export interface SettledOrigin {
  /**
   * Facts and terms of the last posting that left nothing owed: what was posted is what they make. What was not taken
   * back since is to be explained still.
   */
  readonly facts: bigint;
  readonly terms: bigint;
  /** Those of the statement itself; null where an adjustment posted last: they are worked out again. */
  readonly lines: readonly BonusLine[] | null;
  /** A: terms of the last posting. */
  readonly lastTerms: bigint;
  readonly postingsOf: (rule: string, period: string) => readonly PostingNamed[];
}

interface Question {
  readonly origin: string;
  readonly payroll: Payroll;
  /** Of one employee, in the order of months. */
  readonly issued: readonly IssuedStatement[];
  /** The statement that settles the month: what was posted by hand in it counts as posted. */
  readonly document: StatementDocument;
}

/** Goes through what was posted for the month, statement by statement. */
export function settledOrigin({ origin, payroll, issued, document }: Question): SettledOrigin {
  const none = BigInt(nothingPosted(payroll, origin).termsPosition);
  let base: Pick<SettledOrigin, 'facts' | 'terms' | 'lines'> = { facts: none, terms: none, lines: null };
  let lastTerms = none;
  const postings: (PostingNamed & { readonly rule: string; readonly period: string })[] = [];
  for (const { document: one, eventId } of issued) {
    const asOf = BigInt(one.asOf);
    const posted = (rule: string, period: string, kopecks: number): void => {
      postings.push({ rule, period, month: one.period, eventId, kopecks });
    };
    if (one.period === origin) {
      base = { facts: asOf, terms: asOf, lines: one.lines };
      lastTerms = asOf;
      for (const { rule, period, amountKopecks } of one.lines) posted(rule, period, amountKopecks);
    }
    for (const adjustment of one.adjustments.filter((it) => it.origin === origin)) {
      lastTerms = BigInt(adjustment.termsPosition);
      const isSquare = adjustment.notTakenKopecks === 0 && (adjustment.reviewKopecks ?? 0) === 0;
      if (isSquare) base = { facts: asOf, terms: lastTerms, lines: null };
      for (const { rule, period, kopecks } of adjustment.postings) posted(rule, period, kopecks);
    }
    postings.push(...byHand(one, origin));
  }
  postings.push(...byHand(document, origin));
  return {
    ...base,
    lastTerms,
    postingsOf: (rule, period) =>
      postings
        .filter((one) => one.rule === rule && one.period === period && one.kopecks !== 0)
        .map(({ month, eventId, kopecks }) => ({ month, eventId, kopecks })),
  };
}

function byHand({ period: month, manual }: StatementDocument, origin: string) {
  return manual
    .filter(({ settles }) => settles === origin)
    .map(({ amountKopecks, eventId = null }) => ({
      ...{ rule: BY_HAND, period: origin },
      ...{ month, eventId, kopecks: amountKopecks },
    }));
}
