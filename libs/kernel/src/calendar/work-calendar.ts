import {
  type EpochDay,
  type LocalDate,
  type Weekday,
  fromEpochDay,
  isLocalDate,
  toEpochDay,
  weekdayOfEpochDay,
} from './local-date.js';

/**
 * Local hours of work on one day, half-open, `from` before `to`; `24:00` ends a day. A shift over midnight is two
 * of them on two days. Gaps between them are breaks.
 */
export interface WorkHours {
  readonly from: string;
  readonly to: string;
}

/** A date that does not follow its weekday: `hours` are stated for `working` and `short` days, never for `off`. */
export interface WorkCalendarDay {
  readonly date: LocalDate;
  readonly kind: 'off' | 'working' | 'short';
  readonly hours?: readonly WorkHours[];
}

/**
 * Working time of the company: the ordinary week and the dates that differ. A value, never changed in place: what is
 * worked out from it is kept with it.
 */
export interface WorkCalendar {
  readonly weeklyHours: Readonly<Record<Weekday, readonly WorkHours[]>>;
  readonly days: readonly WorkCalendarDay[];
  /** Where the dates come from, for example the decree that set the holidays. */
  readonly source?: string;
  /** Years whose days are all stated, each with its source; any other year is assumed to be plain weeks. */
  readonly years?: readonly CalendarYear[];
}

export interface CalendarYear {
  readonly year: number;
  /** The document that sets the days; null where none is named. */
  readonly source: string | null;
}

/** What is wrong with a calendar, and where. */
export interface WorkCalendarFault {
  readonly path: string;
  readonly code:
    | 'HOURS_FORM'
    | 'HOURS_EMPTY'
    | 'HOURS_OVERLAP'
    | 'HOURS_MISSING'
    | 'HOURS_FORBIDDEN'
    | 'DAY'
    | 'WEEK'
    | 'YEAR';
  readonly message: string;
}

/** Hours as minutes from local midnight. */
export interface MinuteSpan {
  readonly from: number;
  readonly to: number;
}

interface Compiled {
  readonly week: ReadonlyArray<readonly MinuteSpan[]>;
  /** Working days of the week before weekday index i, Monday 0; index 7 is the whole week. */
  readonly weekCount: readonly number[];
  readonly special: ReadonlyMap<EpochDay, readonly MinuteSpan[]>;
  /** Dates that differ, in order, and how many working days they add or take away up to and including each. */
  readonly specialDays: readonly EpochDay[];
  readonly specialSum: readonly number[];
}

const WEEKDAYS: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];
// 1969-12-29, a Monday, so that whole weeks can be counted from it.
const FIRST_MONDAY = -3;
const compiledCalendars = new WeakMap<WorkCalendar, Compiled>();

function minuteOf(text: string): number {
  return /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(text)
    ? Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
    : Number.NaN;
}

function spansOf(hours: readonly WorkHours[] | undefined): MinuteSpan[] {
  return (hours ?? []).map(({ from, to }) => ({ from: minuteOf(from), to: minuteOf(to) }));
}

function compiled(calendar: WorkCalendar): Compiled {
  const known = compiledCalendars.get(calendar);
  if (known !== undefined) return known;
  const [fault] = validateWorkCalendar(calendar);
  if (fault !== undefined) throw new RangeError(`Work calendar, ${fault.path}: ${fault.message}`);
  const made = compile(calendar);
  compiledCalendars.set(calendar, made);
  return made;
}

function compile(calendar: WorkCalendar): Compiled {
  const week = WEEKDAYS.map((weekday) => spansOf(calendar.weeklyHours[weekday]));
  const weekCount = [0];
  for (const spans of week) weekCount.push((weekCount.at(-1) ?? 0) + (spans.length > 0 ? 1 : 0));
  const days = calendar.days
    .map((day) => ({ epochDay: toEpochDay(day.date), spans: spansOf(day.hours) }))
    .sort((a, b) => a.epochDay - b.epochDay);
  let sum = 0;
  const specialSum = days.map(({ epochDay, spans }) => {
    const ordinary = week[weekdayOfEpochDay(epochDay) - 1] ?? [];
    sum += (spans.length > 0 ? 1 : 0) - (ordinary.length > 0 ? 1 : 0);
    return sum;
  });
  return {
    week,
    weekCount,
    special: new Map(days.map(({ epochDay, spans }) => [epochDay, spans])),
    specialDays: days.map(({ epochDay }) => epochDay),
    specialSum,
  };
}

/**
 * Everything that makes a calendar unusable, in the order of the document; empty if it can be published.
 * Paths are written as `weeklyHours.1[0]` and `days[3]`.
 */
export function validateWorkCalendar(calendar: WorkCalendar): WorkCalendarFault[] {
  const faults: WorkCalendarFault[] = [];
  for (const weekday of WEEKDAYS) {
    const hours: readonly WorkHours[] | undefined = calendar.weeklyHours[weekday];
    const path = `weeklyHours.${weekday}`;
    if (hours === undefined) faults.push({ path, code: 'WEEK', message: 'give a list of hours, empty for a day off' });
    else faults.push(...hoursFaults(hours, path));
  }
  const seen = new Set<LocalDate>();
  calendar.days.forEach((day, index) => {
    faults.push(...dayFaults(day, `days[${index}]`, seen));
    seen.add(day.date);
  });
  return [...faults, ...yearFaults(calendar)];
}

function yearFaults({ years = [] }: WorkCalendar): WorkCalendarFault[] {
  const seen = new Set<number>();
  return years.flatMap(({ year }, index) => {
    const again = seen.has(year);
    seen.add(year);
    return again
      ? [{ path: `years[${index}]`, code: 'YEAR' as const, message: `${year} is stated twice: name each year once` }]
      : [];
  });
}

function dayFaults(day: WorkCalendarDay, path: string, seen: ReadonlySet<LocalDate>): WorkCalendarFault[] {
  const faults: WorkCalendarFault[] = [];
  if (!isLocalDate(day.date)) faults.push({ path, code: 'DAY', message: `not a date: ${day.date}` });
  else if (seen.has(day.date)) faults.push({ path, code: 'DAY', message: `${day.date} is described twice` });
  const hours = day.hours ?? [];
  if (day.kind === 'off' && hours.length > 0) {
    faults.push({ path, code: 'HOURS_FORBIDDEN', message: `${day.date} is off and cannot have hours` });
  }
  if (day.kind !== 'off' && hours.length === 0) {
    faults.push({ path, code: 'HOURS_MISSING', message: `${day.date} is a ${day.kind} day: state its hours` });
  }
  return [...faults, ...hoursFaults(hours, `${path}.hours`)];
}

function hoursFaults(hours: readonly WorkHours[], path: string): WorkCalendarFault[] {
  const faults: WorkCalendarFault[] = [];
  let end = 0;
  spansOf(hours).forEach((span, index) => {
    const at = `${path}[${index}]`;
    const shown = `${hours[index]?.from} to ${hours[index]?.to}`;
    if (Number.isNaN(span.from) || Number.isNaN(span.to)) {
      faults.push({ path: at, code: 'HOURS_FORM', message: `write HH:MM, 00:00 to 24:00, not ${shown}` });
    } else if (span.to <= span.from) {
      faults.push({ path: at, code: 'HOURS_EMPTY', message: `${shown} must end after it begins` });
    } else if (span.from < end) {
      faults.push({ path: at, code: 'HOURS_OVERLAP', message: `${shown} begins before the hours above it end` });
    } else {
      end = span.to;
    }
  });
  return faults;
}

/** Working hours of a day as minutes of its local time, in order; empty on a day off. */
export function workHoursOf(calendar: WorkCalendar, epochDay: EpochDay): readonly MinuteSpan[] {
  const { special, week } = compiled(calendar);
  return special.get(epochDay) ?? week[weekdayOfEpochDay(epochDay) - 1] ?? [];
}

/** True if anything is worked on the date; a short day is a working day. */
export function isWorkingDay(calendar: WorkCalendar, date: LocalDate): boolean {
  return workHoursOf(calendar, toEpochDay(date)).length > 0;
}

/** Working days from the fixed Monday up to, not including, a day: the difference of two counts any stretch. */
function workingDaysUpTo(calendar: WorkCalendar, epochDay: EpochDay): number {
  const { weekCount, specialDays, specialSum } = compiled(calendar);
  const days = epochDay - FIRST_MONDAY;
  const weeks = Math.floor(days / 7);
  let low = 0;
  let high = specialDays.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((specialDays[middle] ?? Infinity) < epochDay) low = middle + 1;
    else high = middle;
  }
  const differing = low === 0 ? 0 : (specialSum[low - 1] ?? 0);
  return weeks * (weekCount[7] ?? 0) + (weekCount[days - weeks * 7] ?? 0) + differing;
}

/** Working days in the half-open [from, to); 0 if it is empty or turned round. */
export function workingDaysBetween(calendar: WorkCalendar, from: LocalDate, to: LocalDate): number {
  const [first, end] = [toEpochDay(from), toEpochDay(to)];
  return end <= first ? 0 : workingDaysUpTo(calendar, end) - workingDaysUpTo(calendar, first);
}

/**
 * The n-th working day after a date, before it if n is negative; the date itself for 0, working or not.
 * @throws {RangeError} if n is not an integer or the calendar has no such day.
 */
export function addWorkingDays(calendar: WorkCalendar, date: LocalDate, n: number): LocalDate {
  if (!Number.isInteger(n)) throw new RangeError(`Working days must be a whole number, not ${n}`);
  const step = n < 0 ? -1 : 1;
  let day = toEpochDay(date);
  for (let left = Math.abs(n), idle = 0; left > 0; idle += 1) {
    day += step;
    if (workHoursOf(calendar, day).length > 0) {
      left -= 1;
      idle = 0;
    }
    if (idle > IDLE_DAYS) throw noWork(`${Math.abs(n)} working days ${n < 0 ? 'before' : 'after'} ${date}`);
  }
  return fromEpochDay(day);
}

/** A calendar without a working day for so long has none coming. */
export const IDLE_DAYS = 3660;

export function noWork(what: string): RangeError {
  return new RangeError(`The work calendar has no ${what}: it is ${IDLE_DAYS} days without work`);
}

const OFFICE_DAY: readonly WorkHours[] = [
  { from: '09:00', to: '13:00' },
  { from: '14:00', to: '18:00' },
];

/** Monday to Friday, 09:00 to 18:00 with a break from 13:00 to 14:00, no holidays. */
export function plainFiveDayWeek(): WorkCalendar {
  return {
    weeklyHours: { 1: OFFICE_DAY, 2: OFFICE_DAY, 3: OFFICE_DAY, 4: OFFICE_DAY, 5: OFFICE_DAY, 6: [], 7: [] },
    days: [],
  };
}
