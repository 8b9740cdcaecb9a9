import { type ApiRig, startApiRig } from './support/api-rig.js';
import { setUp } from './support/small-department.js';

let rig: ApiRig;
beforeAll(async () => {
  rig = await startApiRig();
  await setUp(rig);
  const { json } = await rig.post('/v1/products/trade-plus/add-product', { name: 'Trade Plus', line: 'software' });
  await rig.get(`/v1/products?after=${String(json['position'])}`);
}, 120_000);
afterAll(async () => {
  await rig.stop();
}, 60_000);

async function itemsOf(where: string): Promise<unknown> {
  const answer = await rig.get(`/v1/${where}`);
  expect(answer.status).toBe(200);
  return answer.json['items'];
}

describe('reference data', () => {
  it('lists departments with their heads', async () => {
    expect(await itemsOf('departments')).toEqual([
      { departmentId: 'sales', name: expect.any(String), parentId: null, headId: null },
    ]);
  });

  it('lists employees where they work at T', async () => {
    const [now] = (await itemsOf('employees')) as Record<string, unknown>[];
    expect(now).toMatchObject({ employeeId: 'ivanova', robot: false, departmentId: 'sales', dismissedOn: null });
    expect(now?.['hiredOn']).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    const [before] = (await itemsOf('employees?at=2001-01-01T00:00:00Z')) as Record<string, unknown>[];
    expect(before).toMatchObject({ employeeId: 'ivanova', departmentId: null, position: null });
  });

  it('lists customers, to those alone who see deals', async () => {
    expect(await itemsOf('customers')).toMatchObject([{ customerId: 'volga-tools', name: expect.any(String) }]);
    const payroll = await rig.keyFor(['payroll']);
    expect((await rig.get('/v1/customers', { key: payroll })).status).toBe(403);
    expect((await rig.get('/v1/products', { key: payroll })).status).toBe(200);
  });

  it('lists products page by page', async () => {
    expect((await rig.get('/v1/products?limit=1')).json).toMatchObject({
      count: 2,
      items: [{ productId: 'trade', retired: false }],
    });
    expect(await itemsOf('products?limit=1&offset=1')).toMatchObject([{ productId: 'trade-plus' }]);
  });

  it('lists the versions of route maps, the latest first, steps in order', async () => {
    const maps = (await itemsOf('route-maps')) as { version: number; steps: { step: string; rank: number | null }[] }[];
    expect(maps.map(({ version }) => version)).toEqual([1]);
    expect(maps[0]?.steps[0]).toMatchObject({
      step: 'first-contact',
      rank: expect.any(Number),
      mandatory: expect.any(Boolean),
    });
    expect(maps[0]?.steps.length).toBeGreaterThan(3);
  });

  it('is as known at a position', async () => {
    const { json } = await rig.get('/v1/products');
    const before = String(BigInt(String(json['k'])) - 1n);
    expect((await rig.get(`/v1/products?asOf=${before}`)).json).toMatchObject({ count: 1, k: before });
  });
});
