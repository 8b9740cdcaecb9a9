import { overdueUnreminded } from '@voronka/read-models';
import { type ReadDatabase, startReadDatabase } from './support/read-database.js';
import { asked, hire, startOver } from './support/small-company.js';

let database: ReadDatabase;
beforeAll(async () => {
  database = await startReadDatabase();
}, 60_000);
afterAll(() => database.close());
beforeEach(() => startOver(database));

const AT = '2009-08-20T08:00:00.000Z';

/** A deal of somebody with a step that was due on 10 August. */
async function overdue(deal_id: string, owner_id: string | null): Promise<void> {
  await database.put('deals', { deal_id, imported: false, occurred_at: '2009-08-01T08:00:00.000Z' });
  await database.put('deal_states', { deal_id, status: 'open' });
  await database.put('deal_owners', { deal_id, owner_id });
  const began = { began_at: '2009-08-03T08:00:00.000Z', began_event_id: '00000000-0000-4000-8000-000000000000' };
  const step = { step: 'contact', ordinal: 1, due_at: '2009-08-10T08:00:00.000Z' };
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
