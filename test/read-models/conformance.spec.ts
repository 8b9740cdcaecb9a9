import { conformance, deviationItems } from '@voronka/read-models';
import { type Cells, type ReadDatabase, startReadDatabase } from './support/read-database.js';
import { asked, startOver } from './support/small-company.js';

let database: ReadDatabase;
beforeAll(async () => {
  database = await startReadDatabase();
}, 60_000);
afterAll(async () => database?.close());
beforeEach(async () => startOver(database));

describe('conformance', () => {
  const told = async (deal_id: string, kind: string, more: Cells = {}): Promise<void> => {
    const { step = 'contact', performer_id = 'anna' } = more;
    await database.put('deviations', { deal_id, kind, silent: false, owner_id: 'boris', ...more, step, performer_id });
  };
  const AUGUST = { from: '2009-08-01T00:00:00.000Z', to: '2009-09-01T00:00:00.000Z' };

  beforeEach(async () => {
    for (const id of ['a', 'b', 'c', 'd']) {
      const step = { deal_id: id, step: 'contact', rank: 10, performer_id: 'anna', status: 'done' };
      await database.put('steps', { ...step, known_by_event_id: '00000000-0000-4000-8000-000000000000' });
    }
    await told('a', 'late', { due_at: '2009-08-02T08:00:00.000Z' });
    await told('a', 'late', { step: 'proposal', performer_id: 'boris' });
    await told('b', 'late');
    await told('b', 'skipped', { step: 'analysis', performer_id: null, silent: true });
    await told('b', 'repeated', { occurred_at: '2009-09-01T08:00:00.000Z' });
    await told('c', 'late', { known_to: 50 });
    await told('c', 'wrongOrder', { route_map_id: 'service' });
  });

  it('counts deviations by kind, step and person, the most frequent first, and the deals that have them', async () => {
    const answer = await conformance(asked(database), { routeMap: 'sale', period: AUGUST });
    expect(answer.rows).toEqual([
      { kind: 'late', step: 'contact', performerId: 'anna', performerName: 'Name of anna', deviations: 2, deals: 2 },
      { kind: 'late', step: 'proposal', performerId: 'boris', performerName: 'Name of boris', deviations: 1, deals: 1 },
      {
        ...{ kind: 'skipped', step: 'analysis', deviations: 1, deals: 1 },
        ...{ performerId: 'boris', performerName: 'Name of boris' },
      },
    ]);
    expect(answer.kinds.filter(({ deviations }) => deviations > 0)).toEqual([
      { kind: 'skipped', deviations: 1, deals: 1 },
      { kind: 'late', deviations: 3, deals: 2 },
    ]);
    expect(answer.steps).toEqual([
      { step: 'analysis', done: 0, deviations: 1 },
      { step: 'contact', done: 4, deviations: 2 },
      { step: 'proposal', done: 0, deviations: 1 },
    ]);
    expect(answer.worst).toEqual([
      { dealId: 'a', ownerId: 'boris', deviations: 2, kinds: ['late'] },
      { dealId: 'b', ownerId: 'boris', deviations: 2, kinds: ['late', 'skipped'] },
    ]);
    expect(answer.deals).toEqual({
      ...{ worked: 4, deviating: 2, percent: '50.00' },
      ...{ small: true, lower: '15.00', upper: '85.00' },
    });
  });

  it('is what was known at K, of the people asked about', async () => {
    const then = await conformance(asked(database, { k: 40n }), { routeMap: 'sale', period: AUGUST });
    expect(then.deals.deviating).toBe(3);
    const boris = await conformance(asked(database), { routeMap: 'sale', filters: { performer: ['boris'] } });
    expect(boris.rows).toMatchObject([
      { step: 'proposal', deviations: 1 },
      { step: 'analysis', deviations: 1 },
    ]);
  });

  it('a step passed over without a word is its owner’s: he sees it, and his head', async () => {
    await told('d', 'skipped', { step: 'analysis', performer_id: null, silent: true, owner_id: 'anna' });
    await told('d', 'skipped', { step: 'meeting', performer_id: null });
    await database.put('employee_assignments', { employee_id: 'vera', department_id: 'south', position: 'manager' });
    await told('e', 'skipped', { step: 'analysis', performer_id: null, silent: true, owner_id: 'vera' });
    const ofHead = { routeMap: 'sale', kind: 'skipped', filters: { department: ['south'] } } as const;
    expect((await conformance(asked(database), ofHead)).rows).toMatchObject([
      { kind: 'skipped', step: 'analysis', performerId: 'vera', deviations: 1 },
    ]);
    expect((await deviationItems(asked(database), ofHead)).items).toMatchObject([
      { dealId: 'e', step: 'analysis', performerId: null, ownerId: 'vera' },
    ]);
    const ofManager = { routeMap: 'sale', kind: 'skipped', filters: { performer: ['anna'] } } as const;
    expect((await deviationItems(asked(database), ofManager)).items).toMatchObject([
      { dealId: 'd', step: 'analysis', ownerId: 'anna' },
    ]);
  });

  it('opens to the events, of one kind and step if asked', async () => {
    const all = await deviationItems(asked(database), { routeMap: 'sale' }, { limit: 2 });
    expect([all.count, all.items.length, all.items[0]?.kind]).toEqual([5, 2, 'repeated']);
    const late = await deviationItems(asked(database), { routeMap: 'sale', kind: 'late', step: 'contact' });
    expect(new Map(late.items.map(({ dealId, dueAt }) => [dealId, dueAt]))).toEqual(
      new Map([
        ['a', '2009-08-02T08:00:00.000Z'],
        ['b', null],
      ]),
    );
  });
});
