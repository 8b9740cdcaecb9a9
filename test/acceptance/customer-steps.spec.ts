import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiRig, startApiRig } from '../api/support/api-rig.js';
import { openDeal, setUp } from '../api/support/small-department.js';

// A step that only large customers ask for, through the running system: what is next, what is overdue, what is reminded
// of and what was late say the same of it.

let rig: ApiRig;
let last: string;
/** How far the company's clock is ahead, in milliseconds. */
let ahead = 0;
const clock = { now: () => new Date(Date.now() + ahead).toISOString() };
const DAY = 86_400_000;
/** Between these the customer grew. */
const grew = { after: '', before: '' };
/** What was next then. */
let waiting: { readonly since: string; readonly dueAt: string };

async function must(where: string, body: object): Promise<void> {
  const answer = await rig.post(`/v1/${where}`, body, { headers: { 'voronka-on-behalf-of': 'ivanova' } });
  if (answer.status >= 300) throw new Error(answer.text);
  last = String(answer.json['position']);
}

async function ask(where: string): Promise<Record<string, unknown>> {
  const answer = await rig.get(`/v1/${where}${where.includes('?') ? '&' : '?'}after=${last}`);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json;
}

async function reminded(): Promise<Record<string, unknown>> {
  for (let tries = 0; tries < 300; tries += 1) {
    const { items } = (await ask('reminders')) as { readonly items: readonly Record<string, unknown>[] };
    const first = items.findLast(({ level }) => level === 'performer');
    if (first !== undefined) return first;
    await sleep(50);
  }
  throw new Error('nobody was reminded');
}

const step = (code: string, more: object) => ({
  ...{ code, name: code, stage: 'all', kind: 'other', mandatory: true, after: [], roles: [], form: [], ...more },
});

beforeAll(async () => {
  rig = await startApiRig({}, clock, { lookEveryMs: 100 });
  await setUp(rig);
  await must('portraits/main/publish-portrait', {
    fields: [{ code: 'employees', name: 'Employees', type: 'number', required: false }],
    segments: [{ code: 'large', name: 'Large', rule: 'portrait.employees >= 100' }],
  });
  await must('route-maps/branch/publish-route-map', {
    ...{ name: 'Branch', purpose: 'sale', stages: [{ code: 'all', name: 'All' }] },
    lossReasons: [{ code: 'price', name: 'Price', countsAsLoss: true }],
    steps: [
      step('contact', { funnelRank: 10 }),
      step('survey', { after: ['contact'], when: "segment = 'large'", normWorkingHours: 8 }),
    ],
  });
  await openDeal(rig, 'd1', {}, { routeMapId: 'branch' });
  await must('deals/d1/complete-step', { step: 'contact' });
  ahead = 7 * DAY;
  grew.after = clock.now();
  await must('customers/volga-tools/describe-customer', { portrait: { employees: 300 } });
  grew.before = clock.now();
}, 120_000);
afterAll(async () => {
  await rig.stop();
}, 60_000);

describe('a step whose condition looks at the segment was overdue, but never reminded of nor late', () => {
  it('waits since the customer became one who asks for it, and is overdue from its norm on', async () => {
    const { open } = (await ask('deals/d1/next')) as { readonly open: readonly (typeof waiting & { code: string })[] };
    const [first] = open;
    if (first === undefined) throw new Error('nothing is next');
    waiting = { since: first.since, dueAt: first.dueAt };
    expect(open).toMatchObject([{ code: 'survey', overdue: false }]);
    expect(waiting.since >= grew.after && waiting.since <= grew.before).toBe(true);
    expect(await ask(`deals/d1/next?at=${grew.after}`)).toMatchObject({ open: [] });
    expect(await ask('worklist')).toMatchObject({ overdue: [] });
    ahead += 5 * DAY;
    expect(await ask('worklist')).toMatchObject({ overdue: [{ dealId: 'd1', step: 'survey', ...waiting }] });
  });

  it('is reminded of, once it is overdue, by the moment at which it was due', async () => {
    expect(await reminded()).toMatchObject({
      ...{ subjectId: 'd1', step: 'survey', level: 'performer', employeeId: 'ivanova' },
      dueAt: waiting.dueAt,
    });
  });

  it('is late when it is done then', async () => {
    await must('deals/d1/complete-step', { step: 'survey' });
    expect(await ask('funnel/conformance?routeMap=branch')).toMatchObject({
      worst: [{ dealId: 'd1', kinds: ['late'] }],
    });
  });
});
