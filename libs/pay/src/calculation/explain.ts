import {
  formatKopecks,
  type Fraction,
  fraction,
  fractionToDecimal,
  multiplyFractions,
  roundFraction,
} from '@voronka/kernel';
import type { Unit } from '../indicator/indicator.document.js';
import type { BonusLine, GateResult, LineStatus } from './bonus.js';
import type { PayStep } from './payout.js';
import { fractionFrom } from './quantity.js';
import type { StatementLeaving } from '../payroll/payroll.document.js';
import type { Settlement } from './settlement.js';
import { UNIT_SCALE } from './target.js';

/** Languages that pay is explained in. */
export const LANGUAGES = ['ru', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const WORDS = {
  ru: {
    status: {
      PAID: 'начислено',
      NO_PLAN: 'не начислено: нет плана',
      GATE_FAILED: 'не начислено: порог не достигнут',
      NO_ACTUAL: 'не начислено: показатель не определён',
    },
    actual: 'факт',
    target: 'план',
    noPlan: 'нет',
    undefinedValue: 'не определён',
    fulfilment: 'выполнение',
    unbounded: 'полностью',
    gate: 'порог',
    passed: 'достигнут',
    failed: 'не достигнут',
    unknown: 'нельзя оценить',
    of: 'из',
    from: 'от',
    to: 'до',
    above: 'и выше',
    bracket: 'ступень',
    below: 'ниже первой ступени',
    share: 'доля отработанных дней',
    sum: 'сумма ступеней',
    rounded: 'округлено до копейки',
    floor: 'не меньше',
    cap: 'не больше',
    total: 'итого',
    money: '₽',
  },
  en: {
    status: {
      PAID: 'paid',
      NO_PLAN: 'not paid: there is no plan',
      GATE_FAILED: 'not paid: the gate is not passed',
      NO_ACTUAL: 'not paid: the indicator is undefined',
    },
    actual: 'actual',
    target: 'plan',
    noPlan: 'none',
    undefinedValue: 'undefined',
    fulfilment: 'fulfilment',
    unbounded: 'in full',
    gate: 'gate',
    passed: 'passed',
    failed: 'not passed',
    unknown: 'cannot be judged',
    of: 'of',
    from: 'from',
    to: 'to',
    above: 'and above',
    bracket: 'bracket',
    below: 'below the first bracket',
    share: 'share of the days worked',
    sum: 'sum of the brackets',
    rounded: 'rounded to a kopeck',
    floor: 'not less than',
    cap: 'not more than',
    total: 'total',
    money: '₽',
  },
} as const satisfies Record<Language, { readonly status: Record<LineStatus, string> } & Record<string, unknown>>;

/** A line of a statement in words and numbers, one sentence a line. Shown numbers are rounded, the line's are exact. */
export function explainLine(line: BonusLine, language: Language): readonly string[] {
  const words = WORDS[language];
  const shown = quantity(line.unit, language);
  const plan = line.target === null ? words.noPlan : shown(line.target);
  const actual = line.actual === null ? words.undefinedValue : shown(line.actual);
  const done = line.fulfilment === null ? '' : `, ${words.fulfilment} ${percentOf(line.fulfilment, language)}`;
  return [
    `${line.rule} «${line.name}», ${line.regulation}, ${line.period}: ${line.definition}`,
    `${words.actual} ${actual}, ${words.target} ${plan}${done}`,
    ...line.gates.map((gate) => explainGate(gate, language)),
    ...line.steps.map((step) => explainStep(step, line.unit, language)),
    `${words.status[line.status]}; ${words.total} ${formatKopecks(line.amountKopecks)} ${words.money}`,
  ];
}

function explainGate(gate: GateResult, language: Language): string {
  const words = WORDS[language];
  const verdict = gate.passed === null ? words.unknown : gate.passed ? words.passed : words.failed;
  const reached = gate.fulfilment === null ? words.undefinedValue : percentOf(gate.fulfilment, language);
  return `${words.gate} ${gate.definition}: ${reached} ${words.of} ${bps(gate.thresholdBps)} — ${verdict}`;
}

function explainStep(step: PayStep, unit: Unit, language: Language): string {
  const words = WORDS[language];
  const shown = quantity(unit, language);
  switch (step.step) {
    case 'perUnit':
      return `${shown(step.units)} × ${rub(step.kopecks)} = ${rubOf(step.gives)}`;
    case 'percent':
      return `${rubOf(step.amount)} × ${bps(step.bps)} = ${rubOf(step.gives)}`;
    case 'fixed':
      return step.share === '1'
        ? `${rub(step.kopecks)}`
        : `${rub(step.kopecks)} × ${step.share} (${words.share}) = ${rubOf(step.gives)}`;
    case 'bracket': {
      const to = step.to === null ? words.above : `${words.to} ${bound(step.to)}`;
      return `${words.bracket} ${words.from} ${bound(step.from)} ${to}`;
    }
    case 'belowFirstBracket':
      return `${words.below} (${bound(step.from)})`;
    case 'sum':
      return `${words.sum}: ${rubOf(step.gives)}`;
    case 'rounded':
      return `${words.rounded}: ${rub(step.kopecks)}`;
    case 'floor':
    case 'cap':
      return `${words[step.step]} ${rub(step.kopecks)}`;
    default:
      return step satisfies never;
  }
}

/** A bound as it stands in the regulation or, where parts are taken, in the unit of the indicator. */
function bound(text: string): string {
  return fractionToDecimal(fractionFrom(text), 0);
}

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

function rub(kopecks: number): string {
  return formatKopecks(kopecks);
}

function rubOf(text: string): string {
  return formatKopecks(roundFraction(fractionFrom(text)));
}

function bps(points: number): string {
  return `${trimmed(fractionToDecimal(fraction(BigInt(points), 100n), 2))} %`;
}

function percentOf(text: string, language: Language): string {
  if (text === 'unbounded') return WORDS[language].unbounded;
  return `${trimmed(fractionToDecimal(multiplyFractions(fractionFrom(text), fraction(100n)), 2))} %`;
}

/** Shows a quantity that is written in the smallest unit. */
function quantity(unit: Unit, language: Language): (text: string) => string {
  return (text) => {
    const value = fractionFrom(text);
    if (unit === 'kopecks') return `${formatKopecks(roundFraction(value))} ${WORDS[language].money}`;
    const whole: Fraction = multiplyFractions(value, fraction(unit === 'percent' ? 100n : 1n, UNIT_SCALE[unit]));
    return `${trimmed(fractionToDecimal(whole, 2))}${unit === 'percent' ? ' %' : ''}`;
  };
}

function trimmed(decimal: string): string {
  return decimal.replace(/\.?0+$/, '');
}
