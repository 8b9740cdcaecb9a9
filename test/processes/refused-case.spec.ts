import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiRig, startApiRig } from '../api/support/api-rig.js';
import { exampleOf, openDeal, setUp } from '../api/support/small-department.js';

let rig: ApiRig;
beforeAll(async () => {
  rig = await startApiRig();
  await setUp(rig);
}, 120_000);
afterAll(async () => {
  await rig.stop();
}, 60_000);

async function post(where: string, body: object): Promise<void> {
  const answer = await rig.post(`/v1/${where}`, body, { headers: { 'voronka-on-behalf-of': 'ivanova' } });
  if (answer.status >= 300) throw new Error(`${where}: ${answer.text}`);
}

async function metricsWith(line: string): Promise<string> {
  for (let n = 0; n < 100; n += 1) {
    const { text } = await rig.get('/metrics');
    if (text.includes(line)) return text;
    await sleep(100);
  }
  return (await rig.get('/metrics')).text;
}

describe('a won deal whose owner has left, in a department that nobody heads', () => {
  it('opens no service case, and the metrics say so', async () => {
    const step = { code: 'contact', name: 'Contact', stage: 'all', kind: 'contact', funnelRank: 1, mandatory: true };
    const map = {
      ...exampleOf('PublishRouteMap'),
      stages: [{ code: 'all', name: 'All' }],
      steps: [{ ...step, after: [], roles: [], form: [] }],
    };
    await post('route-maps/short/publish-route-map', map);
    await post('route-maps/service/publish-route-map', { ...map, purpose: 'service' });
    await post('products/trade/assign-service-map', exampleOf('AssignServiceMap'));
    const opened = await openDeal(rig, 'd1', {}, { routeMapId: 'short' });
    expect(opened.status).toBe(201);
    await post('deals/d1/complete-step', { step: 'contact' });
    await post('employees/ivanova/dismiss-employee', { lastDay: '2010-01-31' });
    await post('deals/d1/sign-contract', exampleOf('SignContract'));
    const line =
      'voronka_process_refusals{process="open-service-case",type="OpenServiceCase",code="OWNER_NOT_EMPLOYED"} 1';
    const text = await metricsWith(line);
    expect(text).toContain(line);
    expect(text).toContain('voronka_process_state{process="open-service-case",status="running"} 1');
    expect((await rig.get('/v1/service-cases')).json['count']).toBe(0);
  });
});
