import fc from 'fast-check';
import { connect, type Database, disconnect } from '@voronka/projections';
import { createPayWorker } from '@voronka/projector';
import {
  ensurePayLines,
  grantPayLines,
  payLinesReach,
  payLinesState,
  type PayLinesState,
  refreshPayLines,
  waitForPayLines,
} from '@voronka/read-models';
import { createLogger } from '@voronka/runtime';
import { waitFor } from '../../libs/projections/src/wait-for.js';
import { type ApiRig, startApiRig } from '../api/support/api-rig.js';
import { exampleOf } from '../api/support/small-department.js';
import { august, type AugustPay, payOf, regulation } from './support/august.js';
import { keptAndScratch } from './support/kept-pay.js';

// What the pay worker keeps is what is worked out from scratch, whatever happened in between and however often it worked.

type Connection = Awaited<ReturnType<typeof connect>>;
const MONTHS = ['2009-08', '2009-09', '2009-10'];
const clock = { instant: '2009-07-31T19:00:00.000Z', now: () => clock.instant };
let rig: ApiRig;
let pay: AugustPay;
let db: Connection;
const database = (): Database => rig.stores.databaseUrl;

beforeAll(async () => {
  rig = await startApiRig({ VORONKA_TIME_ZONE: 'Europe/Samara' }, clock);
  pay = await august(rig, clock);
  db = await connect(database(), 'test');
  await ensurePayLines(db);
}, 180_000);
afterAll(async () => {
  await disconnect(db);
  await rig.stop();
}, 60_000);

async function refresh(connection: Connection = db): Promise<PayLinesState | null> {
  expect(await waitFor(rig.stores.pool, 'core', BigInt(pay.last()), 20_000)).toBe(true);
  return await refreshPayLines(connection);
}

const both = (months: readonly string[]) => keptAndScratch(rig.stores.pool, months, clock.now());

async function expectSame(months: readonly string[]): Promise<void> {
  const { kept, wereKept, scratch, countings } = await both(months);
  expect(countings).toBeGreaterThan(0);
  expect(wereKept).toBe(true);
  expect(kept).toEqual(scratch);
}

const cell = (indicator: string, kind: string, id: string, period: string) => ({
  ...{ indicator, period },
  owner: { kind, id },
});

describe('the pay worker', () => {
  it('works out everything the first time, and nothing when nothing happened', async () => {
    const done = await refresh();
    expect(done?.eventsRead).toBeGreaterThanOrEqual(42 + 11 + 3);
    expect(await refresh()).toBeNull();
    await expectSame(['2009-08']);
  });

  it('reads no events when a plan changes, and works out its owner alone', async () => {
    await pay.change('worker-45', 'revise-plan', { change: 'replace', value: 45 });
    expect(await refresh()).toMatchObject({ affectedCells: 1, rulesEvaluated: 3, eventsRead: 0 });
    await expectSame(['2009-08']);
    const kept = await both(['2009-08']);
    expect(kept.kept.find(({ employeeId }) => employeeId === 'ivanova')?.totalKopecks).toBe(31_500_00);
    await pay.change('worker-40', 'revise-plan', { change: 'replace', value: 40 });
    expect(await refresh()).toMatchObject({ affectedCells: 1, eventsRead: 0 });
  });

  it('works out a department for its plan, and everybody for a regulation, without reading events', async () => {
    const cells = [{ ...cell('meetings', 'department', 'sales', '2009-08'), change: 'replace', value: 9 }];
    await pay.command('plans/worker-dept/revise-plan', { cells, reason: 'Together' }, 'petrova');
    expect(await refresh()).toMatchObject({ affectedCells: 3, eventsRead: 0 });
    const gated = { ...regulation.rules[0], gates: [{ indicator: 'meetings', scope: 'self', thresholdBps: 5_000 }] };
    const rules = [gated, ...regulation.rules.slice(1)];
    await pay.command('pay-regulations/main/publish-pay-regulation', { ...regulation, rules });
    expect(await refresh()).toMatchObject({ affectedCells: 3 * (await monthsKept()), eventsRead: 0 });
    await expectSame(['2009-08']);
  });

  it('shows in its view no line of a month that could not be worked out', async () => {
    const shown = async (): Promise<readonly string[]> => {
      const { rows } = await db.query<{ month: string }>('select distinct month from pay_live.lines order by month');
      return rows.map(({ month }) => month);
    };
    expect(await shown()).toContain('2009-08');
    await db.query('begin');
    await db.query(`update pay_live.months set answerable = false where month = '2009-08'`);
    const doubtful = await shown();
    await db.query('rollback');
    expect(doubtful).not.toContain('2009-08');
  });

  it('writes nothing where nothing happened that pay depends on, and is behind nothing', async () => {
    await refresh();
    const written = async () => (await db.query('select k, updated_at from pay_live.state')).rows;
    const before = await written();
    const proposed = { ...regulation, proposal: 'worker-proposal', reason: 'To be thought about' };
    const { json } = await pay.command('pay-regulations/main/propose-pay-regulation', proposed, 'petrova');
    expect(BigInt(String(json['position']))).toBeGreaterThan(BigInt(String(before[0].k)));
    expect(await refresh()).toBeNull();
    expect(await written()).toEqual(before);
    expect((await payLinesReach(rig.stores.pool))?.k).toBe(BigInt(pay.last()));
    expect(await waitForPayLines(rig.stores.pool, BigInt(pay.last()), 20_000)).toBe(true);
    await expectSame(['2009-08']);
    const rejected = { proposal: 'worker-proposal', reason: 'Thought about' };
    await pay.command('pay-regulations/main/reject-pay-regulation', rejected, 'sidorova');
    expect(await refresh()).toBeNull();
  });

  it('lets a reading role see what is earned and how far it is, and nothing else', async () => {
    await db.query('create role pay_reader nologin');
    await grantPayLines(db, 'pay_reader');
    const client = await connect(database(), 'reader');
    try {
      await client.query('set role pay_reader');
      const { rows } = await client.query<{ n: number }>('select count(*)::int as n from pay_live.lines');
      expect(rows[0]?.n).toBeGreaterThan(0);
      expect((await client.query('select k from pay_live.state')).rowCount).toBe(1);
      for (const kept of ['bonuses', 'actuals', 'months']) {
        await expect(client.query(`select * from pay_live.${kept}`)).rejects.toThrow(/permission denied/);
      }
      await expect(client.query('delete from pay_live.lines')).rejects.toThrow();
      await expect(client.query('update pay_live.state set k = 0')).rejects.toThrow(/permission denied/);
    } finally {
      await disconnect(client);
    }
  });

  it('is not asked as long as it is behind: the question works out what is true', async () => {
    await pay.change('worker-50', 'revise-plan', { change: 'replace', value: 50 });
    expect(await waitFor(rig.stores.pool, 'core', BigInt(pay.last()), 20_000)).toBe(true);
    const behind = await both(['2009-08']);
    expect(behind.wereKept).toBe(false);
    expect(behind.kept.map(({ totalKopecks }) => totalKopecks)).toEqual(
      behind.scratch.map(({ totalKopecks }) => totalKopecks),
    );
    await pay.change('worker-40-again', 'revise-plan', { change: 'replace', value: 40 });
    await refresh();
  });

  it('cut off in the middle of a recomputation leaves what was there, and the next one comes to the same', async () => {
    await db.query('update pay_live.state set build = $1', ['another']);
    await pay.change('worker-killed', 'revise-plan', { change: 'replace', value: 41 });
    const before = await payLinesState(db);
    const victim = await connect(database(), 'victim');
    const { rows } = await victim.query<{ pid: number }>('select pg_backend_pid() as pid');
    // Holds the victim back at its last write, when everything else is written.
    await db.query('begin');
    await db.query('select from pay_live.state for update');
    const cut = refresh(victim).then(
      () => 'finished',
      () => 'cut off',
    );
    await waitUntil(async () => {
      const { rowCount } = await rig.stores.pool.query(
        `select 1 from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'`,
        [rows[0]?.pid],
      );
      return rowCount === 1;
    });
    await rig.stores.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    expect(await cut).toBe('cut off');
    await db.query('commit');
    await disconnect(victim);
    expect(await payLinesState(db)).toEqual(before);
    expect((await refresh())?.affectedCells).toBe(3 * (await monthsKept()));
    await expectSame(['2009-08']);
  });
});

/** The log is recorded by today's clock, so months are kept up to today's. */
async function monthsKept(): Promise<number> {
  const { rows } = await db.query<{ months: number }>('select count(*)::int as months from pay_live.months');
  return rows[0]?.months ?? 0;
}

async function waitUntil(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await isSo())) if (Date.now() > deadline) throw new Error('it never came to that');
}

describe('a worker that runs', () => {
  it('has the drafts ready that HTTP shows', async () => {
    const worker = createPayWorker(rig.stores, createLogger('silent'));
    worker.start();
    try {
      await pay.change('worker-runs', 'revise-plan', { change: 'replace', value: 40 });
      const position = BigInt(pay.last());
      expect(await waitForPayLines(rig.stores.pool, position, 20_000)).toBe(true);
      const answer = await rig.get(`/v1/payroll/drafts?period=2009-08&employee=ivanova&after=${pay.last()}`);
      expect(answer.json).toMatchObject({ countings: 0, rulesEvaluated: 0 });
      const figures = { affectedCells: 1, rulesEvaluated: 3, eventsRead: 0 };
      expect(answer.json['worker']).toEqual({ k: answer.json['k'], ...figures });
      const asOf = await rig.get(`/v1/payroll/drafts?period=2009-08&employee=ivanova&asOf=${String(answer.json['k'])}`);
      expect(asOf.json['countings']).toBeGreaterThan(0);
      expect(asOf.json['drafts']).toEqual(answer.json['drafts']);
      expect(asOf.json['worker']).toBeNull();
      expect(payOf((answer.json['drafts'] as never[])[0]).payable).toBe(37_800);
      expect(worker.last()?.eventsRead).toBe(0);
      const ready = await rig.get('/health/ready');
      expect(ready.json['payWorker']).toMatchObject({ lag: '0', ...figures });
      expect((await rig.get('/metrics')).text).toContain('voronka_pay_worker{figure="events_read"} 0');
    } finally {
      await worker.stop();
    }
  });

  it('bug: what it took was told to operators alone; a draft says how far what is kept reaches, and null where nothing is', async () => {
    const worker = async () => {
      const { json } = await rig.get(`/v1/payroll/drafts?period=2009-08&employee=ivanova`);
      return [json['worker'], json['k']] as const;
    };
    await refresh();
    await pay.change('worker-behind', 'revise-plan', { change: 'replace', value: 44 });
    expect(await waitFor(rig.stores.pool, 'core', BigInt(pay.last()), 20_000)).toBe(true);
    const [behind, k] = await worker();
    expect(behind).toMatchObject({ eventsRead: 0 });
    expect(BigInt((behind as { k: string }).k)).toBeLessThan(BigInt(String(k)));
    await db.query("update pay_live.state set build = 'another'");
    expect((await worker())[0]).toBeNull();
    expect((await refresh())?.affectedCells).toBe(3 * (await monthsKept()));
    expect((await worker())[0]).toMatchObject({ k: pay.last(), affectedCells: 3 * (await monthsKept()) });
    await pay.change('worker-40-once-more', 'revise-plan', { change: 'replace', value: 40 });
  });
});

type Deed =
  | {
      readonly deed: 'plan';
      readonly who: number;
      readonly what: number;
      readonly when: number;
      readonly value: number;
    }
  | { readonly deed: 'lateContact' | 'voidContract' | 'voidStep' | 'close' }
  | { readonly deed: 'transfer' | 'absence' | 'hire'; readonly day: number }
  | { readonly deed: 'dismiss' }
  | { readonly deed: 'regulation'; readonly rate: number };

const deeds: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    ...{ deed: fc.constant('plan' as const), who: fc.nat(2), what: fc.nat(1), when: fc.nat(2) },
    value: fc.integer({ min: 0, max: 60 }),
  }),
  fc.record({ deed: fc.constantFrom(...(['lateContact', 'voidContract', 'voidStep', 'close'] as const)) }),
  fc.record({
    deed: fc.constantFrom(...(['transfer', 'absence', 'hire'] as const)),
    day: fc.integer({ min: 1, max: 28 }),
  }),
  fc.record({ deed: fc.constant('dismiss' as const) }),
  fc.record({ deed: fc.constant('regulation' as const), rate: fc.integer({ min: 1, max: 300 }) }),
);

let serial = 0;
const hired: string[] = [];
const told = new Map<string, number>();
const refused = new Map<string, string>();

/** Does it, if the rules allow; what was refused is no history. */
async function does(deed: Deed): Promise<void> {
  serial += 1;
  const done = await carriedOut(deed, serial).then(
    () => true,
    (error: Error) => {
      refused.set(deed.deed, error.message);
      return false;
    },
  );
  if (done) told.set(deed.deed, (told.get(deed.deed) ?? 0) + 1);
}

async function carriedOut(deed: Deed, id: number): Promise<void> {
  const day = (of: number): string => `2009-09-${String(of).padStart(2, '0')}`;
  switch (deed.deed) {
    case 'plan': {
      const owner = [
        ['employee', 'ivanova'],
        ['department', 'sales'],
        ['company', 'main'],
      ][deed.who] as [string, string];
      const indicator = ['first_contacts', 'meetings'][deed.what] ?? '';
      const change = { ...cell(indicator, ...owner, MONTHS[deed.when] ?? ''), change: 'replace', value: deed.value };
      await pay.command(`plans/random-${id}/revise-plan`, { cells: [change], reason: 'At random' }, 'petrova');
      return;
    }
    case 'lateContact': {
      const when = { occurredAt: '2009-10-02T09:00:00.000Z' };
      const opening = { customerId: 'volga-tools', routeMapId: 'sale', ...when };
      await pay.command(`deals/late-${id}/open-deal`, opening, 'ivanova');
      await pay.command(`deals/late-${id}/complete-step`, { step: 'contact', ...when }, 'ivanova');
      return;
    }
    case 'voidContract': {
      const which = (id % 3) + 1;
      const body = { contractId: `c${which}`, reason: 'Never countersigned', dealBecomes: 'open' };
      await pay.command(`deals/d${which}/void-contract`, body, 'sidorova');
      return;
    }
    case 'voidStep': {
      const body = { step: 'contact', reason: 'Never was', lateEntryReason: 'Told late' };
      await pay.command(`deals/d${(id % 30) + 12}/void-step`, body, 'sidorova');
      return;
    }
    case 'close':
      await pay.close('2009-08');
      return;
    case 'transfer': {
      const departmentId = id % 2 === 0 ? 'sales' : 'south';
      await pay.command('employees/ivanova/transfer-employee', { departmentId, effectiveOn: day(deed.day) });
      return;
    }
    case 'hire': {
      const hire = { ...exampleOf('HireEmployee'), position: 'Sales manager', hiredOn: day(deed.day) };
      await pay.command(`employees/new-${id}/hire-employee`, hire);
      hired.push(`new-${id}`);
      return;
    }
    case 'dismiss':
      await pay.command(`employees/${hired.pop() ?? 'nobody'}/dismiss-employee`, { lastDay: '2009-10-03' });
      return;
    case 'absence': {
      const firstDay = day(deed.day);
      const absence = { absenceId: `away-${id}`, kind: 'leave', firstDay, lastDay: firstDay };
      await pay.command('employees/ivanova/record-absence', absence);
      return;
    }
    case 'regulation': {
      const [first, ...rest] = regulation.rules;
      const payout = { kind: 'perUnit', kopecks: deed.rate };
      const gates = [{ indicator: 'meetings', scope: 'department', thresholdBps: 5_000 }];
      const body = { ...regulation, effectiveFrom: '2009-09-01', rules: [{ ...first, payout, gates }, ...rest] };
      await pay.command('pay-regulations/main/publish-pay-regulation', body);
      return;
    }
    default:
      return deed satisfies never;
  }
}

describe('incremental equals from scratch', () => {
  it('for random histories, wherever recomputations fall and however often they are repeated', async () => {
    clock.instant = '2009-10-05T08:00:00.000Z';
    const { name: _name, ...south } = { name: 'South' };
    await pay.command('departments/south/create-department', { name: 'South', ...south });
    const step = fc.record({ deed: deeds, refreshes: fc.nat(2) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
        for (const { deed, refreshes } of steps) {
          await does(deed);
          for (let times = 0; times < refreshes; times += 1) await refresh();
        }
        await refresh();
        await expectSame(MONTHS);
      }),
      { numRuns: 10, endOnFailure: true, seed: 20090801 },
    );
    // Otherwise the histories told nothing.
    const all = [
      'absence',
      'close',
      'dismiss',
      'hire',
      'lateContact',
      'plan',
      'regulation',
      'transfer',
      'voidContract',
      'voidStep',
    ];
    expect(all.filter((deed) => !told.has(deed)).map((deed) => `${deed}: ${refused.get(deed)}`)).toEqual([]);
  }, 200_000);
});
