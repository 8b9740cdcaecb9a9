import { type ApiRig, startApiRig } from './support/api-rig.js';
import { openDeal, setUp } from './support/small-department.js';

let rig: ApiRig;
beforeAll(async () => {
  rig = await startApiRig({ VORONKA_RATE_LIMIT_PER_MINUTE: '60' });
  await setUp(rig);
}, 120_000);
afterAll(async () => {
  await rig.stop();
}, 60_000);

async function personsOf(deal: string, key: string): Promise<unknown[]> {
  const { json } = await rig.get(`/v1/deals/${deal}/history`, { key });
  return (json['events'] as { metadata: { person: unknown } }[]).map(({ metadata }) => metadata.person);
}

describe('who asks', () => {
  it('is the employee of a personal key', async () => {
    const key = await rig.keyFor(['manager'], 'ivanova');
    const body = { customerId: 'volga-tools', routeMapId: 'automation' };
    const answer = await rig.post('/v1/deals/own/open-deal', body, { key });
    expect(answer.status).toBe(201);
    expect(await personsOf('own', key)).toEqual(['ivanova']);
    const self = await rig.get('/v1/deals', { key, headers: { 'voronka-on-behalf-of': 'ivanova' } });
    expect(self.status).toBe(200);
    const other = await rig.get('/v1/deals', { key, headers: { 'voronka-on-behalf-of': 'petrov' } });
    expect([other.status, other.json['code']]).toEqual([403, 'ON_BEHALF_OF_OTHER']);
  });

  it('is for a service whom it says, if somebody of that name works here', async () => {
    const key = await rig.keyFor(['service']);
    const opened = await openDeal(rig, 'served');
    expect(opened.status).toBe(201);
    expect(await personsOf('served', key)).toEqual(['ivanova']);
    const stranger = await rig.get('/v1/deals', { key, headers: { 'voronka-on-behalf-of': 'stranger' } });
    expect([stranger.status, stranger.json['code']]).toEqual([400, 'ON_BEHALF_OF_UNKNOWN']);
  });

  it('bug: the key of somebody who left still worked; EMPLOYEE_LEFT, and nobody acts by his name', async () => {
    const yesterday = new Date(Date.now() - 48 * 3_600_000).toISOString().slice(0, 10);
    const tomorrow = new Date(Date.now() + 48 * 3_600_000).toISOString().slice(0, 10);
    const place = { departmentId: 'sales', position: 'Seller', hiredOn: '2009-02-01' };
    for (const [id, lastDay] of [
      ['left', yesterday],
      ['leaving', tomorrow],
    ] as const) {
      await rig.post(`/v1/employees/${id}/hire-employee`, { name: id, ...place });
      expect((await rig.post(`/v1/employees/${id}/dismiss-employee`, { lastDay })).status).toBe(200);
    }
    const own = await rig.get('/v1/deals', { key: await rig.keyFor(['manager'], 'left') });
    expect([own.status, own.json['code'], own.json['data']]).toEqual([
      403,
      'EMPLOYEE_LEFT',
      { employeeId: 'left', lastDay: yesterday },
    ]);
    expect(own.json['detail']).toContain('revoke the key');
    const service = await rig.keyFor(['service']);
    const served = await rig.get('/v1/deals', { key: service, headers: { 'voronka-on-behalf-of': 'left' } });
    expect([served.status, served.json['code']]).toEqual([403, 'EMPLOYEE_LEFT']);
    const still = await rig.get('/v1/deals', { key: await rig.keyFor(['manager'], 'leaving') });
    expect(still.status).toBe(200);
  });

  it('bug: silence counted as "no person acts"; ON_BEHALF_OF_MISSING, and none says so', async () => {
    const key = await rig.keyFor(['service']);
    const department = (headers: Record<string, string>) =>
      rig.post('/v1/departments/quiet/create-department', { name: 'Quiet' }, { key, headers });
    const silent = await department({});
    expect([silent.status, silent.json['code']]).toEqual([400, 'ON_BEHALF_OF_MISSING']);
    expect(silent.json['detail']).toMatch(/<employee>.*none/);
    expect((await department({ 'voronka-on-behalf-of': 'none' })).status).toBe(201);
    expect((await rig.get('/v1/departments', { key })).status).toBe(200);
    const personal = await rig.keyFor(['manager'], 'ivanova');
    const disowned = await rig.get('/v1/deals', { key: personal, headers: { 'voronka-on-behalf-of': 'none' } });
    expect([disowned.status, disowned.json['code']]).toEqual([403, 'ON_BEHALF_OF_OTHER']);
  });

  it('may send the key as the password of Basic, as browsers do', async () => {
    const key = await rig.keyFor(['auditor']);
    const basic = `Basic ${Buffer.from(`anything:${key}`).toString('base64')}`;
    const answer = await rig.get('/v1/events?limit=2', { key: null, headers: { authorization: basic } });
    expect(answer.status).toBe(200);
    expect(answer.json['events']).toHaveLength(2);
    const next = await rig.get(String(answer.json['next']), { key });
    expect(next.status).toBe(200);
  });

  it('gets nothing without a key but health', async () => {
    const { json } = await rig.get('/openapi.json');
    const paths = Object.entries(json['paths'] as Record<string, Record<string, unknown>>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method, path: path.replace('{id}', 'x') })),
    );
    expect(paths.length).toBeGreaterThan(40);
    const asked = [...paths, { method: 'get', path: '/docs' }, { method: 'get', path: '/health/../metrics' }];
    const open: string[] = [];
    for (const { method, path } of asked) {
      const answer = method === 'get' ? await rig.get(path, { key: null }) : await rig.post(path, {}, { key: null });
      if (answer.status !== 401 && answer.status !== 429) open.push(path);
    }
    expect(open).toEqual(['/health/live', '/health/ready']);
  });

  it('is slowed down when asking or guessing too often', async () => {
    const key = await rig.keyFor(['bi']);
    const statuses: number[] = [];
    for (let n = 0; n < 75; n += 1) statuses.push((await rig.get('/openapi.json', { key })).status);
    expect(statuses.slice(0, 60).every((status) => status === 200)).toBe(true);
    expect(statuses).toContain(429);
    // Now and then a guess is let through again, so one by itself would prove nothing.
    const guesses = [];
    for (let n = 0; n < 60; n += 1) guesses.push(await rig.get('/v1/deals', { key: 'vk_000000000000_guess' }));
    const slowed = guesses.filter(({ status }) => status === 429);
    expect(slowed.length).toBeGreaterThan(0);
    expect(guesses.filter(({ status }) => status !== 429).every(({ status }) => status === 401)).toBe(true);
    for (const guess of slowed) {
      expect(guess.json['code']).toBe('TOO_MANY_REQUESTS');
      expect(Number(guess.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    const honest = await rig.get('/v1/deals', { key: await rig.keyFor(['auditor']) });
    expect(honest.status).toBe(200);
  });
});
