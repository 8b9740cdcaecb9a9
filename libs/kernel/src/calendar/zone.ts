import { Temporal } from 'temporal-polyfill';
import { type Instant, instantToMs, MS_PER_DAY, msToInstant } from './instant.js';
import { type EpochDay, type LocalDate, fromEpochDay, toEpochDay } from './local-date.js';

/**
 * A stretch of time in which a zone keeps one offset. `reachedDay` is the last local day begun before the stretch:
 * where clocks go back over midnight the wall shows yesterday again, but a day that has begun does not end twice.
 */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
  readonly reachedDay: EpochDay;
}

/** The spans of a zone, learnt from the zone data as they are asked for and kept in order. */
class ZoneSpans {
  private readonly known: Span[] = [];
  private last: Span | undefined;

  constructor(private readonly zone: string) {}

  at(ms: number): Span {
    const last = this.last;
    if (last !== undefined && ms >= last.from && ms < last.to) return last;
    const found = this.find(ms);
    this.last = found;
    return found;
  }

  private find(ms: number): Span {
    let low = 0;
    let high = this.known.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const span = this.known[middle];
      if (span !== undefined && span.to <= ms) low = middle + 1;
      else high = middle;
    }
    const candidate = this.known[low];
    if (candidate !== undefined && candidate.from <= ms) return candidate;
    const learnt = learnSpan(this.zone, ms);
    this.known.splice(low, 0, learnt);
    return learnt;
  }
}

function zonedAt(zone: string, ms: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
}

function learnSpan(zone: string, ms: number): Span {
  const here = zonedAt(zone, ms);
  // `previous` looks strictly before its moment, so a span that begins exactly at ms is found from one later.
  const from = zonedAt(zone, ms + 1).getTimeZoneTransition('previous')?.epochMilliseconds ?? -Infinity;
  const to = here.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity;
  const reachedDay = from === -Infinity ? -Infinity : localDayAt(from - 1, offsetAt(zone, from - 1));
  return { from, to, offset: offsetAt(zone, ms), reachedDay };
}

function offsetAt(zone: string, ms: number): number {
  return Math.round(zonedAt(zone, ms).offsetNanoseconds / 1e6);
}

function localDayAt(ms: number, offset: number): EpochDay {
  return Math.floor((ms + offset) / MS_PER_DAY);
}

const zones = new Map<string, ZoneSpans>();

function spansOf(zone: string): ZoneSpans {
  const known = zones.get(zone);
  if (known !== undefined) return known;
  assertZone(zone);
  const made = new ZoneSpans(zone);
  zones.set(zone, made);
  return made;
}

/**
 * Checks the name of a time zone: a name of the IANA database in its own spelling, such as `Europe/Samara` or `UTC`.
 * @throws {RangeError} for an unknown name, another spelling, or a bare offset (it knows no summer time).
 */
export function assertZone(zone: string): void {
  const advice = 'name a zone of the IANA database, for example Europe/Samara';
  if (zone === '' || /^[+-]/.test(zone)) throw new RangeError(`Not a time zone: ${JSON.stringify(zone)}; ${advice}`);
  let spelling: string;
  try {
    spelling = zonedAt(zone, 0).timeZoneId;
  } catch {
    throw new RangeError(`Unknown time zone: ${JSON.stringify(zone)}; ${advice}`);
  }
  if (spelling !== zone) throw new RangeError(`Time zone ${JSON.stringify(zone)} is spelt ${spelling}`);
}

/**
 * First moment at which the wall clock of the zone reads a local time or later. A time that clocks jump over begins
 * with the jump, a time that comes twice begins the first time, so later local times never begin earlier.
 * @param localMs local time as milliseconds from 1970-01-01 00:00 of the wall clock.
 */
export function firstMsAt(localMs: number, zone: string): number {
  const spans = spansOf(zone);
  // No zone is further than 26 hours from UTC, with a jump across the date line included.
  let span = spans.at(localMs - 1.5 * MS_PER_DAY);
  for (;;) {
    const ms = Math.max(span.from, localMs - span.offset);
    if (ms < span.to) return ms;
    span = spans.at(span.to);
  }
}

/** Milliseconds from 1970-01-01 UTC of the moment a local day begins in the zone. */
export function startOfEpochDayMs(epochDay: EpochDay, zone: string): number {
  return firstMsAt(epochDay * MS_PER_DAY, zone);
}

/** Local day, in the zone, of a moment given in milliseconds from 1970-01-01 UTC. */
export function epochDayAt(ms: number, zone: string): EpochDay {
  const span = spansOf(zone).at(ms);
  const day = localDayAt(ms, span.offset);
  return day > span.reachedDay ? day : span.reachedDay;
}

/**
 * The moment a local day begins: midnight, or where clocks jump over midnight the moment of the jump.
 * @throws {RangeError} for an impossible date or zone.
 */
export function startOfLocalDay(date: LocalDate, zone: string): Instant {
  return msToInstant(startOfEpochDayMs(toEpochDay(date), zone));
}

/**
 * The local date of a moment: the last day D of the zone with `startOfLocalDay(D) <= instant`.
 * @throws {RangeError} for a text that is not a canonical instant, or an unknown zone.
 */
export function localDateOf(instant: Instant, zone: string): LocalDate {
  return fromEpochDay(epochDayAt(instantToMs(instant), zone));
}

/**
 * The same local time `days` calendar days later (earlier, if negative), as horizons are counted. A local time that
 * does not exist on that day moves forward by the length of the jump; one that comes twice is the first of the two.
 * @throws {RangeError} for a fraction of a day or a result outside the years 0001 to 9999.
 */
export function addLocalDays(instant: Instant, days: number, zone: string): Instant {
  if (!Number.isInteger(days)) throw new RangeError(`Days must be a whole number, not ${days}`);
  const ms = instantToMs(instant);
  if (days === 0) return instant;
  const spans = spansOf(zone);
  const local = ms + spans.at(ms).offset + days * MS_PER_DAY;
  const first = firstMsAt(local, zone);
  const span = spans.at(first);
  const skipped = local < first + span.offset;
  return msToInstant(skipped ? local - spans.at(first - 1).offset : first);
}
