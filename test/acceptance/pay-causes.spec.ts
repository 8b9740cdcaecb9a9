import { connect, disconnect, withSnapshot } from '@voronka/projections';
import {
  bonusesOf,
  currentBonusesOf,
  ensurePayLines,
  payContext,
  type PayLinesState,
  refreshPayLines,
  zoneAt,
} from '@voronka/read-models';
import { waitFor } from '../../libs/projections/src/wait-for.js';
import { exampleOf } from '../api/support/small-department.js';
import { regulation } from './support/august.js';
import { cellOf, PayDesk } from './support/pay-desk.js';

// How far a change of one employee, or of what pay only refers to, is worked out by the pay worker.

const desk = new PayDesk();
let db: Awaited<ReturnType<typeof connect>>;

beforeAll(async () => {
  await desk.start();
  for (const id of ['ivanova', 'orlova', 'smirnova']) await desk.hire(id, 'Sales manager');
  await desk.command('departments/south/create-department', { name: 'South' });
  await desk.command('pay-regulations/main/publish-pay-regulation', regulation);
  await desk.plan(
    ['ivanova', 'orlova'].map((id) => cellOf(id, 'first_contacts', '2009-08', { change: 'replace', value: 2 })),
  );
  desk.clock.instant = '2009-08-12T08:00:00.000Z';
  for (const id of ['ivanova', 'orlova', 'smirnova']) await desk.deals(id, 2, ['contact']);
  await desk.followed();
  db = await connect(desk.rig.stores.databaseUrl, 'test');
  await ensurePayLines(db);
  await refresh();
}, 180_000);
afterAll(async () => {
  await disconnect(db);
  await desk.rig.stop();
}, 60_000);

async function refresh(): Promise<PayLinesState | null> {
  expect(await waitFor(desk.rig.stores.pool, 'core', BigInt(desk.position), 20_000)).toBe(true);
  return await refreshPayLines(db);
}

/** The log is recorded by today's clock, so months are kept up to today's. */
async function monthsKept(): Promise<number> {
  const { rows } = await db.query<{ months: number }>('select count(*)::int as months from pay_live.months');
  return rows[0]?.months ?? 0;
}

/** What is kept of the months is what is worked out from scratch. */
async function expectSame(months: readonly string[]): Promise<void> {
  await withSnapshot(desk.rig.stores.pool, 'core', async ({ client, k }) => {
    const zone = await zoneAt(client, k ?? 0n);
    const context = await payContext({ client, k: k ?? 0n, at: desk.clock.now(), zone });
    const question = { facts: context, terms: context, months, employees: null };
    const kept = await currentBonusesOf(question);
    expect(kept.countings).toBe(0);
    const { bonuses } = await bonusesOf(question);
    expect(kept.bonuses).toEqual(bonuses.map(({ covered: _covered, ...bonus }) => bonus));
  });
}

const MONTHS = ['2009-08', '2009-09', '2009-10'];

describe('bug: everybody was worked out anew, from the events, for a change of one employee', () => {
  const transfer = (effectiveOn: string, more: object) =>
    desk.command('employees/orlova/transfer-employee', { departmentId: 'sales', effectiveOn, ...more });

  it('who gets another position is worked out alone, and no events are read', async () => {
    await transfer('2009-09-01', { position: 'Analyst' });
    // August by the rules of a manager; an analyst is paid by none.
    expect(await refresh()).toMatchObject({ affectedCells: await monthsKept(), rulesEvaluated: 3, eventsRead: 0 });
    await expectSame(MONTHS);
  });

  it('so is who is hired, and who leaves', async () => {
    await desk.hire('newcomer', 'Sales manager', { hiredOn: '2009-09-01' });
    expect(await refresh()).toMatchObject({ affectedCells: (await monthsKept()) - 1, eventsRead: 0 });
    await expectSame(MONTHS);
    await desk.command('employees/newcomer/dismiss-employee', { lastDay: '2009-09-20' });
    // September by its rules, and the quarter that ends with it, which none of the rules pays by.
    expect(await refresh()).toMatchObject({ affectedCells: 2, rulesEvaluated: 3, eventsRead: 0 });
    await expectSame(MONTHS);
  });

  it('what pay takes nothing from is no cause at all', async () => {
    await desk.command('departments/east/create-department', { name: 'East' });
    await desk.command('departments/east/appoint-head', { ...exampleOf('AppointHead'), employeeId: 'ivanova' });
    await desk.command('products/trade/retire-product', { reason: 'Sold no more' });
    expect(await refresh()).toBeNull();
    await expectSame(MONTHS);
  });

  it('where rules ask for the figures of a department, everybody may be paid by who comes or goes', async () => {
    const gates = [{ indicator: 'first_contacts', scope: 'department', thresholdBps: 10_000 }];
    const rules = regulation.rules.map((rule) => ({ ...rule, gates }));
    await desk.command('pay-regulations/main/publish-pay-regulation', { ...regulation, rules });
    const department = { kind: 'department', id: 'sales' };
    const cell = { ...cellOf('', 'first_contacts', '2009-08', { change: 'replace', value: 6 }), owner: department };
    await desk.plan([cell]);
    await refresh();
    await expectSame(MONTHS);
    const paid = async () => await desk.pays('ivanova', '2009-08');
    expect((await paid())['R1']).toBe(300_00);
    // Backdated: a third of the contacts were made in another department.
    const moved = { departmentId: 'south', position: 'Sales manager', effectiveOn: '2009-08-03' };
    await desk.command('employees/smirnova/transfer-employee', moved);
    const took = await refresh();
    // The six contacts, and no facts of other scopes.
    expect(took?.eventsRead).toBe(6);
    expect((await paid())['R1']).toBe(0);
    await expectSame(MONTHS);
  });
});
