import type { Clock, Recorded } from '@voronka/kernel';
import type { BonusLine } from '@voronka/pay/calculation';
import { END_DAY, FIRST_DAY } from '../../apps/cli/src/demo/company.js';
import { months } from '../../apps/cli/src/demo/found-pay.js';
import { loadScenario } from '../../apps/cli/src/demo/load-scenario.js';
import { tellScenario } from '../../apps/cli/src/demo/scenario.js';
import { type ApiRig, startApiRig } from '../api/support/api-rig.js';
import { randomFrom } from '../projections/support/random.js';
import { type LoggedEvent, NaiveBooks } from './support/naive-pay.js';

// Eighteen months of the demonstration company, recounted from the events by code that shares nothing with the product.

const DEALS = 60;
const CHANGES = 20;

const clock: Clock & { instant: string } = {
  instant: `${FIRST_DAY}T00:00:00.000Z`,
  now: () => clock.instant,
};
let rig: ApiRig;
let last = '0';

beforeAll(async () => {
  rig = await startApiRig({ VORONKA_TIME_ZONE: 'Europe/Samara' }, clock);
  const position = await loadScenario(
    tellScenario(1, DEALS),
    rig.stores.handle,
    (at) => {
      if (at > clock.instant) clock.instant = at;
    },
    () => undefined,
  );
  last = String(position);
  clock.instant = `${END_DAY}T12:00:00.000Z`;
  // A small company reaches small plans.
  const cells = (await books()).employees.flatMap((id) =>
    months.flatMap((period) =>
      ['first_contacts', 'meetings'].map((indicator) => ({
        ...{ indicator, owner: { kind: 'employee', id }, period },
        ...{ change: 'replace', value: 1, proration: 'workingDays' },
      })),
    ),
  );
  await must('plans/small/revise-plan', { cells, reason: 'As the situation asks' });
}, 240_000);
afterAll(async () => {
  await rig.stop();
}, 60_000);

async function books(): Promise<NaiveBooks> {
  const events: LoggedEvent[] = [];
  for await (const batch of rig.stores.log.readAll({ after: null })) {
    events.push(...batch.events.map((event: Recorded) => event as unknown as LoggedEvent));
  }
  return new NaiveBooks(events);
}

interface Shown {
  readonly document: { readonly employeeId: string; readonly lines: readonly BonusLine[] };
}

/** Where the product and the recount differ; and how many lines were compared that pay something. */
async function compare(): Promise<{ differences: string[]; paid: number }> {
  const naive = await books();
  const differences: string[] = [];
  let paid = 0;
  for (const month of months) {
    const answer = await rig.get(`/v1/payroll/drafts?period=${month}&after=${last}`);
    expect(answer.status).toBe(200);
    for (const { document } of answer.json['drafts'] as readonly Shown[]) {
      if (document.lines.length === 0) continue;
      const expected = naive.pay(document.employeeId, month);
      for (const { rule, amountKopecks } of document.lines) {
        const recounted = expected[rule as keyof typeof expected];
        if (amountKopecks > 0) paid += 1;
        if (recounted === amountKopecks) continue;
        differences.push(`${month} ${document.employeeId} ${rule}: ${amountKopecks}, recounted ${recounted}`);
      }
    }
  }
  return { differences, paid };
}

async function must(where: string, body: object): Promise<void> {
  const answer = await rig.post(`/v1/${where}`, body);
  if (answer.status >= 300) throw new Error(`${where}: ${answer.text}`);
  last = String(answer.json['position']);
}

describe('pay of the demonstration company', () => {
  it('is what a plain recount of the exported events gives, in all eighteen months', async () => {
    const { differences, paid } = await compare();
    expect(differences).toEqual([]);
    expect(paid).toBeGreaterThan(30);
  }, 120_000);

  it(`is so after ${CHANGES} random changes of the past as well`, async () => {
    const random = randomFrom(20_090_817);
    const pick = <T>(list: readonly T[]): T => {
      const found = list[Math.floor(random() * list.length)];
      if (found === undefined) throw new Error('nothing to pick from');
      return found;
    };
    const people = (await books()).employees.filter((id) => !['petrova', 'sokolov', 'gareeva'].includes(id));
    for (let number = 0; number < CHANGES; number += 1) {
      if (random() < 0.3) {
        const { contractId, deal } = pick((await books()).standing);
        const body = { contractId, reason: 'Never countersigned', dealBecomes: 'open' };
        await must(`deals/${deal}/void-contract`, body);
        continue;
      }
      const period = pick(months);
      const changes = [
        { change: 'replace', value: Math.floor(random() * 4) },
        { change: 'add', value: Math.floor(random() * 5) - 2 },
        { change: 'fromDate', from: `${period}-${pick(['04', '11', '17', '28'])}`, value: Math.floor(random() * 4) },
        { change: 'replace', value: Math.floor(random() * 4), proration: 'workingDays' },
        { change: 'withdraw' },
      ];
      const owner = { kind: 'employee', id: pick(people) };
      const cell = { indicator: pick(['first_contacts', 'meetings']), owner, period, ...pick(changes) };
      await must(`plans/change-${number}/revise-plan`, { cells: [cell], reason: 'As the situation asks' });
    }
    const { differences } = await compare();
    expect(differences).toEqual([]);
  }, 240_000);
});
