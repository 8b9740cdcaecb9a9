import { formatKopecks, fractionToDecimal } from '@voronka/kernel';
import type { Unit } from '../indicator/indicator.document.js';
import type { Payout } from '../pay-regulation/pay-regulation.document.js';
import type { BonusLine, GateResult, LineStatus } from './bonus.js';
import { bps, type Language, percentOf, quantity, rub, rubOf } from './explain-format.js';
import type { PayStep } from './payout.js';
import { fractionFrom } from './quantity.js';

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
    scope: { self: '', department: ' по отделу', company: ' по компании' },
    by: { fulfilment: ' по выполнению', actual: ' по факту' },
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
    scope: { self: '', department: ' of the department', company: ' of the company' },
    by: { fulfilment: ' by fulfilment', actual: ' by actual' },
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

/** What words about a line need beside it; the statement holds neither. */
export interface LineTerms {
  /** How its rule pays; null where that is not known. */
  readonly payout: Payout | null;
  /** Units of what its gates ask about, by indicator. */
  readonly units: ReadonlyMap<string, Unit>;
}

const NO_TERMS: LineTerms = { payout: null, units: new Map() };

/** A line of a statement in words and numbers, one sentence a line. Shown numbers are rounded, the line's are exact. */
export function explainLine(line: BonusLine, language: Language, terms: LineTerms = NO_TERMS): readonly string[] {
  const words = WORDS[language];
  const figures = figuresOf(line, quantity(line.unit, language), language);
  return [
    `${line.rule} «${line.name}», ${line.regulation}, ${line.period}: ${line.definition}`,
    figures,
    ...line.gates.map((gate) => explainGate(gate, terms.units.get(gate.indicator) ?? null, language)),
    ...line.steps.map((step) => explainStep(step, { unit: line.unit, payout: terms.payout }, language)),
    `${words.status[line.status]}; ${words.total} ${formatKopecks(line.amountKopecks)} ${words.money}`,
  ];
}

type Figures = Pick<BonusLine, 'actual' | 'target' | 'fulfilment' | 'scope' | 'planScope'>;

/** Actual, plan and fulfilment, with whose they are where they are not his own. */
function figuresOf(figures: Figures, shown: (text: string) => string, language: Language): string {
  const words = WORDS[language];
  const { scope, planScope, fulfilment } = figures;
  const actual = figures.actual === null ? words.undefinedValue : shown(figures.actual);
  const plan = figures.target === null ? words.noPlan : shown(figures.target);
  const done = fulfilment === null ? '' : `, ${words.fulfilment} ${share(fulfilment, language)}`;
  return `${words.actual}${words.scope[scope]} ${actual}, ${words.target}${words.scope[planScope]} ${plan}${done}`;
}

function share(fulfilment: string, language: Language): string {
  return fulfilment === 'unbounded' ? WORDS[language].unbounded : percentOf(fulfilment);
}

/** A gate down to its own figures; in the smallest unit where the unit is not known. */
function explainGate(gate: GateResult, unit: Unit | null, language: Language): string {
  const words = WORDS[language];
  const verdict = gate.passed === null ? words.unknown : gate.passed ? words.passed : words.failed;
  const figures = figuresOf(gate, unit === null ? (text) => text : quantity(unit, language), language);
  return `${words.gate} ${gate.definition} ${bps(gate.thresholdBps)}: ${figures} — ${verdict}`;
}

interface Paying {
  readonly unit: Unit;
  readonly payout: Payout | null;
}

function explainStep(step: PayStep, { unit, payout }: Paying, language: Language): string {
  const words = WORDS[language];
  const shown = quantity(unit, language);
  const by = payout?.kind === 'tiers' ? words.by[payout.by] : '';
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
      // Parts that are taken one by one are bounded in the unit of the indicator: a share of the plan is worked out.
      const bound = boundIn(payout, shown, payout?.kind === 'tiers' && payout.mode === 'slab');
      const to = step.to === null ? words.above : `${words.to} ${bound(step.to)}`;
      return `${words.bracket}${by} ${words.from} ${bound(step.from)} ${to}`;
    }
    case 'belowFirstBracket':
      return `${words.below}${by} (${boundIn(payout, shown, true)(step.from)})`;
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

/** Shows a bound: per cent of the plan where it is written as the regulation has it, else in the indicator's unit. */
function boundIn(payout: Payout | null, shown: (text: string) => string, isWritten: boolean): (text: string) => string {
  if (payout?.kind !== 'tiers') return (text) => fractionToDecimal(fractionFrom(text), 0);
  return payout.by === 'fulfilment' && isWritten ? (text) => bps(Number(text)) : shown;
}
