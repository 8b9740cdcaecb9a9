import {
  activity,
  conversion,
  type ConversionParams,
  drill,
  type DrillPlace,
  type Figure,
  funnel,
  type FunnelParams,
  type Place,
  type SliceName,
  SLICES,
  stepActivity,
  winRate,
} from '@voronka/read-models';
import { type Cells, type ReadDatabase, startReadDatabase } from './support/read-database.js';
import { act, asked, AUGUST, BARS, close, reach, startOver } from './support/small-company.js';

const AT = '2009-09-10T00:00:00.000Z';
let database: ReadDatabase;
beforeAll(async () => {
  database = await startReadDatabase();
  await startOver(database);
  await fill();
}, 60_000);
afterAll(async () => database?.close());

/** One of the values, the same one for the same number. */
function pick<Value>(n: number, values: readonly Value[]): Value | undefined {
  return values[n % values.length];
}

/** Thirty deals that differ in everything a figure can be cut by. */
async function fill(): Promise<void> {
  for (const segment of ['small', 'large']) await database.put('customer_segments', { customer_id: segment, segment });
  for (let n = 0; n < 30; n += 1) await fillDeal(n);
}

async function fillDeal(n: number): Promise<void> {
  const deal = `deal-${n}`;
  const day = (add: number): string => new Date(Date.UTC(2009, 6, 20 + n + add, n % 24)).toISOString();
  const facts = {
    owner_id: pick(n, ['anna', 'boris', null]) ?? null,
    customer_id: pick(n, ['small', 'large', null]) ?? null,
    source: pick(n, ['fair', null]) ?? null,
  };
  const performed = { ...facts, performer_id: pick(n, ['anna', 'boris', 'robot', null]) ?? null };
  const products = ['crm', 'erp', 'course'].slice(0, n % 4);
  if (products.length > 0) await database.put('deal_products', { deal_id: deal, products: `{${products.join(',')}}` });
  const bars = BARS.slice(0, 1 + (n % 4));
  for (const [at, step] of bars.entries()) {
    const occurred_at = day(n % 7 === 0 ? -at : at * 3);
    await reach(database, deal, step, { ...performed, occurred_at });
    const done = { deal_id: deal, step, status: 'done', known_by_event_id: ACCEPTED, occurred_at };
    await database.put('steps', { ...performed, ...done });
    const spell = { valid_from: day(at * 3), valid_to: at + 1 === bars.length ? 'infinity' : day((at + 1) * 3) };
    const next_rank_at = at + 1 === bars.length ? null : spell.valid_to;
    await database.put('deal_positions', { deal_id: deal, step, rank: (at + 1) * 10, next_rank_at, ...spell });
  }
  await work(deal, { n, day, performed });
  if (n % 5 < 2) await close(database, deal, n % 5 === 0 ? 'won' : 'lost', { ...facts, occurred_at: day(12) });
}

async function work(
  deal: string,
  { n, day, performed }: { n: number; day: (add: number) => string; performed: Cells },
): Promise<void> {
  const { owner_id = null, ...byPerformer } = performed;
  await database.put('deal_owners', { deal_id: deal, owner_id, valid_from: day(0), valid_to: 'infinity' });
  for (let call = 0; call <= n % 3; call += 1)
    await act(database, deal, { ...byPerformer, occurred_at: day(call * 4) });
}

const ACCEPTED = '00000000-0000-4000-8000-ffffffffffff';

/** Where a row of an answer stands, as a drill names it. */
function placeOf(place: Place): DrillPlace {
  const slices = Object.fromEntries(place.slices.map((slice) => [slice.by, slice.value]));
  return { slices, ...(place.bucket === null ? {} : { bucket: place.bucket }) };
}

/** The number opens to exactly as many items; gives that number. */
async function opens(figure: Figure, place: Place, number: number): Promise<number> {
  const answer = await drill(asked(database, { at: AT }), figure, placeOf(place), { limit: 1000 });
  expect([figure, placeOf(place), answer.count]).toEqual([figure, placeOf(place), number]);
  expect(answer.items).toHaveLength(number);
  for (const item of answer.items) expect(item.eventIds.length).toBeGreaterThan(0);
  return number;
}

describe('every number opens to its events', () => {
  it.each(SLICES.flatMap((slice) => [['cohort', slice] as const, ['flow', slice] as const]))(
    'funnel, %s by %s',
    async (basis, slice) => {
      const params: FunnelParams = { routeMap: 'sale', reach: 'touch', basis, slice, period: AUGUST, grain: 'month' };
      const answer = await funnel(asked(database, { at: AT }), params);
      let opened = 0;
      for (const row of [...answer.rows, ...answer.totals, answer.total]) {
        for (const bar of row.bars) opened += await opens({ figure: 'funnel', params, step: bar.step }, row, bar.deals);
      }
      expect(opened).toBeGreaterThan(30);
    },
  );

  it.each([
    ['cohort', 10],
    ['cohort', 'soFar'],
    ['flow', undefined],
  ] as const)('conversion, %s within %s', async (kind, horizonDays) => {
    const asking = { routeMap: 'sale', reach: 'implied', fromStep: 'contact', toStep: 'meeting' } as const;
    const params: ConversionParams = { ...asking, kind, horizonDays, slice: 'productLine', grain: 'isoWeek' };
    const answer = await conversion(asked(database, { at: AT }), params);
    let opened = 0;
    for (const row of [...answer.rows, answer.total]) {
      for (const part of ['numerator', 'denominator', 'pending', 'reversed'] as const) {
        opened += await opens({ figure: 'conversion', params, part }, row, row[part]);
      }
    }
    expect(opened).toBeGreaterThan(30);
    expect(answer.total.reversed > 0).toBe(kind === 'cohort');
  });

  it.each(['close', 'opening'] as const)('win rate by %s', async (by) => {
    const params = { by, measure: 'count', slice: 'segment' } as const;
    const answer = await winRate(asked(database, { at: AT }), params);
    for (const row of [...answer.rows, answer.total]) {
      for (const part of ['won', 'lost'] as const)
        await opens({ figure: 'winRate', params, part }, row, row[part].deals);
    }
    expect(answer.total.won.deals).toBeGreaterThan(0);
  });

  it.each([[['performer']], [['department', 'source']], [['product']]] as [SliceName[]][])(
    'activity by %s',
    async (groupBy) => {
      const params = { groupBy, period: AUGUST, grain: 'month', horizonDays: 7 } as const;
      const answer = await activity(asked(database, { at: AT }), params);
      for (const row of [...answer.rows, ...answer.totals, answer.total]) {
        const numbers = { done: row.done, won: row.won, doneOnWon: row.doneOnWon, matured: row.next.matured };
        for (const [part, number] of Object.entries({
          ...numbers,
          followed: row.next.followed,
          pending: row.next.pending,
        })) {
          await opens({ figure: 'activity', params, part: part as 'done' }, row, number);
        }
      }
      expect(Math.min(answer.total.next.followed, answer.total.doneOnWon)).toBeGreaterThan(0);
    },
  );

  it('done steps, with the acceptance beside the completion', async () => {
    const params = { routeMap: 'sale', grain: 'month' } as const;
    const answer = await stepActivity(asked(database, { at: AT }), params);
    for (const row of [...answer.rows, answer.total]) {
      for (const { step, done, next } of row.steps) {
        await opens({ figure: 'stepActivity', params, step, part: 'done' }, row, done);
        await opens({ figure: 'stepActivity', params, step, part: 'followed' }, row, next.followed);
      }
    }
    const one = await drill(
      asked(database),
      { figure: 'stepActivity', params, step: 'contact', part: 'done' },
      {},
      { limit: 1 },
    );
    expect(one.items[0]?.eventIds).toEqual([expect.any(String), ACCEPTED]);
  });
});

describe('pages', () => {
  const figure: Figure = {
    figure: 'funnel',
    params: { routeMap: 'sale', reach: 'touch', basis: 'flow' },
    step: 'contact',
  };

  it('go on where the last one ended', async () => {
    const context = asked(database);
    const whole = await drill(context, figure, {}, { limit: 30 });
    const parts = [
      await drill(context, figure, {}, { limit: 20 }),
      await drill(context, figure, {}, { limit: 20, offset: 20 }),
    ];
    expect(parts.flatMap((part) => part.items)).toEqual(whole.items);
    expect(parts.map((part) => part.count)).toEqual([30, 30]);
  });

  it('are refused beyond their limits, and so is a period that is none', async () => {
    await expect(drill(asked(database), figure, {}, { limit: 1001 })).rejects.toThrow('PAGE_INVALID');
    await expect(drill(asked(database), figure, { bucket: '2009-13' })).rejects.toThrow('PERIOD_INVALID');
  });
});
