import { type ApiRig, startApiRig } from './support/api-rig.js';
import { exampleOf, openDeal, setUp } from './support/small-department.js';

let rig: ApiRig;
beforeAll(async () => {
  rig = await startApiRig();
  await setUp(rig);
}, 120_000);
afterAll(async () => {
  await rig.stop();
}, 60_000);

describe('a command', () => {
  it('is answered with revision, position and events, and counted in the funnel as soon as it is waited for', async () => {
    const opened = await openDeal(rig, 'd1');
    expect(opened.text).toContain('"stream":"deal-d1"');
    expect(opened.status).toBe(201);
    expect(opened.headers.get('etag')).toBe(`"${String(opened.json['revision'])}"`);
    const done = await rig.post(
      '/v1/deals/d1/complete-step',
      { step: 'first-contact' },
      { headers: { 'voronka-on-behalf-of': 'ivanova' } },
    );
    expect(done.status).toBe(200);
    const funnel = await rig.get(`/v1/funnel?routeMap=automation&after=${String(done.json['position'])}`);
    expect(funnel.status).toBe(200);
    expect(funnel.json).toMatchObject({
      total: { bars: [{ step: 'first-contact', deals: 1 }, { deals: 0 }, { deals: 0 }, { deals: 0 }] },
    });
  });

  it('repeated with the same key is answered alike, byte for byte', async () => {
    const headers = { 'idempotency-key': 'open-d2' };
    const first = await openDeal(rig, 'd2', headers);
    const again = await openDeal(rig, 'd2', headers);
    expect(first.status).toBe(201);
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
  });
});

describe('moving a deal to a newer version of its route map', () => {
  const IVANOVA = { headers: { 'voronka-on-behalf-of': 'ivanova' } };
  type Coded = readonly { readonly code: string }[];
  const codes = (list: unknown): string[] => (list as Coded).map(({ code }) => code);

  it('is foretold, refused where it cannot be, and done: then the new version is asked for and counted on', async () => {
    const map = exampleOf('PublishRouteMap') as { readonly steps: readonly { readonly code: string }[] };
    const money = {
      ...map.steps[0],
      code: 'money',
      name: 'Check of the money',
      after: ['first-contact'],
      funnelRank: 5,
    };
    await rig.post('/v1/route-maps/moving/publish-route-map', map);
    await openDeal(rig, 'm1', {}, { routeMapId: 'moving' });
    await rig.post('/v1/deals/m1/complete-step', { step: 'first-contact' }, IVANOVA);
    await rig.post('/v1/route-maps/moving/publish-route-map', { ...map, steps: [...map.steps, money] });

    const foretold = (await rig.get('/v1/deals/m1/migration')).json;
    expect(foretold).toMatchObject({ fromVersion: 1, toVersion: 2 });
    expect(codes(foretold['becomesMissing'])).toEqual(['money']);
    expect(codes((foretold['open'] as { after: unknown }).after)).toContain('money');
    const unknown = await rig.get('/v1/deals/m1/migration?toVersion=3');
    expect([unknown.status, unknown.json['code']]).toEqual([422, 'ROUTE_MAP_VERSION_UNKNOWN']);

    const moved = await rig.post('/v1/deals/m1/migrate-deal', { reason: 'The map asks for the money now' }, IVANOVA);
    expect([moved.status, moved.json['code']]).toEqual([200, undefined]);
    const older = await rig.get('/v1/deals/m1/migration?toVersion=1');
    expect([older.status, older.json['code']]).toEqual([422, 'MIGRATION_TO_OLDER']);

    const next = (await rig.get('/v1/deals/m1/next')).json;
    expect(next['version']).toBe(2);
    expect(codes(next['open'])).toEqual(codes((foretold['open'] as { after: unknown }).after));
    const after = `after=${String(moved.json['position'])}`;
    expect((await rig.get(`/v1/deals/m1?${after}`)).json).toMatchObject({ summary: { version: 2 } });
    const bars = async (version: number): Promise<unknown> => {
      const { json } = await rig.get(`/v1/funnel?routeMap=moving&version=${version}&basis=flow&${after}`);
      return (json as { total: { bars: { deals: number }[] } }).total.bars[0]?.deals;
    };
    expect([await bars(1), await bars(2)]).toEqual([0, 1]);
  });

  it('is refused to a manager: heads decide about the version', async () => {
    const key = await rig.keyFor(['manager'], 'ivanova');
    const refused = await rig.post('/v1/deals/m1/migrate-deal', { reason: 'Newer' }, { key });
    expect([refused.status, refused.json['code']]).toEqual([403, 'ROLE_MISSING']);
  });
});
