import { type Clock, parsePeriod, periodBounds, type Recorded } from '@voronka/kernel';
import { createProjector, withSnapshot } from '@voronka/projections';
import { coreSet, type Draft, draftsOf, statementsList } from '@voronka/read-models';
import type { Pool } from 'pg';
import { ArrayLog } from '../../projections/support/array-log.js';
import { startDatabases, type TestDatabases } from '../../projections/support/database.js';
import { randomFrom } from '../../projections/support/random.js';
import { PayDesk, type Shown } from './pay-desk.js';
import { foundRandomPay, RandomPay, SELLERS } from './random-pay.js';

/** How much is tried. */
export interface Effort {
  /** Months that are worked in and closed. */
  readonly months: number;
  /** Random commands in each, and again after the last is closed. */
  readonly moves: number;
  /** Other orders of recording. */
  readonly orders: number;
  readonly seed: number;
}

const ZONE = 'Europe/Samara';
const FIRST = '2009-08';

/** A random history of pay through HTTP commands; then what must hold of it, however it was recorded. */
export function payHistoryProofs({ months, moves, orders, seed }: Effort): void {
  const desk = new PayDesk();
  const random = randomFrom(seed);
  const history = new RandomPay(desk, random);
  const hashes = new Map<string, string>();
  /** Sums that did not agree, told in words. */
  const broken: string[] = [];
  let databases: TestDatabases;
  let founded: number;
  let recorded: readonly Recorded[];
  let open = FIRST;

  beforeAll(async () => {
    databases = await startDatabases();
    await desk.start();
    await foundRandomPay(desk);
    founded = (await wholeLog()).length;
    for (let month = 0; month < months; month += 1) {
      const { from, to } = periodBounds(parsePeriod(open), ZONE);
      desk.clock.instant = desk.clock.instant > from ? desk.clock.instant : from;
      await moved(moves / 2);
      const last = history.closedMonths.at(-1);
      if (last !== undefined) await closedAgain(last, moves / 4);
      await moved(moves / 2);
      desk.clock.instant = desk.clock.instant > to ? desk.clock.instant : to;
      await closed(open);
      open = parsePeriod(open).to.slice(0, 7);
    }
    await moved(moves);
    broken.push(...(await wrongSums(desk, { month: open, closed: history.closedMonths })));
    recorded = await wholeLog();
  }, 900_000);
  afterAll(async () => {
    await desk.stop();
    await databases.stop();
  }, 60_000);

  const moved = async (times: number): Promise<void> => {
    for (let move = 0; move < times; move += 1) await history.move();
  };
  const closed = async (month: string): Promise<void> => {
    broken.push(...(await wrongSums(desk, { month, closed: history.closedMonths })));
    await desk.close(month);
    for (const { document, hash } of await desk.statements(month)) hashes.set(nameOf(document), hash);
    history.isClosed(month);
  };
  /** The month is settled by hand in the open one, opened again, worked on, and closed as its next version. */
  const closedAgain = async (month: string, times: number): Promise<void> => {
    await history.settleByHand(month);
    await desk.reopen(month);
    history.isReopened();
    await moved(times);
    await closed(month);
  };
  const wholeLog = async (): Promise<readonly Recorded[]> => {
    const events: Recorded[] = [];
    for await (const batch of desk.rig.stores.log.readAll({ after: null })) events.push(...batch.events);
    return events;
  };
  const everyMonth = (): readonly string[] => [...history.closedMonths, open];

  it('went through plan changes, late events, voids, transfers, absences, closings and reopenings', () => {
    const { done } = history;
    for (const act of ['sign', 'voidContract', 'plan', 'transfer', 'absence'] as const) {
      expect([act, (done[act] ?? 0) > 0]).toEqual([act, true]);
    }
    expect(hashes.size).toBeGreaterThan(months * SELLERS.length);
    expect([...hashes.keys()].filter((name) => name.endsWith(' 2')).length).toBeGreaterThan(months - 1);
  });

  it('posted + due = now − waived − notTaken, and all parts add up, at every closing and at the end', () => {
    expect(broken).toEqual([]);
  });

  it('closed statements keep their hashes, and come out the same as of their K₀', async () => {
    for (const month of history.closedMonths) {
      for (const { document, hash } of await desk.statements(month)) {
        expect(hash).toBe(hashes.get(nameOf(document)));
        const again = await desk.draft(document.employeeId, month, document.asOf);
        expect([again.document, again.hash]).toEqual([document, hash]);
      }
    }
  }, 240_000);

  it('read models built from scratch hold the same statements and give the same pay', async () => {
    const scratch = await built(databases, recorded);
    expect(await payAt(scratch, everyMonth())).toEqual(await payAt(desk.rig.stores.pool, everyMonth()));
  }, 240_000);

  it(`nothing depends on the order of recording: ${orders} other orders give the same pay`, async () => {
    const expected = await payAt(desk.rig.stores.pool, everyMonth());
    let moved = 0;
    for (let order = 0; order < orders; order += 1) {
      const events = reordered(recorded, founded, random);
      moved += events.filter(({ eventId }, at) => eventId !== recorded[at]?.eventId).length;
      expect(await payAt(await built(databases, events), everyMonth())).toEqual(expected);
    }
    expect(moved).toBeGreaterThan((orders * recorded.length) / 4);
  }, 600_000);
}

function nameOf({ period, employeeId, version }: Shown['document']): string {
  return `${period} ${employeeId} ${version}`;
}

interface Asked {
  readonly month: string;
  readonly closed: readonly string[];
}

/** What does not add up in the drafts of the open month, against what the statements posted and the months pay now. */
async function wrongSums(desk: PayDesk, { month, closed }: Asked): Promise<readonly string[]> {
  const draftsOf = async (period: string) =>
    (await desk.ask(`payroll/drafts?period=${period}`))['drafts'] as readonly Shown[];
  const drafts = await draftsOf(month);
  const found = drafts.flatMap(({ document }) => [...partsWrong(document), ...originsWrong(document, closed)]);
  const issued = (await Promise.all(closed.map(async (one) => inForce(await desk.statements(one))))).flat();
  // Months up to the clock's may carry adjustments by hand already: what those settle counts as posted.
  const later = monthsAfter(month, desk.clock.instant.slice(0, 7));
  const byHand = [...drafts, ...(await Promise.all(later.map(draftsOf))).flat()];
  for (const origin of closed) {
    const now = await draftsOf(origin);
    // Who has left has no draft unless there is something new: then what is settled cannot be looked at here.
    for (const { document } of drafts.filter((one) => SELLERS.some((id) => id === one.document.employeeId))) {
      const right = now.find((one) => one.document.employeeId === document.employeeId)?.document.totals.earnedKopecks;
      found.push(...wrongSettlement(document, { origin, issued, byHand, right: right ?? 0 }));
    }
  }
  return found;
}

function monthsAfter(month: string, last: string): readonly string[] {
  const found: string[] = [];
  for (let next = parsePeriod(month).to.slice(0, 7); next <= last; next = parsePeriod(next).to.slice(0, 7)) {
    found.push(next);
  }
  return found;
}

interface Origin {
  readonly origin: string;
  readonly issued: readonly Shown[];
  /** Drafts whose adjustments by hand may settle it. */
  readonly byHand: readonly Shown[];
  /** What the month pays now. */
  readonly right: number;
}

/** Does posted + due = now − waived − notTaken hold, with what was posted added up from the statements? */
function wrongSettlement(draft: Shown['document'], { origin, issued, byHand, right }: Origin): readonly string[] {
  const settled = draft.adjustments.find((one) => one.origin === origin);
  const { dueKopecks: due, waivedKopecks: waived, notTakenKopecks: notTaken } = settled ?? NOTHING;
  const settling = byHand
    .filter(({ document }) => document.employeeId === draft.employeeId)
    .flatMap(({ document }) => document.manual.filter(({ settles }) => settles === origin));
  const posted = settling.reduce(
    (sum, { amountKopecks }) => sum + amountKopecks,
    postedFor(issued, draft.employeeId, origin),
  );
  const told = JSON.stringify({ draft: draft.period, employee: draft.employeeId, origin, posted, right, settled });
  return [
    ...(posted + due === right - waived - notTaken ? [] : [told]),
    ...(waived > 0 || notTaken > 0 ? [`above zero: ${told}`] : []),
  ];
}

const NOTHING = { dueKopecks: 0, waivedKopecks: 0, notTakenKopecks: 0 };

function postedFor(issued: readonly Shown[], employee: string, origin: string): number {
  return issued
    .filter(({ document }) => document.employeeId === employee)
    .flatMap(({ document: { period, lines, adjustments, manual } }) => [
      ...(period === origin ? lines.map(({ amountKopecks }) => amountKopecks) : []),
      ...adjustments.filter((one) => one.origin === origin).map(({ dueKopecks }) => dueKopecks),
      ...manual.filter(({ settles }) => settles === origin).map(({ amountKopecks }) => amountKopecks),
    ])
    .reduce((sum, one) => sum + one, 0);
}

/** Of all statements of a month, those of its last closing. */
function inForce(statements: readonly Shown[]): readonly Shown[] {
  const last = Math.max(...statements.map(({ document }) => document.version));
  return statements.filter(({ document }) => document.version === last);
}

/** A statement settles closed months: neither its own, nor one that is open again. */
function originsWrong({ employeeId, period, adjustments }: Shown['document'], closed: readonly string[]) {
  const wrong = adjustments.filter(({ origin }) => !closed.includes(origin));
  return wrong.map(({ origin }) => `${employeeId} ${period} settles ${origin}, which is open`);
}

function partsWrong({ employeeId, period, lines, adjustments, manual, totals }: Shown['document']): readonly string[] {
  const sum = (amounts: readonly number[]): number => amounts.reduce((total, one) => total + one, 0);
  const { earnedKopecks, adjustedKopecks, manualKopecks, broughtKopecks, payableKopecks, carriedKopecks } = totals;
  const checks: readonly (readonly [string, number, number])[] = [
    ['earned', earnedKopecks, sum(lines.map(({ amountKopecks }) => amountKopecks))],
    ['adjusted', adjustedKopecks, sum(adjustments.map(({ dueKopecks }) => dueKopecks))],
    ['manual', manualKopecks, sum(manual.map(({ amountKopecks }) => amountKopecks))],
    ['paid', payableKopecks + carriedKopecks, earnedKopecks + adjustedKopecks + manualKopecks + broughtKopecks],
    ...adjustments.map(({ origin, dueKopecks, postings }) => {
      const parts = sum(postings.map(({ kopecks }) => kopecks));
      return [`postings of ${origin}`, dueKopecks, parts] as const;
    }),
  ];
  const wrong = checks.filter(([, whole, parts]) => whole !== parts);
  return [...wrong.map((one) => `${employeeId} ${period}: ${one.join(' ')}`), ...(payableKopecks < 0 ? ['paid'] : [])];
}

/** Read models of a log, in a database of their own. */
async function built(databases: TestDatabases, events: readonly Recorded[]): Promise<Pool> {
  const database = await databases.fresh();
  const projector = createProjector({ database, log: new ArrayLog(events), sets: [coreSet] });
  await projector.rebuild(coreSet.name, { mode: 'new' });
  return databases.pool(database);
}

/** Drafts of months, and all statements, as known at the end of the log. */
async function payAt(pool: Pool, months: readonly string[]): Promise<object> {
  const clock: Clock = { now: () => '2100-01-01T00:00:00.000Z' };
  return withSnapshot(pool, coreSet.name, async ({ client, k }) => {
    const context = { client, k: k ?? 0n, at: clock.now(), zone: ZONE };
    const drafts: Record<string, readonly Draft[]> = {};
    for (const month of months) drafts[month] = (await draftsOf(context, month, null)).drafts;
    const { items } = await statementsList(context, {}, { limit: 500 });
    return { drafts, items };
  });
}

/**
 * The same facts recorded in another order. What stays where it is: the founding of the company, and the events of
 * payroll, between which the rest is mixed. Within a stream order is kept, and among plans, since the last change of a
 * cell counts. Positions and times of recording belong to the place in the log.
 */
function reordered(recorded: readonly Recorded[], founded: number, random: () => number): readonly Recorded[] {
  const mixed: Recorded[] = recorded.slice(0, founded);
  let queues = new Map<string, Recorded[]>();
  const emptied = (): void => {
    const left = [...queues.values()];
    while (left.length > 0) {
      const at = Math.floor(random() * left.length);
      const next = left[at]?.shift();
      if (next === undefined) left.splice(at, 1);
      else mixed.push(next);
    }
    queues = new Map();
  };
  for (const event of recorded.slice(founded)) {
    if (/^(payroll|statement)-/.test(event.stream)) {
      emptied();
      mixed.push(event);
      continue;
    }
    const key = event.stream.startsWith('plan-') ? 'plans' : event.stream;
    queues.set(key, [...(queues.get(key) ?? []), event]);
  }
  emptied();
  return mixed.map((event, at) => {
    const { position, recordedAt } = recorded[at] ?? event;
    return { ...event, position, recordedAt };
  });
}
