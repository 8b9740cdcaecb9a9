import { type Filters, type QueryContext, worklist } from '@voronka/read-models';
import type { DealLog } from '../../libs/read-models/src/core/testing/deal-log.js';
import { type ReadDatabase, startReadDatabase } from './support/read-database.js';
import { company, readTables } from './support/told-company.js';

let database: ReadDatabase;
beforeAll(async () => {
  database = await startReadDatabase();
}, 60_000);
afterAll(async () => database?.close());

describe('steps that wait for verification', () => {
  const told = (judged: (log: DealLog) => void): DealLog => {
    const log = company();
    log.opened('2009-08-01');
    judged(log);
    return log;
  };
  const accepted = told((log) => log.accepted(log.done('contact', '2009-08-10', { awaits: true }), '2009-09-02'));
  const sentBack = told((log) => log.sentBack(log.done('contact', '2009-08-10', { awaits: true }), '2009-09-02'));
  const at = async (log: DealLog, day: string, k?: bigint): Promise<string[]> => {
    const context: QueryContext = { ...(await readTables(database, log, k)), at: `${day}T12:00:00.000Z` };
    return (await worklist(context, {})).awaiting.map(({ step }) => step);
  };

  it.each([
    ['accepted', accepted],
    ['sent back', sentBack],
  ])('are those of T, though they were %s since', async (_how, log) => {
    expect(await at(log, '2009-08-09')).toEqual([]);
    expect(await at(log, '2009-08-15')).toEqual(['contact']);
    expect(await at(log, '2009-09-03')).toEqual([]);
  });

  it('as of a position before the verdict they wait, whatever T is', async () => {
    const before = accepted.events.at(-2)?.position;
    expect(await at(accepted, '2009-09-03', before)).toEqual(['contact']);
  });

  it('what needed no verification never waited, nor did what was voided', async () => {
    const plain = told((log) => log.done('contact', '2009-08-10'));
    expect(await at(plain, '2009-08-15')).toEqual([]);
    const voided = told((log) => log.voided(log.done('contact', '2009-08-10', { awaits: true }), '2009-09-02'));
    expect(await at(voided, '2009-08-15')).toEqual([]);
  });

  it('are listed to whoever owns the deal at T and to his head, not to those of the completion', async () => {
    const log = company();
    log.hired('vera', 'service', '2009-01-02');
    log.opened('2009-08-01');
    log.done('contact', '2009-08-10', { awaits: true, by: 'boris' });
    log.reassigned('vera', '2009-08-20');
    const tables = await readTables(database, log);
    const listed = async (day: string, filters: Filters): Promise<(string | null)[]> =>
      (await worklist({ ...tables, at: `${day}T12:00:00.000Z` }, { filters })).awaiting.map(({ ownerId }) => ownerId);
    expect(await listed('2009-08-15', { department: ['sales'] })).toEqual(['anna']);
    expect(await listed('2009-08-15', { department: ['service'] })).toEqual([]);
    expect(await listed('2009-08-25', { department: ['service'] })).toEqual(['vera']);
    expect(await listed('2009-08-25', { owner: ['vera'] })).toEqual(['vera']);
    expect(await listed('2009-08-25', { department: ['sales'] })).toEqual([]);
    expect(await listed('2009-08-25', { owner: ['anna'] })).toEqual([]);
  });
});
