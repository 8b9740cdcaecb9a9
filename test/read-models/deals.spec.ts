import { deal, dealsList, type DealFilter, overview } from '@voronka/read-models';
import { type Cells, type ReadDatabase, startReadDatabase } from './support/read-database.js';
import { act, asked, close, reach, startOver } from './support/small-company.js';
import { company, readTables } from './support/told-company.js';

const MOVED = '2009-08-20T08:00:00.000Z';

let database: ReadDatabase;
beforeAll(async () => {
  database = await startReadDatabase();
}, 60_000);
afterAll(async () => database?.close());
beforeEach(async () => startOver(database));

/** A deal with one spell each of state, owner and position. */
async function open(
  id: string,
  over: Cells = {},
  spells: { owner?: string | null; rank?: number } = {},
): Promise<void> {
  await database.put('deals', { deal_id: id, imported: false, expected_amount_kopecks: 1_000_00, ...over });
  await database.put('deal_states', { deal_id: id, status: 'open', valid_from: '2009-08-03T08:00:00.000Z' });
  await database.put('deal_owners', { deal_id: id, owner_id: spells.owner === undefined ? 'anna' : spells.owner });
  const rank = spells.rank ?? null;
  await database.put('deal_positions', { deal_id: id, rank, step: rank === null ? null : `s${rank}` });
}

describe('the list of deals', () => {
  it('shows each with its state, owner and position at T', async () => {
    await database.put('customers', { customer_id: 'c1', kind: 'company', name: 'Customer One' });
    await database.put('deals', { deal_id: 'a', customer_id: 'c1', title: 'Title', imported: true, source: 'fair' });
    const until = { deal_id: 'a', valid_to: MOVED };
    const from = { deal_id: 'a', valid_from: MOVED };
    await database.put('deal_states', { ...until, status: 'open' });
    await database.put('deal_states', { ...from, status: 'won' });
    await database.put('deal_owners', { ...until, owner_id: 'anna' });
    await database.put('deal_owners', { ...from, owner_id: 'boris' });
    await database.put('deal_positions', { ...until, step: null, rank: null });
    await database.put('deal_positions', { ...from, step: 'contract', rank: 40 });
    await database.put('deal_terms', { ...until, expected_amount_kopecks: 5_00, expected_close_on: '2009-09-01' });
    await database.put('deal_terms', { ...from, expected_amount_kopecks: null, expected_close_on: '2009-10-01' });
    const moved = { deal_id: 'a', from_version: 1, to_version: 2, occurred_at: MOVED };
    await database.put('deal_migrations', moved);
    const early = await dealsList(asked(database, { at: '2009-08-20T07:59:59.999Z' }));
    const common = {
      dealId: 'a',
      title: 'Title',
      customerId: 'c1',
      customerName: 'Customer One',
      routeMap: 'sale',
      source: 'fair',
      openedAt: '2009-08-03T08:00:00.000Z',
      imported: true,
    };
    const terms = { expectedAmountKopecks: 5_00, expectedCloseOn: '2009-09-01', version: 1 };
    const revised = { expectedAmountKopecks: null, expectedCloseOn: '2009-10-01', version: 2 };
    const before = { ...terms, ownerId: 'anna', ownerName: 'Name of anna', status: 'open', step: null, rank: null };
    const after = {
      ...revised,
      ownerId: 'boris',
      ownerName: 'Name of boris',
      status: 'won',
      step: 'contract',
      rank: 40,
    };
    expect(early.deals).toEqual([{ ...common, ...before }]);
    expect((await dealsList(asked(database, { at: MOVED }))).deals).toEqual([{ ...common, ...after }]);
    expect((await dealsList(asked(database, { at: '2009-08-01T00:00:00.000Z' }))).count).toBe(0);
  });

  it('can be narrowed by each of its conditions', async () => {
    await open('a', { source: 'fair', customer_id: 'c1', route_map_version: 2 }, { rank: 10 });
    await open('b', { occurred_at: '2009-08-04T08:00:00.000Z' }, { owner: null });
    await open('c', { route_map_id: 'service' }, { owner: 'vera', rank: 20 });
    await database.put('employee_assignments', { employee_id: 'vera', department_id: 'south', position: 'manager' });
    await database.put('deal_products', { deal_id: 'c', products: '{crm}' });
    const ids = async (filter: DealFilter) => {
      const answer = await dealsList(asked(database), filter);
      expect(answer.count).toBe(answer.deals.length);
      return answer.deals
        .map(({ dealId }) => dealId)
        .toSorted()
        .join('');
    };
    expect(await ids({})).toBe('abc');
    expect(await ids({ status: 'open' })).toBe('abc');
    expect(await ids({ status: 'lost' })).toBe('');
    expect(await ids({ ownerId: 'anna' })).toBe('a');
    expect(await ids({ ownerId: null })).toBe('b');
    expect(await ids({ departmentId: 'south' })).toBe('c');
    expect(await ids({ step: 's20' })).toBe('c');
    expect(await ids({ step: null })).toBe('b');
    expect(await ids({ customerId: 'c1' })).toBe('a');
    expect(await ids({ source: null })).toBe('bc');
    expect(await ids({ routeMap: 'sale', version: 1 })).toBe('b');
    expect(await ids({ product: 'crm' })).toBe('c');
    expect(await ids({ product: null, source: 'fair' })).toBe('a');
    expect(await ids({ opened: { from: '2009-08-04T08:00:00.000Z', to: '2009-08-05T00:00:00.000Z' } })).toBe('b');
  });

  it('gives the latest first, in pages', async () => {
    for (const [n, id] of ['a', 'b', 'c'].entries()) await open(id, { occurred_at: `2009-08-0${n + 1}T08:00:00.000Z` });
    const page = await dealsList(asked(database), {}, { limit: 2, offset: 1 });
    expect([page.count, page.deals.map(({ dealId }) => dealId)]).toEqual([3, ['b', 'a']]);
  });
});

describe('one deal', () => {
  it('with all that was known of it', async () => {
    await open('a');
    await reach(database, 'a', 'contact');
    await act(database, 'a', { topic: 'offer' });
    const step = { deal_id: 'a', step: 'contact', rank: 10, known_by_event_id: '00000000-0000-4000-8000-000000000000' };
    await database.put('steps', { ...step, status: 'awaiting', known_to: 50 });
    await database.put('steps', { ...step, status: 'done', known_from: 50 });
    await database.put('stays', {
      deal_id: 'a',
      step: 'contact',
      rank: 10,
      began_at: '2009-08-03T08:00:00.000Z',
      began_event_id: '00000000-0000-4000-8000-000000000000',
    });
    const contract = { deal_id: 'a', contract_id: 'k1', amount_kopecks: 700_00 };
    await database.put('contracts', { ...contract, number: '7', status: 'signed' });
    for (const line_id of ['1', '2'])
      await database.put('contract_lines', { ...contract, line_id, amount_kopecks: 350_00 });
    await database.put('payments', { ...contract, payment_id: 'p1', amount_kopecks: 200_00 });
    await database.put('deal_terms', { deal_id: 'a', expected_amount_kopecks: 700_00, expected_close_on: null });
    await database.put('credit_shares', {
      ...{ deal_id: 'a', credit_role: 'sale', employee_id: 'vera', basis_points: 10_000 },
    });
    const planned = { deal_id: 'a', kind: 'call', due_at: '2009-08-10T08:00:00.000Z' };
    const plans: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      n1: {},
      n2: { done_at: MOVED, done_event_id: '00000000-0000-4000-8000-000000000000' },
      n3: { cancelled_at: MOVED },
      n4: { due_at: '2200-01-01T00:00:00.000Z' },
    };
    for (const [activity_id, more] of Object.entries(plans)) {
      await database.put('planned_activities', { ...planned, activity_id, ...more });
    }
    await database.put('deal_products', { deal_id: 'a', products: '{crm}' });
    const answer = await deal(asked(database), 'a');
    expect(answer).toMatchObject({
      k: '1000000',
      summary: { dealId: 'a', status: 'open' },
      states: [{ status: 'open', from: '2009-08-03T08:00:00.000Z', to: null }],
      owners: [{ ownerId: 'anna', from: null, to: null }],
      positions: [{ step: null }],
      stays: [{ step: 'contact', beganAt: '2009-08-03T08:00:00.000Z', endedAt: null, endedHow: null }],
      steps: [
        { step: 'contact', status: 'done', occurredAt: '2009-08-03T08:00:00.000Z', position: expect.any(String) },
      ],
      activities: [{ kind: 'call', topic: 'offer', performerId: 'anna' }],
      contracts: [
        {
          ...{ number: '7', status: 'signed', terminatedOn: null, amountKopecks: 700_00 },
          lines: [{ lineId: '1', amountKopecks: 350_00 }, { lineId: '2' }],
        },
      ],
      payments: [{ paymentId: 'p1', contractId: 'k1', amountKopecks: 200_00 }],
      terms: [{ expectedAmountKopecks: 700_00, expectedCloseOn: null, to: null }],
      credit: [{ creditRole: 'sale', employeeId: 'vera', basisPoints: 10_000 }],
      productIds: ['crm'],
    });
    const standings = (of: typeof answer): Record<string, string> =>
      Object.fromEntries(of.planned.map(({ activityId, standing }) => [activityId, standing]));
    expect(standings(answer)).toEqual({ n1: 'missed', n2: 'done', n3: 'cancelled', n4: 'due' });
    const then = await deal(asked(database, { at: '2009-08-09T08:00:00.000Z' }), 'a');
    expect(standings(then)).toEqual({ n1: 'due', n2: 'due', n3: 'due', n4: 'due' });
    expect((await deal(asked(database, { k: 20n }), 'a')).steps).toMatchObject([{ status: 'awaiting' }]);
    expect(() => JSON.stringify(answer)).not.toThrow();
  });

  it('is not found before it was known, or opened', async () => {
    await open('a', { known_from: 5 });
    await expect(deal(asked(database), 'b')).rejects.toThrow('DEAL_NOT_FOUND');
    await expect(deal(asked(database, { k: 4n }), 'a')).rejects.toThrow('DEAL_NOT_FOUND');
    await expect(deal(asked(database, { at: '2009-08-01T00:00:00.000Z' }), 'a')).rejects.toThrow('DEAL_NOT_FOUND');
  });
});

describe('totals', () => {
  it('by status, with the amounts, reasons of losses and what is signed', async () => {
    const closings = { won: 'won', cancelled: 'lost', declined: 'lost' } as const;
    await open('open', { expected_amount_kopecks: null });
    for (const [id, status] of Object.entries(closings)) {
      await database.put('deals', { deal_id: id, imported: true, expected_amount_kopecks: 100_00 });
      // What was said at the opening has been revised since.
      await database.put('deal_terms', { deal_id: id, expected_amount_kopecks: 200_00 });
      const event_id = await database.put('deal_states', { deal_id: id, status, valid_from: MOVED });
      await close(database, id, status, {
        ...{ event_id, occurred_at: MOVED },
        loss_reason: status === 'won' ? null : id,
        counts: id !== 'cancelled',
      });
    }
    await database.put('contracts', {
      deal_id: 'won',
      contract_id: 'k1',
      number: '1',
      status: 'signed',
      amount_kopecks: 150_00,
    });
    expect(await overview(asked(database))).toMatchObject({
      deals: 4,
      expectedKopecks: 600_00,
      withoutAmount: 1,
      byStatus: [
        { status: 'open', deals: 1, expectedKopecks: 0, withoutAmount: 1 },
        { status: 'won', deals: 1, expectedKopecks: 200_00, withoutAmount: 0 },
        { status: 'lost', deals: 2, expectedKopecks: 400_00, withoutAmount: 0 },
      ],
      losses: [
        { reason: 'cancelled', counts: false, deals: 1 },
        { reason: 'declined', counts: true, deals: 1 },
      ],
      signedKopecks: 150_00,
    });
    const earlier = await overview(asked(database, { at: '2009-08-19T00:00:00.000Z' }), { routeMap: 'sale' });
    expect(earlier.byStatus.map((total) => total.deals)).toEqual([4, 0, 0]);
  });

  it('the reason of a loss at a past T is that of the closing that stood then, whatever came after', async () => {
    const log = company();
    log.opened('2009-07-01');
    const first = log.lost('2009-07-05', 'price');
    const reopening = log.reopened('2009-08-05');
    log.lost('2009-09-05', 'duplicate', false);
    log.reopened('2009-10-05');
    const tables = await readTables(database, log);
    const losses = async (day: string, k = tables.k) =>
      (await overview({ ...tables, k, at: `${day}T12:00:00.000Z` })).losses;
    const price = [{ reason: 'price', counts: true, deals: 1 }];
    expect(await losses('2009-07-20')).toEqual(price);
    expect(await losses('2009-08-20')).toEqual([]);
    expect(await losses('2009-09-20')).toEqual([{ reason: 'duplicate', counts: false, deals: 1 }]);
    expect(await losses('2009-10-20')).toEqual([]);
    // As of positions before the reopening and before the second loss were told.
    expect(await losses('2009-07-20', first.position)).toEqual(price);
    expect(await losses('2009-10-20', first.position)).toEqual(price);
    expect(await losses('2009-07-20', reopening.position)).toEqual(price);
  });
});
