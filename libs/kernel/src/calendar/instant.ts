import type { Instant } from '../event.js';
import { daysInMonth, epochDayOf, fromEpochDay } from './local-date.js';

export type { Instant };

export const MS_PER_MINUTE = 60_000;
export const MS_PER_DAY = 86_400_000;

const ZERO = 48;
// Character codes that stand between the digits of a canonical instant.
const MARKS: ReadonlyArray<readonly [index: number, code: number]> = [
  [4, 45],
  [7, 45],
  [10, 84],
  [13, 58],
  [16, 58],
  [19, 46],
  [23, 90],
];

function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let index = from; index < from + count; index += 1) {
    const digit = text.charCodeAt(index) - ZERO;
    // NaN spreads through the arithmetic, so one check at the end finds any bad character.
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
  }
  return value;
}

function marksStand(text: string): boolean {
  for (const [index, code] of MARKS) if (text.charCodeAt(index) !== code) return false;
  return true;
}

function dateExists(year: number, month: number, day: number): boolean {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function clockExists(hour: number, minute: number, second: number): boolean {
  return hour <= 23 && minute <= 59 && second <= 59;
}

/**
 * Milliseconds from 1970-01-01 UTC of a canonical instant. Called for every event, so it neither matches patterns
 * nor makes objects.
 * @throws {RangeError} if the text is not `YYYY-MM-DDTHH:MM:SS.mmmZ`; use `normaliseInstant` for other spellings.
 */
export function instantToMs(instant: Instant): number {
  const year = digits(instant, 0, 4);
  const month = digits(instant, 5, 2);
  const day = digits(instant, 8, 2);
  const hour = digits(instant, 11, 2);
  const minute = digits(instant, 14, 2);
  const second = digits(instant, 17, 2);
  const ms = epochDayOf(year, month, day) * MS_PER_DAY + ((hour * 60 + minute) * 60 + second) * 1000;
  const all = ms + digits(instant, 20, 3);
  const canonical = instant.length === 24 && marksStand(instant) && !Number.isNaN(all);
  if (!canonical || !dateExists(year, month, day) || !clockExists(hour, minute, second)) {
    throw new RangeError(`Not an instant: ${JSON.stringify(instant)}; write UTC as 2009-07-31T19:00:00.000Z`);
  }
  return all;
}

/**
 * The canonical instant of whole milliseconds from 1970-01-01 UTC.
 * @throws {RangeError} for a fraction or outside the years 0001 to 9999.
 */
export function msToInstant(ms: number): Instant {
  if (!Number.isInteger(ms)) throw new RangeError(`Not an instant: ${ms} is not a whole number of milliseconds`);
  const epochDay = Math.floor(ms / MS_PER_DAY);
  const rest = ms - epochDay * MS_PER_DAY;
  const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);
  const time = `${two(Math.floor(rest / 3_600_000))}:${two(Math.floor(rest / MS_PER_MINUTE) % 60)}`;
  const second = two(Math.floor(rest / 1000) % 60);
  return `${fromEpochDay(epochDay)}T${time}:${second}.${String(rest % 1000).padStart(3, '0')}Z`;
}

/** True for a text that is already a canonical instant. */
export function isInstant(text: string): boolean {
  try {
    instantToMs(text);
    return true;
  } catch {
    return false;
  }
}

const WRITTEN =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)$/;

/**
 * The canonical form of an ISO 8601 date-time that says its offset (`Z`, `+04`, `+0400`, `+04:00`).
 * Digits finer than a millisecond are cut off, never rounded up into the next one.
 * @throws {RangeError} if the offset is missing (the moment would depend on a guess) or the time does not exist.
 */
export function normaliseInstant(text: string): Instant {
  const match = WRITTEN.exec(text);
  if (match === null) {
    throw new RangeError(
      `Not an instant: ${JSON.stringify(text)}; write date, time and offset, for example 2009-08-01T00:00:00+05:00`,
    );
  }
  const part = (index: number): number => Number(match[index] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  const offsetFits = part(9) <= 23 && part(10) <= 59;
  if (!dateExists(year, month, day) || !clockExists(hour, minute, second) || !offsetFits) {
    throw new RangeError(`No such time: ${JSON.stringify(text)}`);
  }
  const millis = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const offset = (part(9) * 60 + part(10)) * (match[8] === '-' ? -MS_PER_MINUTE : MS_PER_MINUTE);
  const local = epochDayOf(year, month, day) * MS_PER_DAY + ((hour * 60 + minute) * 60 + second) * 1000 + millis;
  return msToInstant(local - offset);
}
