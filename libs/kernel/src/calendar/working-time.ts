import { type Instant, instantToMs, MS_PER_DAY, MS_PER_MINUTE, msToInstant } from './instant.js';
import { type EpochDay } from './local-date.js';
import { IDLE_DAYS, noWork, workHoursOf, type WorkCalendar } from './work-calendar.js';
import { epochDayAt, firstMsAt } from './zone.js';

interface MsSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * Working hours of a local day as moments. Hours are real time: an hour that clocks skip was not worked, an hour
 * that comes twice was worked twice.
 */
function workedOn(calendar: WorkCalendar, zone: string, epochDay: EpochDay): MsSpan[] {
  const midnight = epochDay * MS_PER_DAY;
  return workHoursOf(calendar, epochDay).map(({ from, to }) => ({
    from: firstMsAt(midnight + from * MS_PER_MINUTE, zone),
    to: firstMsAt(midnight + to * MS_PER_MINUTE, zone),
  }));
}

/**
 * The earliest moment by which `minutes` of working time have passed since `instant`: a norm's due time. It falls
 * at the end of a working day rather than at the start of the next; for 0 it is `instant` itself.
 * @param minutes whole working minutes, not negative.
 * @throws {RangeError} for other minutes, or if the calendar runs out of working time.
 */
export function addWorkingMinutes(calendar: WorkCalendar, zone: string, instant: Instant, minutes: number): Instant {
  if (!Number.isSafeInteger(minutes) || minutes < 0) {
    throw new RangeError(`Working minutes must be a whole number from 0, not ${minutes}`);
  }
  const start = instantToMs(instant);
  let left = minutes * MS_PER_MINUTE;
  if (left === 0) return instant;
  let idle = 0;
  for (let day = epochDayAt(start, zone); idle <= IDLE_DAYS; day += 1) {
    idle += 1;
    for (const span of workedOn(calendar, zone, day)) {
      const from = Math.max(span.from, start);
      const length = Math.max(0, span.to - from);
      if (left <= length) return msToInstant(from + left);
      left -= length;
      if (length > 0) idle = 0;
    }
  }
  throw noWork(`${minutes} working minutes after ${instant}`);
}

/**
 * Working time in the half-open [a, b), in milliseconds, exact; negative if b is before a.
 * @throws {RangeError} for texts that are not canonical instants, or an unknown zone.
 */
export function workingMsBetween(calendar: WorkCalendar, zone: string, a: Instant, b: Instant): number {
  const [from, to] = [instantToMs(a), instantToMs(b)];
  // Subtracting from 0, because a negated 0 would be -0, which is another value to whoever compares exactly.
  return to >= from ? workedWithin(calendar, zone, from, to) : 0 - workedWithin(calendar, zone, to, from);
}

function workedWithin(calendar: WorkCalendar, zone: string, from: number, to: number): number {
  let worked = 0;
  const last = epochDayAt(to, zone);
  for (let day = epochDayAt(from, zone); day <= last; day += 1) {
    for (const span of workedOn(calendar, zone, day)) {
      worked += Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));
    }
  }
  return worked;
}

/** Whole working minutes in the half-open [a, b); a started minute does not count; negative if b is before a. */
export function workingMinutesBetween(calendar: WorkCalendar, zone: string, a: Instant, b: Instant): number {
  const ms = workingMsBetween(calendar, zone, a, b);
  return ms < 0 ? 0 - Math.floor(-ms / MS_PER_MINUTE) : Math.floor(ms / MS_PER_MINUTE);
}
