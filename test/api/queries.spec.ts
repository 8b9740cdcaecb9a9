import { answerExamples } from '../../apps/api/src/openapi/document.js';
import { queries } from '../../apps/api/src/queries/query.controller.js';
import { type ApiRig, startApiRig } from './support/api-rig.js';
import { differences } from './support/differences.js';
import { exampleOf, openDeal, setUp } from './support/small-department.js';

const FOR_IVANOVA = { headers: { 'voronka-on-behalf-of': 'ivanova' } };
let rig: ApiRig;
let opened: string;
let last: string;

beforeAll(async () => {
  rig = await startApiRig();
  await setUp(rig);
  opened = String((await openDeal(rig, 'd1')).json['position']);
  await openDeal(rig, 'd2');
  const map = { ...exampleOf('PublishRouteMap'), purpose: 'service' };
  await rig.post('/v1/route-maps/service/publish-route-map', map);
  const opening = await rig.post('/v1/service-cases/d1/open-service-case', exampleOf('OpenServiceCase'), FOR_IVANOVA);
  expect([opening.status, opening.json['code']]).toEqual([201, undefined]);
  await rig.post('/v1/service-cases/d1/complete-step', { step: 'first-contact' }, FOR_IVANOVA);
  await rig.post('/v1/service-cases/d1/record-activity', { kind: 'visit' }, FOR_IVANOVA);
  await rig.post('/v1/deals/d1/complete-step', { step: 'first-contact' }, FOR_IVANOVA);
  const call = await rig.post('/v1/deals/d1/record-activity', { kind: 'call' }, FOR_IVANOVA);
  expect(call.status).toBeLessThan(300);
  const plan = { activityId: 'call-2', kind: 'call', topic: 'Terms of delivery', dueAt: '2099-08-07T08:00:00Z' };
  await rig.post('/v1/deals/d1/plan-activity', plan, FOR_IVANOVA);
  const cases = { ...exampleOf('DefineIndicator'), event: 'opened' };
  expect((await rig.post('/v1/indicators/deals_opened/define-indicator', cases)).status).toBe(201);
  await rig.post('/v1/portraits/main/publish-portrait', exampleOf('PublishPortrait'));
  await rig.post('/v1/questionnaires/needs/publish-questionnaire', exampleOf('PublishQuestionnaire'));
  await rig.post('/v1/customers/volga-tools-2/register-customer', exampleOf('RegisterCustomer'));
  const described = await rig.post('/v1/customers/volga-tools/describe-customer', exampleOf('DescribeCustomer'));
  expect(described.status).toBeLessThan(300);
  last = String(described.json['position']);
  await ask('win-rate');
}, 120_000);
afterAll(async () => {
  await rig.stop();
}, 60_000);

/** Asks once the read models have all of it. */
const ask = (where: string) => rig.get(`/v1/${where}${where.includes('?') ? '&' : '?'}after=${last}`);

describe('queries', () => {
  it.each(queries.map((query) => [query.name, query] as const))(
    '%s answers its example as the documentation shows',
    async (name, query) => {
      const path = query.path.replace(':id', query.exampleId ?? 'd1');
      const answer = await rig.get(`/v1/${path}?${new URLSearchParams(query.example).toString()}`);
      if (query.needsHistory !== undefined) {
        expect([answer.status, answer.json['code']]).toEqual([422, query.needsHistory]);
        return;
      }
      expect([answer.status, answer.json['data']]).toEqual([200, undefined]);
      expect(differences(answer.json, answerExamples[name])).toEqual([]);
    },
  );

  it('give back the route map that was published, to be published anew', async () => {
    const answer = await ask('route-maps/automation');
    const document = { ...(answer.json['document'] as object), name: 'Sale of automation, again' };
    const again = await rig.post('/v1/route-maps/automation/publish-route-map', document);
    expect(again.status).toBe(201);
    last = String(again.json['position']);
    const { json } = await ask('route-maps/automation');
    expect(json).toMatchObject({
      version: 2,
      document,
      versions: [{ version: 1 }, { version: 2 }],
    });
    expect((await ask('route-maps/automation?version=1')).json).toMatchObject({
      version: 1,
      eventId: answer.json['eventId'],
    });
    const before = await ask(`route-maps/automation?asOf=${String(BigInt(last) - 1n)}`);
    expect(before.json).toMatchObject({ version: 1, versions: [{ version: 1 }] });
    const none = await ask('route-maps/automation?version=3');
    expect([none.status, none.json['code']]).toEqual([404, 'ROUTE_MAP_NOT_FOUND']);
  });

  it('count by performer, and open the number', async () => {
    const answer = await ask('activity?groupBy=performer&kind=call');
    expect(answer.json['rows']).toMatchObject([{ slices: [{ by: 'performer', value: 'ivanova' }], done: 1 }]);
    const drill = await ask('activity/drill?groupBy=performer&value=ivanova&kind=call&part=done');
    expect(drill.json).toMatchObject({ count: 1, items: [{ dealId: 'd1' }] });
    const nobody = await ask('activity/drill?groupBy=performer&value=&kind=call&part=done');
    expect(nobody.json).toMatchObject({ count: 0 });
  });

  it('ask about service cases apart from deals: their own funnel, activity, list and worklist', async () => {
    const bars = async (where: string): Promise<unknown> => {
      const { total } = (await ask(where)).json as { total: { bars: { deals: number }[] } };
      return total.bars.map(({ deals }) => deals);
    };
    expect(await bars('funnel?routeMap=service&purpose=service&basis=flow')).toEqual([1, 0, 0, 0]);
    expect(await bars('funnel?routeMap=service&basis=flow')).toEqual([0, 0, 0, 0]);
    expect(await bars('funnel?routeMap=automation&purpose=service&basis=flow')).toEqual([0, 0, 0, 0]);
    expect((await ask('activity?groupBy=performer&purpose=service')).json).toMatchObject({ total: { done: 1 } });
    expect((await ask('activity?groupBy=performer&kind=visit')).json).toMatchObject({ total: { done: 0 } });
    expect((await ask('overview?purpose=service')).json).toMatchObject({ deals: 1, expectedKopecks: 0 });
    expect((await ask('overview')).json).toMatchObject({ deals: 2 });
    const cases = await ask('service-cases');
    expect(cases.json).toMatchObject({ count: 1, deals: [{ dealId: 'd1', routeMap: 'service' }] });
    expect((await ask('service-cases/d1')).json).toMatchObject({ activities: [{ kind: 'visit' }] });
    const next = await rig.get('/v1/service-cases/d1/next');
    expect((next.json['open'] as { code: string }[]).map(({ code }) => code)).toEqual(['questionnaire', 'meeting']);
    const late = await ask('worklist?at=2100-01-01T00:00:00Z&purpose=service');
    expect(late.json).toMatchObject({ overdue: [{ dealId: 'd1', step: 'questionnaire' }], openDeals: 1 });
    const none = await ask('service-cases/d2/next');
    expect([none.status, none.json['code']]).toEqual([404, 'SERVICE_CASE_NOT_FOUND']);
    expect((await ask('funnel?routeMap=service&purpose=other')).status).toBe(400);
  });

  it('page through the history of a service case, which is none of the deal of the same id', async () => {
    const first = await rig.get('/v1/service-cases/d1/history?limit=1');
    expect(first.json).toMatchObject({
      stream: 'serviceCase-d1',
      events: [{ type: 'ServiceCaseOpened', revision: 0, stream: 'serviceCase-d1' }],
    });
    expect(first.json['next']).toBe('/v1/service-cases/d1/history?fromRevision=1&limit=1');
    const rest = await rig.get('/v1/service-cases/d1/history?fromRevision=1');
    expect(rest.json['events']).toMatchObject([
      { type: 'StepCompleted', revision: 1, data: { step: 'first-contact' } },
      { type: 'ActivityRecorded', revision: 2, data: { kind: 'visit' } },
    ]);
    expect(rest.json['next']).toBeNull();
    const none = await rig.get('/v1/service-cases/d2/history');
    expect([none.status, none.json['code']]).toEqual([404, 'SERVICE_CASE_NOT_FOUND']);
  });

  it.each([
    ...['performer=ivanova', 'owner=ivanova', 'department=sales', 'product=trade', 'productLine=trade'],
    ...['source=', 'routeMapVersion=1', 'segment=', 'portrait:industry='],
  ])('count service cases by %s as deals are counted: funnel, activity, steps and indicators', async (row) => {
    const [slice = '', value] = row.split('=');
    const counted = async (where: string): Promise<readonly object[]> => {
      const answer = await ask(`${where}&purpose=service`);
      expect([where, answer.status, answer.json['code']]).toEqual([where, 200, undefined]);
      return (answer.json['rows'] as { slices: { value: string | null }[] }[]).filter(
        ({ slices }) => slices[0]?.value === (value === '' ? null : value),
      );
    };
    const funnel = `funnel?routeMap=service&basis=flow&slice=${slice}`;
    expect(await counted(funnel)).toMatchObject([{ bars: [{ deals: 1 }, {}, {}, {}] }]);
    expect(await counted(`activity?groupBy=${slice}&kind=visit`)).toMatchObject([{ done: 1 }]);
    expect(await counted(`steps?routeMap=service&groupBy=${slice}`)).toMatchObject([{ done: 1 }]);
    const figures = `figures?indicator=deals_opened&period=2009..2100&groupBy=${slice === 'performer' ? 'employee' : slice}`;
    expect(await counted(figures)).toMatchObject([{ figures: { deals_opened: { value: 1 } } }]);
  });

  it.each(['employee', 'routeMap'])(
    'bug: %s, by which indicators are cut, was no slice of the others',
    async (slice) => {
      const value = slice === 'employee' ? 'ivanova' : 'automation';
      for (const where of [
        `funnel?routeMap=automation&basis=flow&slice=${slice}`,
        `conversion?routeMap=automation&fromStep=first-contact&toStep=proposal&slice=${slice}`,
        `win-rate?slice=${slice}`,
        `activity?groupBy=${slice}`,
        `steps?routeMap=automation&groupBy=${slice}`,
      ]) {
        const { status, json } = await ask(where);
        expect([where, status]).toEqual([where, 200]);
        expect(json['rows']).toContainEqual(
          expect.objectContaining({ slices: [expect.objectContaining({ by: slice, value })] }),
        );
      }
      const drill = await ask(`activity/drill?groupBy=${slice}&value=${value}&kind=call&part=done`);
      expect(drill.json).toMatchObject({ count: 1 });
    },
  );

  it('filter by several values of a slice', async () => {
    const both = await ask('funnel?routeMap=automation&basis=flow&owner=ivanova&owner=petrov');
    expect(both.json).toMatchObject({ total: { bars: [{ deals: 1 }, {}, {}, {}] } });
    const other = await ask('funnel?routeMap=automation&basis=flow&owner=petrov');
    expect(other.json).toMatchObject({ total: { bars: [{ deals: 0 }, {}, {}, {}] } });
  });

  it('tell what is to be done next, from the log itself, and what was to be done then', async () => {
    const codes = (answer: { json: Record<string, unknown> }, list: string): unknown[] =>
      (answer.json[list] as { code: string }[]).map(({ code }) => code);
    const now = await rig.get('/v1/deals/d1/next');
    expect(codes(now, 'open')).toEqual(['questionnaire', 'meeting']);
    expect(now.json['blocked']).toContainEqual(
      expect.objectContaining({ code: 'proposal', missingSteps: ['analysis'], undecided: null }),
    );
    const first = await rig.get(`/v1/deals/d1/next?asOf=${opened}`);
    expect(codes(first, 'open')).toEqual(['first-contact']);
    const later = await rig.get('/v1/deals/d1/next?at=2200-01-01T00:00:00Z');
    expect(later.json['open']).toContainEqual(expect.objectContaining({ code: 'questionnaire', overdue: true }));
    expect((await rig.get('/v1/deals/nowhere/next')).json['code']).toBe('DEAL_NOT_FOUND');
  });

  it('tell what needs attention, later', async () => {
    const at = '2100-01-01T00:00:00Z';
    const all = await ask(`worklist?at=${at}`);
    expect(all.json).toMatchObject({
      overdue: [{ dealId: 'd1', step: 'questionnaire', ownerId: 'ivanova' }],
      silent: [{ customerId: 'volga-tools', dealId: 'd1' }],
      missed: [{ dealId: 'd1', activityId: 'call-2', ownerId: 'ivanova', dueAt: '2099-08-07T08:00:00.000Z' }],
      withoutNextActivity: [{ dealId: 'd2', ownerId: 'ivanova' }],
      lookedAt: 2,
      openDeals: 2,
    });
    const stuck = all.json['stuck'] as { dealId: string; step: string | null }[];
    expect(new Map(stuck.map(({ dealId, step }) => [dealId, step]))).toEqual(
      new Map([
        ['d1', 'first-contact'],
        ['d2', null],
      ]),
    );
    expect((await ask('worklist')).json).toMatchObject({
      ...{ overdue: [], stuck: [], silent: [], awaiting: [], missed: [] },
      withoutNextActivity: [{ dealId: 'd2' }],
    });
    expect((await ask(`worklist?at=${at}&owner=petrov`)).json).toMatchObject({ overdue: [], stuck: [], openDeals: 0 });
    expect((await ask(`worklist?at=${at}&stuckDays=3650&silentDays=3650`)).json).toMatchObject({ stuck: [{}, {}] });
  });

  it('tell what was known at a position, and at an instant of the log', async () => {
    expect((await ask('deals')).json).toMatchObject({ count: 2 });
    expect((await ask(`deals?asOf=${opened}`)).json).toMatchObject({ count: 1, k: opened });
    const early = await ask('deals?asOf=2001-01-01T00:00:00%2B03:00');
    expect([early.status, early.json['code']]).toEqual([409, 'COMPANY_NOT_CONFIGURED']);
    const past = await ask('deals?at=2001-01-01T00:00:00Z');
    expect(past.json).toMatchObject({ count: 0, at: '2001-01-01T00:00:00.000Z' });
  });

  it('take periods by their keys', async () => {
    const old = await ask('win-rate?period=2001-Q1&grain=month');
    expect(old.json).toMatchObject({ total: { won: { deals: 0 } } });
    expect(JSON.stringify(old.json['rows'])).toContain('2001-02');
    const all = await ask('activity?period=2001..2100&kind=call');
    expect(all.json).toMatchObject({ total: { done: 1 } });
  });

  it('page through the history of a deal and through the log', async () => {
    const first = await rig.get('/v1/deals/d1/history?limit=1');
    expect(first.json['events']).toMatchObject([{ type: 'DealOpened', revision: 0, position: opened }]);
    const second = await rig.get(String(first.json['next']));
    expect(second.json['events']).toMatchObject([{ type: 'StepCompleted', revision: 1 }]);
    const positions: bigint[] = [];
    let next: string | null = '/v1/events?limit=3';
    while (next !== null) {
      const page = await rig.get(next);
      const events = page.json['events'] as { position: string }[];
      positions.push(...events.map(({ position }) => BigInt(position)));
      next = page.json['next'] as string | null;
    }
    expect(positions.length).toBeGreaterThan(8);
    expect(positions).toEqual([...new Set(positions)].toSorted((left, right) => (left < right ? -1 : 1)));
    expect(String(positions.at(-1))).toBe(last);
  });
});
