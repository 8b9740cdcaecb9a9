import { plainFiveDayWeek, type WorkCalendarDay } from '@voronka/kernel';
import { overdueUnreminded } from '@voronka/read-models';
import { type ReadDatabase, startReadDatabase } from './support/read-database.js';
import { asked, hire, startOver } from './support/small-company.js';

let database: ReadDatabase;
beforeAll(async () => {
  database = await startReadDatabase();
}, 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  await startOver(database);
  await database.client.query("UPDATE route_map_steps SET norm_minutes = 5 * 8 * 60 WHERE step = 'contact'");
});

const AT = '2009-08-20T08:00:00.000Z';

const DUE_AT = '2009-08-10T08:00:00.000Z';
const CAUSE = '00000000-0000-4000-8000-000000000000';

/** A deal of somebody with a step that was due on 10 August, after five working days. */
async function overdue(deal_id: string, owner_id: string | null): Promise<void> {
  await database.put('deals', { deal_id, imported: false, occurred_at: '2009-08-01T08:00:00.000Z' });
  await database.put('deal_states', { deal_id, status: 'open' });
  await database.put('deal_owners', { deal_id, owner_id });
  const began = { began_at: '2009-08-03T08:00:00.000Z', began_event_id: CAUSE };
  const step = { step: 'contact', ordinal: 1, due_at: DUE_AT };
  await database.put('waiting', { deal_id, ...step, ...began });
}

async function heads(at = AT): Promise<Record<string, string | null>> {
  const found = await overdueUnreminded(asked(database, { at }), 'deal');
  return Object.fromEntries(found.map(({ dealId, headId }) => [dealId, headId]));
}

async function head(department_id: string, employee_id: string): Promise<void> {
  await database.put('department_heads', { department_id, employee_id });
}

describe('the head who hears of what is overdue', () => {
  beforeEach(async () => {
    await database.put('departments', { department_id: 'team', name: 'Team', parent_id: 'north' });
    await database.put('departments', { department_id: 'vacant', name: 'Vacant', parent_id: 'team' });
    for (const [id, department] of [
      ['chief', 'north'],
      ['lead', 'team'],
      ['stranger', 'vacant'],
    ] as const) {
      await hire(database, id, department);
    }
    await head('north', 'chief');
    await head('team', 'lead');
  });

  it('of somebody who has left is that of the department he worked in last', async () => {
    await hire(database, 'gone', 'south', { valid_to: '2009-06-01T00:00:00.000Z' });
    const last = { employee_id: 'gone', department_id: 'north', position: 'manager' };
    await database.put('employee_assignments', {
      ...last,
      ...{ valid_from: '2009-06-01T00:00:00.000Z', valid_to: '2009-08-05T00:00:00.000Z' },
    });
    await overdue('d1', 'gone');
    expect(await heads()).toEqual({ d1: 'chief' });
  });

  it('of somebody who moves later is that of the department he works in at T', async () => {
    await hire(database, 'moves', 'north', { valid_to: '2009-09-01T00:00:00.000Z' });
    const next = { employee_id: 'moves', department_id: 'team', position: 'manager' };
    await database.put('employee_assignments', { ...next, valid_from: '2009-09-01T00:00:00.000Z' });
    await overdue('d1', 'moves');
    expect(await heads()).toEqual({ d1: 'chief' });
    expect(await heads('2009-09-02T08:00:00.000Z')).toEqual({ d1: 'lead' });
  });

  it('of a head’s own work is the one above him, himself only at the top', async () => {
    await overdue('of-lead', 'lead');
    await overdue('of-chief', 'chief');
    expect(await heads()).toEqual({ 'of-lead': 'chief', 'of-chief': 'chief' });
  });

  it('of a department without a head is the nearest above; nobody, where nobody owns the deal', async () => {
    await overdue('of-stranger', 'stranger');
    await overdue('of-nobody', null);
    expect(await heads()).toEqual({ 'of-stranger': 'lead', 'of-nobody': null });
  });
});

describe('what is overdue, after another calendar was published', () => {
  const publish = async (...days: readonly WorkCalendarDay[]): Promise<void> => {
    const calendar = JSON.stringify({ ...plainFiveDayWeek(), days });
    await database.put('calendars', { calendar_id: 'main', version: 1, calendar });
  };
  const found = async (at: string) =>
    (await overdueUnreminded(asked(database, { at }), 'deal')).map(({ dueAt, firstDueAt }) => ({ dueAt, firstDueAt }));

  it('bug: people were reminded inside new days off, by the calendar of when the waiting began', async () => {
    await overdue('d1', 'anna');
    expect(await found('2009-08-11T08:00:00.000Z')).toEqual([{ dueAt: DUE_AT, firstDueAt: DUE_AT }]);
    await publish({ date: '2009-08-06', kind: 'off' }, { date: '2009-08-10', kind: 'off' });
    expect(await found('2009-08-11T08:00:00.000Z')).toEqual([]);
    const later = '2009-08-12T08:00:00.000Z';
    expect(await found(later)).toEqual([]);
    expect(await found('2009-08-12T08:00:00.001Z')).toEqual([{ dueAt: later, firstDueAt: DUE_AT }]);
  });

  it('comes earlier by a working Saturday', async () => {
    await overdue('d1', 'anna');
    const [noon, after] = ['2009-08-08T08:00:00.000Z', '2009-08-08T08:00:00.001Z'];
    expect(await found(after)).toEqual([]);
    await publish({ date: '2009-08-08', kind: 'working', hours: [{ from: '09:00', to: '13:00' }] });
    expect(await found(noon)).toEqual([]);
    expect(await found(after)).toEqual([{ dueAt: noon, firstDueAt: DUE_AT }]);
  });

  it('is no other waiting than the one that was reminded of before', async () => {
    await overdue('d1', 'anna');
    const about = { subject: 'deal', deal_id: 'd1', about: 'step', step: 'contact', cause_event_id: CAUSE };
    const reminder = { ...about, due_at: DUE_AT, first_due_at: DUE_AT };
    await database.put('reminders', { ...reminder, reminder_id: 'r1', level: 'performer' });
    await publish({ date: '2009-08-06', kind: 'off' });
    const [again] = await overdueUnreminded(asked(database, { at: AT }), 'deal');
    expect(again).toMatchObject({ dueAt: '2009-08-11T08:00:00.000Z', performerReminded: true });
    await database.put('reminders', { ...reminder, reminder_id: 'r2', level: 'head' });
    expect(await found(AT)).toEqual([]);
  });

  it('bug: was reminded of again where what is known of its beginning had changed, but is where an earlier one was meant', async () => {
    await overdue('d1', 'anna');
    const other = { cause_event_id: '00000000-0000-4000-8000-000000000077', first_due_at: '2009-08-06T08:00:00.000Z' };
    const about = { subject: 'deal', deal_id: 'd1', about: 'step', step: 'contact', level: 'performer' };
    const raised = { ...about, ...other, due_at: other.first_due_at, occurred_at: '2009-08-07T08:00:00.000Z' };
    await database.put('reminders', { ...raised, reminder_id: 'r1' });
    const reminded = async () => (await overdueUnreminded(asked(database, { at: AT }), 'deal'))[0]?.performerReminded;
    expect(await reminded()).toBe(true);
    const earlier = { began_at: '2009-08-01T08:00:00.000Z', ended_at: '2009-08-02T08:00:00.000Z', ended_how: 'back' };
    const began = { began_event_id: other.cause_event_id, due_at: other.first_due_at };
    await database.put('waiting', { deal_id: 'd1', step: 'contact', ordinal: 2, ...earlier, ...began });
    expect(await reminded()).toBe(false);
  });
});
