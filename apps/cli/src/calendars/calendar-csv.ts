import { isLocalDate, plainFiveDayWeek, validateWorkCalendar } from '@voronka/kernel';
import { parse } from 'csv-parse/sync';

interface Hours {
  readonly from: string;
  readonly to: string;
}

type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** What a file says of the company's calendar: the body of `PublishCalendar`, but for its name. */
export interface CalendarFile {
  readonly weeklyHours: Record<Weekday, readonly Hours[]>;
  readonly days: readonly { date: string; kind: 'off' | 'working' | 'short'; hours?: readonly Hours[] }[];
  readonly years: readonly { year: number; source: string | null }[];
}

const COLUMNS = ['date', 'kind', 'hours', 'source'] as const;
const WEEKDAYS: readonly string[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const PLAIN = plainFiveDayWeek();
const OFFICE: readonly Hours[] = PLAIN.weeklyHours[1];

type Line = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** Every line that says nothing sensible, each with its number and what to do. */
export class CalendarFileError extends Error {
  override readonly name = 'CalendarFileError';

  constructor(readonly faults: readonly string[]) {
    super(`the calendar was not published; mend these lines:\n  ${faults.join('\n  ')}`);
  }
}

/**
 * Reads a calendar from CSV with the columns date, kind, hours, source. A line is a weekday (`mon`, its hours), a date
 * (`2009-06-12`: off, working or short) or a year whose days are all stated (`2009`, kind `year`, where from).
 * Working days without hours, and weekdays that are left out, have the hours of a plain five-day week.
 * @throws CalendarFileError naming every bad line
 */
export function calendarFrom(csv: string): CalendarFile {
  const calendar = new Gathering();
  for (const { record, info } of linesOf(csv)) calendar.take(record, info.lines);
  return calendar.done();
}

function linesOf(csv: string): readonly { readonly record: Line; readonly info: { readonly lines: number } }[] {
  try {
    const options = { bom: true, columns: true, info: true, skip_empty_lines: true, trim: true } as const;
    const lines = parse(csv, options) as unknown as readonly { record: Line; info: { lines: number } }[];
    const [first] = lines;
    const missing = COLUMNS.filter((name) => first !== undefined && !Object.hasOwn(first.record, name));
    if (missing.length > 0) throw new CalendarFileError([`line 1: there is no column ${missing.join(', ')}`]);
    return lines;
  } catch (error) {
    if (error instanceof CalendarFileError) throw error;
    throw new CalendarFileError([error instanceof Error ? error.message : String(error)]);
  }
}

class Gathering {
  private readonly faults: string[] = [];
  private readonly seen = new Map<string, number>();
  private readonly weekly = new Map<number, readonly Hours[]>();
  private readonly days: CalendarFile['days'][number][] = [];
  private readonly years: CalendarFile['years'][number][] = [];

  take(line: Line, at: number): void {
    const date = line.date.toLowerCase();
    const before = this.seen.get(date);
    if (before !== undefined) return this.fault(at, `${line.date} is said already in line ${before}`);
    this.seen.set(date, at);
    const hours = this.hoursOf(line.hours, at);
    if (hours === null) return;
    if (WEEKDAYS.includes(date)) return this.weekday(WEEKDAYS.indexOf(date) + 1, { ...line, hours, at });
    if (/^\d{4}$/.test(date)) return this.year(Number(date), { ...line, at });
    if (isLocalDate(date)) return this.day(date, { ...line, hours, at });
    this.fault(at, `date "${line.date}" is none of 2009-06-12, mon to sun, or a year such as 2009`);
  }

  done(): CalendarFile {
    if (this.faults.length > 0) throw new CalendarFileError(this.faults);
    const hours = (day: Weekday): readonly Hours[] => this.weekly.get(day) ?? PLAIN.weeklyHours[day];
    return {
      weeklyHours: { 1: hours(1), 2: hours(2), 3: hours(3), 4: hours(4), 5: hours(5), 6: hours(6), 7: hours(7) },
      days: this.days.toSorted((a, b) => (a.date < b.date ? -1 : 1)),
      years: this.years.toSorted((a, b) => a.year - b.year),
    };
  }

  private weekday(day: number, { kind, hours, at }: { kind: string; hours: readonly Hours[]; at: number }): void {
    if (kind === 'off' && hours.length === 0) this.weekly.set(day, []);
    else if (kind === 'working') this.weekly.set(day, hours.length === 0 ? OFFICE : hours);
    else this.fault(at, 'a weekday is working (with or without hours) or off (without)');
  }

  private year(year: number, { kind, hours, source, at }: Omit<Line, 'date'> & { at: number }): void {
    if (kind === 'year' && hours === '') this.years.push({ year, source: source === '' ? null : source });
    else this.fault(at, 'a year has the kind "year" and no hours');
  }

  private day(date: string, { kind, hours, at }: { kind: string; hours: readonly Hours[]; at: number }): void {
    if (kind !== 'off' && kind !== 'working' && kind !== 'short') {
      return this.fault(at, `kind "${kind}" is none of off, working, short`);
    }
    if (kind === 'off' && hours.length > 0) return this.fault(at, 'a day off has no hours');
    if (kind === 'short' && hours.length === 0) return this.fault(at, 'say the hours of a short day: 09:00-13:00');
    if (kind === 'off') this.days.push({ date, kind });
    else this.days.push({ date, kind, hours: hours.length === 0 ? OFFICE : hours });
  }

  /** `09:00-13:00 14:00-18:00`; null if it is something else. */
  private hoursOf(text: string, at: number): readonly Hours[] | null {
    const spells = text.split(/\s+/).filter((spell) => spell !== '');
    const hours = spells.map((spell) => /^(\d{2}:\d{2})-(\d{2}:\d{2})$/.exec(spell));
    const found = hours.flatMap((match) => (match === null ? [] : [{ from: match[1] ?? '', to: match[2] ?? '' }]));
    if (found.length < spells.length) {
      this.fault(at, `hours "${text}" are written 09:00-13:00 14:00-18:00`);
      return null;
    }
    const faults = validateWorkCalendar({ ...PLAIN, weeklyHours: { ...PLAIN.weeklyHours, 1: found } });
    for (const { message } of faults) this.fault(at, `hours "${text}": ${message}`);
    return faults.length > 0 ? null : found;
  }

  private fault(line: number, what: string): void {
    this.faults.push(`line ${line}: ${what}`);
  }
}
