import { systemClock } from '@voronka/runtime';
import { type ApiRig, startApiRig } from './support/api-rig.js';
import { openDeal, setUp } from './support/small-department.js';

let rig: ApiRig;
beforeAll(async () => {
  rig = await startApiRig({}, systemClock, { isHeld: true });
}, 120_000);
afterAll(async () => {
  await rig.stop();
}, 60_000);

// A bug: the API did not listen before its read models were built, and nobody could tell a long start from a dead one.
describe('an API whose read models are still being built', () => {
  it('lives, and says that it is not ready and which set is not built', async () => {
    expect((await rig.get('/health/live', { key: null })).status).toBe(200);
    const ready = await rig.get('/health/ready', { key: null });
    expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '2']);
    expect(ready.json).toMatchObject({
      ready: false,
      stores: { eventStore: 'up', postgres: 'up' },
      sets: [
        { set: 'core', built: false, status: 'starting' },
        { set: 'audit', built: false, status: 'starting' },
      ],
    });
  });

  it('takes commands, and answers queries and previews with READ_MODEL_NOT_BUILT until they are there', async () => {
    await setUp(rig);
    expect((await openDeal(rig, 'd1')).status).toBe(201);
    for (const answer of [await rig.get('/v1/deals'), await rig.post('/v1/previews', {})]) {
      expect([answer.status, answer.json['code']]).toEqual([503, 'READ_MODEL_NOT_BUILT']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(answer.json['detail']).toContain('/health/ready');
    }
    await rig.follow();
    const deals = await rig.get('/v1/deals?after=1');
    expect([deals.status, deals.json['count']]).toEqual([200, 1]);
    expect((await rig.get('/health/ready', { key: null })).status).toBe(200);
  });
});
