import { type ApiRig, startApiRig } from './support/api-rig.js';
import { exampleOf, openDeal, setUp } from './support/small-department.js';

// T (`at`): what was to be done at a business instant, whatever has become of it since.

let rig: ApiRig;
let last: string;
const clock = { instant: '2009-08-03T08:00:00.000Z', now: (): string => clock.instant };

async function must(where: string, body: object, person = 'ivanova'): Promise<void> {
  const answer = await rig.post(`/v1/${where}`, body, { headers: { 'voronka-on-behalf-of': person } });
  if (answer.status >= 300) throw new Error(answer.text);
  last = String(answer.json['position']);
}

async function ask(where: string): Promise<Record<string, unknown>> {
  const answer = await rig.get(`/v1/${where}${where.includes('?') ? '&' : '?'}after=${last}`);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json;
}

/** The questionnaire, due on the 5th, is filled on the 20th; the analysis of the 21st is accepted on 2 September. */
beforeAll(async () => {
  rig = await startApiRig({}, clock);
  await setUp(rig);
  await must('employees/orlova/hire-employee', { ...exampleOf('HireEmployee'), name: 'Olga Orlova', roles: ['head'] });
  await openDeal(rig, 'd1');
  await must('deals/d1/complete-step', { step: 'first-contact' });
  clock.instant = '2009-08-20T08:00:00.000Z';
  await must('deals/d1/complete-step', { step: 'questionnaire', answers: { office: 'small' } });
  clock.instant = '2009-08-21T08:00:00.000Z';
  await must('deals/d1/complete-step', { step: 'analysis' });
  clock.instant = '2009-09-02T08:00:00.000Z';
  await must('deals/d1/verify-step', { step: 'analysis', accepted: true }, 'orlova');
  await must('deals/d1/complete-step', { step: 'proposal' });
  const lines = [{ productId: 'trade', amountKopecks: 100_00 }];
  await must('deals/d1/sign-contract', { contractId: 'c1', number: '117', lines });
}, 120_000);
afterAll(async () => {
  await rig.stop();
}, 60_000);

describe('as of an earlier business instant', () => {
  it('the worklist has what was overdue then, though it was done later and the deal was won', async () => {
    expect(await ask('worklist?at=2009-08-15T00:00:00Z')).toMatchObject({
      overdue: [{ dealId: 'd1', step: 'questionnaire', since: '2009-08-03T08:00:00.000Z' }],
      openDeals: 1,
    });
    expect(await ask('worklist?at=2009-08-04T00:00:00Z')).toMatchObject({ overdue: [], openDeals: 1 });
    expect(await ask('worklist?at=2009-08-25T00:00:00Z')).toMatchObject({ overdue: [], openDeals: 1 });
    expect(await ask('worklist')).toMatchObject({ overdue: [], awaiting: [], openDeals: 0 });
  });

  it('the worklist has what waited for verification then, though it was accepted later', async () => {
    expect(await ask('worklist?at=2009-08-25T00:00:00Z')).toMatchObject({
      awaiting: [{ dealId: 'd1', step: 'analysis', since: '2009-08-21T08:00:00.000Z' }],
    });
    expect(await ask('worklist?at=2009-08-20T12:00:00Z')).toMatchObject({ awaiting: [] });
    expect(await ask('worklist?at=2009-09-02T08:00:00Z')).toMatchObject({ awaiting: [] });
  });

  it('tells what could be done next then, and nothing of a deal that was not opened yet', async () => {
    expect(await ask('deals/d1/next')).toMatchObject({ status: 'won', open: [] });
    expect(await ask('deals/d1/next?at=2009-08-15T00:00:00Z')).toMatchObject({
      status: 'open',
      open: [{ code: 'questionnaire', overdue: true }, { code: 'meeting' }],
      done: ['first-contact'],
      contract: { ready: false },
    });
    expect(await ask('deals/d1/next?at=2009-08-25T00:00:00Z')).toMatchObject({ awaiting: [{ code: 'analysis' }] });
    const early = await rig.get('/v1/deals/d1/next?at=2009-08-01T00:00:00Z');
    expect([early.status, early.json['code']]).toEqual([404, 'DEAL_NOT_FOUND']);
  });
});
