import { type Fraction, parsePeriod, type Period, periodOf, type WorkCalendar } from '@voronka/kernel';
import {
  type Actual,
  type Bonus,
  type BonusInputs,
  bonusOf,
  type CellPlan,
  type Covered,
  isPaidIn,
  type Planned,
  presenceShare,
  targetOf,
} from '@voronka/pay/calculation';
import {
  OWNER_OF_SCOPE,
  PAY_GRAINS,
  type PayGrain,
  type PlanOwner,
  regulationFor,
  type RegulationVersion,
  type Rule,
  type Scope as PayScope,
} from '@voronka/pay/events';
import { calendarAt } from '../calendar.js';
import type { QueryContext } from '../context.js';
import { heldOn, type Versions, versionsOf } from '../indicators/definitions.js';
import { type ActualLookup, actualOf, actualsAt, type ActualsQuestion, type Counting } from './actuals.js';
import { type PlaceOfWork, type Places, placesAt, spanOf } from './places.js';
import { plansAt, type Plans, regulationsAt } from './terms.js';

export interface BonusQuestion {
  /** K₁ and T: what was counted. */
  readonly facts: QueryContext;
  /** K₂: plans, regulations and definitions. */
  readonly terms: QueryContext;
  /** Months `YYYY-MM`. */
  readonly months: readonly string[];
  /** Null: everybody. */
  readonly employees: readonly string[] | null;
  /** Where counts come from; counted now unless it is said. */
  readonly count?: (question: ActualsQuestion) => Promise<ActualLookup>;
}

export interface EmployeeBonus extends Bonus {
  readonly employeeId: string;
  readonly month: string;
  /** On the last day that he was assigned in the month; null for who had left and is paid for a longer period. */
  readonly place: PlaceOfWork | null;
  /** `sales@2`; null where none covers him. */
  readonly regulation: string | null;
  /** The regulation's document by which the month goes. */
  readonly covered: readonly Covered[];
}

/** What a bonus is for those who do not ask for the regulation's document. */
export type CurrentBonus = Omit<EmployeeBonus, 'covered'>;

export interface CurrentBonuses extends Omit<Bonuses, 'bonuses'> {
  readonly bonuses: readonly CurrentBonus[];
}

export interface Bonuses {
  readonly bonuses: readonly EmployeeBonus[];
  /** How many figures were counted, set-wise. */
  readonly countings: number;
  readonly rulesEvaluated: number;
}

interface Case {
  readonly employeeId: string;
  readonly month: string;
  /** Those that are paid in the month; the same for everybody. */
  readonly periods: ReadonlyMap<PayGrain, Period>;
  readonly places: ReadonlyMap<PayGrain, PlaceOfWork>;
  readonly covered: readonly Covered[];
}

/**
 * bonus(employee, month, facts as of K₁, terms as of K₂) for all of them: places, plans, definitions and counts are
 * asked for set-wise, the bonus itself is the pure function. Ordered by month and employee.
 */
export async function bonusesOf({
  facts,
  terms,
  months,
  employees,
  count = actualsAt,
}: BonusQuestion): Promise<Bonuses> {
  const periods = months.flatMap((month) => paidPeriods(month).map(({ period }) => period));
  const places = await placesAt(facts, spanOf(periods), employees);
  const regulations = await regulationsAt(terms);
  const cases = months.flatMap((month) => casesOf(month, places, regulations));
  const needs = cases.flatMap(needsOf);
  const versions = await versionsOf(terms, [...new Set(needs.map(({ indicator }) => indicator))]);
  const owners = employees === null ? undefined : ownersOf(cases);
  const actuals = await count({
    facts,
    versions,
    // What an indicator did not hold for yet is counted for nobody, and stops nobody else's pay.
    countings: needs.filter(({ indicator, period }) => heldOn(versions, indicator, period.from)),
    ...(owners === undefined ? {} : { only: owners }),
  });
  const plans = await plansAt(terms, {
    indicators: [...new Set(needs.map(({ indicator }) => indicator))],
    periods: [...new Set(needs.map(({ period }) => period.key))],
    ...(owners === undefined ? {} : { owners: [...owners.employees, ...owners.departments, 'main'] }),
  });
  const calendar = await calendarAt(facts);
  const targets = new Map<CellPlan, Fraction>();
  const bonuses = cases.map((one) => bonusFor(one, { places, versions, actuals, plans, targets, calendar }));
  return {
    bonuses,
    countings: actuals.size,
    rulesEvaluated: bonuses.reduce((sum, { lines }) => sum + lines.length, 0),
  };
}

/** The month, and the quarter and the year if they end with it. */
function paidPeriods(month: string): readonly { readonly grain: PayGrain; readonly period: Period }[] {
  const { from } = parsePeriod(month);
  return PAY_GRAINS.filter((grain) => isPaidIn(grain, month)).map((grain) => ({
    grain,
    period: periodOf(from, grain),
  }));
}

function casesOf(month: string, places: Places, regulations: readonly RegulationVersion[]): readonly Case[] {
  const periods = paidPeriods(month);
  const people = new Set(periods.flatMap(({ period }) => places.employees(period)));
  const { from } = parsePeriod(month);
  const byGrain = new Map(periods.map(({ grain, period }) => [grain, period]));
  return [...people].sort().map((employeeId) => {
    const own = new Map<PayGrain, PlaceOfWork>();
    const covered: Covered[] = [];
    for (const { grain, period } of periods) {
      const place = places.lastIn(employeeId, period);
      if (place === null) continue;
      own.set(grain, place);
      const found = regulationFor(regulations, from, { employeeId, ...place });
      if (found !== null)
        covered.push({ grain, ref: `${found.regulation}@${found.version}`, document: found.document });
    }
    return { employeeId, month, periods: byGrain, places: own, covered };
  });
}

function rulesOf({ covered }: Case): readonly Rule[] {
  return covered.flatMap(({ grain, document }) => document.rules.filter(({ period }) => period === grain));
}

function periodIn({ month, periods }: Case, grain: PayGrain): Period {
  return periods.get(grain) ?? periodOf(parsePeriod(month).from, grain);
}

/** Everything that the rules of a case count. */
function needsOf(one: Case): readonly Counting[] {
  return rulesOf(one).flatMap((rule) => {
    const period = periodIn(one, rule.period);
    return [rule, ...rule.gates].map(({ indicator, scope }) => ({ indicator, scope, period }));
  });
}

function ownersOf(cases: readonly Case[]) {
  return {
    employees: [...new Set(cases.map(({ employeeId }) => employeeId))],
    departments: [...new Set(cases.flatMap(({ places }) => [...places.values()].map((place) => place.departmentId)))],
  };
}

interface Around {
  readonly places: Places;
  readonly versions: Versions;
  readonly actuals: ActualLookup;
  readonly plans: Plans;
  /** Of plans that are worked out already; each stands for one cell, and so for one period. */
  readonly targets: Map<CellPlan, Fraction>;
  readonly calendar: WorkCalendar;
}

function bonusFor(one: Case, around: Around): EmployeeBonus {
  const { employeeId, month, covered, places } = one;
  const bonus = bonusOf(covered, month, inputsOf(one, around));
  const regulation = covered.find(({ grain }) => grain === 'month')?.ref ?? null;
  return { ...bonus, employeeId, month, place: places.get('month') ?? null, regulation, covered };
}

/** The same answer to the same question, worked out once. */
function remembered<Key, Value>(workOut: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const found = known.get(key) ?? workOut(key);
    known.set(key, found);
    return found;
  };
}

function inputsOf(one: Case, { places, versions, actuals, plans, targets, calendar }: Around): BonusInputs {
  // Asked for over and over by every rule: worked out once for the case.
  const periodOfGrain = (grain: PayGrain): Period => periodIn(one, grain);
  const presenceIn = remembered((grain: PayGrain) => places.presence(one.employeeId, periodOfGrain(grain)));
  const shareOf = remembered((grain: PayGrain): Fraction => {
    return presenceShare({ period: periodOfGrain(grain), calendar, presence: presenceIn(grain) });
  });
  const ownerOf = (scope: PayScope, grain: PayGrain): PlanOwner => {
    if (scope === 'self') return { kind: OWNER_OF_SCOPE[scope], id: one.employeeId };
    if (scope === 'company') return { kind: OWNER_OF_SCOPE[scope], id: 'main' };
    return { kind: OWNER_OF_SCOPE[scope], id: one.places.get(grain)?.departmentId ?? '' };
  };
  const planned = (indicator: string, scope: PayScope, grain: PayGrain): Planned | null => {
    const period = periodOfGrain(grain);
    const plan = plans.of(indicator, ownerOf(scope, grain), period);
    if (plan === null) return null;
    // Unless it goes by the days of somebody, a plan asks the same of everybody whom it is asked for.
    const known = plan.proration === 'none' ? targets.get(plan) : undefined;
    const target = known ?? targetOf(plan, { period, calendar, presence: presenceIn(grain) });
    if (plan.proration === 'none') targets.set(plan, target);
    return { target, because: plan.because };
  };
  return {
    actual: (indicator, scope, grain) => {
      const period = periodOfGrain(grain);
      if (!heldOn(versions, indicator, period.from)) return notHeld(versions, indicator);
      return actuals.of({ indicator, scope, period }, ownerOf(scope, grain).id);
    },
    plan: planned,
    presence: shareOf,
    periodKey: (grain) => periodOfGrain(grain).key,
  };
}

/** Of an indicator that did not hold yet nothing is known: undefined, in the unit of its first version. */
function notHeld(versions: Versions, code: string): Actual {
  const [first] = versions.get(code) ?? [];
  if (first === undefined) throw new TypeError(`not defined: ${code}`);
  return actualOf({ code, version: first.version, definition: first.definition, parts: [] }, null);
}
