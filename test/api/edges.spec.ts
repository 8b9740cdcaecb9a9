import { once } from 'node:events';
import { connect } from 'node:net';
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

async function correlationsOf(deal: string): Promise<unknown[]> {
  const { json } = await rig.get(`/v1/deals/${deal}/history`);
  return (json['events'] as { metadata: { correlationId: unknown } }[]).map(({ metadata }) => metadata.correlationId);
}

describe('the edges of HTTP', () => {
  it('give a request its name back, tie its events together by it, and write it into the lines of the log', async () => {
    const opened = await openDeal(rig, 'named', { 'x-request-id': 'till-7:42' });
    expect(opened.headers.get('x-request-id')).toBe('till-7:42');
    expect(await correlationsOf('named')).toEqual(['till-7:42']);
    expect(rig.lines.join('')).toContain('"request":"till-7:42"');
  });

  it('name a request that has no name, or none that can be written down', async () => {
    const unnamed = await openDeal(rig, 'unnamed', { 'idempotency-key': 'open-unnamed' });
    expect(unnamed.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await correlationsOf('unnamed')).toEqual(['open-unnamed']);
    const odd = await rig.get('/health/live', { key: null, headers: { 'x-request-id': 'a b' } });
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(['/v1/deals/%zz', '/%', '/v1/deals/%E0%A4%A'])('refuse the malformed path %s as a problem', async (path) => {
    const answer = await rig.get(path);
    expect([answer.status, answer.json['status']]).toEqual([400, 400]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('refuse an empty body, one that is no object, and one that reaches for prototypes', async () => {
    const json = { headers: { 'content-type': 'application/json' } };
    const bodies = ['', 'null', '[]', '"x"', '{"__proto__": {"admin": true}}', '{"constructor": {"prototype": {}}}'];
    for (const body of bodies) {
      const answer = await rig.post('/v1/deals/odd/open-deal', body, json);
      expect([body, answer.status, answer.json['status']]).toEqual([body, 400, 400]);
    }
  });

  it('answer 503 and say what is missing while the database is away', async () => {
    await rig.stopPostgres();
    const query = await rig.get('/v1/funnel?routeMap=automation');
    expect([query.status, query.json['code']]).toEqual([503, 'DATABASE_UNAVAILABLE']);
    expect(Number(query.headers.get('retry-after'))).toBeGreaterThan(0);
    const stranger = await rig.get('/v1/deals', { key: 'a-key-that-nobody-has-seen' });
    expect([stranger.status, stranger.json['code']]).toEqual([503, 'DATABASE_UNAVAILABLE']);
    const ready = await rig.get('/health/ready', { key: null });
    expect(ready.status).toBe(503);
    expect(ready.json).toMatchObject({ ready: false, stores: { eventStore: 'up', postgres: 'missing' } });
    expect((await rig.get('/health/live', { key: null })).status).toBe(200);
  });

  it('do not keep the program from ending, though somebody never finishes asking', async () => {
    const { hostname, port } = new URL(rig.api.url());
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(`POST /v1/deals/slow/open-deal HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${rig.adminKey}\r\n`);
    socket.write('Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{');
    const cut = once(socket, 'close');
    await rig.get('/health/live');
    await rig.api.close();
    await cut;
    expect(socket.destroyed).toBe(true);
  });
});
