import { connect, disconnect } from '@voronka/projections';
import { ensurePayLines, type PayLinesState, refreshPayLines } from '@voronka/read-models';
import { waitFor } from '../../libs/projections/src/wait-for.js';
import { indicator } from './support/august.js';
import { keptAndScratch } from './support/kept-pay.js';
import { cellOf, PayDesk } from './support/pay-desk.js';

// Which months the pay worker can keep: those of which no figure moves with time alone.

const desk = new PayDesk();
let db: Awaited<ReturnType<typeof connect>>;

const own = (code: string) => ({ indicator: code, scope: 'self', thresholdBps: 5_000 });
const fixed = (code: string) => ({
  ...{ code, name: code, indicator: code, gates: [own('meetings')] },
  payout: { kind: 'fixed', kopecks: 500_00 },
});
const regulation = (effectiveFrom: string, codes: readonly string[]) => ({
  ...{ regulation: 'sales', effectiveFrom, name: 'Sales', covers: { positions: ['Sales manager'] } },
  rules: codes.map(fixed),
});
const publish = (from: string, codes: readonly string[]) =>
  desk.command('pay-regulations/main/publish-pay-regulation', regulation(from, codes));
const STEADY = ['flow', 'exits', 'so_far'];

beforeAll(async () => {
  await desk.start();
  const way = { measure: 'conversion', from: { kind: 'contact' }, to: { kind: 'meeting' }, reach: 'touch' };
  for (const [code, definition] of Object.entries({
    flow: { ...way, conversion: 'flow' },
    exits: { measure: 'conversion', conversion: 'exit', from: { kind: 'contact' } },
    so_far: { ...way, conversion: 'cohort' },
    within: { ...way, conversion: 'cohort', horizonDays: 10 },
    in_time: { measure: 'timeliness', work: 'steps', share: 'inTime' },
  })) {
    await desk.command(`indicators/${code}/define-indicator`, indicator(definition));
  }
  for (const id of ['vlasova', 'orlova']) await desk.hire(id, 'Sales manager');
  await publish('2009-08-01', STEADY);
  desk.clock.instant = '2009-08-12T08:00:00.000Z';
  await desk.deals('vlasova', 3, ['contact', 'meeting']);
  await desk.deals('orlova', 2, ['contact']);
  await desk.deals('orlova', 1, ['contact', 'meeting'], 'more');
  desk.clock.instant = '2009-09-05T08:00:00.000Z';
  await desk.deals('vlasova', 2, ['contact', 'meeting'], 'later');
  await desk.followed();
  db = await connect(desk.rig.stores.databaseUrl, 'test');
  await ensurePayLines(db);
}, 180_000);
afterAll(async () => {
  await disconnect(db);
  await desk.stop();
}, 60_000);

async function refresh(): Promise<PayLinesState | null> {
  expect(await waitFor(desk.rig.stores.pool, 'core', BigInt(desk.position), 20_000)).toBe(true);
  return await refreshPayLines(db);
}

async function wereKept(month: string): Promise<boolean> {
  const { kept, wereKept: were, scratch } = await keptAndScratch(desk.rig.stores.pool, [month], desk.clock.now());
  expect(kept).toEqual(scratch);
  return were;
}

const plan = (month: string, value: number) =>
  desk.plan([cellOf('vlasova', 'meetings', month, { change: 'replace', value })]);

describe('bug: every conversion was taken to move with time alone, and no month with one was ever kept', () => {
  it('flows, exits and cohorts without a horizon are kept, and a plan recounts nothing for nobody else', async () => {
    expect((await refresh())?.eventsRead).toBeGreaterThan(0);
    await plan('2009-08', 4);
    expect(await refresh()).toMatchObject({ affectedCells: 1, rulesEvaluated: 3, eventsRead: 0 });
    expect(await wereKept('2009-08')).toBe(true);
    await plan('2009-08', 10);
    expect(await refresh()).toMatchObject({ affectedCells: 1, eventsRead: 0 });
    expect(await wereKept('2009-08')).toBe(true);
  });

  it('what comes later of a deal is in the cohort of its earlier month', async () => {
    await desk.command('deals/orlova-1/complete-step', { step: 'meeting' }, 'orlova');
    await refresh();
    expect(await wereKept('2009-08')).toBe(true);
  });
});

describe.each(['within', 'in_time'])('a month that is paid by what moves with time alone: %s', (code) => {
  it('bug: was worked out for everybody with every plan, and thrown away', async () => {
    await publish('2009-09-01', [...STEADY, code]);
    await refresh();
    await plan('2009-09', 1);
    expect(await refresh()).toMatchObject({ affectedCells: 0, rulesEvaluated: 0, eventsRead: 0 });
    expect(await wereKept('2009-09')).toBe(false);
    const { rows } = await db.query("select from pay_live.bonuses where month = '2009-09'");
    expect(rows).toEqual([]);
    expect(await wereKept('2009-08')).toBe(true);
  });

  it('is kept again as soon as it is paid by something else', async () => {
    await publish('2009-09-01', STEADY);
    await refresh();
    expect(await wereKept('2009-09')).toBe(true);
    await plan('2009-09', 2);
    expect(await refresh()).toMatchObject({ affectedCells: 1, eventsRead: 0 });
    expect(await wereKept('2009-09')).toBe(true);
  });
});

it('a month is not kept any more once somebody comes who is paid by what moves, and is once he has left', async () => {
  const covers = { positions: ['Newcomer'] };
  const body = { ...regulation('2009-08-01', ['within']), regulation: 'newcomers', covers };
  await desk.command('pay-regulations/main/publish-pay-regulation', body);
  await refresh();
  expect(await wereKept('2009-09')).toBe(true);
  await desk.hire('newcomer', 'Newcomer', { hiredOn: '2009-09-01' });
  await refresh();
  expect([await wereKept('2009-08'), await wereKept('2009-09')]).toEqual([true, false]);
  await desk.command('employees/newcomer/dismiss-employee', { lastDay: '2009-09-01' });
  await refresh();
  expect([await wereKept('2009-09'), await wereKept('2009-10')]).toEqual([false, true]);
});
