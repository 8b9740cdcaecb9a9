import type { Row } from '@voronka/projections';
import type { RouteMapDocument, StepDefinition } from '@voronka/sales/events';
import { coreSet } from '../registry.js';
import { DealLog, funnelMap } from './testing/deal-log.js';
import { Materialised } from './testing/materialised.js';

const step = (code: string, more: Partial<StepDefinition> = {}): StepDefinition => ({
  ...{ code, name: code, stage: 'all', kind: 'other', mandatory: false, after: [], roles: [], form: [] },
  ...more,
});

/** A survey only for large customers, within a working day; the proposal waits for it where it belongs to the way. */
const map: RouteMapDocument = {
  ...funnelMap,
  steps: [
    step('contact', { funnelRank: 1 }),
    step('survey', { after: ['contact'], when: "segment = 'large'", mandatory: true, normWorkingHours: 8 }),
    step('proposal', { after: ['survey'], funnelRank: 2 }),
  ],
};

const days = (rows: readonly Row[], ...columns: string[]): unknown[][] =>
  rows.map((row) =>
    columns.map((name) => (name.endsWith('_at') && row[name] !== null ? String(row[name]).slice(0, 10) : row[name])),
  );

describe('A step whose condition looks at the customer was left out of waiting, timeliness and deviations', () => {
  let log: DealLog;
  beforeEach(() => {
    log = new DealLog().prepared('Europe/Samara', map);
    log.described('c1', { employees: 5 }, '2009-07-01');
    log.opened('2009-08-03');
    log.done('contact', '2009-08-04');
  });
  const read = (): Materialised => new Materialised(coreSet).project(log.events);
  const waits = (asOf?: bigint): unknown[][] =>
    days(read().asOf('waiting', asOf), 'step', 'began_at', 'due_at', 'ended_at', 'ended_how').filter(
      ([code]) => code !== 'contact',
    );

  test('it waits from when the segment came to hold, whatever it waits for was done before', () => {
    log.segment('c1', 'large', '2009-08-06');
    expect(waits()).toEqual([['survey', '2009-08-06', '2009-08-07', null, null]]);
    const [wait] = read()
      .asOf('waiting')
      .filter((row) => row['step'] === 'survey');
    expect(wait?.['began_event_id']).toBe(log.events.at(-1)?.eventId);
  });

  test('what holds from earlier on than it is told is known from when it is told', () => {
    const before = log.events.at(-1)?.position;
    const told = log.segment('c1', 'large', '2009-08-02');
    expect(waits()).toEqual([['survey', '2009-08-04', '2009-08-05', null, null]]);
    expect(waits(before)).toEqual([]);
    const [row] = read()
      .all('waiting')
      .filter((one) => one['step'] === 'survey');
    expect(row?.['known_from']).toBe(told.position);
  });

  test('done after its due time it is late, and in time it is not', () => {
    log.segment('c1', 'large', '2009-08-06');
    log.done('survey', '2009-08-12');
    const deviations = read().asOf('deviations');
    expect(days(deviations, 'kind', 'step', 'due_at', 'performer_id')).toEqual([
      ['late', 'survey', '2009-08-07', 'anna'],
    ]);
  });

  test('passed over it is skipped, and the proposal out of order', () => {
    log.segment('c1', 'large', '2009-08-06');
    log.done('proposal', '2009-08-07');
    expect(days(read().asOf('deviations'), 'kind', 'step')).toEqual([
      ['wrongOrder', 'proposal'],
      ['skipped', 'survey'],
    ]);
  });

  test('when it leaves the way its waiting ends, and what comes after it waits from then on', () => {
    log.segment('c1', 'large', '2009-08-06');
    log.segment('c1', 'small', '2009-08-10');
    expect(waits()).toEqual([
      ['survey', '2009-08-06', '2009-08-07', '2009-08-10', 'notApplicable'],
      ['proposal', '2009-08-10', null, null, null],
    ]);
    log.done('proposal', '2009-08-11');
    expect(read().asOf('deviations')).toEqual([]);
  });

  test('a deal won without it is not blamed when its customer grows large afterwards', () => {
    log.segment('c1', 'small', '2009-08-05');
    log.done('proposal', '2009-08-06');
    log.signed(100, '2009-08-07');
    const rows = (): number => read().all('deviations').length + read().all('waiting').length;
    const before = rows();
    log.segment('c1', 'large', '2009-08-10');
    expect(rows()).toBe(before);
    log.contractVoided('2009-08-12', 'open');
    log.reopened('2009-08-12');
    expect(read().asOf('deviations')).toEqual([]);
    expect(waits().at(-1)).toEqual(['survey', '2009-08-12', '2009-08-13', null, null]);
    log.signed(100, '2009-08-14', 'k2');
    expect(days(read().asOf('deviations'), 'kind', 'step', 'occurred_at')).toEqual([
      ['skipped', 'survey', '2009-08-14'],
    ]);
  });

  test('nobody skipped a step that his customer did not ask for when he passed it', () => {
    log.segment('c1', 'small', '2009-08-05');
    log.done('proposal', '2009-08-06');
    log.segment('c1', 'large', '2009-08-10');
    expect(read().asOf('deviations')).toEqual([]);
    expect(waits().at(-1)).toEqual(['survey', '2009-08-10', '2009-08-11', null, null]);
  });

  test('a deal moved to a version that looks at the customer knows what was told of him before', () => {
    const second = {
      ...map,
      steps: map.steps.map((one) => (one.code === 'survey' ? { ...one, when: 'portrait.employees > 9' } : one)),
    };
    log.published(2, second);
    log.described('c1', { employees: 50 }, '2009-08-05');
    log.migrated(2, '2009-08-06');
    expect(waits()).toEqual([['survey', '2009-08-05', '2009-08-06', null, null]]);
    log.described('c1', { employees: 'unknown' }, '2009-08-10');
    expect(waits()).toEqual([['survey', '2009-08-05', '2009-08-06', '2009-08-10', 'notApplicable']]);
  });

  test('what conditions do not ask of the customer changes nothing and is not kept', () => {
    const before = read().state('deals', 'd1');
    log.described('c1', { employees: 50 }, '2009-08-05');
    expect(read().state('deals', 'd1')).toEqual(before);
    expect(JSON.stringify(before)).not.toContain('employees');
  });

  test('a service case is told of its customer as a deal is', () => {
    const document = { ...map, purpose: 'service' as const };
    log.tell('routeMap-service', { type: 'RouteMapPublished', data: { version: 1, document } }, '2009-01-02');
    log.category = 'serviceCase';
    log.dealId = 's1';
    const data = { customerId: 'c1', title: null, routeMapId: 'service', routeMapVersion: 1, ownerId: 'anna' };
    log.deal({ type: 'ServiceCaseOpened', data: { ...data, productIds: [], dealId: null } }, '2009-08-03');
    log.done('contact', '2009-08-04');
    log.segment('c1', 'large', '2009-08-06');
    const rows = read().asOf('service_waiting');
    expect(days(rows, 'step', 'began_at', 'ended_at')).toEqual([
      ['contact', '2009-08-03', '2009-08-04'],
      ['survey', '2009-08-06', null],
    ]);
  });
});
