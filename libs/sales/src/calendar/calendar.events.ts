import type { EventDefinitions, EventOf, WorkCalendar } from '@voronka/kernel';

/** Each publication replaces the calendar from then on, under the next version number (from 1). */
export type CalendarPublished = EventOf<
  'CalendarPublished',
  { readonly version: number; readonly name: string; readonly calendar: WorkCalendar }
>;

export type CalendarEvent = CalendarPublished;

export const calendarEvents: EventDefinitions<CalendarEvent> = { CalendarPublished: {} };
