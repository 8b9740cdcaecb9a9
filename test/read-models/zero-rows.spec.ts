import { activity, conversion, type Filters, funnel, type IndicatorsParams } from '@voronka/read-models';
import { byValue, questions } from './support/indicator-questions.js';
import { type Cells, type ReadDatabase, startReadDatabase } from './support/read-database.js';
import { act, AUGUST, asked, type BarCode, doneStep, hire, startOver } from './support/small-company.js';

// Whoever, and whatever, has nothing counted has a row with 0.

let database: ReadDatabase;
beforeAll(async () => {
  database = await startReadDatabase();
}, 60_000);
afterAll(() => database.close());
beforeEach(() => startOver(database));

const { define, ask } = questions(() => database);
const owner = { credit: { by: 'owner' } };
const step = (deal: string, code: BarCode, over: Cells = {}) => doneStep(database, deal, code, over);

async function cut(code: string, definition: object, over: Partial<IndicatorsParams>) {
  await define(code, definition);
  return await ask([code], over);
}

describe('by one slice', () => {
  it('a step that nobody did has a row, with its name', async () => {
    await step('a', 'contact');
    const answer = await cut('done', { measure: 'steps', counting: 'every' }, { groupBy: ['step'] });
    expect(byValue(answer, 'done')).toEqual([
      ['contact', 1],
      ['contract', 0],
      ['meeting', 0],
      ['proposal', 0],
    ]);
    expect(answer.rows.map(({ slices }) => slices[0]?.label)).toEqual(['CONTACT', 'CONTRACT', 'MEETING', 'PROPOSAL']);
  });

  it('what the definition can never count has none', async () => {
    await step('a', 'contact');
    const filters = { steps: ['contact', 'meeting'] };
    const answer = await cut('done', { measure: 'steps', counting: 'every', filters }, { groupBy: ['step'] });
    expect(byValue(answer, 'done')).toEqual([
      ['contact', 1],
      ['meeting', 0],
    ]);
    const other = { measure: 'steps', counting: 'every', filters: { routeMaps: ['elsewhere'] } };
    expect(byValue(await cut('elsewhere', other, { groupBy: ['stepKind'] }), 'elsewhere')).toEqual([]);
  });

  it('steps of service maps have none where deals are asked about, nor those of older versions', async () => {
    const map = { name: 'Any', loss_reasons: '[]' };
    await database.put('route_maps', { ...map, route_map_id: 'care', version: 1, purpose: 'service' });
    await database.put('route_maps', { ...map, route_map_id: 'sale', version: 2, purpose: 'sale' });
    const cells = { name: 'X', stage: 's', kind: 'analysis', mandatory: false, ordinal: 0 };
    await database.put('route_map_steps', { ...cells, route_map_id: 'care', version: 1, step: 'visit' });
    await database.put('route_map_steps', { ...cells, route_map_id: 'sale', version: 2, step: 'contact' });
    await step('a', 'proposal');
    const answer = await cut('done', { measure: 'steps', counting: 'every' }, { groupBy: ['step'] });
    expect(byValue(answer, 'done')).toEqual([
      ['contact', 0],
      ['proposal', 1],
    ]);
  });

  it('every reason to lose, and every kind of deviation', async () => {
    const lost = await cut('lost', { measure: 'deals', event: 'lost', ...owner }, { groupBy: ['lossReason'] });
    expect(byValue(lost, 'lost')).toEqual([['price', 0]]);
    expect(lost.rows[0]?.slices[0]?.label).toBe('Too dear');
    const left = await cut('left', { measure: 'deviations' }, { groupBy: ['deviationKind'] });
    expect(byValue(left, 'left')).toHaveLength(6);
  });

  it('kinds of activities have one where the definition names them, sources where the filter does', async () => {
    await act(database, 'a', { kind: 'call', source: 'web' });
    const named = { measure: 'activities', over: 'period', filters: { activityKinds: ['call', 'visit'] } };
    expect(byValue(await cut('work', named, { groupBy: ['activityKind'] }), 'work')).toEqual([
      ['call', 1],
      ['visit', 0],
    ]);
    const filters: Filters = { source: ['fair', 'web'] };
    expect(byValue(await ask(['work'], { groupBy: ['source'], filters }), 'work')).toEqual([
      ['fair', 0],
      ['web', 1],
    ]);
  });

  it('every version of the map asked about', async () => {
    const map = { name: 'Sale', purpose: 'sale', loss_reasons: '[]' };
    await database.put('route_maps', { ...map, version: 2 });
    await database.put('route_maps', { ...map, route_map_id: 'other', version: 3 });
    const question = { routeMap: 'sale', reach: 'touch', slice: 'routeMapVersion' } as const;
    const { rows } = await funnel(asked(database), { ...question, basis: 'flow' });
    expect(rows.map(({ slices }) => slices[0]?.value)).toEqual(['1', '2']);
    const passage = { ...question, fromStep: 'contact', toStep: 'meeting', kind: 'flow' } as const;
    expect((await conversion(asked(database), passage)).rows).toHaveLength(2);
  });
});

describe('by several slices', () => {
  const calls = { measure: 'activities', over: 'period' };

  it('every person with every product', async () => {
    await act(database, 'a', { performer_id: 'boris' });
    await database.put('deal_products', { deal_id: 'a', products: '{crm}' });
    const answer = await cut('work', calls, { groupBy: ['employee', 'product'] });
    const rows = byValue(answer, 'work') as [string, string, number][];
    expect(rows).toHaveLength(9);
    expect(rows.filter(([, , n]) => n > 0)).toEqual([['boris', 'crm', 1]]);
    expect(rows).toContainEqual(['idle', 'course', 0]);
    expect(answer.zeroRows).toBe(true);
    expect(answer.total.figures).toMatchObject({ work: { value: 1 } });
  });

  it('a person with the departments he was in, whichever is named first; what happened all the same has its row', async () => {
    await hire(database, 'wera', 'south');
    await act(database, 'a', { performer_id: 'wera' });
    const expected = ['anna north 0', 'boris north 0', 'idle north 0', 'wera south 1'];
    const straight = byValue(await cut('work', calls, { groupBy: ['employee', 'department'] }), 'work');
    expect(straight.map((row) => (row as unknown[]).join(' '))).toEqual(expected);
    const turned = byValue(await ask(['work'], { groupBy: ['department', 'employee'] }), 'work');
    expect(turned).toContainEqual(['south', 'wera', 1]);
    expect(turned).toHaveLength(4);
  });

  it('three at once: a product with its own line alone', async () => {
    const answer = await cut('work', calls, { groupBy: ['employee', 'productLine', 'product'] });
    const rows = byValue(answer, 'work');
    expect(rows).toHaveLength(9);
    expect(rows).toContainEqual(['anna', 'services', 'course', 0]);
    expect(rows).not.toContainEqual(['anna', 'services', 'crm', 0]);
  });

  it('what has no list of its own is combined as it was counted; with nothing counted, everybody has a row', async () => {
    const groupBy = ['employee', 'source'] as const;
    const none = await cut('work', calls, { groupBy });
    expect(byValue(none, 'work')).toEqual([
      ['anna', null, 0],
      ['boris', null, 0],
      ['idle', null, 0],
    ]);
    await act(database, 'a', { source: 'web' });
    expect(byValue(await ask(['work'], { groupBy }), 'work')).toEqual([
      ['anna', 'web', 1],
      ['boris', 'web', 0],
      ['idle', 'web', 0],
    ]);
  });

  it('too many of them are left out, and the answer says so', async () => {
    await act(database, 'a');
    await database.put('deal_products', { deal_id: 'a', products: '{crm}' });
    const period = '2008-01-01..2009-12-31';
    const answer = await cut('work', calls, { groupBy: ['employee', 'product'], period, grain: 'day' });
    expect(answer.zeroRows).toBe(false);
    expect(new Set(answer.rows.map(({ slices }) => slices.map(({ value }) => value).join()))).toEqual(
      new Set(['anna,crm']),
    );
    const month = await ask(['work'], { groupBy: ['employee', 'product'], period: '2008-01..2009-12', grain: 'month' });
    expect([month.zeroRows, month.rows.length]).toEqual([true, 9 * 24]);
  });

  it('activity and its results, too', async () => {
    await act(database, 'a');
    const question = { period: AUGUST, groupBy: ['performer', 'department'] } as const;
    const { rows, zeroRows } = await activity(asked(database), question);
    expect([rows.length, zeroRows]).toEqual([3, true]);
    expect(rows[2]).toMatchObject({ slices: [{ value: 'idle' }, { value: 'north' }], done: 0, won: 0 });
  });
});
