import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, localDateOf, periodsBetween, type Recorded, validateBody } from '@voronka/kernel';
import type { PeriodClosed, PeriodClosing, StatementIssued } from '@voronka/pay/events';
import { waitFor, withSnapshot } from '@voronka/projections';
import { draftsOf, zoneAt } from '@voronka/read-models';
import { things } from '@voronka/runtime';
import { indicator, routeMap } from '../../acceptance/support/august.js';
import { exampleOf } from '../../api/support/small-department.js';
import { type House, KEY } from './house.js';
import type { Victim } from './part.js';

// Payroll in a house whose parts are killed: closings and bulk plans.

export const EMPLOYEES = 60;
const CELLS = 1_000;
const DOWN_MS = 100;
const PATIENCE_MS = 120_000;

const employees = Array.from({ length: EMPLOYEES }, (_, n) => `e${String(n).padStart(3, '0')}`);

/** The months before this one, the latest last. */
export function monthsBefore(count: number): readonly string[] {
  let first = `${localDateOf(new Date().toISOString(), 'UTC').slice(0, 7)}-01`;
  const found: string[] = [];
  while (found.length < count) {
    first = `${addDays(first, -1).slice(0, 7)}-01`;
    found.unshift(first.slice(0, 7));
  }
  return found;
}

/** Carries a command out past HTTP. @param key another one for each time that the same is told. @returns its position */
export async function tell({ stores }: House, where: string, plain: object, key = where): Promise<bigint> {
  const [category = '', id = '', type = ''] = where.split(' ');
  const command = things.find((thing) => thing.category === category)?.commands.find((one) => one.type === type);
  if (command === undefined) throw new TypeError(`no command ${where}`);
  const { position } = await stores.handle({
    ...{ category, id, type, body: validateBody(command.body, plain), commandId: `told ${key}` },
    ...{ actor: 'test', person: null, roles: ['admin'] as const },
  });
  return position;
}

/** A company whose payroll begins with a month, sixty people paid by what they sign, and a contract of each. */
export async function foundPayroll(house: House, first: string): Promise<void> {
  const company = { name: 'Konstanta', zone: 'Europe/Moscow', currency: 'RUB', firstPayrollPeriod: first };
  await tell(house, 'company main ConfigureCompany', company);
  await tell(house, 'department sales CreateDepartment', exampleOf('CreateDepartment'));
  await tell(house, 'customer volga RegisterCustomer', exampleOf('RegisterCustomer'));
  await tell(house, 'product trade AddProduct', exampleOf('AddProduct'));
  await tell(house, 'routeMap sale PublishRouteMap', routeMap);
  await tell(house, 'indicator contracts DefineIndicator', indicator({ measure: 'amount' }));
  await tell(house, 'payRegulation main PublishPayRegulation', regulationOf(first, 333));
  const late = { occurredAt: `${first}-10T08:00:00.000Z`, lateEntryReason: 'Taken over' };
  for (const [n, id] of employees.entries()) {
    await tell(house, `employee ${id} HireEmployee`, { ...exampleOf('HireEmployee'), position: 'Sales manager' });
    await tell(house, `deal ${id} OpenDeal`, { customerId: 'volga', routeMapId: 'sale', ownerId: id, ...late });
    const lines = [{ productId: 'trade', amountKopecks: 1_000_00 + n * 7_77 }];
    await tell(house, `deal ${id} SignContract`, { contractId: id, number: id, lines, ...late });
  }
}

/** Everybody is paid so many basis points of what he signed. */
export function regulationOf(first: string, bps: number): object {
  const rules = [{ code: 'C', name: 'C', indicator: 'contracts', payout: { kind: 'percentOfAmount', bps } }];
  const covers = { positions: ['Sales manager'] };
  return { regulation: 'sales', effectiveFrom: `${first}-01`, name: 'Pay', covers, rules };
}

/** As clients do: the same request with the same key until it is answered. */
async function post(
  { url }: House,
  { where, key, body }: { readonly where: string; readonly key: string; readonly body: object },
): Promise<Record<string, unknown>> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const response = await fetch(`${url}/v1/${where}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${KEY}`,
        'content-type': 'application/json',
        'idempotency-key': key,
        'voronka-on-behalf-of': 'none',
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(15_000),
    }).catch(() => null);
    const text = (await response?.text().catch(() => null)) ?? null;
    const isAnswered = response !== null && text !== null && response.status < 500 && response.status !== 429;
    if (isAnswered && response.status < 300) return JSON.parse(text) as Record<string, unknown>;
    if (isAnswered) throw new Error(`${where}: ${text}`);
    await sleep(50);
  }
  throw new Error(`nobody answers ${where}`);
}

/** Reads on behind whatever is killed meanwhile. */
async function eventsAfter({ stores: { log } }: House, after: bigint): Promise<readonly Recorded[]> {
  for (let tries = 0; ; tries += 1) {
    try {
      const events: Recorded[] = [];
      for await (const batch of log.readAll({ after })) events.push(...batch.events);
      return events;
    } catch (error) {
      if (tries > 200) throw error;
      await sleep(50);
    }
  }
}

async function untilLog(house: House, after: bigint, holds: (events: readonly Recorded[]) => boolean) {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const events = await eventsAfter(house, after);
    if (holds(events)) return events;
    await sleep(3);
  }
  const seen = (await eventsAfter(house, after)).map(({ type }) => type);
  throw new Error(`waited in vain: ${seen.join(' ')}`);
}

const statementsIn = (events: readonly Recorded[]): readonly Recorded<StatementIssued>[] =>
  events.filter(({ type }) => type === 'StatementIssued') as readonly Recorded<StatementIssued>[];

/** What came of a closing in whose middle something was killed. */
export interface ClosedUnderFire {
  /** Statements that stood when the blow fell. */
  readonly before: number;
  readonly closing: Recorded<PeriodClosing>;
  readonly closed: Recorded<PeriodClosed>;
  readonly issued: readonly Recorded<StatementIssued>[];
}

/** Closes a month and kills a part once so many statements are issued. @throws Error where it is never closed */
export async function closeUnderFire(
  house: House,
  month: string,
  { victim, statements }: { readonly victim: Victim; readonly statements: number },
): Promise<ClosedUnderFire> {
  const after = (await house.stores.log.end()) ?? 0n;
  await post(house, { where: 'payroll/main/close-period', key: `close-${month}`, body: { period: month } });
  const hit = await untilLog(house, after, (events) => statementsIn(events).length >= statements);
  house.parts[victim].kill(DOWN_MS);
  const events = await untilLog(house, after, (found) => found.some(({ type }) => type === 'PeriodClosed'));
  for (const part of Object.values(house.parts)) await part.serves();
  const of = (type: string) => events.find((event) => event.type === type);
  return {
    before: statementsIn(hit).length,
    closing: of('PeriodClosing') as Recorded<PeriodClosing>,
    closed: of('PeriodClosed') as Recorded<PeriodClosed>,
    issued: statementsIn(events),
  };
}

/** What it should have come to, worked out anew from the read models as of K₀. */
export async function workedOut({ stores: { pool } }: House, month: string, { closing, closed }: ClosedUnderFire) {
  if (!(await waitFor(pool, 'core', closed.position, PATIENCE_MS))) throw new Error('the read models stay behind');
  const { drafts } = await withSnapshot(pool, 'core', async ({ client }) => {
    const k = closing.position;
    return draftsOf({ client, k, at: closing.recordedAt, zone: await zoneAt(client, k) }, month, null);
  });
  const hashes = drafts.map(({ hash }) => hash);
  return { hashes, hash: createHash('sha256').update(hashes.join('\n')).digest('hex') };
}

/** Assigns a thousand plans as one change and kills a part meanwhile. @returns events and rows that came of it */
export async function planUnderFire(house: House, plan: string, victim: Victim) {
  const { stores } = house;
  const after = (await stores.log.end()) ?? 0n;
  const year = new Date().getUTCFullYear() + 1;
  const months = [year, year + 1].flatMap((one) => periodsBetween(`${one}-01-01`, `${one}-12-31`, 'month'));
  const cells = employees
    .flatMap((id) => months.map(({ key }) => ({ owner: { kind: 'employee', id }, period: key })))
    .slice(0, CELLS)
    .map((cell) => ({ ...cell, indicator: 'contracts', value: 1_000_00 }));
  const answered = post(house, {
    where: `plans/${plan}/assign-plan`,
    key: plan,
    body: { cells, reason: 'The whole company' },
  });
  await sleep(2);
  house.parts[victim].kill(DOWN_MS);
  const answer = await answered;
  for (const part of Object.values(house.parts)) await part.serves();
  const events = (await eventsAfter(house, after)).filter(({ stream }) => stream === `plan-${plan}`);
  const position = BigInt(String(answer['position']));
  if (!(await waitFor(stores.pool, 'core', position, PATIENCE_MS))) throw new Error('the read models stay behind');
  const { rows } = await stores.pool.query<{ count: string }>(
    'select count(*) as count from read.plan_changes where plan_id = $1',
    [plan],
  );
  return { cells: cells.length, events: events.length, position: events[0]?.position, answer: position, rows };
}
