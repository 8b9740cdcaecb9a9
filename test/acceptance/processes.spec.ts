import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiRig, startApiRig } from '../api/support/api-rig.js';
import { openDeal, setUp } from '../api/support/small-department.js';

// What the product does by itself, through the running system.

let rig: ApiRig;
const FOR_IVANOVA = { headers: { 'voronka-on-behalf-of': 'ivanova' } };

beforeAll(async () => {
  rig = await startApiRig();
  await setUp(rig);
}, 120_000);
afterAll(async () => {
  await rig.stop();
}, 60_000);

async function must(where: string, body: object): Promise<string> {
  const answer = await rig.post(`/v1/${where}`, body, FOR_IVANOVA);
  if (answer.status >= 300) throw new Error(answer.text);
  return String(answer.json['position']);
}

async function typesOf(deal: string): Promise<string[]> {
  const types: string[] = [];
  for await (const { type } of rig.stores.log.readStream(`deal-${deal}`)) types.push(type);
  return types;
}

async function until(deal: string, type: string, times: number): Promise<string[]> {
  for (let tries = 0; tries < 400; tries += 1) {
    const types = await typesOf(deal);
    if (types.filter((one) => one === type).length >= times) return types;
    await sleep(25);
  }
  throw new Error(`${type} never came ${times} times`);
}

const plan = (activityId: string) => ({
  activityId,
  kind: 'call',
  dueAt: '2100-01-01T10:00:00Z',
  performer: 'ivanova',
});

describe('a lost deal', () => {
  it('has its planned activities called off, each once; what was done or called off before is left alone', async () => {
    await openDeal(rig, 'lost');
    for (const id of ['a1', 'a2', 'a3']) await must('deals/lost/plan-activity', plan(id));
    await must('deals/lost/cancel-activity', { activityId: 'a2', reason: 'Answered in writing' });
    await must('deals/lost/lose-deal', { lossReason: 'price' });
    const types = await until('lost', 'ActivityCancelled', 3);
    expect(types.filter((type) => type === 'ActivityCancelled')).toHaveLength(3);
    expect(types.slice(-3)).toEqual(['DealLost', 'ActivityCancelled', 'ActivityCancelled']);
  });

  it('that a process answered is told of by the process, caused by the loss', async () => {
    const events = [];
    for await (const event of rig.stores.log.readStream('deal-lost')) events.push(event);
    const loss = events.find(({ type }) => type === 'DealLost');
    expect(events.at(-1)?.metadata).toMatchObject({
      actor: 'process:close-plans',
      person: null,
      causationId: loss?.eventId,
    });
  });
});

describe('a deal won with a product that names a service map', () => {
  const step = (code: string, kind: string, more: object = {}) => ({
    ...{ code, name: code, stage: 'all', kind, mandatory: true, after: [], roles: [], form: [], ...more },
  });
  const map = (purpose: string, steps: readonly object[]) => ({
    ...{ name: purpose, purpose, stages: [{ code: 'all', name: 'All' }], steps },
    lossReasons: [{ code: 'price', name: 'Price', countsAsLoss: true }],
  });
  const win = async (deal: string): Promise<void> => {
    await must(`deals/${deal}/open-deal`, { customerId: 'volga-tools', routeMapId: 'quick' });
    const lines = [{ productId: 'trade', amountKopecks: 100_00 }];
    await must(`deals/${deal}/sign-contract`, { contractId: `${deal}-1`, number: deal, lines });
  };
  const opened = async (id: string) => {
    for (let tries = 0; tries < 400; tries += 1) {
      for await (const event of rig.stores.log.readStream(`serviceCase-${id}`)) return event;
      await sleep(25);
    }
    throw new Error(`${id} was never opened`);
  };
  const act = async (where: string, body: object): Promise<void> => {
    const answer = await rig.post(`/v1/${where}`, body);
    if (answer.status >= 300) throw new Error(answer.text);
  };
  beforeAll(async () => {
    await act(
      'route-maps/quick/publish-route-map',
      map('sale', [step('contract', 'contract', { funnelRank: 10, mandatory: false })]),
    );
    await act('route-maps/care/publish-route-map', map('service', [step('request', 'contact', { funnelRank: 10 })]));
  });

  it('opens a service case of the same customer, once, for the owner of the deal', async () => {
    await win('won-before');
    await act('products/trade/assign-service-map', { routeMapId: 'care' });
    await win('won');
    expect(await opened('won.care')).toMatchObject({
      type: 'ServiceCaseOpened',
      data: { customerId: 'volga-tools', ownerId: 'ivanova', productIds: ['trade'], dealId: 'won', routeMapVersion: 1 },
      metadata: { actor: 'process:open-service-case', person: null },
    });
    // Won again after a reopening, it goes on with the case that it has.
    await must('deals/won/void-contract', { contractId: 'won-1', reason: 'Signed by mistake' });
    const again = [{ productId: 'trade', amountKopecks: 50_00 }];
    await must('deals/won/sign-contract', { contractId: 'won-2', number: 'won-2', lines: again });
    await win('won-later');
    await opened('won-later.care');
    const events = [];
    for await (const { type } of rig.stores.log.readStream('serviceCase-won.care')) events.push(type);
    expect(events).toEqual(['ServiceCaseOpened']);
    const before = [];
    for await (const { type } of rig.stores.log.readStream('serviceCase-won-before.care')) before.push(type);
    expect(before).toEqual([]);
  });

  it('goes to the head of the department where its owner has left', async () => {
    const left = { position: 'Seller', departmentId: 'sales', roles: ['manager'], hiredOn: '2009-02-01' };
    await act('employees/gone/hire-employee', { name: 'Gone', ...left });
    await act('employees/orlova/hire-employee', { name: 'Orlova', ...left });
    await act('departments/sales/appoint-head', { employeeId: 'orlova', effectiveOn: '2009-02-01' });
    await act('deals/left/open-deal', { customerId: 'volga-tools', routeMapId: 'quick', ownerId: 'gone' });
    await act('employees/gone/dismiss-employee', { lastDay: '2009-03-01' });
    const lines = [{ productId: 'trade', amountKopecks: 1_00 }];
    await act('deals/left/sign-contract', { contractId: 'left-1', number: 'left', lines });
    expect((await opened('left.care')).data).toMatchObject({ ownerId: 'orlova' });
  });
});

describe('commands that belong to processes', () => {
  it('are offered to nobody', async () => {
    for (const where of ['statements/2009-08.ivanova/issue-statement', 'payroll/main/complete-closing']) {
      expect((await rig.post(`/v1/${where}`, {})).status).toBe(404);
    }
  });
});
