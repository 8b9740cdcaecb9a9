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

/** A run of days of a plan, half-open, with the value it has for the whole period. */
export interface PlanSegment {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly value: Fraction;
}

export interface PlanQuestion {
  readonly period: Pick<Period, 'from' | 'to'>;
  /** They tile the period. */
  readonly segments: readonly PlanSegment[];
  /** Local date of T; it counts as elapsed. */
  readonly today: LocalDate;
  readonly calendar: WorkCalendar;
}

export interface PlanToDate {
  /** Of the whole period: Σ value × working days ÷ working days. */
  readonly target: Fraction;
  /** Of the days up to today, today included. */
  readonly toDate: Fraction;
}

/** What a plan asks for by today. A period without working days goes by calendar days. */
export function planToDate({ period, segments, today, calendar }: PlanQuestion): PlanToDate {
  const working = workingDaysBetween(calendar, period.from, period.to);
  const days = (from: LocalDate, to: LocalDate): number => {
    if (to <= from) return 0;
    return working === 0 ? daysBetween(from, to) : workingDaysBetween(calendar, from, to);
  };
  const all = BigInt(days(period.from, period.to));
  const tomorrow = addDays(today, 1);
  const weighed = (until: LocalDate): Fraction =>
    segments.reduce((sum, { from, to, value }) => {
      const part = fraction(BigInt(days(from, to < until ? to : until)), all);
      return addFractions(sum, multiplyFractions(value, part));
    }, fraction(0n));
  return { target: weighed(period.to), toDate: weighed(tomorrow < period.to ? tomorrow : period.to) };
}

/** actual ÷ plan to date: 1 is on plan; null where nothing is asked for yet. */
export function paceOf(actual: Fraction, toDate: Fraction): Fraction | null {
  return toDate.n === 0n ? null : divideFractions(actual, toDate);
}
