import { periodBounds, periodOf } from '@voronka/kernel';
import { funnel, type FunnelAnswer, type FunnelParams, type FunnelRow } from '@voronka/read-models';
import { type ReadDatabase, startReadDatabase, ZONE } from './support/read-database.js';
import { asked, AUGUST, hire, reach, startOver } from './support/small-company.js';

const FLOW: FunnelParams = { routeMap: 'sale', reach: 'touch', basis: 'flow', period: AUGUST };
const COHORT: FunnelParams = { ...FLOW, basis: 'cohort' };

let database: ReadDatabase;
beforeAll(async () => {
  database = await startReadDatabase();
}, 60_000);
afterAll(async () => database?.close());
beforeEach(async () => startOver(database));

const counts = (row: FunnelRow | undefined): number[] => (row?.bars ?? []).map((bar) => bar.deals);

/** Counts of the bars by the value of the only slice. */
function bySlice(answer: FunnelAnswer): Record<string, number[]> {
  return Object.fromEntries(answer.rows.map((row) => [String(row.slices[0]?.value), counts(row)]));
}

function expectAddUp(answer: FunnelAnswer): void {
  for (const [at, bar] of answer.total.bars.entries()) {
    expect(answer.rows.reduce((sum, row) => sum + (row.bars[at]?.deals ?? 0), 0)).toBe(bar.deals);
  }
}

describe('periods', () => {
  it('begin at midnight of the company and end before the next', async () => {
    expect(AUGUST).toEqual(periodBounds(periodOf('2009-08-15', 'month'), ZONE));
    await reach(database, 'july', 'contact', { occurred_at: '2009-07-31T18:59:59.999Z' });
    await reach(database, 'first', 'contact', { occurred_at: '2009-07-31T19:00:00.000Z' });
    await reach(database, 'last', 'contact', { occurred_at: '2009-08-31T18:59:59.999Z' });
    await reach(database, 'september', 'contact', { occurred_at: '2009-08-31T19:00:00.000Z' });
    const answer = await funnel(asked(database), FLOW);
    expect(counts(answer.total)).toEqual([2, 0, 0, 0]);
    const all = await funnel(asked(database), { ...FLOW, period: undefined, grain: 'month' });
    expect(all.rows.map((row) => [row.bucket, counts(row)[0]])).toEqual([
      ['2009-07', 1],
      ['2009-08', 2],
      ['2009-09', 1],
    ]);
  });

  it('have a row each, the empty ones too, and week 53 ends in the next year', async () => {
    await reach(database, 'a', 'contact', { occurred_at: '2009-12-29T08:00:00.000Z' });
    await reach(database, 'b', 'contact', { occurred_at: '2010-01-03T08:00:00.000Z' });
    await reach(database, 'c', 'contact', { occurred_at: '2010-01-11T08:00:00.000Z' });
    const at = '2010-06-01T00:00:00.000Z';
    const weeks = await funnel(asked(database, { at }), { ...FLOW, period: undefined, grain: 'isoWeek' });
    expect(weeks.rows.map((row) => [row.bucket, counts(row)[0]])).toEqual([
      ['2009-W53', 2],
      ['2010-W01', 0],
      ['2010-W02', 1],
    ]);
    const quarters = await funnel(asked(database, { at }), { ...FLOW, period: undefined, grain: 'quarter' });
    expect(quarters.rows.map((row) => row.bucket)).toEqual(['2009-Q4', '2010-Q1']);
    const period = { from: '2009-12-28T20:00:00.000Z', to: '2009-12-30T20:00:00.000Z' };
    const days = await funnel(asked(database, { at }), { ...FLOW, period, grain: 'day' });
    expect(days.totals.map((row) => [row.bucket, counts(row)[0]])).toEqual([
      ['2009-12-29', 1],
      ['2009-12-30', 0],
    ]);
  });
});

describe('basis', () => {
  it('cohort: who entered in the period, on every bar up to T; flow: every bar on its own', async () => {
    await reach(database, 'early', 'contact', { occurred_at: '2009-07-10T08:00:00.000Z' });
    await reach(database, 'early', 'meeting', { occurred_at: '2009-08-10T08:00:00.000Z' });
    await reach(database, 'inside', 'contact', { occurred_at: '2009-08-10T08:00:00.000Z' });
    await reach(database, 'inside', 'meeting', { occurred_at: '2009-09-10T08:00:00.000Z' });
    expect(counts((await funnel(asked(database), COHORT)).total)).toEqual([1, 1, 0, 0]);
    expect(counts((await funnel(asked(database, { at: '2009-09-01T00:00:00.000Z' }), COHORT)).total)).toEqual([
      1, 0, 0, 0,
    ]);
    expect(counts((await funnel(asked(database), FLOW)).total)).toEqual([1, 1, 0, 0]);
  });

  it('touch leaves out a bar that was passed by, implied counts it', async () => {
    await reach(database, 'a', 'contact');
    await reach(database, 'a', 'proposal');
    await database.put('reach_implied', { deal_id: 'a', step: 'meeting', rank: 20, owner_id: 'anna' });
    expect(counts((await funnel(asked(database), COHORT)).total)).toEqual([1, 0, 1, 0]);
    expect(counts((await funnel(asked(database), { ...COHORT, reach: 'implied' })).total)).toEqual([1, 1, 1, 0]);
  });

  it('gives shares of the first and of the previous bar, and none of nothing', async () => {
    for (const deal of ['a', 'b', 'c']) await reach(database, deal, 'contact');
    await reach(database, 'a', 'meeting');
    await reach(database, 'b', 'meeting');
    await reach(database, 'a', 'contract');
    const { bars } = (await funnel(asked(database), COHORT)).total;
    expect(bars.map((bar) => [bar.percentOfFirst, bar.percentOfPrevious])).toEqual([
      ['100.00', null],
      ['66.67', '66.67'],
      ['0.00', '0.00'],
      ['33.33', null],
    ]);
  });

  it('bug: its conversions did not say how small their samples are', async () => {
    for (const deal of Array.from({ length: 30 }, (_none, index) => `d${index}`)) {
      await reach(database, deal, 'contact');
    }
    for (const deal of ['d0', 'd1', 'd2']) await reach(database, deal, 'meeting');
    for (const deal of ['d0', 'd1', 'd2', 'd3']) await reach(database, deal, 'proposal');
    const { bars } = (await funnel(asked(database), COHORT)).total;
    expect(bars.map((bar) => [bar.sampleOfFirst, bar.sampleOfPrevious])).toEqual([
      [{ small: false, lower: '88.65', upper: '100.00' }, null],
      [
        { small: false, lower: '3.46', upper: '25.62' },
        { small: false, lower: '3.46', upper: '25.62' },
      ],
      // More than the bar before it has, which one of them passed by: no share.
      [
        { small: false, lower: '5.31', upper: '29.68' },
        { small: true, lower: null, upper: null },
      ],
      [
        { small: false, lower: '0.00', upper: '11.35' },
        { small: true, lower: '0.00', upper: '48.99' },
      ],
    ]);
  });

  it('enters each version at its own lowest bar', async () => {
    const cells = { version: 2, name: 'M2', stage: 's', kind: 'other', mandatory: false, ordinal: 0 };
    await database.put('route_map_steps', { ...cells, step: 'meeting', rank: 5 });
    await reach(database, 'old', 'contact');
    await reach(database, 'old', 'meeting');
    await reach(database, 'new', 'meeting', { rank: 5, route_map_version: 2 });
    const answer = await funnel(asked(database), COHORT);
    expect(answer.total.bars.slice(0, 2).map((bar) => [bar.step, bar.deals])).toEqual([
      ['meeting', 2],
      ['contact', 1],
    ]);
    const second = await funnel(asked(database), { ...COHORT, version: 2 });
    expect(second.total.bars.map((bar) => [bar.step, bar.name, bar.deals])).toEqual([['meeting', 'M2', 1]]);
  });

  it('refuses a route map that was not known then', async () => {
    await expect(funnel(asked(database), { ...FLOW, routeMap: 'none' })).rejects.toThrow('ROUTE_MAP_NOT_FOUND');
    await expect(funnel(asked(database, { k: 0n }), FLOW)).rejects.toThrow('ROUTE_MAP_NOT_FOUND');
  });
});

describe('slices', () => {
  it('nobody and the robot have rows of their own, who did nothing has a row of 0, and all add up', async () => {
    await reach(database, 'a', 'contact', { performer_id: 'boris' });
    await reach(database, 'b', 'contact', { performer_id: 'robot' });
    await reach(database, 'c', 'contact', { performer_id: null });
    const answer = await funnel(asked(database), { ...FLOW, slice: 'performer' });
    expect(
      answer.rows.map(({ slices: [slice], bars }) => [slice?.value, slice?.kind, slice?.label, bars[0]?.deals]),
    ).toEqual([
      ['anna', 'person', 'Name of anna', 0],
      ['boris', 'person', 'Name of boris', 1],
      ['idle', 'person', 'Name of idle', 0],
      ['robot', 'robot', 'Robot', 1],
      [null, 'none', null, 1],
    ]);
    expect(answer.additive).toBe(true);
    expectAddUp(answer);
  });

  it('a cohort is cut by its entry, a flow by each event: a reassignment does not move the past', async () => {
    await reach(database, 'a', 'contact', { owner_id: 'anna' });
    await reach(database, 'a', 'meeting', { owner_id: 'boris', occurred_at: '2009-08-20T08:00:00.000Z' });
    const flow = await funnel(asked(database), { ...FLOW, slice: 'owner' });
    expect(bySlice(flow)).toEqual({ anna: [1, 0, 0, 0], boris: [0, 1, 0, 0], idle: [0, 0, 0, 0] });
    const cohort = await funnel(asked(database), { ...COHORT, slice: 'owner' });
    expect(bySlice(cohort)).toEqual({ anna: [1, 1, 0, 0], boris: [0, 0, 0, 0], idle: [0, 0, 0, 0] });
    for (const answer of [flow, cohort]) expectAddUp(answer);
  });

  it('the department is the owner’s at that moment: a transfer inside the period splits it', async () => {
    const moved = '2009-08-14T19:00:00.000Z';
    await hire(database, 'vera', 'north', { valid_to: moved });
    await database.put('employee_assignments', {
      employee_id: 'vera',
      department_id: 'south',
      position: 'manager',
      valid_from: moved,
    });
    await reach(database, 'a', 'contact', { owner_id: 'vera', occurred_at: '2009-08-14T18:59:59.999Z' });
    await reach(database, 'b', 'contact', { owner_id: 'vera', occurred_at: moved });
    await reach(database, 'c', 'contact', { owner_id: null });
    const answer = await funnel(asked(database), { ...FLOW, slice: 'department' });
    expect(bySlice(answer)).toEqual({ north: [1, 0, 0, 0], south: [1, 0, 0, 0], null: [1, 0, 0, 0] });
    const people = await funnel(asked(database), { ...FLOW, slice: 'owner', filters: { department: ['south'] } });
    expect(bySlice(people)).toEqual({ vera: [1, 0, 0, 0] });
  });

  it('products are several to a deal: the rows do not add up, the total counts a deal once', async () => {
    for (const deal of ['both', 'one', 'none']) await reach(database, deal, 'contact');
    await database.put('deal_products', { deal_id: 'both', products: '{crm,erp}' });
    await database.put('deal_products', { deal_id: 'one', products: '{course}' });
    const products = await funnel(asked(database), { ...FLOW, slice: 'product' });
    expect(products.additive).toBe(false);
    expect(bySlice(products)).toMatchObject({
      crm: [1, 0, 0, 0],
      erp: [1, 0, 0, 0],
      course: [1, 0, 0, 0],
      null: [1, 0, 0, 0],
    });
    expect(counts(products.total)).toEqual([3, 0, 0, 0]);
    const lines = await funnel(asked(database), { ...COHORT, slice: 'productLine' });
    expect(bySlice(lines)).toEqual({ services: [1, 0, 0, 0], software: [1, 0, 0, 0], null: [1, 0, 0, 0] });
    const software = await funnel(asked(database), { ...FLOW, filters: { product: ['crm', 'erp'] } });
    expect(counts(software.total)).toEqual([1, 0, 0, 0]);
    const unnamed = await funnel(asked(database), { ...FLOW, filters: { productLine: ['services', null] } });
    expect(counts(unnamed.total)).toEqual([2, 0, 0, 0]);
  });

  it('segment as it was then, source and version', async () => {
    const moved = '2009-08-14T19:00:00.000Z';
    await database.put('customer_segments', { customer_id: 'c1', segment: 'small', valid_to: moved });
    await database.put('customer_segments', { customer_id: 'c1', segment: 'large', valid_from: moved });
    await reach(database, 'a', 'contact', { customer_id: 'c1', source: 'fair' });
    await reach(database, 'b', 'contact', { customer_id: 'c1', occurred_at: moved, route_map_version: 2 });
    await reach(database, 'c', 'contact', {});
    const first = async (slice: 'segment' | 'source' | 'routeMapVersion') => {
      const answer = await funnel(asked(database), { ...FLOW, slice });
      expectAddUp(answer);
      return Object.fromEntries(Object.entries(bySlice(answer)).map(([value, bars]) => [value, bars[0]]));
    };
    expect(await first('segment')).toEqual({ large: 1, small: 1, null: 1 });
    expect(await first('source')).toEqual({ fair: 1, null: 2 });
    expect(await first('routeMapVersion')).toEqual({ '1': 2, '2': 1 });
  });

  it('values that look like the marks between values stay apart', async () => {
    const sources = [null, '', '-', '|-', '0:', '1:-'];
    for (const [n, source] of sources.entries()) await reach(database, `d${n}`, 'contact', { source });
    const answer = await funnel(asked(database), { ...FLOW, slice: 'source', grain: 'month' });
    expect(answer.rows.map(({ slices, bars }) => [slices[0]?.value, bars[0]?.deals])).toEqual(
      ['', '-', '0:', '1:-', '|-', null].map((source) => [source, 1]),
    );
    expectAddUp(answer);
  });
});

describe('as of K', () => {
  it('counts what was known then: a voided step before its void, a late entry not before it was entered', async () => {
    await reach(database, 'voided', 'contact', { known_from: 10, known_to: 20 });
    await reach(database, 'late', 'contact', { known_from: 30 });
    const at = async (k: bigint) => counts((await funnel(asked(database, { k }), FLOW)).total)[0];
    expect([await at(9n), await at(10n), await at(19n), await at(20n), await at(30n)]).toEqual([0, 1, 1, 0, 1]);
  });

  it('says under what it was counted', async () => {
    const answer = await funnel(asked(database, { k: 77n }), FLOW);
    expect(answer).toMatchObject({ k: '77', at: '2009-12-31T00:00:00.000Z', zone: ZONE, params: FLOW });
    expect(() => JSON.stringify(answer)).not.toThrow();
  });
});
