import { mayDiffer, type Settlement } from '@voronka/pay/calculation';
import type { QueryContext } from '../context.js';
import { bonusesOf } from './bonuses.js';
import { payContext } from './context-of-pay.js';
import type { IssuedStatement } from './payroll.js';
import { keyOf, type Posted } from './posted.js';

type Amounts = Posted['lines'];

/** What today's engine makes of statements that another one issued: this less what they say, by origin and employee. */
export interface EngineDifferences {
  readonly found: ReadonlyMap<string, Amounts>;
  readonly countings: number;
  readonly rulesEvaluated: number;
}

/** Statements of another engine are worked out again, by the very facts and terms that they were issued by. */
export async function engineDifferences(
  context: QueryContext,
  issued: readonly IssuedStatement[],
): Promise<EngineDifferences> {
  const found = new Map<string, Amounts>();
  let [countings, rulesEvaluated] = [0, 0];
  const others = issued.map(({ document }) => document).filter(({ engine }) => mayDiffer(engine));
  for (const asOf of new Set(others.map((document) => document.asOf))) {
    const documents = others.filter((document) => document.asOf === asOf);
    const then = await payContext(context, BigInt(asOf));
    const months = [...new Set(documents.map(({ period }) => period))];
    const employees = [...new Set(documents.map(({ employeeId }) => employeeId))];
    const again = await bonusesOf({ facts: then, terms: then, months, employees });
    const lines = new Map(again.bonuses.map((bonus) => [keyOf(bonus), bonus.lines]));
    for (const document of documents) {
      const key = keyOf({ employeeId: document.employeeId, month: document.period });
      found.set(key, differences(document.lines, lines.get(key) ?? []));
    }
    countings += again.countings;
    rulesEvaluated += again.rulesEvaluated;
  }
  return { found, countings, rulesEvaluated };
}

type Line = { readonly rule: string; readonly period: string; readonly amountKopecks: number };

function differences(said: readonly Line[], again: readonly Line[]): Amounts {
  const amounts = new Map<string, Amounts[number]>();
  const add = ({ rule, period }: Line, kopecks: number): void => {
    const key = `${rule}|${period}`;
    amounts.set(key, { rule, period, kopecks: (amounts.get(key)?.kopecks ?? 0) + kopecks });
  };
  for (const line of again) add(line, line.amountKopecks);
  for (const line of said) add(line, -line.amountKopecks);
  return [...amounts.values()].filter(({ kopecks }) => kopecks !== 0);
}

/** What was posted as today's engine would have posted it, and what of the difference somebody has to look at. */
export interface Restated {
  readonly lines: Amounts;
  readonly reviewKopecks: number;
}

/**
 * `earned`: by the facts now, under the terms of the last posting. Adjustments by hand that settle the month settle the
 * engine's difference first, as far as they go its way; and what it would have paid more is never taken back, since it
 * never was paid.
 */
export function restated(
  posted: Amounts,
  difference: Amounts,
  { origin, earned }: { readonly origin: string; readonly earned: number },
): Restated {
  const whole = sumOf(difference);
  const byHand = sumOf(posted.filter(({ rule }) => rule === 'manual'));
  const settled = whole > 0 ? Math.min(whole, Math.max(0, byHand)) : Math.max(whole, Math.min(0, byHand));
  const manual = settled === 0 ? [] : [{ rule: 'manual', period: origin, kopecks: -settled }];
  const left = whole - settled;
  const tooMuch = sumOf(posted) + left - earned;
  const unpaid = Math.max(0, Math.min(left, tooMuch));
  return { lines: [...posted, ...lessened(difference, unpaid), ...manual], reviewKopecks: left - unpaid };
}

/** So much less, taken off those that are more than was posted, one after another. */
function lessened(difference: Amounts, kopecks: number): Amounts {
  let rest = kopecks;
  return difference.map((one) => {
    const taken = Math.max(0, Math.min(one.kopecks, rest));
    rest -= taken;
    return { ...one, kopecks: one.kopecks - taken };
  });
}

/** The settlement with what was really posted: posted + due = now − waived − notTaken − review. */
export function asPosted(settlement: Settlement, posted: Amounts): Settlement {
  const rules = settlement.rules.map((one) => ({
    ...one,
    postedKopecks: sumOf(posted.filter(({ rule, period }) => rule === one.rule && period === one.period)),
  }));
  return { ...settlement, postedKopecks: sumOf(posted), rules };
}

function sumOf(amounts: readonly { readonly kopecks: number }[]): number {
  return amounts.reduce((sum, { kopecks }) => sum + kopecks, 0);
}
