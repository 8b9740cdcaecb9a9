import { lastDayOf, parsePeriod, type Period } from '@voronka/kernel';
import type { IndicatorState } from '../indicator/indicator.decider.js';
import { MEASURES } from '../indicator/indicator.measures.js';
import type { ChangedCellBody, PlanCellBody } from './plan.commands.js';
import { idsNamed } from './plan.named.js';
import { cellKey, type PlanCellChange } from './plan.document.js';

/** What makes a change of plans impossible, and where (RFC 6901 pointer into the body). */
export interface PlanFault {
  readonly pointer: string;
  readonly code: string;
  /** What is wrong, and what to do. */
  readonly detail: string;
}

/** Things by status only: all that a plan asks is whether they are there. */
export interface Known {
  readonly indicators: readonly (IndicatorState | undefined)[];
  readonly employees: readonly ({ readonly status: string } | undefined)[];
  readonly departments: readonly ({ readonly status: string } | undefined)[];
}

type Report = (pointer: string, code: string, detail: string) => void;

/** Any cell of a command, with what is said of the change. */
export type AnyCell = PlanCellBody & Partial<Omit<ChangedCellBody, keyof PlanCellBody>>;

/** Everything wrong with the cells of a change, all of it. */
export function cellFaults(cells: readonly AnyCell[], known: Known): readonly PlanFault[] {
  const faults: PlanFault[] = [];
  const report: Report = (pointer, code, detail) => faults.push({ pointer, code, detail });
  const named = idsNamed(cells);
  const states = {
    indicators: new Map(named.indicators.map((id, index) => [id, known.indicators[index]])),
    employees: new Map(named.employees.map((id, index) => [id, known.employees[index]])),
    departments: new Map(named.departments.map((id, index) => [id, known.departments[index]])),
  };
  const seen = new Map<string, number>();
  cells.forEach((cell, index) => {
    const at = `/cells/${index}`;
    const key = cellKey(cell);
    const twin = seen.get(key);
    if (twin !== undefined) report(at, 'CELL_REPEATED', `cell ${twin} is the same; say once what becomes of it`);
    seen.set(key, index);
    ownerFaults(cell, { at, report, states });
    changeFaults(cell, { at, report, indicator: states.indicators.get(cell.indicator) });
  });
  return faults;
}

type States = Readonly<
  Record<'employees' | 'departments', ReadonlyMap<string, { readonly status: string } | undefined>>
>;

function ownerFaults({ owner }: AnyCell, { at, report, states }: { at: string; report: Report; states: States }): void {
  const { kind, id } = owner;
  if (kind === 'company') {
    if (id !== 'main') report(`${at}/owner/id`, 'OWNER_UNKNOWN', 'there is one company: its id is main');
    return;
  }
  const state = (kind === 'employee' ? states.employees : states.departments).get(id);
  if (state === undefined || state.status === 'none') {
    report(`${at}/owner/id`, 'OWNER_UNKNOWN', `there is no ${kind} ${id}`);
  }
}

interface ChangePlace {
  readonly at: string;
  readonly report: Report;
  readonly indicator: IndicatorState | undefined;
}

function changeFaults(cell: AnyCell, { at, report, indicator }: ChangePlace): void {
  const period = periodAt(cell.period);
  if (period === null) report(`${at}/period`, 'PERIOD_UNKNOWN', `there is no period ${cell.period}`);
  else if (period.grain === 'day')
    report(`${at}/period`, 'PERIOD_NOT_PLANNED', 'plan a week, a range of days or longer');
  if (indicator === undefined || indicator.status !== 'active') {
    report(`${at}/indicator`, 'INDICATOR_UNKNOWN', `define ${cell.indicator} first, or name one in use`);
  } else if (!isSummed(indicator) && (cell.change === 'add' || cell.change === 'fromDate')) {
    report(`${at}/change`, 'RATIO_REPLACED_ONLY', 'a plan of a ratio, share or time is replaced as a whole');
  }
  valueFaults(cell, at, report);
  fromFaults(cell, period, { at, report });
  if (cell.proration === 'workingDays' && cell.owner.kind !== 'employee') {
    report(`${at}/proration`, 'PRORATION_PERSONAL', 'only a personal plan is prorated');
  }
}

function isSummed(indicator: Extract<IndicatorState, { status: 'active' | 'retired' }>): boolean {
  const { shape } = MEASURES[indicator.latest.definition.measure];
  return shape === 'count' || shape === 'sum';
}

function valueFaults({ change = 'replace', value }: AnyCell, at: string, report: Report): void {
  const isGiven = value !== undefined && value !== null;
  if (change === 'withdraw') {
    if (isGiven) report(`${at}/value`, 'FIELD_NOT_ALLOWED', 'leave it out: what is withdrawn has no value');
  } else if (!isGiven) report(`${at}/value`, 'FIELD_MISSING', `say the value to ${change}`);
  else if (value < 0 && change !== 'add') report(`${at}/value`, 'VALUE_NEGATIVE', 'a plan is not below 0');
}

function fromFaults(
  { change, from }: AnyCell,
  period: Period | null,
  { at, report }: { readonly at: string; readonly report: Report },
): void {
  const isGiven = from !== undefined && from !== null;
  if (change !== 'fromDate') {
    if (isGiven) report(`${at}/from`, 'FIELD_NOT_ALLOWED', 'leave it out: it belongs to fromDate');
    return;
  }
  if (!isGiven) return report(`${at}/from`, 'FIELD_MISSING', 'say the first day of the new level');
  if (period !== null && (from < period.from || from >= period.to)) {
    report(`${at}/from`, 'DATE_OUTSIDE_PERIOD', `name a day of ${period.key}`);
  }
}

/** As dates in commands. */
const [FIRST_DAY, LAST_DAY] = ['1900-01-01', '2999-12-31'] as const;

function periodAt(key: string): Period | null {
  try {
    const period = parsePeriod(key);
    return period.from >= FIRST_DAY && period.to <= LAST_DAY ? period : null;
  } catch {
    return null;
  }
}

/** What the cells say, as the events tell it. To be asked for once there is no fault in them. */
export function changesFrom(cells: readonly AnyCell[]): readonly PlanCellChange[] {
  return cells.map((cell) => {
    const { indicator, owner, change = 'replace', value, from, proration } = cell;
    const { key: period } = parsePeriod(cell.period);
    const place = { indicator, owner: { kind: owner.kind, id: owner.id }, period };
    switch (change) {
      case 'withdraw':
        return { ...place, change };
      case 'replace':
        return { ...place, change, value: value ?? 0, proration: proration ?? 'none' };
      case 'add':
        return { ...place, change, value: value ?? 0, proration: proration ?? null };
      case 'fromDate':
        return { ...place, change, from: from ?? '', value: value ?? 0, proration: proration ?? null };
      default:
        return change satisfies never;
    }
  });
}

const MONTH = 'YYYY-MM'.length;

/** The month in which what is planned for a period is paid: that in which it ends. Null: it is only steered by. */
export function paidIn(key: string): string | null {
  const period = parsePeriod(key);
  if (period.grain !== 'month' && period.grain !== 'quarter' && period.grain !== 'year') return null;
  return lastDayOf(period).slice(0, MONTH);
}
