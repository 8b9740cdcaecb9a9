import { plainFiveDayWeek } from '@voronka/kernel';
import type { Overdue } from '@voronka/read-models';
import { escalatesAt, remindersOf } from './remind.js';

const time = { calendar: plainFiveDayWeek(), zone: 'Europe/Samara' };
// Monday, 10 August 2009, 09:00 in Samara; due after four working hours.
const step: Overdue = {
  ...{ about: 'step', dealId: 'd1', step: 'meeting', activityId: null, causeId: 'c', performerReminded: false },
  ...{ since: '2009-08-10T04:00:00.000Z', dueAt: '2009-08-10T08:00:00.000Z', firstDueAt: '2009-08-10T08:00:00.000Z' },
  ...{ performerId: 'anna', headId: 'olga' },
};
const activity: Overdue = { ...step, about: 'activity', activityId: 'a1', since: null };
const at = (overdue: Overdue, now: string, subject: 'deal' | 'serviceCase' = 'deal') =>
  remindersOf(overdue, { subject, now, time });

describe('reminders of what is overdue', () => {
  it('go to whoever should have done it, and to the head once the norm has passed again', () => {
    const second = escalatesAt(step, time);
    const before = new Date(Date.parse(second) - 1).toISOString();
    expect(at(step, before).map(({ body }) => body)).toMatchObject([{ level: 'performer', employeeId: 'anna' }]);
    expect(at(step, second).map(({ body }) => body)).toMatchObject([
      { level: 'performer', employeeId: 'anna' },
      { level: 'head', employeeId: 'olga' },
    ]);
    expect(at({ ...step, performerReminded: true }, before)).toEqual([]);
  });

  it('the second norm is working time: over the night, not through it', () => {
    const late = { ...step, since: '2009-08-10T09:00:00.000Z', dueAt: '2009-08-10T13:00:00.000Z' };
    expect(escalatesAt(late, time)).toBe('2009-08-11T08:00:00.000Z');
  });

  it('of an activity the head hears after a working day', () => {
    expect(escalatesAt(activity, time)).toBe('2009-08-11T08:00:00.000Z');
  });

  it('have an id that names what they are about: the same when looked at again, another for anything else', () => {
    const ids = [step, { ...step, firstDueAt: '2009-08-10T08:00:01.000Z' }, { ...step, step: 'call' }, activity].map(
      (overdue) => at(overdue, '2009-08-10T08:30:00.000Z')[0]?.id,
    );
    expect(new Set([...ids, at(step, '2009-08-10T08:30:00.000Z', 'serviceCase')[0]?.id]).size).toBe(5);
    expect(at(step, '2009-08-10T08:40:00.000Z')[0]?.id).toBe(ids[0]);
  });

  it('bug: a calendar published since moved the due time, and with it the id: somebody would have heard of it twice', () => {
    const now = '2009-08-12T08:30:00.000Z';
    const moved = { ...step, dueAt: '2009-08-12T08:00:00.000Z' };
    expect(at(moved, now)[0]?.id).toBe(at(step, now)[0]?.id);
    expect(at(moved, now)[0]?.body).toMatchObject({ dueAt: moved.dueAt, firstDueAt: step.dueAt });
  });
});
