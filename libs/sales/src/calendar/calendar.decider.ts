import {
  assertNotInFuture,
  type Decider,
  type DecisionContext,
  plainFiveDayWeek,
  type WrittenUnion,
  refuse,
  saysTheSame,
  toPlain,
  unreachable,
  validateWorkCalendar,
  type WorkCalendar,
} from '@voronka/kernel';
import type { CalendarCommand, PublishCalendar } from './calendar.commands.js';
import type { CalendarEvent, CalendarPublished } from './calendar.events.js';

export type CalendarState =
  | { readonly status: 'none' }
  | ({ readonly status: 'published' } & CalendarPublished['data']);

export const calendarDecider: Decider<CalendarState, CalendarCommand, CalendarEvent> = {
  initialState: () => ({ status: 'none' }),
  evolve,
  decide(command, state, context) {
    switch (command.type) {
      case 'PublishCalendar':
        return publish(command.body, state, context);
      default:
        return unreachable(command.type);
    }
  },
};

function evolve(state: CalendarState, event: WrittenUnion<CalendarEvent>): CalendarState {
  switch (event.type) {
    case 'CalendarPublished':
      return { status: 'published', ...event.data };
    default:
      event.type satisfies never;
      return state;
  }
}

function publish(
  body: PublishCalendar,
  state: CalendarState,
  context: DecisionContext<object>,
): readonly CalendarPublished[] {
  assertNotInFuture(context);
  const calendar = calendarOf(body);
  const faults = validateWorkCalendar(calendar);
  if (faults.length > 0) {
    throw refuse.rule('CALENDAR_FAULTY', 'correct the places that `faults` names and publish again', { faults });
  }
  const before = state.status === 'none' ? null : { name: state.name, calendar: state.calendar };
  if (before !== null && saysTheSame(before, { name: body.name, calendar })) return [];
  const version = state.status === 'none' ? 1 : state.version + 1;
  return [{ type: 'CalendarPublished', data: { version, name: body.name, calendar, otherYears: 'assumed' } }];
}

function calendarOf(body: PublishCalendar): WorkCalendar {
  return toPlain({
    weeklyHours: body.weeklyHours,
    days: body.days.map(({ date, kind, hours }) => ({ date, kind, hours: hours ?? undefined })),
    source: body.source ?? undefined,
    years: body.years?.map(({ year, source }) => ({ year, source: source ?? null })),
  });
}

const fiveDayWeek = plainFiveDayWeek();

/** The published calendar, or Monday to Friday from nine to six as long as there is none. */
export function workCalendarOf(state: CalendarState | undefined): WorkCalendar {
  return state === undefined || state.status === 'none' ? fiveDayWeek : state.calendar;
}
