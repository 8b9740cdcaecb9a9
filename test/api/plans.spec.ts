import type { Clock } from '@voronka/kernel';
import { found } from '../acceptance/support/august.js';
import { type Answered, type ApiRig, startApiRig } from './support/api-rig.js';
import { exampleOf } from './support/small-department.js';

class SetClock implements Clock {
  constructor(public instant: string) {}
  now(): string {
    return this.instant;
  }
}

const clock = new SetClock('2009-07-31T19:00:00.000Z');
let rig: ApiRig;
let position = '0';

const command = async (where: string, body: object, person?: string): Promise<Answered> => {
  const asking = person === undefined ? {} : { headers: { 'voronka-on-behalf-of': person } };
  const answer = await rig.post(`/v1/${where}`, body, asking);
  if (answer.status >= 300) throw new Error(`${where}: ${answer.text}`);
  if (typeof answer.json['position'] === 'string') position = answer.json['position'];
  return answer;
};

const ask = async <T>(where: string, key?: string): Promise<T> => {
  const answer = await rig.get(
    `/v1/plans${where.startsWith('?') ? '' : '/'}${where}&after=${position}`,
    key === undefined ? {} : { key },
  );
  if (answer.status !== 200) throw new Error(`${where}: ${answer.text}`);
  return answer.json as T;
};

const refusal = async (where: string, key?: string) =>
  (await rig.get(`/v1/plans/${where}`, key === undefined ? {} : { key })).json['code'];

/** Of 20 contacts 10 became meetings, of 10 meetings 10 contracts in hand, of which 4 were signed. */
async function history(): Promise<void> {
  clock.instant = '2009-08-03T08:00:00.000Z';
  const steps: readonly (readonly [string, number])[] = [
    ['contact', 20],
    ['meeting', 10],
    ['contract', 10],
  ];
  for (let deal = 1; deal <= 20; deal += 1) {
    await command(`deals/d${deal}/open-deal`, { customerId: 'volga-tools', routeMapId: 'sale' }, 'ivanova');
    for (const [step, many] of steps) {
      if (deal <= many) await command(`deals/d${deal}/complete-step`, { step }, 'ivanova');
    }
    if (deal > 4) continue;
    const lines = [{ productId: 'trade', amountKopecks: 100_000_00 }];
    await command(`deals/d${deal}/sign-contract`, { contractId: 'c', number: `N-${deal}`, lines }, 'ivanova');
  }
}

beforeAll(async () => {
  rig = await startApiRig({ VORONKA_TIME_ZONE: 'Europe/Samara' }, clock);
  await found(command);
  await command('employees/orlov/hire-employee', { ...exampleOf('HireEmployee'), position: 'Sales manager' });
  await history();
  clock.instant = '2009-08-31T08:00:00.000Z';
}, 180_000);
afterAll(async () => {
  await rig.stop();
}, 60_000);

const company = { kind: 'company', id: 'main' };
const GOAL = 'decomposition?routeMap=sale&period=2009-09&ownerKind=company&owner=main&horizonDays=7&minimumSample=5';

describe('plans made out of something else', () => {
  it('a goal of 20 wins takes 44 contracts in hand, 44 meetings and 78 contacts: cells that can be assigned', async () => {
    // (20 − 6 × 0.4) ÷ 0.4; 44 ÷ 1; (44 − 10 × 0.5) ÷ 0.5
    const { bars, cells } = await ask<{ bars: object[]; cells: object[] }>(`${GOAL}&wins=20`);
    expect(bars).toEqual([
      { step: 'contact', indicator: 'first_contacts', done: 0, needed: 78 },
      { step: 'meeting', indicator: 'meetings', done: 0, needed: 44 },
      { step: 'contract', indicator: null, done: 0, needed: 44 },
    ]);
    const owned = { owner: company, period: '2009-09' };
    expect(cells).toEqual([
      { indicator: 'first_contacts', ...owned, value: 78 },
      { indicator: 'meetings', ...owned, value: 44 },
    ]);
    await command('plans/goal/assign-plan', { cells, reason: 'Twenty wins' });
    const wins = [{ indicator: 'deals_won', ...owned, value: 20 }];
    await command('plans/wins/assign-plan', { cells: wins, reason: 'Twenty wins' });
  });

  it('what is done counts: in August the plan of contacts is the 20 there were and what is still to come', async () => {
    const here = GOAL.replace('2009-09', '2009-08');
    const { cells } = await ask<{ cells: object[] }>(`${here}&wins=24`);
    expect(cells).toMatchObject([
      { indicator: 'first_contacts', value: 20 + 78 },
      { indicator: 'meetings', value: 10 + 44 },
    ]);
  });

  it('a department’s plan is one for each, or one for all in equal parts', async () => {
    const people = async (how: string) =>
      (
        await ask<{ cells: { owner: { id: string }; value: number }[] }>(`department?indicator=meetings&${how}`)
      ).cells.map(({ owner, value }) => [owner.id, value]);
    const where = 'department=sales&period=2009-09';
    expect(await people(`${where}&each=40`)).toEqual([
      ['ivanova', 40],
      ['orlov', 40],
      ['petrova', 40],
      ['sidorova', 40],
    ]);
    expect(await people(`${where}&total=10`)).toEqual([
      ['ivanova', 3],
      ['orlov', 3],
      ['petrova', 2],
      ['sidorova', 2],
    ]);
    expect(await people('department=nowhere&period=2009-09&each=1')).toEqual([]);
    expect(await refusal(`department?indicator=meetings&${where}`)).toBe('PLAN_UNCLEAR');
  });

  it('are seen within one’s scope', async () => {
    const key = await rig.keyFor(['manager'], 'ivanova');
    expect(await refusal(`${GOAL}&wins=4`, key)).toBe('SCOPE_EXCEEDED');
    expect(await refusal('department?indicator=meetings&department=sales&period=2009-09&each=1', key)).toBe(
      'SCOPE_EXCEEDED',
    );
    expect(await refusal('attention?period=2009-09&employee=orlov', key)).toBe('SCOPE_EXCEEDED');
    expect(await ask<{ rows: object[] }>('attention?period=2009-09', key)).toMatchObject({ rows: [] });
  });
});

describe('many plans as one change', () => {
  const FIRST_YEAR = 2_030;
  const cells = ['ivanova', 'orlov', 'petrova', 'sidorova'].flatMap((id) =>
    ['first_contacts', 'meetings'].flatMap((indicator) =>
      Array.from({ length: 125 }, (_, month) => ({
        ...{ indicator, owner: { kind: 'employee', id } },
        period: `${FIRST_YEAR + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`,
        value: month + 1,
      })),
    ),
  );
  const body = { cells, reason: 'Ten years' };

  it('1,000 cells have one preview and are one event, by a person whom none of them pays', async () => {
    const asked = { thing: 'plans', id: 'many', command: 'assign-plan', body };
    const seen = (await command('previews', asked)).json as { people: { employeeId: string; months: object[] }[] };
    expect(seen.people.map(({ employeeId, months }) => [employeeId, months.length])).toEqual([
      ['ivanova', 125],
      ['orlov', 125],
    ]);
    const done = await command('plans/many/assign-plan', body);
    expect(done.json['events']).toMatchObject([{ type: 'PlanAssigned' }]);
    const { rows } = await ask<{ rows: { target: string }[] }>('?period=2031-01');
    expect(rows.map(({ target }) => target)).toEqual(Array.from({ length: 8 }, () => '13'));
    const refused = await rig.post('/v1/plans/more/assign-plan', { ...body, cells: [...cells, cells[0]] });
    expect(refused.json['code']).toBe('BODY_INVALID');
  }, 60_000);

  it('nobody is among those whose plan he changes', async () => {
    const headers = { 'voronka-on-behalf-of': 'orlov' };
    const refused = await rig.post('/v1/plans/own-one/assign-plan', body, { headers });
    expect([refused.status, refused.json['code'], refused.json['data']]).toEqual([403, 'OWN_PAY', { cell: 250 }]);
  });

  it('a department’s plan is kept beside its people’s, with the gap between them', async () => {
    const owner = { kind: 'department', id: 'sales' };
    const own = [{ indicator: 'meetings', owner, period: '2031-01', value: 60 }];
    await command('plans/department/assign-plan', { cells: own, reason: 'More than they promised' });
    const { gaps } = await ask<{ gaps: object[] }>('?period=2031-01');
    expect(gaps).toEqual([{ indicator: 'meetings', department: 'sales', gap: String(60 - 4 * 13) }]);
  });
});

describe('the attention list', () => {
  const attention = async (more: string) =>
    (await ask<{ rows: Record<string, unknown>[] }>(`attention?period=2009-09&${more}`)).rows.map(
      ({ indicator, owner, fulfilment, asked }) => [indicator, (owner as { id: string }).id, fulfilment, asked],
    );

  it('holds what falls below the share, the worst first, with what the goal still takes', async () => {
    const owner = { kind: 'employee', id: 'ivanova' };
    const cells = [{ indicator: 'first_contacts', owner, period: '2009-09', value: 1 }];
    await command('plans/own/assign-plan', { cells, reason: 'One is enough' }, 'sidorova');
    clock.instant = '2009-09-15T08:00:00.000Z';
    for (const deal of ['n1', 'n2']) {
      await command(`deals/${deal}/open-deal`, { customerId: 'volga-tools', routeMapId: 'sale' }, 'ivanova');
      await command(`deals/${deal}/complete-step`, { step: 'contact' }, 'ivanova');
    }
    // 11 of 22 working days have passed: 39 contacts, 22 meetings and 10 wins should be there.
    expect(await attention('below=90&horizonDays=7&minimumSample=5')).toEqual([
      ['deals_won', 'main', '0.0000', { reason: 'NOT_A_BAR' }],
      ['meetings', 'main', '0.0000', { goal: 'deals_won', step: 'meeting', needed: 44, standing: 0 }],
      ['first_contacts', 'main', '0.0513', { goal: 'deals_won', step: 'contact', needed: 76, standing: 12 }],
    ]);
    expect(await attention('indicator=first_contacts')).toEqual([
      ['first_contacts', 'main', '0.0513', { reason: 'DECOMPOSITION_SAMPLE_TOO_SMALL' }],
    ]);
    expect(await attention('below=5&indicator=first_contacts')).toEqual([]);
    expect(await attention('below=90&employee=ivanova')).toEqual([]);
  });

  it('begins when there is a plan to date: nothing is behind before the period', async () => {
    expect(await attention('at=2009-08-31T08:00:00Z')).toEqual([]);
  });
});
