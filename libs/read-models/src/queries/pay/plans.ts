import {
  addFractions,
  type Fraction,
  fraction,
  fractionToDecimal,
  localDateOf,
  parsePeriod,
  type Period,
  subtractFractions,
} from '@voronka/kernel';
import { dayAfter, fractionFrom, fractionText, paceOf, targetOf } from '@voronka/pay/calculation';
import { isCountable, type PlanOwner } from '@voronka/pay/events';
import { assumedIn, type ByCalendar, calendarAt } from '../calendar.js';
import { type Answer, answerHead, type QueryContext } from '../context.js';
import { definedOn, heldOn, versionsOf } from '../indicators/definitions.js';
import { Statement } from '../sql.js';
import { actualsAt, type Counting } from './actuals.js';
import { placesAt } from './places.js';
import { plansAt } from './terms.js';

export interface PlansParams {
  readonly period: string;
  readonly indicators?: readonly string[] | undefined;
  /** Plans of these people alone, and of these departments; of everybody and everything where both are left out. */
  readonly employees?: readonly string[] | undefined;
  readonly departments?: readonly string[] | undefined;
}

export interface PlanRow {
  readonly indicator: string;
  readonly owner: PlanOwner;
  readonly period: string;
  /** Exact, in the smallest unit of the indicator (`895/21`); null: withdrawn. */
  readonly target: string | null;
  /** Of the days up to T, today included; null besides for what has no pace: ratios, shares, times. */
  readonly toDate: string | null;
  /** Counted up to T; null where it is undefined. */
  readonly actual: string | null;
  /** actual ÷ plan to date, as a decimal; null where nothing is asked for yet, or there is no plan to date. */
  readonly pace: string | null;
  /** Plan events that the target rests on. */
  readonly because: readonly string[];
}

export interface PlansAnswer extends Answer<PlansParams>, ByCalendar {
  readonly rows: readonly PlanRow[];
  /** Where a department has a plan: that less the sum of its people's, exact. */
  readonly gaps: readonly { readonly indicator: string; readonly department: string; readonly gap: string }[];
}

/** The plans of a period as known at K, with what was done by T. */
export async function plansOf(context: QueryContext, params: PlansParams): Promise<PlansAnswer> {
  const period = parsePeriod(params.period);
  const indicators = params.indicators ?? (await plannedIndicators(context, period));
  const plans = await plansAt(context, { indicators, periods: [period.key] });
  const cells = plans.cells().filter(({ owner }) => isAsked(owner, params));
  const countings = cells.map(({ indicator, owner }) => countingOf(indicator, owner, period));
  const versions = await versionsOf(context, indicators);
  // What does not hold yet when the period begins cannot be counted in it: its plan is shown without an actual.
  const isHeld = (indicator: string): boolean => heldOn(versions, indicator, period.from);
  const held = countings.filter(({ indicator }) => isHeld(indicator));
  const actuals = await actualsAt({ facts: context, versions, countings: held });
  const calendar = await calendarAt(context);
  const places = await placesAt(context, period, null);
  const until = dayAfter(localDateOf(context.at, context.zone));
  const rows = cells.map(({ indicator, owner }): PlanRow => {
    const plan = plans.of(indicator, owner, period);
    const question = { period, calendar, presence: places.presence(owner.id, period) };
    const target = plan === null ? null : targetOf(plan, question);
    const holds = isHeld(indicator);
    // Half of the month is no half of a share: only what is counted or summed grows day by day.
    const grows = holds && isCountable(definedOn(versions, indicator, period.from).definition);
    const toDate = plan === null || !grows ? null : targetOf(plan, { ...question, until });
    const actual = holds ? actuals.of(countingOf(indicator, owner, period), owner.id).value : null;
    const figures = {
      target: shown(target),
      toDate: shown(toDate),
      actual: shown(actual),
      pace: paceIn(actual, toDate),
    };
    return { indicator, owner, period: period.key, ...figures, because: plan?.because ?? [] };
  });
  const calendarAssumed = rows.some(({ target }) => target !== null) ? assumedIn(calendar, [period]) : [];
  const gaps = gapsOf(rows, (id) => places.lastIn(id, period));
  return { ...answerHead(context, params, true), calendarAssumed, rows, gaps };
}

function shown(value: Fraction | null): string | null {
  return value === null ? null : fractionText(value);
}

function paceIn(actual: Fraction | null, toDate: Fraction | null): string | null {
  const pace = actual === null || toDate === null ? null : paceOf(actual, toDate);
  return pace === null ? null : fractionToDecimal(pace, 4);
}

/** A department's plan is not the sum of its people's: both are kept, and what lies between is shown. */
function gapsOf(
  rows: readonly PlanRow[],
  placeOf: (employeeId: string) => { readonly departmentId: string } | null,
): PlansAnswer['gaps'] {
  return rows.flatMap(({ indicator, owner, target }) => {
    if (owner.kind !== 'department' || target === null) return [];
    const personal = rows
      .filter((row) => row.indicator === indicator && row.owner.kind === 'employee' && row.target !== null)
      .filter((row) => placeOf(row.owner.id)?.departmentId === owner.id)
      .reduce((sum, row) => addFractions(sum, fractionFrom(row.target ?? '0')), fraction(0n));
    const gap = fractionText(subtractFractions(fractionFrom(target), personal));
    return [{ indicator, department: owner.id, gap }];
  });
}

function isAsked({ kind, id }: PlanOwner, { employees, departments }: PlansParams): boolean {
  if (employees === undefined && departments === undefined) return true;
  return (kind === 'employee' ? employees : kind === 'department' ? departments : [])?.includes(id) ?? false;
}

function countingOf(indicator: string, owner: PlanOwner, period: Period): Counting {
  const scope = owner.kind === 'employee' ? 'self' : owner.kind;
  return { indicator, scope, period };
}

async function plannedIndicators(context: QueryContext, period: Period): Promise<readonly string[]> {
  const statement = new Statement(context);
  const rows = await statement.rows<{ indicator: string }>(`SELECT DISTINCT p.indicator FROM plan_changes p
    WHERE p.period = ${statement.bind(period.key, 'text')} AND ${statement.known('p')} ORDER BY 1`);
  return rows.map(({ indicator }) => indicator);
}
