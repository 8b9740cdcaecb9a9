import {
  addDays,
  addFractions,
  daysBetween,
  divideFractions,
  type Fraction,
  fraction,
  type LocalDate,
  multiplyFractions,
  type Period,
  type WorkCalendar,
  workingDaysBetween,
} from '@voronka/kernel';
import type { Unit } from '../indicator/indicator.document.js';
import type { PlanChange, Proration } from '../plan/plan.document.js';

/** How many of the smallest unit, in which plans and bounds are written, make one of an indicator's unit. */
export const UNIT_SCALE: Readonly<Record<Unit, bigint>> = {
  count: 1n,
  kopecks: 1n,
  percent: 10_000n,
  ratio: 10_000n,
  hours: 60n,
  workingHours: 60n,
};

/** A change of a cell as the log holds it; the order of the log is the order of the fold. */
export interface RecordedChange {
  readonly eventId: string;
  readonly planId: string;
  readonly change: PlanChange;
}

/** A run of days with one level of the plan, half-open. */
export interface Segment {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly value: bigint;
}

/** A cell's plan: levels that tile the period, and the changes that made it so. */
export interface CellPlan {
  readonly segments: readonly Segment[];
  readonly proration: Proration;
  /** Events that the plan rests on, in the order of the log: since the last one that replaced or withdrew everything. */
  readonly because: readonly string[];
}

type Span = Pick<Period, 'from' | 'to'>;

/** Folds a cell's changes, in the order of the log. Null: no plan. */
export function foldPlan(period: Span, changes: readonly RecordedChange[]): CellPlan | null {
  let plan: CellPlan | null = null;
  for (const { eventId, change } of changes) plan = changed(plan, change, { period, eventId });
  return plan;
}

function changed(
  plan: CellPlan | null,
  change: PlanChange,
  { period, eventId }: { readonly period: Span; readonly eventId: string },
): CellPlan | null {
  const before: CellPlan = plan ?? { segments: [{ ...spanOf(period), value: 0n }], proration: 'none', because: [] };
  const because = [...before.because, eventId];
  switch (change.change) {
    case 'withdraw':
      return null;
    case 'replace': {
      const segments = [{ ...spanOf(period), value: BigInt(change.value) }];
      return { segments, proration: change.proration, because: [eventId] };
    }
    case 'fromDate':
      return {
        segments: leveled(before.segments, change.from, BigInt(change.value)),
        proration: change.proration ?? before.proration,
        because,
      };
    case 'add': {
      const segments = before.segments.map((one) => ({ ...one, value: one.value + BigInt(change.value) }));
      return { segments, proration: change.proration ?? before.proration, because };
    }
    default:
      return change satisfies never;
  }
}

function spanOf({ from, to }: Span): Span {
  return { from, to };
}

function leveled(segments: readonly Segment[], day: LocalDate, value: bigint): readonly Segment[] {
  return segments.flatMap((one) => {
    if (one.to <= day) return [one];
    if (one.from >= day) return [{ ...one, value }];
    return [
      { ...one, to: day },
      { ...one, from: day, value },
    ];
  });
}

/** Days on which somebody can work towards a plan; half-open runs of dates. */
export type Presence = readonly Span[];

export interface TargetQuestion {
  readonly period: Span;
  readonly calendar: WorkCalendar;
  /** Days employed and not absent; asked only where the plan says that it is prorated. */
  readonly presence: Presence;
  /** Only the days before this one: a plan to date. The whole period where it is left out. */
  readonly until?: LocalDate;
}

/**
 * The target of a plan in the indicator's smallest unit: Σ level × days ÷ days of the period, an exact fraction. Days
 * are working days of the company's calendar; a period without any goes by calendar days.
 */
export function targetOf(plan: CellPlan, question: TargetQuestion): Fraction {
  const { period, until } = question;
  const count = dayCounter(question);
  const all = BigInt(count(period));
  const spans = plan.proration === 'workingDays' ? question.presence : [period];
  let sum = fraction(0n);
  for (const { from, to, value } of plan.segments) {
    const end = until !== undefined && until < to ? until : to;
    const days = spans.reduce((total, span) => total + count(overlap(span, { from, to: end })), 0);
    sum = addFractions(sum, multiplyFractions(fraction(value), fraction(BigInt(days), all)));
  }
  return sum;
}

/** The share of the period's days on which somebody was there; 1 where he was all the time. */
export function presenceShare({ period, calendar, presence }: TargetQuestion): Fraction {
  const count = dayCounter({ period, calendar, presence });
  const there = presence.reduce((total, span) => total + count(overlap(span, period)), 0);
  return fraction(BigInt(there), BigInt(count(period)));
}

function dayCounter({ period, calendar }: TargetQuestion): (span: Span) => number {
  const byCalendar = workingDaysBetween(calendar, period.from, period.to) === 0;
  return ({ from, to }) => {
    if (to <= from) return 0;
    return byCalendar ? daysBetween(from, to) : workingDaysBetween(calendar, from, to);
  };
}

function overlap(a: Span, b: Span): Span {
  return { from: a.from > b.from ? a.from : b.from, to: a.to < b.to ? a.to : b.to };
}

/** The days [from, to) less some others; what is left, in order. */
export function without(span: Span, others: readonly Span[]): Presence {
  let rest: Span[] = span.from < span.to ? [spanOf(span)] : [];
  for (const other of others) {
    rest = rest.flatMap((one) => [
      { from: one.from, to: one.to < other.from ? one.to : other.from },
      { from: one.from > other.to ? one.from : other.to, to: one.to },
    ]);
    rest = rest.filter(({ from, to }) => from < to);
  }
  return rest;
}

/** The day after a date: today counts as elapsed. */
export function dayAfter(today: LocalDate): LocalDate {
  return addDays(today, 1);
}

/** actual ÷ plan to date: 1 is on plan; null where nothing is asked for yet. */
export function paceOf(actual: Fraction, toDate: Fraction): Fraction | null {
  return toDate.n === 0n ? null : divideFractions(actual, toDate);
}
