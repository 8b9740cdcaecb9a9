import { setTimeout as sleep } from 'node:timers/promises';
import { exampleOf } from '../api/support/small-department.js';
import { wholeLog } from './kills/account.js';
import { type House, KEY, startHouse } from './kills/house.js';
import type { Victim } from './kills/part.js';

// A process at work, and kill -9 in the middle: what it had begun is gone on with, nothing is done twice.

const LONG = 180_000;
const DEALS = 6;
const BLOWS: readonly { readonly victim: Victim; readonly afterMs: number }[] = [
  { victim: 'projector', afterMs: 40 },
  { victim: 'node', afterMs: 700 },
];

let house: House;
beforeAll(async () => {
  house = await startHouse();
  await prepare();
}, LONG);
afterAll(async () => {
  await house.stop();
}, LONG);

/** As clients do: the same command with the same key until somebody answers it. */
async function post(where: string, body: object, key = where): Promise<void> {
  const said = { 'idempotency-key': key, 'voronka-on-behalf-of': 'none' };
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...said };
  const request = { method: 'POST', headers, body: JSON.stringify(body) };
  for (let n = 0; n < 300; n += 1) {
    const answer = await fetch(`${house.url}/v1/${where}`, request).catch(() => null);
    if (answer !== null && answer.status < 300) return;
    if (answer !== null && answer.status !== 503) throw new Error(`${where}: ${await answer.text()}`);
    await sleep(100);
  }
  throw new Error(`nobody carries ${where} out`);
}

async function prepare(): Promise<void> {
  const step = { code: 'contact', name: 'Contact', stage: 'all', kind: 'contact', funnelRank: 1, mandatory: true };
  const map = {
    ...exampleOf('PublishRouteMap'),
    stages: [{ code: 'all', name: 'All' }],
    steps: [{ ...step, after: [], roles: [], form: [] }],
  };
  await post('departments/sales/create-department', exampleOf('CreateDepartment'));
  await post('employees/ivanova/hire-employee', exampleOf('HireEmployee'));
  await post('customers/volga-tools/register-customer', exampleOf('RegisterCustomer'));
  await post('products/trade/add-product', exampleOf('AddProduct'));
  await post('route-maps/short/publish-route-map', map);
  await post('route-maps/service/publish-route-map', { ...map, purpose: 'service' });
  await post('products/trade/assign-service-map', exampleOf('AssignServiceMap'));
}

/** A deal that is won, which calls for a service case. */
async function deal(id: string): Promise<void> {
  const opening = { customerId: 'volga-tools', routeMapId: 'short', ownerId: 'ivanova' };
  await post(`deals/${id}/open-deal`, opening);
  await post(`deals/${id}/complete-step`, { step: 'contact', performedBy: 'ivanova' });
  const lines = [{ productId: 'trade', amountKopecks: 100 }];
  await post(`deals/${id}/sign-contract`, { contractId: `c-${id}`, number: id, lines });
}

/** A deal that is lost, with two activities still planned on it: both are to be called off. */
async function lostDeal(id: string): Promise<void> {
  await post(`deals/${id}/open-deal`, { customerId: 'volga-tools', routeMapId: 'short', ownerId: 'ivanova' });
  for (const [at, kind] of ['call', 'visit'].entries()) {
    const plan = { activityId: `${id}-${kind}`, kind, dueAt: `2199-01-0${at + 1}T00:00:00.000Z`, performer: 'ivanova' };
    await post(`deals/${id}/plan-activity`, plan, plan.activityId);
  }
  await post(`deals/${id}/lose-deal`, { lossReason: 'price' });
}

async function strike(): Promise<void> {
  for (const { victim, afterMs } of BLOWS) {
    await sleep(afterMs);
    house.parts[victim].kill(150);
  }
  for (const part of Object.values(house.parts)) await part.serves();
}

async function eventsOf(type: string) {
  return (await wholeLog(house)).filter((event) => event.type === type);
}

/** Until there are as many, or no more come. */
async function settled(type: string, count: number): Promise<void> {
  for (let n = 0; n < 400 && (await eventsOf(type)).length < count; n += 1) await sleep(150);
}

describe('kill -9 while service cases are opened, and the plans of lost deals called off', () => {
  it(
    'each won deal has its service case, and each plan of a lost one is called off, once',
    async () => {
      const ids = Array.from({ length: DEALS }, (_, n) => `d${n}`);
      const work = async (): Promise<void> => {
        for (const id of ids) {
          await deal(id);
          await lostDeal(`${id}-lost`);
          await sleep(250);
        }
      };
      await Promise.all([work(), strike()]);
      await settled('ServiceCaseOpened', DEALS);
      await settled('ActivityCancelled', 2 * DEALS);
      // What was done is met again after another kill: it stays as it is.
      house.parts.projector.kill(100);
      await house.parts.projector.serves();
      await sleep(1_500);
      const cases = await eventsOf('ServiceCaseOpened');
      expect(cases.map(({ stream }) => stream).toSorted()).toEqual(
        ids.map((id) => `serviceCase-${id}.service`).toSorted(),
      );
      const calledOff = await eventsOf('ActivityCancelled');
      expect(calledOff.map(({ data: { activityId } }) => String(activityId)).toSorted()).toEqual(
        ids.flatMap((id) => ['call', 'visit'].map((kind) => `${id}-lost-${kind}`)).toSorted(),
      );
      expect(house.parts.projector.falls).toEqual([]);
    },
    LONG,
  );
});
