import { byValue, questions } from './support/indicator-questions.js';
import { type Cells, type ReadDatabase, startReadDatabase } from './support/read-database.js';
import { company, readTables } from './support/told-company.js';
import { act, type BarCode, close, doneStep, startOver } from './support/small-company.js';

// Bugs that a review found: how indicators are cut, and what their answers say of it.

let database: ReadDatabase;
beforeAll(async () => {
  database = await startReadDatabase();
}, 60_000);
afterAll(() => database.close());
beforeEach(() => startOver(database));

const { define, ask } = questions(() => database);
const owner = { credit: { by: 'owner' } };

const step = (deal: string, code: BarCode, over: Cells = {}) => doneStep(database, deal, code, over);

describe('bug: cuts by product were said to add up', () => {
  it('they do not for counts, and do for the lines of contracts', async () => {
    await define('won', { measure: 'deals', event: 'won', ...owner });
    await define('amount', { measure: 'amount', unit: 'kopecks', ...owner });
    await close(database, 'a', 'won');
    await database.put('deal_products', { deal_id: 'a', products: '{crm,erp}' });
    const counted = await ask(['won'], { groupBy: ['product'] });
    expect(byValue(counted, 'won')).toEqual([
      ['course', 0],
      ['crm', 1],
      ['erp', 1],
    ]);
    expect([counted.additive, counted.indicators[0]?.additive]).toEqual([false, false]);
    const whole = await ask(['won'], { groupBy: ['department'] });
    expect([whole.additive, whole.indicators[0]?.additive]).toEqual([true, true]);
    const lines = await ask(['amount'], { groupBy: ['product'] });
    expect([lines.additive, lines.indicators[0]?.additive]).toEqual([true, true]);
  });
});

describe('bug: an activity could not be cut by its own kind, because its result cannot', () => {
  it('the result stands in the total alone, and the answer says so', async () => {
    await define('won', { measure: 'deals', event: 'won', ...owner });
    await define('work', {
      measure: 'activities',
      over: 'period',
      credit: { by: 'performer' },
      resultIndicator: 'won',
    });
    await act(database, 'a', { kind: 'call' });
    await act(database, 'a', { kind: 'visit' });
    await close(database, 'a', 'won');
    const answer = await ask(['work'], { groupBy: ['activityKind'] });
    expect(byValue(answer, 'work')).toEqual([
      ['call', 1],
      ['visit', 1],
    ]);
    expect(byValue(answer, 'won')).toEqual([
      ['call', null],
      ['visit', null],
    ]);
    expect(answer.total.figures).toMatchObject({ work: { value: 2 }, won: { value: 1 } });
    expect(answer.indicators).toMatchObject([
      { code: 'work', notBy: [] },
      { code: 'won', notBy: ['activityKind'] },
    ]);
    await expect(ask(['won'], { groupBy: ['activityKind'] })).rejects.toMatchObject({ code: 'SLICE_NOT_OF_INDICATOR' });
  });
});

describe('bug: customers with whom only a step was done were not worked with', () => {
  it('each counts once, whatever was done', async () => {
    await define('worked', { measure: 'customers', event: 'worked', ...owner });
    await step('a', 'contact', { customer_id: 'c1' });
    await act(database, 'b', { customer_id: 'c2' });
    await step('b', 'contact', { customer_id: 'c2' });
    expect((await ask(['worked'])).total.figures).toMatchObject({ worked: { value: 2 } });
  });
});

describe('bug: a ratio did not say which versions of its parts it goes by', () => {
  it('it does', async () => {
    await define('calls', { measure: 'activities', over: 'period' });
    await define('wins', { measure: 'deals', event: 'won', ...owner });
    const ratio = { measure: 'ratio', numerator: 'calls', denominator: 'wins', unit: 'ratio', credit: null };
    await define('calls_per_win', ratio);
    const { indicators } = await ask(['calls_per_win']);
    expect(indicators[0]?.definitions).toEqual(['calls_per_win@1', 'calls@1', 'wins@1']);
  });
});

describe('bug: a deal that jumped over two bars of one kind came there twice', () => {
  it('it came there once', async () => {
    await database.client.query("UPDATE route_map_steps SET kind = 'meeting'");
    await define('flow', {
      ...{ measure: 'conversion', conversion: 'flow', unit: 'percent', reach: 'implied', ...owner },
      ...{ from: { kind: 'meeting' }, to: { end: 'win' } },
    });
    const jumped = {
      deal_id: 'a',
      event_id: '00000000-0000-4000-8000-0000000000aa',
      occurred_at: '2009-08-05T08:00:00.000Z',
    };
    for (const [code, rank] of [
      ['contact', 10],
      ['proposal', 30],
    ] as const) {
      await database.put('reach_implied', { ...jumped, step: code, rank, owner_id: 'anna', performer_id: 'anna' });
    }
    const { flow } = (await ask(['flow'])).total.figures;
    expect(flow?.denominator).toBe(1);
  });
});

describe('bug: a move to a version without a step took what was done there from the figures by its kind', () => {
  it('it stays counted, as the step was in the version before', async () => {
    const cells = { version: 2, name: 'M', stage: 's', kind: 'other', mandatory: false, ordinal: 0 };
    await database.put('route_map_steps', { ...cells, step: 'meeting', rank: 20 });
    await define('done', { measure: 'steps', counting: 'every', filters: { stepKinds: ['other'] } });
    await step('a', 'contact', { route_map_version: 2 });
    expect(byValue(await ask(['done'], { groupBy: ['stepKind'] }), 'done')).toEqual([['other', 1]]);
  });
});

describe('bug: a return between the steps of one bar was none', () => {
  it('every return counts, once, however many stays it ended', async () => {
    const log = company();
    log.opened('2009-08-03');
    for (const [day, code] of ['contact', 'questionnaire', 'analysis'].entries()) log.done(code, `2009-08-0${day + 4}`);
    log.returned('analysis', '2009-08-08');
    log.done('proposal', '2009-08-10');
    log.returned('contact', '2009-08-11');
    await readTables(database, log);
    await define('returned', { measure: 'deals', event: 'returned', ...owner });
    const answer = await ask(['returned'], { grain: 'day', groupBy: ['owner'] });
    const counted = answer.rows.filter(({ figures }) => figures['returned']?.value === 1);
    expect(counted.map(({ slices, bucket }) => [slices[0]?.value, bucket])).toEqual([
      ['anna', '2009-08-08'],
      ['anna', '2009-08-11'],
    ]);
    expect(answer.total.figures).toMatchObject({ returned: { value: 2 } });
  });
});

describe('bug: activities on won deals were cut by who owned the deal, and not at all by their kind', () => {
  it('activities on won deals are of who did them, in the period of the closing', async () => {
    await define('on_won', { measure: 'activities', over: 'wonDeals' });
    for (const [kind, day] of [
      ['call', '2009-07-10'],
      ['call', '2009-07-11'],
      ['visit', '2009-08-10'],
    ] as const) {
      await act(database, 'a', { kind, performer_id: 'boris', occurred_at: `${day}T08:00:00.000Z`, local_date: day });
    }
    await act(database, 'b', { performer_id: 'boris' });
    await close(database, 'a', 'won', { owner_id: 'anna' });
    await close(database, 'b', 'lost');
    const by = async (slice: 'employee' | 'activityKind') =>
      byValue(await ask(['on_won'], { groupBy: [slice] }), 'on_won');
    expect(await by('employee')).toEqual([
      ['anna', 0],
      ['boris', 3],
      ['idle', 0],
    ]);
    expect(await by('activityKind')).toEqual([
      ['call', 2],
      ['visit', 1],
    ]);
    const months = await ask(['on_won'], { period: '2009-Q3', grain: 'month' });
    expect(months.rows.map(({ figures }) => figures['on_won']?.value)).toEqual([0, 3, 0]);
  });
});
