import type { Clock, Recorded } from '@voronka/kernel';
import type { BonusLine } from '@voronka/pay/calculation';
import { END_DAY, FIRST_DAY } from '../../../apps/cli/src/demo/company.js';
import { months } from '../../../apps/cli/src/demo/found-pay.js';
import { loadScenario } from '../../../apps/cli/src/demo/load-scenario.js';
import { tellScenario } from '../../../apps/cli/src/demo/scenario.js';
import { type ApiRig, startApiRig } from '../../api/support/api-rig.js';
import { randomFrom } from '../../projections/support/random.js';
import { type LoggedEvent, NaiveBooks } from './naive-pay.js';

// Eighteen months of the demonstration company, recounted from the events by code that shares nothing with the product.

/** How much of it: deals of the story, changes of the past, and the seed of those. */
export interface NaivePayProofs {
  readonly deals: number;
  readonly changes: number;
  readonly seed: number;
}

const PEOPLE_OF_NO_PLANS = ['petrova', 'sokolov', 'gareeva'];
const STEPS = ['first-contact', 'meeting'];

const clock: Clock & { instant: string } = {
  instant: `${FIRST_DAY}T00:00:00.000Z`,
  now: () => clock.instant,
};
let rig: ApiRig;
let last = '0';

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

/** Declares the tests. Call it inside `describe`. */
export function naivePayProofs({ deals, changes, seed }: NaivePayProofs): void {
  beforeAll(async () => {
    rig = await startApiRig({ VORONKA_TIME_ZONE: 'Europe/Samara' }, clock, { isHeld: true });
    const position = await loadScenario(
      tellScenario(1, deals),
      rig.stores.handle,
      (at) => {
        if (at > clock.instant) clock.instant = at;
      },
      () => undefined,
    );
    last = String(position);
    await rig.follow();
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
  }, 900_000);
  afterAll(async () => {
    await rig.stop();
  }, 60_000);

  it('is what a plain recount of the exported events gives, in all eighteen months', async () => {
    const { differences, paid } = await compare();
    expect(differences).toEqual([]);
    expect(paid).toBeGreaterThan(30);
  }, 240_000);

  it(`is so after ${changes} random changes of the past as well`, async () => {
    const made = await change(changes, randomFrom(seed));
    const { differences } = await compare();
    expect(differences).toEqual([]);
    expect(made).toBe(changes);
  }, 1_200_000);
}

/** Carries out so many changes that the rules accept. @returns how many it was */
async function change(wanted: number, random: () => number): Promise<number> {
  const pick = <T>(list: readonly T[]): T => {
    const found = list[Math.floor(random() * list.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  };
  const people = (await books()).employees.filter((id) => !PEOPLE_OF_NO_PLANS.includes(id));
  const reason = 'As the situation asks';
  let made = 0;
  for (let number = 0; made < wanted && number < 10 * wanted; number += 1) {
    const known = await books();
    const kind = random();
    if (kind < 0.2) {
      const { contractId, deal } = pick(known.standing);
      made += await attempt(`deals/${deal}/void-contract`, { contractId, reason, dealBecomes: 'open' });
    } else if (kind < 0.4) {
      made += await attempt(`deals/${pick(known.deals)}/void-step`, {
        step: pick(STEPS),
        reason,
        lateEntryReason: reason,
      });
    } else if (kind < 0.5) {
      const effectiveFrom = `${pick(months)}-${pick(['03', '12', '24'])}T08:00:00.000Z`;
      const toOwnerId = pick(people);
      made += await attempt(`deals/${pick(known.deals)}/reassign-deal`, { toOwnerId, effectiveFrom, reason });
    } else if (kind < 0.6) {
      const month = pick(months);
      const days = { firstDay: `${month}-${pick(['02', '07'])}`, lastDay: `${month}-${pick(['09', '15', '20'])}` };
      const absence = { absenceId: `absence-${number}`, kind: 'leave', ...days };
      made += await attempt(`employees/${pick(people)}/record-absence`, absence);
    } else {
      const period = pick(months);
      const plan = pick([
        { change: 'replace', value: Math.floor(random() * 4) },
        { change: 'add', value: Math.floor(random() * 5) - 2 },
        { change: 'fromDate', from: `${period}-${pick(['04', '11', '17', '28'])}`, value: Math.floor(random() * 4) },
        { change: 'replace', value: Math.floor(random() * 4), proration: 'workingDays' },
        { change: 'withdraw' },
      ]);
      const owner = { kind: 'employee', id: pick(people) };
      const cell = { indicator: pick(['first_contacts', 'meetings']), owner, period, ...plan };
      made += await attempt(`plans/change-${number}/revise-plan`, { cells: [cell], reason });
    }
  }
  return made;
}

/** 1 where it is accepted, 0 where the rules refuse it: a step that was never done, say. */
async function attempt(where: string, body: object): Promise<0 | 1> {
  const answer = await rig.post(`/v1/${where}`, body);
  if (answer.status >= 500) throw new Error(`${where}: ${answer.text}`);
  if (answer.status >= 300) return 0;
  last = String(answer.json['position']);
  return 1;
}
