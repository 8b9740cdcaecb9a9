import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Recorded } from '@voronka/kernel';
import type { StatementDocument } from '@voronka/pay/events';
import { END_DAY, FIRST_DAY } from '../../../apps/cli/src/demo/company.js';
import { months } from '../../../apps/cli/src/demo/found-pay.js';
import { loadScenario } from '../../../apps/cli/src/demo/load-scenario.js';
import { tellScenario } from '../../../apps/cli/src/demo/scenario.js';
import { type ApiRig, startApiRig } from '../../api/support/api-rig.js';
import { randomFrom } from '../../projections/support/random.js';
import { indicator } from './august.js';
import { type LoggedEvent, NaiveBooks } from './naive-pay.js';
import { NaivePayChanges, otherRates } from './naive-pay-changes.js';
import { NaivePayroll, type NaiveStatement } from './naive-payroll.js';
import { SHARED_INDICATOR } from './naive-rates.js';

// Eighteen months of the demonstration company, recounted and closed from the events by code that shares nothing with
// the product.

/** How much of it: deals of the story, changes of the past, months that are closed meanwhile, and the seed. */
export interface NaivePayProofs {
  readonly deals: number;
  readonly changes: number;
  /** The first so many, in order; at most all but the last. */
  readonly closings: number;
  readonly seed: number;
}

/** From here on the story is paid at other rates, by shares, and only a part may be taken back. */
const OTHER_RATES_FROM = months[2] ?? '';
const ACCEPTED = ['QUARANTINE', 'UNVERIFIED_STEPS', 'NO_PLAN', 'PENDING_APPROVALS', 'OPEN_DISPUTES'];

const clock: Clock & { instant: string } = {
  instant: `${FIRST_DAY}T00:00:00.000Z`,
  now: () => clock.instant,
};
let rig: ApiRig;
let last = '0';

const read: LoggedEvent[] = [];
let readUpTo: bigint | null = null;

/** The whole log; what was read before is not read again. */
async function exported(): Promise<readonly LoggedEvent[]> {
  for await (const batch of rig.stores.log.readAll({ after: readUpTo })) {
    read.push(...batch.events.map((event: Recorded) => event as unknown as LoggedEvent));
    readUpTo = batch.events.at(-1)?.position ?? readUpTo;
  }
  return [...read];
}

const books = async (): Promise<NaiveBooks> => new NaiveBooks(await exported());

async function ask<T>(where: string, member: string): Promise<readonly T[]> {
  const answer = await rig.get(`/v1/${where}&after=${last}`);
  if (answer.status !== 200) throw new Error(`${where}: ${answer.text}`);
  return answer.json[member] as readonly T[];
}

interface Shown {
  readonly document: StatementDocument;
}

/** Amounts by name, without those that are 0: what is not there and what is nothing are the same. */
type Amounts = ReadonlyMap<string, number>;

function amounts(all: readonly (readonly [string, number])[]): Amounts {
  return new Map(all.filter(([, kopecks]) => kopecks !== 0));
}

/** Where two say something else, whichever of them says it. */
function differences(name: string, product: Amounts, naive: Amounts): readonly string[] {
  return [...new Set([...product.keys(), ...naive.keys()])]
    .filter((key) => product.get(key) !== naive.get(key))
    .map((key) => `${name} ${key}: ${product.get(key) ?? 0}, recounted ${naive.get(key) ?? 0}`);
}

const linesOf = ({ lines }: StatementDocument): Amounts =>
  amounts(lines.map(({ rule, amountKopecks }) => [rule, amountKopecks]));

/** All that a statement says in kopecks. */
function statedBy(document: StatementDocument): Amounts {
  const { adjustments, totals } = document;
  const { earnedKopecks, adjustedKopecks, broughtKopecks, payableKopecks, carriedKopecks } = totals;
  return amounts([
    ...linesOf(document),
    ...adjustments.flatMap(({ origin, dueKopecks, waivedKopecks, notTakenKopecks }) => [
      [`due of ${origin}`, dueKopecks] as const,
      [`waived of ${origin}`, waivedKopecks] as const,
      [`not taken of ${origin}`, notTakenKopecks] as const,
    ]),
    ...[['earned', earnedKopecks] as const, ['adjusted', adjustedKopecks] as const],
    ...[['brought', broughtKopecks] as const, ['paid', payableKopecks] as const, ['carried', carriedKopecks] as const],
  ]);
}

function statedNaively({ lines, settled, ...totals }: NaiveStatement): Amounts {
  const { earned, adjusted, brought, payable, carried } = totals;
  return amounts([
    ...Object.entries(lines),
    ...[...settled].flatMap(([origin, { due, waived, notTaken }]) => [
      [`due of ${origin}`, due] as const,
      [`waived of ${origin}`, waived] as const,
      [`not taken of ${origin}`, notTaken] as const,
    ]),
    ...Object.entries({ earned, adjusted, brought, paid: payable, carried }),
  ]);
}

const NONE: Amounts = new Map();

/** What every month pays by facts and terms now: where the product and the recount differ, and how many lines pay. */
async function compareMonths(): Promise<{ differences: readonly string[]; paid: number }> {
  const naive = await books();
  const found: string[] = [];
  let paid = 0;
  for (const month of months) {
    const drafts = await ask<Shown>(`payroll/drafts?period=${month}`, 'drafts');
    const shown = new Map(drafts.map(({ document }) => [document.employeeId, linesOf(document)]));
    for (const employee of new Set([...shown.keys(), ...naive.employees])) {
      const recounted = amounts(Object.entries(naive.pay(employee, month)));
      found.push(...differences(`${month} ${employee}`, shown.get(employee) ?? NONE, recounted));
      paid += recounted.size;
    }
  }
  return { differences: found, paid };
}

interface Compared {
  readonly differences: readonly string[];
  /** How many amounts of each kind the recount has: `due`, `waived` … */
  readonly seen: ReadonlyMap<string, number>;
}

/** Every statement that was issued, and the draft of the open month. */
async function compareStatements(closed: readonly string[]): Promise<Compared> {
  const events = await exported();
  const [payroll, naive] = [new NaivePayroll(events), new NaiveBooks(events)];
  const found = payroll.closed.join() === closed.join() ? [] : [`closed: ${payroll.closed.join()}`];
  const seen = new Map<string, number>();
  const lastSaid = new Map<string, Amounts>();
  for (const month of months.slice(0, closed.length + 1)) {
    const isOpen = !closed.includes(month);
    const where = isOpen ? `payroll/drafts?period=${month}` : `statements?period=${month}&limit=500`;
    const shown = new Map(
      (await ask<Shown>(where, isOpen ? 'drafts' : 'items')).map(({ document }) => [document.employeeId, document]),
    );
    for (const employee of new Set([...shown.keys(), ...naive.employees])) {
      const recounted = isOpen
        ? payroll.statement(employee, month, naive)
        : payroll.statements.get(`${month} ${employee}`);
      const own = recounted === undefined ? NONE : statedNaively(recounted);
      const document = shown.get(employee);
      const said = document === undefined ? untold(own, lastSaid.get(employee)) : statedBy(document);
      if (document !== undefined) lastSaid.set(employee, said);
      found.push(...differences(`${month} ${employee}`, said, own));
      for (const key of own.keys()) seen.set(kindOf(key), (seen.get(kindOf(key)) ?? 0) + 1);
    }
  }
  return { differences: found, seen };
}

const kindOf = (key: string): string => key.replace(/ of .*/, '');

const STANDING: readonly string[] = ['waived', 'not taken'];

/** Who is told nothing carries what he carried before, and what is not paid to him is what he was told last. */
function untold(own: Amounts, last: Amounts = NONE): Amounts {
  const carried = [...own].filter(([key]) => key === 'brought' || key === 'carried');
  return new Map([...carried, ...[...last].filter(([key]) => STANDING.includes(kindOf(key)))]);
}

/** Somebody who is paid for first contacts in a closed month, as it was stated and as it is now. */
async function whoMetHisPlan(closed: readonly string[]): Promise<{ month: string; employee: string }> {
  const events = await exported();
  const [{ statements }, naive] = [new NaivePayroll(events), new NaiveBooks(events)];
  for (const [key, { lines }] of statements) {
    const [month = '', employee = ''] = key.split(' ');
    const isMet = lines.R1 > 0 && naive.pay(employee, month).R1 > 0;
    if (closed.includes(month) && isMet) return { month, employee };
  }
  throw new Error('nobody met a plan');
}

async function must(where: string, body: object): Promise<void> {
  const answer = await rig.post(`/v1/${where}`, body);
  if (answer.status >= 300) throw new Error(`${where}: ${answer.text}`);
  last = String(answer.json['position']);
}

interface Month {
  readonly period: string;
  readonly status: string;
}

async function close(period: string): Promise<void> {
  await must('payroll/main/close-period', { period, accept: ACCEPTED });
  for (let tries = 0; tries < 1_000; tries += 1) {
    const found = (await ask<Month>('payroll?', 'periods')).find((one) => one.period === period);
    if (found?.status === 'closed') return;
    if (found !== undefined && found.status !== 'closing') throw new Error(JSON.stringify(found));
    await sleep(20);
  }
  throw new Error(`${period} is still being closed`);
}

/** Declares the tests. Call it inside `describe`. */
export function naivePayProofs({ deals, changes, closings, seed }: NaivePayProofs): void {
  const closed = months.slice(0, closings);

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
        ['first_contacts', 'meetings'].map((code) => ({
          ...{ indicator: code, owner: { kind: 'employee', id }, period },
          ...{ change: 'replace', value: 1, proration: 'workingDays' },
        })),
      ),
    );
    await must('plans/small/revise-plan', { cells, reason: 'As the situation asks' });
    const definition = indicator({ measure: 'amount', credit: { by: 'shares', role: 'sale' } });
    await must(`indicators/${SHARED_INDICATOR}/define-indicator`, definition);
    const part = { months: 12, shareBps: 5_000, statementShareBps: 10_000 };
    await must('pay-regulations/main/publish-pay-regulation', otherRates(`${OTHER_RATES_FROM}-01`, 170_00, part));
  }, 900_000);
  afterAll(async () => {
    await rig.stop();
  }, 60_000);

  it('is what a plain recount of the exported events gives, in all eighteen months', async () => {
    const { differences: found, paid } = await compareMonths();
    expect(found).toEqual([]);
    expect(paid).toBeGreaterThan(30);
  }, 240_000);

  it(`is so after ${changes} random changes of the past as well, while ${closings} months are closed, one after another`, async () => {
    const history = new NaivePayChanges(rig, randomFrom(seed), books);
    let made = 0;
    for (const [index, month] of closed.entries()) {
      await close(month);
      const due = Math.round((changes * (index + 1)) / closings);
      made += await history.make(due - made, closed.slice(0, index + 1));
      if (BigInt(history.position) > BigInt(last)) last = history.position;
    }
    // Whatever came about by chance: a contract of the last closed month that has one is void, and somebody who met a plan would not have met a greater one.
    const { month, employee } = await whoMetHisPlan(closed);
    expect(await history.raisePlan(month, employee)).toBe(true);
    expect(await history.voidLatest(closed)).toBe(true);
    last = history.position;
    expect(made).toBe(changes);
    const { differences: found } = await compareMonths();
    expect(found).toEqual([]);
  }, 1_200_000);

  it('is posted and settled as a plain recount closes the months: due, waived, not taken and carried over', async () => {
    const { differences: found, seen } = await compareStatements(closed);
    expect(found).toEqual([]);
    for (const kind of ['earned', 'due', 'waived', 'not taken']) {
      expect([kind, (seen.get(kind) ?? 0) > 0]).toEqual([kind, true]);
    }
  }, 600_000);
}
