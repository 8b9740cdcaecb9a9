import { indicatorDrill, indicatorFigures, type IndicatorPart, type IndicatorsParams } from '@voronka/read-models';
import { byValue, questions } from './support/indicator-questions.js';
import { type Cells, type ReadDatabase, startReadDatabase } from './support/read-database.js';
import { act, asked, type BarCode, close, doneStep, startOver } from './support/small-company.js';

let database: ReadDatabase;
beforeAll(async () => {
  database = await startReadDatabase();
}, 60_000);
afterAll(() => database.close());
beforeEach(() => startOver(database));

const { define, ask } = questions(() => database);

const step = (deal: string, code: BarCode, over: Cells = {}) => doneStep(database, deal, code, over);

const owner = { credit: { by: 'owner' } };
const percent = { unit: 'percent', ...owner };

describe('counts', () => {
  it('by performer, with rows of zero, and the result beside what was done', async () => {
    await define('calls', {
      measure: 'activities',
      over: 'period',
      filters: { activityKinds: ['call'] },
      resultIndicator: 'wins',
    });
    await define('wins', { measure: 'deals', event: 'won', ...owner });
    await act(database, 'a');
    await act(database, 'a', { kind: 'visit' });
    await act(database, 'b', { performer_id: null });
    await close(database, 'a', 'won');
    const answer = await ask(['calls'], { groupBy: ['employee'] });
    expect(answer.indicators.map(({ code, definitions }) => [code, definitions])).toEqual([
      ['calls', ['calls@1']],
      ['wins', ['wins@1']],
    ]);
    expect(byValue(answer, 'calls')).toEqual([
      ['anna', 1],
      ['boris', 0],
      ['idle', 0],
      [null, 1],
    ]);
    expect(byValue(answer, 'wins')).toEqual([
      ['anna', 1],
      ['boris', 0],
      ['idle', 0],
      [null, 0],
    ]);
    expect(answer.total.figures).toMatchObject({ calls: { value: 2 }, wins: { value: 1 } });
    expect((await ask(['calls'], { results: false })).indicators).toHaveLength(1);
  });

  it('every completion, or each step of a deal once, at its first', async () => {
    await define('every', { measure: 'steps', counting: 'every' });
    await define('first', { measure: 'steps', counting: 'first' });
    await database.put('steps', {
      deal_id: 'a',
      step: 'meeting',
      status: 'done',
      known_by_event_id: UUID,
      occurred_at: '2009-07-20T08:00:00.000Z',
    });
    for (const step of ['meeting', 'contact', 'contact']) {
      await database.put('steps', { deal_id: 'a', step, status: 'done', known_by_event_id: UUID });
    }
    const { total } = await ask(['every', 'first']);
    expect(total.figures).toMatchObject({ every: { value: 3 }, first: { value: 1 } });
  });

  it('different customers once in every row and once in the total, by product, too', async () => {
    await define('customers', { measure: 'customers', event: 'won', ...owner });
    for (const [deal, customer_id, products] of [
      ['a', 'c1', ['crm']],
      ['b', 'c1', ['crm', 'erp']],
      ['c', 'c2', ['erp']],
    ] as const) {
      await close(database, deal, 'won', { customer_id });
      await database.put('deal_products', { deal_id: deal, products: `{${products.join(',')}}` });
    }
    const answer = await ask(['customers'], { groupBy: ['product'] });
    expect(answer.additive).toBe(false);
    expect(byValue(answer, 'customers')).toEqual([
      ['course', 0],
      ['crm', 1],
      ['erp', 2],
    ]);
    expect(answer.total.figures).toMatchObject({ customers: { value: 2 } });
  });

  it('different customers, opened, come to the number that was opened', async () => {
    await define('customers', { measure: 'customers', event: 'won', ...owner });
    await define('deals', { measure: 'deals', event: 'won', ...owner });
    await define('deals_each', { measure: 'ratio', numerator: 'deals', denominator: 'customers', ...owner });
    for (const [deal, customer_id] of [
      ['a', 'c1'],
      ['b', 'c1'],
      ['c', 'c2'],
    ] as const)
      await close(database, deal, 'won', { customer_id });
    const opened = async (indicator: string, part: IndicatorPart): Promise<unknown> => {
      const { sum, count, items } = await indicatorDrill(asked(database), {
        ...{ indicator, part, period: '2009-08', place: {} },
      });
      return [sum, count, items.length];
    };
    const { figures } = (await ask(['customers', 'deals_each'])).total;
    expect(figures).toMatchObject({ customers: { value: 2 }, deals_each: { numerator: 3, denominator: 2 } });
    expect(await opened('customers', 'numerator')).toEqual(['2', 3, 3]);
    expect(await opened('deals_each', 'numerator')).toEqual(['3', 3, 3]);
    expect(await opened('deals_each', 'denominator')).toEqual(['2', 3, 3]);
  });

  it('payments that were not reversed, credited to the owner at the time', async () => {
    await define('paid', { measure: 'payments', unit: 'kopecks', ...owner });
    await database.put('deal_owners', { deal_id: 'a', owner_id: 'boris' });
    const paid = { contract_id: 'k', deal_id: 'a' };
    await database.put('payments', { ...paid, payment_id: '1', amount_kopecks: 70_00 });
    await database.put('payments', { ...paid, payment_id: '2', amount_kopecks: 30_00, known_to: 5_000 });
    expect(byValue(await ask(['paid'], { groupBy: ['owner'] }), 'paid')).toEqual([
      ['anna', 0],
      ['boris', 70_00],
      ['idle', 0],
    ]);
  });

  it('amounts are divided by product, not repeated', async () => {
    await define('amount', { measure: 'amount', unit: 'kopecks', ...owner });
    await database.put('deals', { deal_id: 'a', imported: false });
    for (const [line_id, product_id, amount_kopecks] of [
      ['1', 'crm', 100],
      ['2', 'course', 50],
      ['3', 'erp', 7],
    ] as const) {
      await database.put('contract_lines', {
        contract_id: 'k',
        deal_id: 'a',
        line_id,
        product_id,
        amount_kopecks,
        owner_id: 'anna',
      });
    }
    const answer = await ask(['amount'], { groupBy: ['productLine'] });
    expect(byValue(answer, 'amount')).toEqual([
      ['services', 50],
      ['software', 107],
    ]);
    expect(answer.total.figures).toMatchObject({ amount: { value: 157 } });
  });
});

const UUID = '00000000-0000-4000-8000-ffffffffffff';

describe('quotients', () => {
  it('are counted anew for every total, never averaged', async () => {
    await define('calls', { measure: 'activities', over: 'period' });
    await define('wins', { measure: 'deals', event: 'won', ...owner });
    await define('calls_per_win', {
      measure: 'ratio',
      numerator: 'calls',
      denominator: 'wins',
      unit: 'ratio',
      credit: null,
    });
    for (let n = 0; n < 4; n += 1) await act(database, 'a');
    await act(database, 'b', { performer_id: 'boris' });
    await close(database, 'a', 'won');
    await close(database, 'b', 'won', { owner_id: 'boris' });
    const answer = await ask(['calls_per_win'], { groupBy: ['employee'] });
    expect(byValue(answer, 'calls_per_win')).toEqual([
      ['anna', '4.00'],
      ['boris', '1.00'],
      ['idle', null],
    ]);
    expect(answer.total.figures['calls_per_win']).toMatchObject({ value: '2.50', numerator: 5, denominator: 2 });
  });

  it('cohort by kinds of steps: what has matured, what is pending, and how far it can be relied on', async () => {
    await database.client.query('UPDATE route_map_steps SET kind = step');
    await define('to_proposal', {
      ...percent,
      ...{ measure: 'conversion', conversion: 'cohort', from: { kind: 'contact' }, to: { kind: 'proposal' } },
      ...{ reach: 'touch', horizonDays: 30 },
    });
    for (const deal of ['a', 'b', 'c']) await step(deal, 'contact', { occurred_at: '2009-08-03T08:00:00.000Z' });
    await step('late', 'contact', { occurred_at: '2009-08-30T08:00:00.000Z' });
    await step('a', 'proposal', { occurred_at: '2009-08-20T08:00:00.000Z' });
    await step('b', 'proposal', { occurred_at: '2009-09-20T08:00:00.000Z' });
    const context = asked(database, { at: '2009-09-10T00:00:00.000Z' });
    const { total } = await indicatorFigures(context, { indicators: ['to_proposal'], period: '2009-08' });
    expect(total.figures['to_proposal']).toEqual({
      value: '33.33',
      numerator: 1,
      denominator: 3,
      pending: 1,
      sample: { size: 3, small: true, lower: '6.15', upper: '79.23' },
    });
  });

  it('flow may pass 100 %, exit and stays are of stays that ended', async () => {
    await define('flow', {
      ...percent,
      measure: 'conversion',
      conversion: 'flow',
      from: { step: 'contact' },
      to: { end: 'win' },
      reach: 'touch',
    });
    await define('exit', { ...percent, measure: 'conversion', conversion: 'exit', from: { step: 'proposal' } });
    await define('stay', {
      ...owner,
      unit: 'hours',
      measure: 'time',
      time: 'stay',
      at: { step: 'proposal' },
      statistic: 'median',
      hours: 'calendar',
    });
    await step('a', 'contact');
    for (const deal of ['a', 'b', 'c']) await close(database, deal, 'won');
    const stay = { deal_id: 'd', step: 'proposal', rank: 30, began_event_id: UUID, owner_id: 'anna' };
    await database.put('stays', {
      ...stay,
      began_at: '2009-08-05T08:00:00Z',
      ended_at: '2009-08-08T08:00:00Z',
      ended_how: 'back',
      ended_event_id: UUID,
    });
    await database.put('stays', {
      ...stay,
      began_event_id: UUID.replace('ff', 'fe'),
      began_at: '2009-08-12T08:00:00Z',
      ended_at: '2009-08-20T08:00:00Z',
      ended_how: 'forward',
      ended_event_id: UUID,
    });
    const { total } = await ask(['flow', 'exit', 'stay']);
    expect(total.figures).toMatchObject({
      flow: { value: '300.00', sample: { lower: null } },
      exit: { value: '50.00', numerator: 1, denominator: 2 },
      stay: { value: '132.00', sample: { size: 2, small: true } },
    });
  });

  it('working hours go by the company’s calendar', async () => {
    await define('stay', {
      ...owner,
      unit: 'workingHours',
      measure: 'time',
      time: 'stay',
      at: { step: 'meeting' },
      statistic: 'p90',
      hours: 'working',
    });
    // Friday 14 August 2009, 17:00 in Samara, to Tuesday 17:00.
    await database.put('stays', {
      ...{ deal_id: 'd', step: 'meeting', rank: 20, began_event_id: UUID, ended_event_id: UUID, ended_how: 'forward' },
      ...{ began_at: '2009-08-14T12:00:00Z', ended_at: '2009-08-18T12:00:00Z', owner_id: 'anna' },
    });
    expect((await ask(['stay'])).total.figures).toMatchObject({ stay: { value: '16.00' } });
  });
});

describe('periods', () => {
  it('a new version does not redraw what was before it, and every answer names its definitions', async () => {
    await define('done', { measure: 'activities', over: 'period' });
    await define(
      'done',
      { measure: 'activities', over: 'period', filters: { activityKinds: ['visit'] } },
      { version: 2, effective_from: '2009-09-01' },
    );
    await act(database, 'a', { occurred_at: '2009-08-10T08:00:00.000Z' });
    await act(database, 'a', { occurred_at: '2009-09-10T08:00:00.000Z' });
    const answer = await ask(['done'], { period: '2009-Q3', grain: 'month' });
    expect(answer.rows.map(({ bucket, figures }) => [bucket, figures['done']?.value])).toEqual([
      ['2009-07', 0],
      ['2009-08', 1],
      ['2009-09', 0],
    ]);
    expect(answer.indicators[0]?.definitions).toEqual(['done@1', 'done@2']);
  });

  it('are held against the one before and the same of last year', async () => {
    await define('done', { measure: 'activities', over: 'period' });
    for (const day of ['2008-08-10', '2008-08-11', '2009-07-10', '2009-08-10', '2009-08-11', '2009-08-12']) {
      await act(database, 'a', { occurred_at: `${day}T08:00:00.000Z`, local_date: day });
    }
    const compare = ['previous', 'lastYear'] as const;
    const { rows } = await ask(['done'], { compare, groupBy: ['performer'] });
    expect(rows[0]).toMatchObject({
      figures: { done: { value: 3 } },
      previous: { done: { value: 1 } },
      lastYear: { done: { value: 2 } },
    });
    const monthly = await ask(['done'], { compare, period: '2009-Q3', grain: 'month' });
    expect(
      monthly.rows.map((row) => [row.bucket, row.previous?.['done']?.value, row.lastYear?.['done']?.value]),
    ).toEqual([
      ['2009-07', 0, 0],
      ['2009-08', 1, 2],
      ['2009-09', 3, 0],
    ]);
  });

  it('a row that only the compared period has is shown, so that rows add up to the total', async () => {
    await define('done', { measure: 'activities', over: 'period' });
    await act(database, 'a', { occurred_at: '2009-07-10T08:00:00.000Z', kind: 'visit' });
    await act(database, 'a', { occurred_at: '2009-08-10T08:00:00.000Z', kind: 'call' });
    const { rows, total } = await ask(['done'], { compare: ['previous'], groupBy: ['activityKind'] });
    expect(
      rows.map(({ slices, figures, previous }) => [
        ...[slices[0]?.value, figures['done']?.value],
        previous?.['done']?.value,
      ]),
    ).toEqual([
      ['call', 1, 0],
      ['visit', 0, 1],
    ]);
    expect(total.previous).toMatchObject({ done: { value: 1 } });
  });

  it('part of a month is compared with the same part of the other, not with all of it', async () => {
    await define('done', { measure: 'activities', over: 'period' });
    for (const day of ['2008-08-04', '2008-08-05', '2009-07-04', '2009-07-10', '2009-07-11', '2009-08-05'])
      await act(database, 'a', { occurred_at: `${day}T08:00:00.000Z` });
    const compare = ['previous', 'lastYear'] as const;
    const { rows } = await ask(['done'], { compare, period: '2009-08-05..2009-08-10', grain: 'month' });
    expect(rows).toMatchObject([
      {
        bucket: '2009-08',
        figures: { done: { value: 1 } },
        previous: { done: { value: 1 } },
        lastYear: { done: { value: 1 } },
      },
    ]);
  });

  it('weeks at the edges of a month hold its days only', async () => {
    await define('done', { measure: 'activities', over: 'period' });
    for (const day of ['2009-07-31', '2009-08-01', '2009-08-31', '2009-09-01']) {
      await act(database, 'a', { occurred_at: `${day}T08:00:00.000Z`, local_date: day });
    }
    const { rows } = await ask(['done'], { grain: 'isoWeek' });
    expect(rows.map(({ bucket, figures }) => [bucket, figures['done']?.value])).toEqual([
      ['2009-W31', 1],
      ['2009-W32', 0],
      ['2009-W33', 0],
      ['2009-W34', 0],
      ['2009-W35', 0],
      ['2009-W36', 1],
    ]);
  });
});

describe('what cannot be answered is refused', () => {
  it.each([
    [{ indicators: ['nothing'] }, 'INDICATOR_NOT_FOUND'],
    [{ indicators: ['done'], groupBy: ['lossReason'] }, 'SLICE_NOT_OF_INDICATOR'],
    [{ indicators: ['done'], groupBy: ['performer', 'source', 'segment', 'department'] }, 'TOO_MANY_DIMENSIONS'],
    [{ indicators: ['later'] }, 'INDICATOR_NOT_EFFECTIVE'],
    [{ indicators: ['faults'] }, 'INDICATOR_NOT_COUNTABLE'],
  ] as const)('%j: %s', async (params, code) => {
    await define('done', { measure: 'activities', over: 'period' });
    await define('later', { measure: 'activities', over: 'period' }, { effective_from: '2009-09-01' });
    const waited = { measure: 'time', time: 'waiting', at: { end: 'win' }, statistic: 'median', hours: 'calendar' };
    await define('faults', { ...waited, unit: 'hours' });
    await expect(ask([...params.indicators], params as Partial<IndicatorsParams>)).rejects.toMatchObject({ code });
  });
});
