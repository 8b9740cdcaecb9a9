import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiRig, startApiRig } from '../api/support/api-rig.js';
import { openDeal, setUp } from '../api/support/small-department.js';

// What the product does by itself, through the running system.

let rig: ApiRig;
/** How far the company's clock is ahead, in milliseconds. */
let ahead = 0;
const clock = { now: () => new Date(Date.now() + ahead).toISOString() };
const LOOK_MS = 100;
const FOR_IVANOVA = { headers: { 'voronka-on-behalf-of': 'ivanova' } };

beforeAll(async () => {
  rig = await startApiRig({}, clock, { lookEveryMs: LOOK_MS });
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
  const handled = async (stream: string): Promise<void> => {
    let last = 0n;
    for await (const { position } of rig.stores.log.readStream(stream)) last = position;
    for (let tries = 0; tries < 400; tries += 1) {
      const reached = await rig.stores.appStore.checkpoints.load('open-service-case');
      if (reached !== null && reached >= last) return;
      await sleep(25);
    }
    throw new Error(`${stream} was never looked at`);
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

  it('and lost by voiding its contract has its planned activities called off; one that is open again keeps them', async () => {
    const voiding = { contractId: 'undone-1', reason: 'Signed by nobody', dealBecomes: 'lost', lossReason: 'price' };
    await must('deals/undone/open-deal', { customerId: 'volga-tools', routeMapId: 'quick' });
    await must('deals/kept/open-deal', { customerId: 'volga-tools', routeMapId: 'quick' });
    for (const deal of ['kept', 'undone']) {
      await must(`deals/${deal}/plan-activity`, plan(`${deal}-call`));
      const lines = [{ productId: 'trade', amountKopecks: 100_00 }];
      await must(`deals/${deal}/sign-contract`, { contractId: `${deal}-1`, number: deal, lines });
    }
    await act('deals/kept/void-contract', { contractId: 'kept-1', reason: 'Signed by nobody', dealBecomes: 'open' });
    await act('deals/undone/void-contract', voiding);
    const types = await until('undone', 'ActivityCancelled', 1);
    expect(types.slice(-2)).toEqual(['ContractVoided', 'ActivityCancelled']);
    expect(await typesOf('kept')).not.toContain('ActivityCancelled');
  });

  it('opens a service case of the same customer, once, for the owner of the deal', async () => {
    await win('won-before');
    // What was won before has been looked at before: a process goes by the map that a product names as it looks.
    await handled('deal-won-before');
    await act('products/trade/assign-service-map', { routeMapId: 'care' });
    await win('won');
    expect(await opened('won.care')).toMatchObject({
      type: 'ServiceCaseOpened',
      data: { customerId: 'volga-tools', ownerId: 'ivanova', productIds: ['trade'], dealId: 'won', routeMapVersion: 1 },
      metadata: { actor: 'process:open-service-case', person: null },
    });
    // Won again after a reopening, it goes on with the case that it has.
    await must('deals/won/void-contract', { contractId: 'won-1', reason: 'Signed by mistake', dealBecomes: 'open' });
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

describe('what is overdue', () => {
  const HOUR = 3_600_000;
  const post = async (where: string, body: object): Promise<void> => {
    const answer = await rig.post(`/v1/${where}`, body);
    if (answer.status >= 300) throw new Error(answer.text);
  };
  interface Shown {
    readonly subjectId: string;
    readonly about: string;
    readonly level: string;
    readonly employeeId: string | null;
  }
  const shown = async (key?: string): Promise<string[]> => {
    const asked = await rig.get('/v1/reminders?limit=100', key === undefined ? {} : { key });
    if (asked.status !== 200) throw new Error(asked.text);
    const items = asked.json['items'] as readonly Shown[];
    return items
      .filter(({ subjectId }) => subjectId === 'slow')
      .map(({ about, level, employeeId }) => `${about} ${level} ${employeeId}`)
      .toSorted();
  };
  const untilShown = async (count: number): Promise<string[]> => {
    for (let tries = 0; tries < 200; tries += 1) {
      const found = await shown();
      if (found.length >= count) return found;
      await sleep(50);
    }
    throw new Error(`never ${count} reminders, but ${(await shown()).join(', ')}`);
  };
  afterAll(() => {
    ahead = 0;
  });

  it('is reminded of once: first whoever should have done it, after the norm again the head', async () => {
    const today = clock.now().slice(0, 10);
    await post('departments/calls/create-department', { name: 'Calls' });
    for (const id of ['sidorov', 'chief']) {
      const place = { departmentId: 'calls', position: 'Seller', roles: ['manager'], hiredOn: '2009-02-01' };
      await post(`employees/${id}/hire-employee`, { name: id, ...place });
    }
    await post('departments/calls/appoint-head', { employeeId: 'chief', effectiveOn: today });
    const steps = [
      {
        ...{ code: 'contact', name: 'Contact', stage: 'all', kind: 'contact', mandatory: true, after: [], roles: [] },
        ...{ form: [], funnelRank: 10, normWorkingHours: 400 },
      },
    ];
    await post('route-maps/slow/publish-route-map', {
      ...{ name: 'Slow', purpose: 'sale', stages: [{ code: 'all', name: 'All' }], steps },
      lossReasons: [{ code: 'price', name: 'Price', countsAsLoss: true }],
    });
    await post('deals/slow/open-deal', { customerId: 'volga-tools', routeMapId: 'slow', ownerId: 'sidorov' });
    const dueAt = new Date(Date.now() + HOUR).toISOString();
    await post('deals/slow/plan-activity', { activityId: 'a1', kind: 'call', dueAt, performer: 'sidorov' });
    ahead = 2 * HOUR;
    expect(await untilShown(1)).toEqual(['activity performer sidorov']);
    ahead = 20 * 24 * HOUR;
    expect(await untilShown(2)).toEqual(['activity head chief', 'activity performer sidorov']);
    ahead = 400 * 24 * HOUR;
    const all = ['activity head chief', 'activity performer sidorov', 'step head chief', 'step performer sidorov'];
    expect(await untilShown(4)).toEqual(all);
    await sleep(5 * LOOK_MS);
    expect(await shown()).toEqual(all);
    expect(await shown(await rig.keyFor(['manager'], 'chief'))).toEqual(['activity head chief', 'step head chief']);
    expect(await shown(await rig.keyFor(['head'], 'chief'))).toEqual(all);
    expect(await shown(await rig.keyFor(['manager'], 'ivanova'))).toEqual([]);
  });
});

describe('absences', () => {
  it('a head appointed from a day to come heads nobody before it, also not when he asks about that day', async () => {
    const post = async (where: string, body: object): Promise<string> => {
      const answer = await rig.post(`/v1/${where}`, body);
      if (answer.status >= 300) throw new Error(answer.text);
      return String(answer.json['position']);
    };
    await post('departments/soon/create-department', { name: 'Soon' });
    const place = { departmentId: 'soon', position: 'Seller', hiredOn: '2009-02-01' };
    for (const id of ['there', 'next']) await post(`employees/${id}/hire-employee`, { name: id, ...place });
    const days = { absenceId: 'v1', kind: 'vacation', firstDay: '2009-08-10', lastDay: '2009-08-21' };
    await post('employees/there/record-absence', days);
    const after = await post('departments/soon/appoint-head', { employeeId: 'next', effectiveOn: '2090-01-01' });
    const key = await rig.keyFor(['head'], 'next');
    for (const at of [clock.now(), '2091-01-01T00:00:00Z']) {
      const { json } = await rig.get(`/v1/absences?at=${at}&after=${after}`, { key });
      expect(json['items']).toEqual([]);
    }
    const { json } = await rig.get(`/v1/departments?at=2091-01-01T00:00:00Z&after=${after}`);
    expect(json['items']).toContainEqual({ departmentId: 'soon', name: 'Soon', parentId: null, headId: 'next' });
  });

  it('are seen by whoever is away, by the head of his department, and by nobody else', async () => {
    const post = async (where: string, body: object): Promise<string> => {
      const answer = await rig.post(`/v1/${where}`, body);
      if (answer.status >= 300) throw new Error(answer.text);
      return String(answer.json['position']);
    };
    await post('departments/away/create-department', { name: 'Away' });
    for (const id of ['away', 'boss']) {
      const place = { departmentId: 'away', position: 'Seller', hiredOn: '2009-02-01' };
      await post(`employees/${id}/hire-employee`, { name: id, ...place });
    }
    await post('departments/away/appoint-head', { employeeId: 'boss', effectiveOn: '2009-02-01' });
    const days = { absenceId: 'v1', kind: 'vacation', firstDay: '2009-08-10', lastDay: '2009-08-21' };
    const after = await post('employees/away/record-absence', days);
    const seen = async (key: string): Promise<unknown> =>
      (await rig.get(`/v1/absences?at=2009-08-21T12:00:00Z&after=${after}`, { key })).json['items'];
    const item = { employeeId: 'away', ...days, now: true };
    expect(await seen(await rig.keyFor(['manager'], 'away'))).toEqual([item]);
    expect(await seen(await rig.keyFor(['head'], 'boss'))).toEqual([item]);
    expect(await seen(await rig.keyFor(['director'], 'ivanova'))).toContainEqual(item);
    expect(await seen(await rig.keyFor(['manager'], 'ivanova'))).toEqual([]);
    // Who headed it once sees no more of it, also not as of the position at which he did.
    const today = { employeeId: 'away', effectiveOn: clock.now().slice(0, 10) };
    const then = await post('departments/away/appoint-head', today);
    const key = await rig.keyFor(['head'], 'boss');
    const { json } = await rig.get(`/v1/absences?asOf=${after}&after=${then}`, { key });
    expect(json['items']).toEqual([]);
  });
});

describe('commands that belong to processes', () => {
  it('are offered to nobody', async () => {
    for (const where of [
      'statements/2009-08.ivanova/issue-statement',
      'payroll/main/complete-closing',
      'reminders/x/raise-reminder',
    ]) {
      expect((await rig.post(`/v1/${where}`, {})).status).toBe(404);
    }
  });
});
