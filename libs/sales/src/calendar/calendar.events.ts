import type { EventDefinitions, EventOf, WorkCalendar } from '@voronka/kernel';

/** Each publication replaces the calendar from then on, under the next version number (from 1). */
export type CalendarPublished = EventOf<
  'CalendarPublished',
  {
    readonly version: number;
    readonly name: string;
    readonly calendar: WorkCalendar;
    /** Years that the calendar does not state are taken for plain weeks; absent in the first publications. */
    readonly otherYears?: 'assumed';
  }
>;

export type CalendarEvent = CalendarPublished;

export const calendarEvents: EventDefinitions<CalendarEvent> = { CalendarPublished: {} };
