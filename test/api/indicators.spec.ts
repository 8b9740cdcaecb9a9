import { type ApiRig, startApiRig } from './support/api-rig.js';
import { openDeal, setUp } from './support/small-department.js';

let rig: ApiRig;
let last: string;
const FOR_IVANOVA = { headers: { 'voronka-on-behalf-of': 'ivanova' } };
const MONTH = new Date().toISOString().slice(0, 7);

beforeAll(async () => {
  rig = await startApiRig();
  await setUp(rig);
  const calls = {
    ...{ name: { ru: 'Звонки', en: 'Calls' }, description: { ru: 'Все звонки', en: 'All calls' }, better: 'higher' },
    ...{ measure: 'activities', over: 'period', filters: { activityKinds: ['call'] }, resultIndicator: 'deals_won' },
  };
  const defined = await rig.post('/v1/indicators/calls/define-indicator', calls);
  expect([defined.status, defined.text]).toEqual([201, expect.any(String)]);
  await openDeal(rig, 'd1');
  for (const kind of ['call', 'call', 'meeting']) {
    last = String((await rig.post('/v1/deals/d1/record-activity', { kind }, FOR_IVANOVA)).json['position']);
  }
}, 120_000);
afterAll(async () => {
  await rig.stop();
}, 60_000);

const ask = (where: string, key?: string) =>
  rig.get(`/v1/${where}${where.includes('?') ? '&' : '?'}after=${last}`, key === undefined ? {} : { key });

describe('indicators', () => {
  it('are listed with their definitions', async () => {
    const { json } = await ask('indicators');
    expect(json).toMatchObject({
      count: 2,
      items: [{ code: 'calls', versions: [{ version: 1 }] }, { code: 'deals_won' }],
    });
  });

  it('are counted in any slice, with the result beside, and open to events', async () => {
    const answer = await ask(`figures?indicator=calls&period=${MONTH}&groupBy=employee&compare=previous`);
    expect(answer.json).toMatchObject({
      indicators: [{ code: 'calls', definitions: ['calls@1'] }, { code: 'deals_won' }],
      rows: [
        {
          slices: [{ value: 'ivanova', label: 'Anna Ivanova' }],
          figures: { calls: { value: 2 }, deals_won: { value: 0 } },
          previous: { calls: { value: 0 } },
        },
      ],
    });
    const drill = await ask(`figures/drill?indicator=calls&period=${MONTH}&groupBy=employee&value=ivanova`);
    expect(drill.json).toMatchObject({ count: 2, sum: '2', items: [{ dealId: 'd1' }, { dealId: 'd1' }] });
    const before = await rig.get(`/v1/figures?indicator=calls&period=${MONTH}&asOf=${String(Number(last) - 2)}`);
    expect(before.json['total']).toMatchObject({ figures: { calls: { value: 1 } } });
  });

  it('leave as CSV, saying what they go by', async () => {
    const { text, headers } = await ask(
      `figures?indicator=calls&period=${MONTH}&groupBy=employee&results=no&format=csv`,
    );
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const [head, line] = text.split('\r\n');
    expect(head).toBe('employee,employee name,period,calls@1,k,at,zone,total');
    expect(line).toMatch(new RegExp(`^ivanova,Anna Ivanova,${MONTH},2,\\d+,.*Z,Europe/Moscow,$`));
    const total = text.trimEnd().split('\r\n').at(-1);
    expect(total).toMatch(new RegExp(`^,,${MONTH},2,\\d+,.*Z,Europe/Moscow,total$`));
  });

  it('show a manager his own figures only', async () => {
    const key = await rig.keyFor(['manager'], 'ivanova');
    expect((await ask(`figures?indicator=calls&period=${MONTH}`, key)).json['total']).toMatchObject({
      figures: { calls: { value: 2 } },
    });
    const other = await rig.keyFor(['manager'], 'petrov');
    expect((await ask(`figures?indicator=calls&period=${MONTH}`, other)).json['total']).toMatchObject({
      figures: { calls: { value: 0 } },
    });
  });

  it.each([
    ['figures?indicator=calls', 'PERIOD_REQUIRED'],
    ['figures?indicator=calls&period=2009-13', 'PERIOD_INVALID'],
    ['figures?indicator=calls&period=2009-08&groupBy=colour', 'PARAMETERS_INVALID'],
    ['figures?indicator=calls&period=2009-08&groupBy=lossReason', 'SLICE_NOT_OF_INDICATOR'],
    ['figures/drill?indicator=calls&period=2009-08&part=half', 'PART_UNKNOWN'],
    ['figures?indicator=nothing&period=2009-08', 'INDICATOR_NOT_FOUND'],
  ])('%s is refused: %s', async (where, code) => {
    expect((await ask(where)).json['code']).toBe(code);
  });
});
