import {
  addDays,
  daysBetween,
  divideFractions,
  type Fraction,
  isLocalDate,
  lastDayOf,
  type LocalDate,
  parseLocalDate,
  parsePeriod,
  type Period,
  periodOf,
  previousPeriod,
  rangeOf,
  subtractFractions,
} from '@voronka/kernel';

/** The periods that a figure is held against; null where the calendar has none. */
export interface ComparedPeriods {
  readonly previous: Period | null;
  readonly lastYear: Period | null;
}

/** The period just before, of the same kind and length, and the same period of last year. */
export function comparedPeriods(period: Period): ComparedPeriods {
  return { previous: orNull(() => previousPeriod(period)), lastYear: samePeriodLastYear(period) };
}

/**
 * The period that bears the same name one year earlier: August for August, week 32 for week 32, Q3 for Q3; a range by
 * its first and last day. Null for 29 February and week 53, where that year has none. A range that begins or ends on
 * 29 February is taken without it.
 */
export function samePeriodLastYear(period: Period): Period | null {
  if (period.grain !== 'range') return orNull(() => parsePeriod(yearEarlier(period.key)));
  return orNull(() => {
    const first = yearEarlier(period.from);
    const last = yearEarlier(lastDayOf(period));
    const from = isLocalDate(first) ? first : `${first.slice(0, 4)}-03-01`;
    return rangeOf(from, isLocalDate(last) ? addDays(last, 1) : `${last.slice(0, 4)}-03-01`);
  });
}

/** The same text with the year before: dates and names of periods begin with their year. */
function yearEarlier(name: string): LocalDate {
  return `${String(Number(name.slice(0, 4)) - 1).padStart(4, '0')}${name.slice(4)}`;
}

/** The calendar ends somewhere: there is nothing to compare the first period with. */
function orNull(find: () => Period): Period | null {
  try {
    return find();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * The part of a compared period that answers to the part of a period that is asked for: from the 5th to the 10th for
 * the 5th to the 10th, Tuesday for Tuesday, and to its end what is asked for to the end. Null where the compared period
 * has no such days, as February has no 30th.
 */
export function comparedPart(period: Period, asked: Pick<Period, 'from' | 'to'>, compared: Period): Period | null {
  const from = asked.from > period.from ? carried(asked.from, period, compared) : compared.from;
  const to = asked.to < period.to ? carried(asked.to, period, compared) : compared.to;
  return from < to ? { ...compared, from, to } : null;
}

/** The same day of the same month of another period, or of a week the same weekday; the end of a shorter month. */
function carried(date: LocalDate, period: Period, compared: Period): LocalDate {
  const { grain } = period;
  if (grain === 'day' || grain === 'isoWeek' || grain === 'range')
    return addDays(compared.from, daysBetween(period.from, date));
  const [first, asked] = [parseLocalDate(period.from), parseLocalDate(date)];
  let month = periodOf(compared.from, 'month');
  for (let n = (asked.year - first.year) * 12 + asked.month - first.month; n > 0; n -= 1)
    month = periodOf(month.to, 'month');
  const day = addDays(month.from, asked.day - 1);
  return day < month.to ? day : month.to;
}

export interface Change {
  /** now − before; of shares, in parts of one (percentage points ÷ 100). */
  readonly difference: Fraction;
  /** The difference as a part of before; null where before is 0. */
  readonly relative: Fraction | null;
}

/** How a figure changed; null where either side is undefined. */
export function changeOf(now: Fraction | null, before: Fraction | null): Change | null {
  if (now === null || before === null) return null;
  const difference = subtractFractions(now, before);
  return { difference, relative: before.n === 0n ? null : divideFractions(difference, before) };
}
