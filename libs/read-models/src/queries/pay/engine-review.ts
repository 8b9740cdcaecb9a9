import { BY_HAND, mayDiffer, postingsOf, type Settlement } from '@voronka/pay/calculation';
import type { PostedAdjustment } from '@voronka/pay/events';
import type { QueryContext } from '../context.js';
import { bonusesOf } from './bonuses.js';
import { payContext } from './context-of-pay.js';
import { closedMonths, type IssuedStatement, type Payroll } from './payroll.js';
import { keyOf, nothingPosted, type Posted, postedBy } from './posted.js';

type Amounts = Posted['lines'];

/** What today's engine makes of statements that another one issued: this less what they say, by origin and employee. */
export interface EngineDifferences {
  readonly found: ReadonlyMap<string, Amounts>;
  readonly countings: number;
  readonly rulesEvaluated: number;
}

/**
 * What another engine settled last is worked out again, by the very facts and terms that it went by. A statement settles
 * every earlier month beside its own, those that it says nothing of, too: nothing was due for them.
 */
export async function engineDifferences(
  context: QueryContext,
  payroll: Payroll,
  issued: readonly IssuedStatement[],
): Promise<EngineDifferences> {
  const found = new Map<string, Amounts>();
  let [countings, rulesEvaluated] = [0, 0];
  const questions = groupedBy(saidByOthers(payroll, issued), ({ facts, terms }) => `${facts} ${terms}`);
  for (const said of questions.values()) {
    const [{ facts, terms }] = said;
    const then = await payContext(context, BigInt(facts));
    const months = [...new Set(said.map(({ month }) => month))];
    const employees = [...new Set(said.map(({ employeeId }) => employeeId))];
    const again = await bonusesOf({ facts: then, terms: { ...then, k: BigInt(terms) }, months, employees });
    const lines = new Map(again.bonuses.map((bonus) => [keyOf(bonus), bonus.lines]));
    for (const one of said) found.set(keyOf(one), differences(one.lines, lines.get(keyOf(one)) ?? []));
    countings += again.countings;
    rulesEvaluated += again.rulesEvaluated;
  }
  return { found, countings, rulesEvaluated };
}

/** What another engine took a month of somebody to be, and by what. */
interface Said {
  readonly employeeId: string;
  readonly month: string;
  readonly lines: Amounts;
  /** Positions of the log. */
  readonly facts: string;
  readonly terms: string;
}

/** By employee as of the last statement of another engine: what older ones said of a month was settled by it. */
function saidByOthers(payroll: Payroll, issued: readonly IssuedStatement[]): readonly Said[] {
  const months = closedMonths(payroll);
  const byEmployee = groupedBy(issued, ({ document }) => document.employeeId);
  return [...byEmployee].flatMap(([employeeId, own]) => {
    const at = own.findLastIndex(({ document }) => mayDiffer(document.engine));
    const last = own[at];
    if (last === undefined) return [];
    const { period, asOf, adjustments } = last.document;
    const whole = { ...last, document: { ...last.document, adjustments: adjustments.map(inFull) } };
    const posted = postedBy(payroll, [...own.slice(0, at), whole], []);
    return months
      .filter((month) => month <= period)
      .map((month) => {
        const { lines, termsPosition } = posted.get(keyOf({ employeeId, month })) ?? nothingPosted(payroll, month);
        return { employeeId, month, lines, facts: asOf, terms: termsPosition };
      });
  });
}

function groupedBy<Item>(
  items: readonly Item[],
  keyFor: (item: Item) => string,
): ReadonlyMap<string, [Item, ...Item[]]> {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const group = groups.get(keyFor(item));
    if (group === undefined) groups.set(keyFor(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** As if all of it had been taken: what no clause took back is owed still, and no difference between engines. */
function inFull(adjustment: PostedAdjustment): PostedAdjustment {
  const { factDeltaKopecks, termDeltaKopecks } = adjustment;
  const dueKopecks = factDeltaKopecks + Math.max(0, termDeltaKopecks);
  return { ...adjustment, postings: postingsOf({ ...adjustment, dueKopecks }) };
}

type Line = { readonly rule: string; readonly period: string; readonly amountKopecks: number };

function differences(said: Amounts, again: readonly Line[]): Amounts {
  const amounts = new Map<string, Amounts[number]>();
  const add = ({ rule, period }: Omit<Line, 'amountKopecks'>, kopecks: number): void => {
    const key = `${rule}|${period}`;
    amounts.set(key, { rule, period, kopecks: (amounts.get(key)?.kopecks ?? 0) + kopecks });
  };
  for (const line of again) add(line, line.amountKopecks);
  // What was posted by hand no engine works out.
  for (const line of said) if (line.rule !== BY_HAND) add(line, -line.kopecks);
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
  const byHand = sumOf(posted.filter(({ rule }) => rule === BY_HAND));
  const settled = whole > 0 ? Math.min(whole, Math.max(0, byHand)) : Math.max(whole, Math.min(0, byHand));
  const manual = settled === 0 ? [] : [{ rule: BY_HAND, period: origin, kopecks: -settled }];
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
