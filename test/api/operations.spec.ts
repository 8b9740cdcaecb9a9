import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
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

const MARKS = {
  name: 'Zyxwvut-Mark-Name',
  phone: '+7 900 555-31-41',
  contact: 'Zyxwvut-Mark-Contact',
  call: 'Zyxwvut-Mark-Call',
};

async function filesOf(directory: string): Promise<Buffer[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return await Promise.all(files.map((entry) => readFile(path.join(entry.parentPath, entry.name))));
}

describe('operations', () => {
  it('say that everything is there, and how far the read models are', async () => {
    expect((await rig.get('/health/live', { key: null })).json).toEqual({ live: true });
    const ready = await rig.get('/health/ready', { key: null });
    expect(ready.status).toBe(200);
    expect(ready.json).toMatchObject({
      ready: true,
      stores: { eventStore: 'up', postgres: 'up' },
      sets: [
        { set: 'core', built: true, lag: expect.stringMatching(/^\d+$/) },
        { set: 'audit', built: true },
      ],
    });
  });

  it('count commands, refusals, requests and lag', async () => {
    await openDeal(rig, 'd1');
    await openDeal(rig, 'd1', {}, { title: 'Another' });
    const { text, status } = await rig.get('/metrics');
    expect(status).toBe(200);
    expect(text).toContain('voronka_commands_total{type="OpenDeal",result="done"} 1');
    expect(text).toContain('voronka_commands_total{type="OpenDeal",result="refused"} 1');
    expect(text).toMatch(/voronka_refusals_total\{code="DEAL_\w+"\} 1/);
    expect(text).toContain('route="/v1/deals/:id/open-deal"');
    expect(text).toMatch(/voronka_projection_lag_positions\{set="core"\} \d+/);
    expect(text).toMatch(/voronka_projection_checkpoint_position\{set="audit"\} \d+/);
    expect(text).toContain('voronka_projection_state{set="core",status="running"} 1');
  });

  it('show the documentation with scripts of their own only', async () => {
    const page = await rig.get('/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.text).not.toMatch(/<script>|https?:\/\/[^"]*\.js/);
    const scripts = [...page.text.matchAll(/<script src="([^"]+)"/g)].map(([, source]) => source ?? '');
    expect(scripts.length).toBeGreaterThan(0);
    for (const source of scripts) {
      const script = await rig.get(new URL(source, `${rig.api.url()}/docs`).pathname);
      expect([source, script.status]).toEqual([source, 200]);
    }
  });

  it('keep personal data out of the log, the lines and the metrics', async () => {
    const described = await rig.post('/v1/customers/marked/register-customer', {
      kind: 'person',
      name: MARKS.name,
      contacts: [{ name: MARKS.contact, phone: MARKS.phone }],
    });
    expect(described.text).toContain('customer-marked');
    const refused = await rig.post('/v1/customers/marked/register-customer', {
      name: MARKS.name,
      colour: MARKS.contact,
    });
    expect(refused.status).toBe(400);
    await openDeal(rig, 'd2');
    const done = await rig.post(
      '/v1/deals/d2/record-activity',
      { kind: 'call', note: MARKS.call },
      { headers: { 'voronka-on-behalf-of': 'ivanova' } },
    );
    expect(done.text).toContain('deal-d2');
    const metrics = await rig.get('/metrics');
    const files = await filesOf(rig.directory);
    expect(files.some((file) => file.includes('customer-marked'))).toBe(true);
    for (const mark of Object.values(MARKS)) {
      expect(files.some((file) => file.includes(mark))).toBe(false);
      expect(rig.lines.join('')).not.toContain(mark);
      expect(metrics.text).not.toContain(mark);
      expect(refused.text).not.toContain(mark);
    }
    expect(rig.lines.join('')).toContain('/v1/customers/:id/register-customer');
    const told = await rig.get('/v1/events?direction=backwards&limit=20');
    expect(told.text).toContain(MARKS.name);
  });

  it('answer 503 while the event store is away, and work again once it is back', async () => {
    await rig.stopNode();
    const away = await openDeal(rig, 'd3', { 'idempotency-key': 'open-d3' });
    expect([away.status, away.json['status']]).toEqual([503, 503]);
    expect(['EVENT_STORE_UNAVAILABLE', 'OUTCOME_UNKNOWN']).toContain(away.json['code']);
    expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
    const ready = await rig.get('/health/ready', { key: null });
    expect(ready.status).toBe(503);
    expect(ready.json).toMatchObject({ ready: false, stores: { eventStore: 'missing', postgres: 'up' } });
    expect((await rig.get('/v1/funnel?routeMap=automation')).status).toBe(200);
    await rig.startNode();
    let status = 0;
    for (let n = 0; n < 30 && status !== 201; n += 1) {
      status = (await openDeal(rig, 'd3', { 'idempotency-key': 'open-d3' })).status;
      if (status !== 201) await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(status).toBe(201);
  }, 90_000);
});
