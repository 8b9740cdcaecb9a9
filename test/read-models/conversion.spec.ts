import { cohorts, conversion, type ConversionParams, winRate, type WinRateParams } from '@voronka/read-models';
import { type ReadDatabase, startReadDatabase } from './support/read-database.js';
import { asked, AUGUST, close, reach, startOver } from './support/small-company.js';

const COHORT: ConversionParams = {
  routeMap: 'sale',
  fromStep: 'contact',
  toStep: 'proposal',
  kind: 'cohort',
  reach: 'touch',
  period: AUGUST,
};

let database: ReadDatabase;
beforeAll(async () => {
  database = await startReadDatabase();
}, 60_000);
afterAll(async () => database?.close());
beforeEach(async () => startOver(database));

describe('cohort conversion', () => {
  it('a deal converts within H local days: a millisecond before the same local time is in, the time itself is out', async () => {
    for (const deal of ['in', 'out', 'equal'])
      await reach(database, deal, 'contact', { occurred_at: '2009-08-10T08:00:00.000Z' });
    await reach(database, 'in', 'proposal', { occurred_at: '2009-08-20T07:59:59.999Z' });
    await reach(database, 'out', 'proposal', { occurred_at: '2009-08-20T08:00:00.000Z' });
    await reach(database, 'equal', 'proposal', { occurred_at: '2009-08-10T08:00:00.000Z' });
    const { total } = await conversion(asked(database), { ...COHORT, horizonDays: 10 });
    expect(total).toMatchObject({ numerator: 2, denominator: 3, percent: '66.67', pending: 0, reversed: 0 });
  });

  it('counts calendar days where the clocks go back: ten days are an hour longer', async () => {
    const october = { from: '2009-09-30T19:00:00.000Z', to: '2009-10-31T20:00:00.000Z' };
    for (const deal of ['in', 'out'])
      await reach(database, deal, 'contact', { occurred_at: '2009-10-20T08:00:00.000Z' });
    await reach(database, 'in', 'proposal', { occurred_at: '2009-10-30T08:59:59.999Z' });
    await reach(database, 'out', 'proposal', { occurred_at: '2009-10-30T09:00:00.000Z' });
    const { total } = await conversion(asked(database), { ...COHORT, period: october, horizonDays: 10 });
    expect(total).toMatchObject({ numerator: 1, denominator: 2 });
  });

  it('counts calendar days where a day was left out: ten days are a day shorter, for being in time and for having matured', async () => {
    // Samoa went from 29 to 31 December 2011.
    const winter = { from: '2011-12-01T00:00:00.000Z', to: '2012-02-01T00:00:00.000Z' };
    for (const deal of ['in', 'out'])
      await reach(database, deal, 'contact', { occurred_at: '2011-12-28T08:00:00.000Z', local_date: '2011-12-27' });
    const after = { local_date: '2012-01-06' };
    await reach(database, 'in', 'proposal', { ...after, occurred_at: '2012-01-06T07:59:59.999Z' });
    await reach(database, 'out', 'proposal', { ...after, occurred_at: '2012-01-06T08:00:00.000Z' });
    const countedAt = async (at: string) => {
      const context = { ...asked(database, { at }), zone: 'Pacific/Apia' };
      return (await conversion(context, { ...COHORT, period: winter, horizonDays: 10 })).total;
    };
    expect(await countedAt('2012-01-06T07:59:59.999Z')).toMatchObject({ numerator: 0, denominator: 0, pending: 2 });
    expect(await countedAt('2012-01-06T08:00:00.000Z')).toMatchObject({ numerator: 1, denominator: 2, pending: 0 });
    expect(await countedAt('2012-06-01T00:00:00.000Z')).toMatchObject({ numerator: 1, denominator: 2, pending: 0 });
  });

  it('leaves deals whose H has not passed out of both sides and shows them', async () => {
    await reach(database, 'old', 'contact', { occurred_at: '2009-08-01T08:00:00.000Z' });
    await reach(database, 'due', 'contact', { occurred_at: '2009-08-10T08:00:00.000Z' });
    await reach(database, 'young', 'contact', { occurred_at: '2009-08-10T08:00:00.001Z' });
    await reach(database, 'young', 'proposal', { occurred_at: '2009-08-11T08:00:00.000Z' });
    const at = '2009-08-20T08:00:00.000Z';
    const { total } = await conversion(asked(database, { at }), { ...COHORT, horizonDays: 10 });
    expect(total).toMatchObject({ numerator: 0, denominator: 2, percent: '0.00', pending: 1, maturity: '66.67' });
  });

  it('shows reversed pairs apart: they are no conversions', async () => {
    await reach(database, 'reversed', 'contact', { occurred_at: '2009-08-10T08:00:00.000Z' });
    await reach(database, 'reversed', 'proposal', { occurred_at: '2009-08-10T07:59:59.999Z' });
    await reach(database, 'forward', 'contact');
    await reach(database, 'forward', 'proposal');
    for (const horizonDays of [10, 'soFar'] as const) {
      const { total } = await conversion(asked(database), { ...COHORT, horizonDays });
      expect(total).toMatchObject({ numerator: 1, denominator: 2, reversed: 1, percent: '50.00' });
    }
  });

  it('so far: everything up to T counts, maturity is the share converted or closed', async () => {
    for (const deal of ['converted', 'lost', 'open', 'reopened']) await reach(database, deal, 'contact');
    await reach(database, 'converted', 'proposal', { occurred_at: '2009-11-30T08:00:00.000Z' });
    await database.put('deal_states', { deal_id: 'lost', status: 'lost', valid_from: '2009-09-01T08:00:00.000Z' });
    const closed = { valid_from: '2009-09-01T08:00:00.000Z', valid_to: '2009-10-01T08:00:00.000Z' };
    await database.put('deal_states', { deal_id: 'reopened', status: 'lost', ...closed });
    await database.put('deal_states', { deal_id: 'reopened', status: 'open', valid_from: closed.valid_to });
    const later = await conversion(asked(database), { ...COHORT, horizonDays: 'soFar' });
    expect(later.total).toMatchObject({
      numerator: 1,
      denominator: 4,
      percent: '25.00',
      pending: 2,
      maturity: '50.00',
    });
    const earlier = await conversion(asked(database, { at: '2009-09-15T00:00:00.000Z' }), COHORT);
    expect(earlier.total).toMatchObject({ numerator: 0, denominator: 4, pending: 2, maturity: '50.00' });
  });

  it('is sliced by the values at the first side, adds up, and undefined at 0', async () => {
    await reach(database, 'a', 'contact', { owner_id: 'anna' });
    await reach(database, 'a', 'proposal', { owner_id: 'boris' });
    await reach(database, 'b', 'contact', { owner_id: 'boris' });
    const answer = await conversion(asked(database), { ...COHORT, slice: 'owner' });
    expect(answer.rows.map((row) => [row.slices[0]?.value, row.numerator, row.denominator, row.percent])).toEqual([
      ['anna', 1, 1, '100.00'],
      ['boris', 0, 1, '0.00'],
      ['idle', 0, 0, null],
    ]);
    expect(answer.total).toMatchObject({ numerator: 1, denominator: 2 });
  });

  it('refuses steps that are no bars and horizons that are no days', async () => {
    await expect(conversion(asked(database), { ...COHORT, toStep: 'x' })).rejects.toThrow('STEP_UNKNOWN');
    await expect(conversion(asked(database), { ...COHORT, horizonDays: 0.5 })).rejects.toThrow('HORIZON_INVALID');
  });
});

describe('flow conversion', () => {
  const FLOW: ConversionParams = { ...COHORT, kind: 'flow' };

  it('each side counts in the period and slices by its own event; it may pass 100 %', async () => {
    const july = { occurred_at: '2009-07-10T08:00:00.000Z' };
    for (const deal of ['a', 'b']) await reach(database, deal, 'contact', july);
    for (const deal of ['a', 'b', 'c']) await reach(database, deal, 'proposal', { owner_id: 'boris' });
    for (const deal of ['c', 'd']) await reach(database, deal, 'contact');
    const answer = await conversion(asked(database), { ...FLOW, slice: 'owner', grain: 'month' });
    expect(answer.total).toMatchObject({ numerator: 3, denominator: 2, percent: '150.00', maturity: null });
    expect(
      answer.rows.map((row) => [row.slices[0]?.value, row.bucket, row.numerator, row.denominator, row.percent]),
    ).toEqual([
      ['anna', '2009-08', 0, 2, '0.00'],
      ['boris', '2009-08', 3, 0, null],
      ['idle', '2009-08', 0, 0, null],
    ]);
  });
});

describe('win rate', () => {
  const AUGUST_CLOSED: WinRateParams = { by: 'close', measure: 'count', period: AUGUST };
  const REOPENED = 100;

  /** Ten won and five lost in August; one of the lost is reopened at position 100 and won in October. */
  async function reopened(): Promise<void> {
    for (let won = 0; won < 10; won += 1) await close(database, `won-${won}`, 'won');
    for (let lost = 0; lost < 4; lost += 1) await close(database, `lost-${lost}`, 'lost', { amount_kopecks: 50_00 });
    await close(database, 'again', 'lost', { known_to: REOPENED });
    await close(database, 'again', 'won', { known_from: REOPENED + 5, occurred_at: '2009-10-05T08:00:00.000Z' });
  }

  it('a lost deal reopened and won in October leaves August 10 of 14, as known on 31 August 10 of 15', async () => {
    await reopened();
    const { total } = await winRate(asked(database), AUGUST_CLOSED);
    expect(total).toMatchObject({ won: { deals: 10 }, lost: { deals: 4 }, percent: '71.43' });
    const then = await winRate(asked(database, { k: 99n }), AUGUST_CLOSED);
    expect(then.total).toMatchObject({ won: { deals: 10 }, lost: { deals: 5 }, percent: '66.67' });
    const between = await winRate(asked(database, { k: 102n }), { by: 'close', measure: 'count' });
    expect(between.total).toMatchObject({ won: { deals: 10 }, lost: { deals: 4 } });
  });

  it('by value, by opening cohort, and without the losses that do not count', async () => {
    await reopened();
    const june = { opened_at: '2009-06-10T08:00:00.000Z', opened_local_date: '2009-06-10' };
    await close(database, 'june', 'won', june);
    await close(database, 'duplicate', 'lost', { counts: false });
    const byValue = await winRate(asked(database), { ...AUGUST_CLOSED, measure: 'value' });
    expect(byValue.total).toMatchObject({
      won: { amountKopecks: 1_100_00 },
      lost: { amountKopecks: 200_00 },
      percent: '84.62',
    });
    const period = { from: '2009-05-31T19:00:00.000Z', to: '2009-07-31T19:00:00.000Z' };
    const opened = await winRate(asked(database), { by: 'opening', measure: 'count', period, grain: 'month' });
    expect(opened.rows.map((row) => [row.bucket, row.won.deals, row.lost.deals])).toEqual([
      ['2009-06', 1, 0],
      ['2009-07', 11, 4],
    ]);
  });

  it('is undefined where nothing closed, and its slices add up', async () => {
    await close(database, 'a', 'won');
    await close(database, 'b', 'lost', { owner_id: null });
    const { rows, total } = await winRate(asked(database), { ...AUGUST_CLOSED, slice: 'owner' });
    expect(rows.map((row) => [row.slices[0]?.value, row.won.deals, row.lost.deals, row.percent])).toEqual([
      ['anna', 1, 0, '100.00'],
      ['boris', 0, 0, null],
      ['idle', 0, 0, null],
      [null, 0, 1, '0.00'],
    ]);
    expect(total.percent).toBe('50.00');
  });
});

describe('cohorts month by month', () => {
  it('a row for each month of entry, a cell for each month since; who went the other way is counted apart', async () => {
    const at = (deal: string, step: 'contact' | 'proposal', day: string): Promise<unknown> =>
      reach(database, deal, step, { occurred_at: `${day}T08:00:00.000Z`, local_date: day });
    for (const deal of ['a', 'b', 'c', 'd']) await at(deal, 'contact', '2009-06-10');
    for (const deal of ['e', 'f']) await at(deal, 'contact', '2009-07-31');
    await at('a', 'proposal', '2009-06-20');
    await at('b', 'proposal', '2009-08-01');
    await at('c', 'proposal', '2009-06-05');
    await at('e', 'proposal', '2009-08-15');
    const asking = { routeMap: 'sale', fromStep: 'contact', toStep: 'proposal', reach: 'touch' } as const;
    const { rows } = await cohorts(asked(database, { at: '2009-08-10T00:00:00.000Z' }), asking);
    expect(rows.map(({ cohort, size, reversed }) => [cohort, size, reversed])).toEqual([
      ['2009-06', 4, 1],
      ['2009-07', 2, 0],
    ]);
    const quarter = { percent: '25.00', small: true, lower: '4.56', upper: '69.94' };
    expect(rows[0]?.cells).toEqual([
      { offset: 0, deals: 1, ...quarter, running: false },
      { offset: 1, deals: 0, ...quarter, running: false },
      { offset: 2, deals: 1, percent: '50.00', small: true, lower: '15.00', upper: '85.00', running: true },
    ]);
    expect(rows[1]?.cells.map(({ percent }) => percent)).toEqual(['0.00', '0.00']);
    const all = await cohorts(asked(database, { at: '2009-08-31T00:00:00.000Z' }), asking);
    const soFar = { ...COHORT, period: { from: '2009-06-01T00:00:00.000Z', to: '2009-08-01T00:00:00.000Z' } };
    const { total } = await conversion(asked(database, { at: '2009-08-31T00:00:00.000Z' }), soFar);
    const last = all.rows.map(({ cells }) => cells.reduce((sum, { deals }) => sum + deals, 0));
    expect(last.reduce((sum, deals) => sum + deals, 0)).toBe(total.numerator);
    expect((await cohorts(asked(database), { ...asking, period: AUGUST })).rows).toEqual([]);
  });
});

describe('samples of shares', () => {
  it('a conversion of 1 of 2 is marked as small, with the interval that it lies in', async () => {
    for (const deal of ['a', 'b']) await reach(database, deal, 'contact');
    await reach(database, 'a', 'proposal', { occurred_at: '2009-08-20T08:00:00.000Z' });
    const half = { percent: '50.00', small: true, lower: '9.45', upper: '90.55' };
    const { rows, total } = await conversion(asked(database), { ...COHORT, slice: 'owner' });
    expect(total).toMatchObject({ numerator: 1, denominator: 2, ...half });
    expect(rows[0]).toMatchObject(half);
    expect(rows[1]).toMatchObject({ percent: null, small: true, lower: null, upper: null });
  });

  it('thirty are not small any more; a flow over 100 % is no share, and has no interval', async () => {
    for (let n = 0; n < 30; n += 1) await reach(database, `d${n}`, 'contact');
    expect((await conversion(asked(database), COHORT)).total).toMatchObject({ denominator: 30, small: false });
    for (const deal of ['a', 'b']) await reach(database, deal, 'proposal');
    const flow = { ...COHORT, kind: 'flow', fromStep: 'proposal', toStep: 'contact' } as const;
    expect((await conversion(asked(database), flow)).total).toMatchObject({
      ...{ percent: '1500.00', small: true, lower: null, upper: null },
    });
  });

  it('a win rate has the deals closed as its sample; measured by value it has no interval', async () => {
    await close(database, 'a', 'won');
    await close(database, 'b', 'lost');
    const asking = { by: 'close', measure: 'count' } as const;
    expect((await winRate(asked(database), asking)).total).toMatchObject({
      ...{ percent: '50.00', small: true, lower: '9.45', upper: '90.55' },
    });
    expect((await winRate(asked(database), { ...asking, measure: 'value' })).total).toMatchObject({
      ...{ percent: '50.00', small: true, lower: null, upper: null },
    });
  });
});
