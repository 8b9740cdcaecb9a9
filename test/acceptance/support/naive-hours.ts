// Working time and local months, told plainly; nothing of the product is used.

const HOUR_MS = 3_600_000;
/** Full hours of a working day, Monday to Friday: 9 to 13 and 14 to 18. */
const WORKING_HOURS = new Set([9, 10, 11, 12, 14, 15, 16, 17]);

const zoned = (zone: string) =>
  new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' },
    ...{ year: 'numeric', month: '2-digit' },
  });

function localParts(clock: Intl.DateTimeFormat, ms: number): Readonly<Record<string, string>> {
  return Object.fromEntries(clock.formatToParts(ms).map(({ type, value }) => [type, value]));
}

/** `2009-08`, of the local date of an instant. */
export function localMonth(instant: string, zone: string): string {
  const { year, month } = localParts(zoned(zone), Date.parse(instant));
  return `${year}-${month}`;
}

/** Working time counted hour by hour; everything in these tests happens at full hours. */
export class WorkingHours {
  private readonly known = new Map<number, boolean>();
  private readonly clock: Intl.DateTimeFormat;

  constructor(zone: string) {
    this.clock = zoned(zone);
  }

  between(since: string, until: string): number {
    let hours = 0;
    for (let ms = hourOf(since); ms < hourOf(until); ms += HOUR_MS) if (this.isWorking(ms)) hours += 1;
    return hours;
  }

  /** The end of the working hour in which so many have passed. */
  after(since: string, hours: number): string {
    let ms = hourOf(since);
    for (let left = hours; left > 0; ms += HOUR_MS) if (this.isWorking(ms)) left -= 1;
    return new Date(ms).toISOString();
  }

  private isWorking(ms: number): boolean {
    let found = this.known.get(ms);
    if (found === undefined) {
      const { weekday = '', hour } = localParts(this.clock, ms);
      found = weekday !== 'Sat' && weekday !== 'Sun' && WORKING_HOURS.has(Number(hour));
      this.known.set(ms, found);
    }
    return found;
  }
}

function hourOf(instant: string): number {
  const ms = Date.parse(instant);
  if (ms % HOUR_MS !== 0) throw new Error(`${instant} is no full hour`);
  return ms;
}
