import { BY_HAND, takenBackAfter } from '@voronka/pay/calculation';
import type { CurrentBonus } from './bonuses.js';
import type { IssuedStatement, ManualRow, Payroll } from './payroll.js';

/** Terms that a posted figure rests on: a position of the log and, where a statement names it, the event there. */
export interface PostedTerms {
  readonly termsPosition: string;
  readonly termsEventId: string | null;
}

/** What statements have posted for a month of origin, rule by rule. Kopecks. */
export interface Posted extends PostedTerms {
  readonly lines: { readonly rule: string; readonly period: string; readonly kopecks: number }[];
  /** Of what facts took off it, so much was taken back already. Kopecks. */
  takenBackKopecks: number;
  termsPosition: string;
  termsEventId: string | null;
  /** By which the month's own statement paid, `sales@2`; null where none covered him. */
  regulation: string | null;
}

export function keyOf({ employeeId, month }: { readonly employeeId: string; readonly month: string }): string {
  return `${month} ${employeeId}`;
}

/** What statements have posted, by origin month and employee; by hand, what names the month it settles. */
export function postedBy(
  payroll: Payroll,
  issued: readonly IssuedStatement[],
  drafted: readonly ManualRow[],
): ReadonlyMap<string, Posted> {
  const found = new Map<string, Posted>();
  const at = (month: string, employeeId: string): Posted => {
    const key = keyOf({ month, employeeId });
    const known = found.get(key) ?? nothingPosted(payroll, month);
    found.set(key, known);
    return known;
  };
  const byHand = (
    employeeId: string,
    { settles, amountKopecks }: Pick<ManualRow, 'settles' | 'amountKopecks'>,
  ): void => {
    if (settles !== null) at(settles, employeeId).lines.push(manualPosting(settles, amountKopecks));
  };
  for (const { document } of issued) {
    const { period, employeeId, asOf, asOfEventId = null, regulation, lines, adjustments, manual } = document;
    const own = at(period, employeeId);
    // None by the month, yet a line of a longer period: he had left before the month began.
    own.regulation = regulation ?? lines[0]?.regulation ?? null;
    own.termsPosition = asOf;
    own.termsEventId = asOfEventId;
    for (const line of lines) own.lines.push({ rule: line.rule, period: line.period, kopecks: line.amountKopecks });
    for (const one of adjustments) {
      const origin = at(one.origin, employeeId);
      origin.lines.push(...one.postings);
      origin.takenBackKopecks = takenBackAfter(origin.takenBackKopecks, one);
      origin.termsPosition = one.termsPosition;
      origin.termsEventId = one.termsEventId ?? null;
    }
    for (const one of manual) byHand(employeeId, one);
  }
  for (const one of drafted) byHand(one.employeeId, one);
  return found;
}

function manualPosting(period: string, kopecks: number) {
  return { rule: BY_HAND, period, kopecks };
}

/** Who had no statement for a closed month was posted nothing under the terms by which it was closed. */
export function nothingPosted(payroll: Payroll, month: string): Posted {
  const closed = payroll.periods.find(({ period }) => period === month)?.data['asOf'];
  const { position = '0', eventId = null } = (closed ?? {}) as {
    readonly position?: string;
    readonly eventId?: string;
  };
  return { lines: [], takenBackKopecks: 0, termsPosition: position, termsEventId: eventId, regulation: null };
}

/** Who was posted something for a month in which, by the facts now, he did not work at all: he earned nothing in it. */
export function noLongerPaid(
  bonuses: readonly CurrentBonus[],
  posted: ReadonlyMap<string, Posted>,
): readonly CurrentBonus[] {
  const paid = new Set(bonuses.map(keyOf));
  const nothing = { lines: [], totalKopecks: 0, place: null, regulation: null };
  return [...posted.keys()]
    .filter((key) => !paid.has(key))
    .map((key) => {
      const [month = '', employeeId = ''] = key.split(' ');
      return { ...nothing, employeeId, month };
    });
}
