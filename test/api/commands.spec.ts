import { type ApiRig, startApiRig } from './support/api-rig.js';
import { openDeal, setUp } from './support/small-department.js';

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
