import { salesThings } from '../registry.js';
import { scene } from '../testing/thing-scene.js';
import { reminderDecider } from './reminder.decider.js';
import type { ReminderEvent } from './reminder.events.js';

const [thing] = salesThings.filter(({ category }) => category === 'reminder');
if (thing === undefined) throw new Error('no reminder');
const given = scene(reminderDecider, thing);
const body = {
  subject: 'deal',
  subjectId: 'd1',
  about: 'step',
  step: 'meeting',
  causeId: '5f2b7c1e-8d4a-4c3e-9b1a-3f6d2e7a9c04',
  dueAt: '2009-08-04T09:00:00.000Z',
  level: 'performer',
  employeeId: 'anna',
} as const;
const raised: ReminderEvent = { type: 'ReminderRaised', data: { ...body, activityId: null } };

describe('reminders', () => {
  it('are raised once, even if they would be for somebody else by now', () => {
    given().when('RaiseReminder', body).then([raised]);
    given(raised)
      .when('RaiseReminder', { ...body, employeeId: 'boris' })
      .then([]);
  });

  it('say when it was due first, where a calendar was published since that moved it', () => {
    const firstDueAt = '2009-08-03T09:00:00.000Z';
    given()
      .when('RaiseReminder', { ...body, firstDueAt })
      .then([{ ...raised, data: { ...raised.data, firstDueAt } }]);
    given()
      .when('RaiseReminder', { ...body, firstDueAt: body.dueAt })
      .then([raised]);
  });
});
