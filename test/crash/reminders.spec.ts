import { setTimeout as sleep } from 'node:timers/promises';
import { exampleOf } from '../api/support/small-department.js';
import { wholeLog } from './kills/account.js';
import { type House, KEY, startHouse } from './kills/house.js';
import type { Victim } from './kills/part.js';

// The process that reminds, and kill -9 while it raises reminder after reminder: each is raised, and none twice.

const LONG = 180_000;
const DEALS = 6;
const PLANS_OF_EACH = 30;
const ALL = DEALS * PLANS_OF_EACH;
/** Time in which one of them is planned, however busy the machine is. */
const PLANNING_MS = 6_000;

let house: House;
beforeAll(async () => {
  house = await startHouse();
  await prepare();
}, LONG);
afterAll(async () => {
  await house.stop();
}, LONG);

async function post(where: string, body: object, key = where): Promise<void> {
  const said = { 'idempotency-key': key, 'voronka-on-behalf-of': 'none' };
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...said };
  const answer = await fetch(`${house.url}/v1/${where}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (answer.status >= 300) throw new Error(`${where}: ${await answer.text()}`);
}

async function prepare(): Promise<void> {
  await post('departments/sales/create-department', exampleOf('CreateDepartment'));
  await post('employees/ivanova/hire-employee', exampleOf('HireEmployee'));
  await post('customers/volga-tools/register-customer', exampleOf('RegisterCustomer'));
  await post('route-maps/automation/publish-route-map', exampleOf('PublishRouteMap'));
  const deals = Array.from({ length: DEALS }, async (_none, n) => {
    const opening = { customerId: 'volga-tools', routeMapId: 'automation', ownerId: 'ivanova' };
    await post(`deals/d${n}/open-deal`, opening);
    for (let plan = 0; plan < PLANS_OF_EACH; plan += 1) {
      const activityId = `d${n}-${plan}`;
      const dueAt = new Date(Date.now() + PLANNING_MS).toISOString();
      await post(`deals/d${n}/plan-activity`, { activityId, kind: 'call', dueAt, performer: 'ivanova' }, activityId);
    }
  });
  await Promise.all(deals);
  await sleep(PLANNING_MS + 50);
}

const raised = async () => (await wholeLog(house)).filter(({ type }) => type === 'ReminderRaised');

/** Until so many were raised; gives how many it found. */
async function until(count: number): Promise<number> {
  let found = 0;
  for (let n = 0; n < 2_000 && found < count; n += 1) {
    found = (await raised()).length;
    if (found < count) await sleep(80);
  }
  return found;
}

async function strike(victim: Victim): Promise<void> {
  house.parts[victim].kill(100);
  for (const part of Object.values(house.parts)) await part.serves();
}

it(
  'kill -9 while reminders are raised: none is lost, none is raised twice',
  async () => {
    // It looks when it starts, and every half minute after that.
    await strike('projector');
    const struckAt: number[] = [];
    for (const victim of ['projector', 'node', 'projector'] as const) {
      struckAt.push(await until(struckAt.length * 45 + 10));
      await strike(victim);
    }
    // Each blow fell in the middle of the work.
    for (const count of struckAt) {
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThan(ALL);
    }
    await until(ALL);
    // What was raised is met again after another kill: it stays as it is.
    await strike('projector');
    await sleep(1_500);
    const reminders = await raised();
    const about = reminders.map(({ data }) => (data as { activityId: string; level: string }).activityId).toSorted();
    const planned = Array.from({ length: ALL }, (_none, n) => `d${Math.floor(n / PLANS_OF_EACH)}-${n % PLANS_OF_EACH}`);
    expect(about).toEqual(planned.toSorted());
    expect(new Set(reminders.map(({ stream }) => stream)).size).toBe(ALL);
    expect(house.parts.projector.falls).toEqual([]);
  },
  LONG,
);
