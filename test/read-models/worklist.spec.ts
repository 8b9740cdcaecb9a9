import { coreSet, type QueryContext, worklist, type WorklistAnswer } from '@voronka/read-models';
import type { DealLog } from '../../libs/read-models/src/core/testing/deal-log.js';
import { caseOpened } from '../../libs/read-models/src/core/testing/service-log.js';
import { type ReadDatabase, startReadDatabase } from './support/read-database.js';
import { company, readTables } from './support/told-company.js';

let database: ReadDatabase;
beforeAll(async () => {
  database = await startReadDatabase();
  const names = Object.entries(coreSet.variants?.['service'] ?? {});
  const views = names.map(([name, table]) => `CREATE VIEW service.${name} AS SELECT * FROM read.${table}`);
  await database.client.query(['CREATE SCHEMA service', ...views].join(';'));
}, 60_000);
afterAll(async () => database?.close());

/** Asked on 20 September 2009, of what anna owns. */
async function listed(log: DealLog, over: Partial<QueryContext> = {}): Promise<WorklistAnswer> {
  const context = { ...(await readTables(database, log)), at: '2009-09-20T12:00:00.000Z', ...over };
  return await worklist(context, { filters: { owner: ['anna'] } });
}

/** The same where service cases are asked about. */
async function listedOfService(log: DealLog): Promise<WorklistAnswer> {
  const context = { ...(await readTables(database, log)), at: '2009-09-20T12:00:00.000Z' };
  await database.client.query('SET search_path = service, read');
  try {
    return await worklist(context, { filters: { owner: ['anna'] } });
  } finally {
    await database.client.query('SET search_path = read');
  }
}

/** Two deals and a service case of one customer, of whom nothing was heard since July. */
function quietCustomer(): DealLog {
  const log = company();
  log.opened('2009-07-01');
  log.done('contact', '2009-07-02');
  log.dealId = 'd2';
  log.opened('2009-07-10', 'boris');
  log.category = 'serviceCase';
  log.dealId = 's1';
  caseOpened(log, '2009-07-15');
  log.category = 'deal';
  return log;
}

describe('stuck deals', () => {
  it('a reopened deal has stood at its bar since it was reopened: the closed gap is not counted', async () => {
    const log = company();
    log.opened('2009-07-01');
    log.done('contact', '2009-07-02');
    log.lost('2009-07-05');
    log.reopened('2009-09-10');
    expect((await listed(log)).stuck).toEqual([]);
    expect((await listed(log, { at: '2009-10-20T12:00:00.000Z' })).stuck).toMatchObject([
      { dealId: 'd1', step: 'contact', since: '2009-09-10T12:00:00.000Z', days: 40 },
    ]);
    log.done('questionnaire', '2009-10-19');
    expect((await listed(log, { at: '2009-10-20T12:00:00.000Z' })).stuck).toEqual([]);
  });
});

describe('silent customers', () => {
  const asked = (answer: WorklistAnswer) => answer.silent.map(({ dealId, lastAt }) => [dealId, lastAt?.slice(0, 10)]);

  it('are those with whom nothing was done on any deal or service case', async () => {
    expect(asked(await listed(quietCustomer()))).toEqual([['d1', '2009-07-02']]);
    expect(asked(await listedOfService(quietCustomer()))).toEqual([['s1', '2009-07-02']]);
  });

  it.each([
    ['deal of somebody else', 'deal', 'd2'],
    ['service case', 'serviceCase', 's1'],
  ] as const)('a customer contacted yesterday on a %s is not silent', async (_where, category, dealId) => {
    const log = quietCustomer();
    Object.assign(log, { category, dealId });
    log.activity('call', '2009-09-19');
    expect(asked(await listed(log))).toEqual([]);
    expect(asked(await listedOfService(log))).toEqual([]);
    // The day before, nobody knew that he would be called.
    expect(asked(await listed(log, { at: '2009-09-18T12:00:00.000Z' }))).toEqual([['d1', '2009-07-02']]);
  });

  it('a customer is not silent whose deal was lost yesterday upon a call', async () => {
    const log = quietCustomer();
    log.dealId = 'd2';
    log.done('contact', '2009-09-18');
    log.lost('2009-09-19');
    expect(asked(await listed(log))).toEqual([]);
  });
});
