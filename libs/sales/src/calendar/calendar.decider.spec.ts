import { plainFiveDayWeek } from '@voronka/kernel';
import { salesThings } from '../registry.js';
import { scene } from '../testing/thing-scene.js';
import { stateOf } from '../testing/world.js';
import { calendarDecider, workCalendarOf } from './calendar.decider.js';
import type { CalendarPublished } from './calendar.events.js';

const [thing] = salesThings.filter(({ category }) => category === 'calendar');
if (thing === undefined) throw new Error('no calendar');
const given = scene(calendarDecider, thing);
const { weeklyHours } = plainFiveDayWeek();
const off = { date: '2009-06-12', kind: 'off' as const };
const body = { name: '2009', weeklyHours, days: [off] };
const published = (version: number, days: CalendarPublished['data']['calendar']['days']): CalendarPublished => ({
  type: 'CalendarPublished',
  data: { version, name: '2009', calendar: { weeklyHours, days }, otherYears: 'assumed' },
});

describe('PublishCalendar', () => {
  it('publishes the whole calendar under the next version', () => {
    given()
      .when('PublishCalendar', body)
      .then([published(1, [off])]);
    given(published(1, []))
      .when('PublishCalendar', body)
      .then([published(2, [off])]);
  });

  it('is quiet about the same calendar', () => {
    given(published(1, [off]))
      .when('PublishCalendar', body)
      .then([]);
  });

  it('CALENDAR_FAULTY tells every fault and where it is', () => {
    const days = [off, off, { date: '2009-12-31', kind: 'short' }];
    given()
      .when('PublishCalendar', { ...body, days })
      .thenRefused('CALENDAR_FAULTY', { faults: [{ path: 'days[1]' }, { path: 'days[2]' }] });
  });

  it('keeps the years that are stated and their sources, each once', () => {
    const years = [{ year: 2009, source: 'Decree 1' }, { year: 2010 }];
    const stated = [
      { year: 2009, source: 'Decree 1' },
      { year: 2010, source: null },
    ];
    const data = { ...published(1, [off]).data, calendar: { weeklyHours, days: [off], years: stated } };
    given()
      .when('PublishCalendar', { ...body, years })
      .then([{ type: 'CalendarPublished', data }]);
    given()
      .when('PublishCalendar', { ...body, years: [...years, { year: 2009 }] })
      .thenRefused('CALENDAR_FAULTY', { faults: [{ path: 'years[2]', code: 'YEAR' }] });
  });

  it('counts as a plain week of five days until it is there', () => {
    expect(workCalendarOf(undefined)).toEqual(plainFiveDayWeek());
    expect(workCalendarOf(calendarDecider.initialState())).toEqual(plainFiveDayWeek());
    expect(workCalendarOf(stateOf(calendarDecider, [published(1, [off])])).days).toEqual([off]);
  });
});
