/** A calendar date with no zone, `YYYY-MM-DD`, years 0001 to 9999. Compares correctly as text. */
export type LocalDate = string;

/** Monday is 1, Sunday is 7 (ISO 8601). */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Days from 1970-01-01; the arithmetic form of a local date. */
export type EpochDay = number;

export interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const FIRST_DAY = epochDayOf(1, 1, 1);
const LAST_DAY = epochDayOf(9999, 12, 31);
const KEPT_TEXTS = 20_000;
const texts = new Map<EpochDay, LocalDate>();

/** Days in a month of the Gregorian calendar; month is 1 to 12. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** The epoch day of a valid date. The year is counted from March, so that the leap day comes last. */
export function epochDayOf(year: number, month: number, day: number): EpochDay {
  const marchYear = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + dayOfYear - 719_468;
}

/** Year, month and day of an epoch day. */
export function partsOfEpochDay(epochDay: EpochDay): DateParts {
  const shifted = epochDay + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leapFree =
    dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor(leapFree / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  };
}

/**
 * Year, month and day of a local date.
 * @throws {RangeError} if the text is not `YYYY-MM-DD` or the date does not exist.
 */
export function parseLocalDate(text: LocalDate): DateParts {
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  const shaped = /^\d{4}-\d\d-\d\d$/.test(text);
  if (!shaped || year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
    throw new RangeError(`Not a date: ${JSON.stringify(text)}; write YYYY-MM-DD, for example 2009-08-01`);
  }
  return { year, month, day };
}

/** True for a text that is an existing date in the form `YYYY-MM-DD`. */
export function isLocalDate(text: string): boolean {
  try {
    parseLocalDate(text);
    return true;
  } catch {
    return false;
  }
}

/** @throws {RangeError} if the text is not an existing date. */
export function toEpochDay(date: LocalDate): EpochDay {
  const { year, month, day } = parseLocalDate(date);
  return epochDayOf(year, month, day);
}

/** @throws {RangeError} outside the years 0001 to 9999. */
export function fromEpochDay(epochDay: EpochDay): LocalDate {
  const known = texts.get(epochDay);
  if (known !== undefined) return known;
  if (!Number.isInteger(epochDay) || epochDay < FIRST_DAY || epochDay > LAST_DAY) {
    throw new RangeError(`Date out of range: day ${epochDay} from 1970-01-01 is not in the years 0001 to 9999`);
  }
  const { year, month, day } = partsOfEpochDay(epochDay);
  const text = formatDate(year, month, day);
  // A log touches a few thousand days again and again; a stray wide range must not grow the process.
  if (texts.size >= KEPT_TEXTS) texts.clear();
  texts.set(epochDay, text);
  return text;
}

/** `YYYY-MM-DD` of parts that are already known to be a date. */
export function formatDate(year: number, month: number, day: number): LocalDate {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/**
 * The date n days later (earlier, if n is negative).
 * @throws {RangeError} if the result is outside the years 0001 to 9999 or n is not an integer.
 */
export function addDays(date: LocalDate, n: number): LocalDate {
  return fromEpochDay(toEpochDay(date) + n);
}

/** Calendar days in the half-open [from, to); negative if `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return toEpochDay(to) - toEpochDay(from);
}

/** Weekday of an epoch day; 1970-01-01 was a Thursday. */
export function weekdayOfEpochDay(epochDay: EpochDay): Weekday {
  return (((((epochDay + 3) % 7) + 7) % 7) + 1) as Weekday;
}

/** Weekday of a date, Monday 1 to Sunday 7. */
export function weekdayOf(date: LocalDate): Weekday {
  return weekdayOfEpochDay(toEpochDay(date));
}
