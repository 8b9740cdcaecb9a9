import type { StatementLeaving } from '../payroll/payroll.document.js';
import { type Language, rub } from './explain-format.js';
import type { Settlement } from './settlement.js';

const SETTLED = {
  ru: [
    'начислено ранее',
    'по фактам',
    'по условиям',
    'к доплате или удержанию',
    'не удержано (условия)',
    'не удержано',
  ],
  en: ['posted before', 'by facts', 'by terms', 'due', 'waived (terms)', 'not taken back'],
} as const satisfies Record<Language, readonly string[]>;

const REVIEW = {
  ru: 'другой версией расчёта иначе, на проверку',
  en: 'made otherwise by another engine, to be reviewed',
} as const satisfies Record<Language, string>;

/** What a closed month owes or is owed, in words and numbers; see `PostedAdjustment` for what is to be reviewed. */
export function explainSettlement(
  settlement: Settlement & { readonly reviewKopecks?: number },
  language: Language,
): readonly string[] {
  const amounts = [
    settlement.postedKopecks,
    settlement.factDeltaKopecks,
    settlement.termDeltaKopecks,
    settlement.dueKopecks,
    settlement.waivedKopecks,
    settlement.notTakenKopecks,
  ];
  const whole = SETTLED[language].map((words, at) => `${words}: ${rub(amounts[at] ?? 0)}`);
  const rules = settlement.rules.map(
    ({ rule, factDeltaKopecks, termDeltaKopecks }) =>
      `${rule}: ${SETTLED[language][1]} ${rub(factDeltaKopecks)}, ${SETTLED[language][2]} ${rub(termDeltaKopecks)}`,
  );
  const { reviewKopecks = 0 } = settlement;
  const review = reviewKopecks === 0 ? [] : [`${REVIEW[language]}: ${rub(reviewKopecks)}`];
  return [settlement.origin, ...whole, ...review, ...rules];
}

const LEAVING = {
  ru: {
    final: 'окончательный расчёт, последний день',
    later: 'после окончательного расчёта, последний день',
    amounts: ['остаётся должен', 'не удержано', 'не удержано (условия)'],
  },
  en: {
    final: 'final statement, last day',
    later: 'after the final statement, last day',
    amounts: ['still owes', 'not taken back', 'waived (terms)'],
  },
} as const satisfies Record<Language, object>;

/** What a statement says of somebody who has left; amounts of nothing are left out. */
export function explainLeaving(leaving: StatementLeaving, language: Language): readonly string[] {
  const { final, later, amounts } = LEAVING[language];
  const { lastDay, isFinal, owedKopecks, notTakenKopecks, waivedKopecks } = leaving;
  const shown = [owedKopecks, notTakenKopecks, waivedKopecks].flatMap((kopecks, at) =>
    kopecks === 0 ? [] : [`${amounts[at]}: ${rub(kopecks)}`],
  );
  return [`${isFinal ? final : later} ${lastDay}`, ...shown];
}

/** An adjustment by hand as its events tell it; the statement holds ids alone. */
export interface ManualTold {
  readonly adjustmentId: string;
  readonly amountKopecks: number;
  /** Month whose difference it settles; null: none. */
  readonly settles: string | null;
  readonly reason: string;
  readonly proposedBy: string;
  readonly proposedAt: string;
  readonly proposedEventId: string;
  readonly approvedBy: string | null;
  readonly approvedAt: string;
  /** The event that posted it. */
  readonly eventId: string;
}

const MANUAL = {
  ru: { byHand: 'вручную', settles: 'закрывает разницу за', proposed: 'предложено', approved: 'утверждено' },
  en: { byHand: 'by hand', settles: 'settles the difference of', proposed: 'proposed by', approved: 'approved by' },
} as const satisfies Record<Language, object>;

/** An adjustment by hand: how much, why, what it settles, who asked for it and who agreed, with the events. */
export function explainManual(manual: ManualTold, language: Language): readonly string[] {
  const words = MANUAL[language];
  const { settles, proposedBy, proposedAt, proposedEventId, approvedBy, approvedAt, eventId } = manual;
  return [
    `${words.byHand} ${manual.adjustmentId}: ${rub(manual.amountKopecks)} — ${manual.reason}`,
    ...(settles === null ? [] : [`${words.settles} ${settles}`]),
    `${words.proposed} ${proposedBy} ${proposedAt} ${proposedEventId}`,
    `${words.approved} ${approvedBy ?? '–'} ${approvedAt} ${eventId}`,
  ];
}
