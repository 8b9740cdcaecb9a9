import { coreSet, dealsWithNorms, type QueryContext, worklist, type WorklistAnswer } from '@voronka/read-models';
import type { DealLog } from '../../libs/read-models/src/core/testing/deal-log.js';
import { caseClosed, caseOpened } from '../../libs/read-models/src/core/testing/service-log.js';
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

  describe('bug: a customer whose deals are all closed was never listed', () => {
    const shown = ({ silent }: WorklistAnswer) =>
      silent.map(({ customerId, dealId, inWork, lastAt }) => [customerId, dealId, inWork, lastAt?.slice(0, 10)]);

    /** One deal lost in July, one in August. */
    function closed(): DealLog {
      const log = company();
      for (const [id, on] of [
        ['d1', '2009-07-02'],
        ['d2', '2009-08-02'],
      ] as const) {
        log.dealId = id;
        log.opened(on);
        log.done('contact', on);
        log.lost(on);
      }
      return log;
    }

    it('he is listed as not in work, under the deal that was opened last', async () => {
      expect(shown(await listed(closed()))).toEqual([['c1', 'd2', false, '2009-08-02']]);
      // When the first was all there was, it spoke for him; while it was open, he was in work.
      const then = { at: '2009-08-02T11:00:00.000Z' };
      expect(shown(await listed(closed(), then))).toEqual([['c1', 'd1', false, '2009-07-02']]);
    });

    it('he is of whoever owned that deal, not of him who lost the first; nor of either once somebody else works with him', async () => {
      const log = closed();
      log.reassigned('boris', '2009-08-03');
      expect(shown(await listed(log))).toEqual([]);
      const other = closed();
      other.dealId = 'd3';
      other.opened('2009-08-04', 'boris');
      expect(shown(await listed(other))).toEqual([]);
    });

    it('the closing itself is a sign of life: whoever signed yesterday is not silent', async () => {
      const log = company();
      log.opened('2009-07-01');
      log.done('contact', '2009-07-02');
      log.signed(700, '2009-09-19');
      expect(shown(await listed(log))).toEqual([]);
      expect(shown(await listed(log, { at: '2009-10-30T12:00:00.000Z' }))).toEqual([['c1', 'd1', false, '2009-09-19']]);
    });

    it('those in work come first, however long the others have been silent', async () => {
      const log = closed();
      log.dealId = 'd3';
      const data = { title: null, customerId: 'c2', routeMapId: 'sale', routeMapVersion: 1, ownerId: 'anna' };
      const terms = { source: null, lines: [], expectedAmountKopecks: null, expectedCloseOn: null };
      log.deal({ type: 'DealOpened', data: { ...data, ...terms } }, '2009-08-10');
      expect(shown(await listed(log))).toEqual([
        ['c2', 'd3', true, undefined],
        ['c1', 'd2', false, '2009-08-02'],
      ]);
    });

    it('nor one whose only service case is closed, where service is asked about', async () => {
      const log = company();
      Object.assign(log, { category: 'serviceCase', dealId: 's1' });
      caseOpened(log, '2009-07-15');
      caseClosed(log, '2009-07-16', null);
      expect(shown(await listedOfService(log))).toEqual([['c1', 's1', false, '2009-07-16']]);
      expect(shown(await listed(log))).toEqual([]);
    });
  });
});

describe('bug: overdue steps were looked for on the deals opened first, though nothing waited there', () => {
  /** Opened one after another: nothing waits on the first, on the next two steps with a norm, on the last one without. */
  async function waiting(): Promise<QueryContext> {
    const log = company();
    for (const [id, on] of [
      ['idle', '2009-08-01'],
      ['soon', '2009-08-02'],
      ['late', '2009-08-03'],
      ['free', '2009-08-04'],
    ] as const) {
      log.dealId = id;
      log.opened(on);
    }
    const context = { ...(await readTables(database, log)), at: '2009-09-20T12:00:00.000Z' };
    await database.client.query('TRUNCATE waiting');
    for (const [deal_id, due_at, ended_at] of [
      ['idle', '2009-08-05T08:00:00.000Z', '2009-08-04T08:00:00.000Z'],
      ['soon', '2009-09-21T08:00:00.000Z', null],
      ['late', '2009-08-20T08:00:00.000Z', '2009-09-22T08:00:00.000Z'],
      ['free', null, null],
    ] as const) {
      const began = { began_at: '2009-08-04T08:00:00.000Z', began_event_id: '00000000-0000-4000-8000-000000000000' };
      await database.put('waiting', { deal_id, step: 'contact', ordinal: 1, due_at, ended_at, ...began });
    }
    return context;
  }

  it('those are looked at on which a norm is running, first where it passes first; what is left out is told', async () => {
    const context = await waiting();
    expect(await dealsWithNorms(context, undefined, 10)).toEqual({ ids: ['late', 'soon'], openDeals: 4, lookedAt: 4 });
    expect(await dealsWithNorms(context, undefined, 1)).toEqual({ ids: ['late'], openDeals: 4, lookedAt: 3 });
    const nobodys = { ids: [], openDeals: 0, lookedAt: 0 };
    expect(await dealsWithNorms(context, { owner: ['boris'] }, 10)).toEqual(nobodys);
  });
});
