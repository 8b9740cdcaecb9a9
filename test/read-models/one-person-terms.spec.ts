import { onePersonTermsSince } from '../../libs/read-models/src/queries/pay/one-person-terms.js';
import { type ReadDatabase, startReadDatabase } from './support/read-database.js';
import { asked, startOver } from './support/small-company.js';

let database: ReadDatabase;
beforeAll(async () => {
  database = await startReadDatabase();
}, 60_000);
afterAll(() => database.close());
beforeEach(() => startOver(database));

const BEGAN = 10n;

async function plan(plan_id: string, period: string, known_from = 11): Promise<string> {
  const cell = { indicator: 'meetings', owner_kind: 'employee', owner_id: 'ivanova', period, change: 'replace' };
  return await database.put('plan_changes', { plan_id, ordinal: 0, ...cell, known_from });
}

async function regulation(code: string, effective_from: string): Promise<string> {
  return await database.put('pay_regulation_versions', {
    regulation: code,
    version: 2,
    effective_from,
    known_from: 12,
  });
}

async function agreedOn(event_id: string, kind: string): Promise<void> {
  await database.put('pay_proposals', {
    kind,
    proposal: event_id,
    status: 'approved',
    data: '{}',

    event_id,
  });
}

const found = async (k = 20n) =>
  await onePersonTermsSince(asked(database, { k }), { period: '2009-09', position: BEGAN });

describe('what one person changed after a closing began', () => {
  it('is every plan that is paid by then, and every regulation that is in force', async () => {
    for (const period of ['2009-09', '2009-Q3', '2009-08']) await plan(`of ${period}`, period);
    await regulation('sales', '2009-09-01');
    await regulation('service', '2009-06-01');
    expect(await found()).toEqual([
      'plan of 2009-08',
      'plan of 2009-09',
      'plan of 2009-Q3',
      'regulation sales@2',
      'regulation service@2',
    ]);
  });

  it('is nothing that is paid later, or by which nobody is paid', async () => {
    for (const period of ['2009-10', '2009-Q4', '2009', '2009-W37', '2009-09-01..2009-09-10']) {
      await plan(`of ${period}`, period);
    }
    await regulation('sales', '2009-10-01');
    expect(await found()).toEqual([]);
  });

  it('is nothing that the statements hold, or that is not known yet', async () => {
    await plan('before', '2009-09', 9);
    await plan('after', '2009-09', 21);
    expect(await found()).toEqual([]);
    expect(await found(21n)).toEqual(['plan after']);
  });

  it('is nothing that two people agreed on', async () => {
    await agreedOn(await plan('both', '2009-09'), 'plan');
    await agreedOn(await regulation('sales', '2009-09-01'), 'regulation');
    expect(await found()).toEqual([]);
  });
});
