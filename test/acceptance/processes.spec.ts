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

describe('commands that belong to processes', () => {
  it('are offered to nobody', async () => {
    for (const where of ['statements/2009-08.ivanova/issue-statement', 'payroll/main/complete-closing']) {
      expect((await rig.post(`/v1/${where}`, {})).status).toBe(404);
    }
  });
});
