import { addDays, assumedYears, type Period, plainFiveDayWeek, type WorkCalendar } from '@voronka/kernel';
import type { QueryContext } from './context.js';
import { Statement } from './sql.js';

/** What an answer that goes by working days says of the calendar. */
export interface ByCalendar {
  /** Years that it rests on though the calendar does not state them: plain weeks were taken for them. In order. */
  readonly calendarAssumed: readonly number[];
}

/** The working calendar known at K; five days a week as long as none was published. */
export async function calendarAt(context: QueryContext): Promise<WorkCalendar> {
  const statement = new Statement(context);
  const [row] = await statement.rows<{ calendar: WorkCalendar }>(
    `SELECT c.calendar FROM calendars c WHERE c.calendar_id = 'main' AND ${statement.known('c')}`,
  );
  return row?.calendar ?? plainFiveDayWeek();
}

/** The years of some periods that the calendar does not state. */
export function assumedIn(
  calendar: WorkCalendar,
  periods: readonly Pick<Period, 'from' | 'to'>[],
): ByCalendar['calendarAssumed'] {
  return together(periods.map(({ from, to }) => assumedYears(calendar, from, addDays(to, -1))));
}

/** Each year once, in order. */
export function together(years: readonly ByCalendar['calendarAssumed'][]): ByCalendar['calendarAssumed'] {
  return [...new Set(years.flat())].toSorted((a, b) => a - b);
}
