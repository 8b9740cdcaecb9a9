import { coreSet } from '../registry.js';
import { serviceTable, serviceVariant } from './service-cases.fold.js';
import { DealLog, funnelMap } from './testing/deal-log.js';
import { Materialised } from './testing/materialised.js';
import { caseClosed, caseOpened } from './testing/service-log.js';

/** A deal `d1` and a service case `s1` of the same customer. */
function both(): DealLog {
  const log = new DealLog().prepared();
  const document = { ...funnelMap, purpose: 'service' as const };
  log.tell('routeMap-service', { type: 'RouteMapPublished', data: { version: 1, document } }, '2009-01-02');
  log.opened('2009-08-01');
  log.done('contact', '2009-08-02');
  log.category = 'serviceCase';
  log.dealId = 's1';
  caseOpened(log, '2009-08-03');
  log.done('contact', '2009-08-04');
  log.activity('visit', '2009-08-05');
  return log;
}

const tablesOf = (log: DealLog): Materialised => new Materialised(coreSet).project(log.events);
const idsIn = (tables: Materialised, table: string): unknown[] => tables.asOf(table).map((row) => row['deal_id']);

describe('service cases in the read tables', () => {
  it('stand apart from deals, in every table', () => {
    const tables = tablesOf(both());
    for (const [name, other] of Object.entries(serviceVariant)) {
      expect(idsIn(tables, name).filter((id) => id === 's1')).toEqual([]);
      expect(idsIn(tables, other).filter((id) => id === 'd1')).toEqual([]);
    }
    expect(idsIn(tables, 'deals')).toEqual(['d1']);
    for (const name of ['deals', 'deal_states', 'deal_owners', 'steps', 'reach_touch', 'stays', 'activities']) {
      expect(new Set(idsIn(tables, serviceTable(name)))).toEqual(new Set(['s1']));
    }
  });

  it('hold the products and the owner of the opening', () => {
    const tables = tablesOf(both());
    expect(tables.asOf('service_case_products')).toMatchObject([{ deal_id: 's1', products: ['p1'] }]);
    expect(tables.asOf('service_case_owners')).toMatchObject([{ deal_id: 's1', owner_id: 'anna' }]);
  });

  it.each([
    ['completed', null, { outcome: 'won', loss_reason: null, counts: true, amount_kopecks: 0n }, 'won'],
    ['abandoned', 'price', { outcome: 'lost', loss_reason: 'price', counts: true }, 'lost'],
  ])('a case that is %s ends its stay, with no contract', (_end, lossReason, outcome, how) => {
    const log = both();
    caseClosed(log, '2009-08-06', lossReason);
    const tables = tablesOf(log);
    expect(tables.asOf('service_outcomes')).toMatchObject([{ deal_id: 's1', ...outcome }]);
    expect(tables.asOf('service_stays')).toMatchObject([{ step: 'contact', ended_how: how }]);
    expect(tables.asOf('service_contracts')).toEqual([]);
    expect(tables.asOf('outcomes')).toEqual([]);
    expect(tables.asOf('stays')).toMatchObject([{ deal_id: 'd1', ended_how: null }]);
  });

  it('a completed case that is taken up again is open, and known as closed before', () => {
    const log = both();
    const { position } = caseClosed(log, '2009-08-06', null);
    log.deal({ type: 'ServiceCaseReopened', data: { customerId: 'c1', reason: 'again' } }, '2009-08-08');
    const tables = tablesOf(log);
    expect(tables.asOf('service_outcomes')).toEqual([]);
    expect(tables.asOf('service_outcomes', position)).toMatchObject([{ outcome: 'won' }]);
    expect(tables.asOf('service_case_states').map(({ status }) => status)).toEqual(['open', 'won', 'open']);
  });
});
