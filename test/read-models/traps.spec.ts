import { parsePeriod, periodBounds, plainFiveDayWeek } from '@voronka/kernel';
import {
  activity,
  conversion,
  deal,
  type Filters,
  funnel,
  type InstantPeriod,
  overview,
  type QueryContext,
  type SliceName,
  stepActivity,
  winRate,
} from '@voronka/read-models';
import { exampleRouteMap, initialDeal, nextOf } from '@voronka/sales';
import { type DealLog, funnelMap } from '../../libs/read-models/src/core/testing/deal-log.js';
import { type ReadDatabase, startReadDatabase, ZONE } from './support/read-database.js';
import { AUGUST } from './support/small-company.js';
import { AT, company, readTables } from './support/told-company.js';

// Each is a way in which figures of sales are commonly got wrong.

const JULY = { from: '2009-06-30T19:00:00.000Z', to: AUGUST.from };

let database: ReadDatabase;
beforeAll(async () => {
  database = await startReadDatabase();
}, 60_000);
afterAll(async () => database?.close());

const read = (log: DealLog, k?: bigint): Promise<QueryContext> => readTables(database, log, k);

async function bars(
  context: QueryContext,
  reach: 'touch' | 'implied',
  period: InstantPeriod = AUGUST,
): Promise<number[]> {
  const { total } = await funnel(context, { routeMap: 'sale', reach, basis: 'flow', period });
  return total.bars.map(({ deals }) => deals);
}

/** Value of the slice → activities done. */
async function done(
  context: QueryContext,
  slice: SliceName,
  period: InstantPeriod = AUGUST,
): Promise<Record<string, number>> {
  const { rows } = await activity(context, { groupBy: [slice], period });
  return Object.fromEntries(rows.map(({ slices, done: n }) => [slices[0]?.value ?? 'nobody', n]));
}

describe('Traps', () => {
  it('skipped stage', async () => {
    const log = company();
    log.opened('2009-08-03');
    log.done('contact', '2009-08-04');
    log.skipped('questionnaire', '2009-08-05');
    log.done('proposal', '2009-08-06');
    const context = await read(log);
    expect(await bars(context, 'touch')).toEqual([1, 0, 1, 0]);
    expect(await bars(context, 'implied')).toEqual([1, 1, 1, 0]);
  });

  it('going back counted twice', async () => {
    const log = company();
    log.opened('2009-08-03');
    for (const [day, step] of ['contact', 'questionnaire', 'proposal'].entries()) log.done(step, `2009-08-0${day + 4}`);
    log.returned('questionnaire', '2009-08-10');
    log.done('proposal', '2009-08-12');
    const context = await read(log);
    expect(await bars(context, 'touch')).toEqual([1, 1, 1, 0]);
    const stays = (await deal(context, 'd1')).stays.filter(({ step }) => step === 'proposal');
    expect(stays.map(({ endedHow }) => endedHow)).toEqual(['back', null]);
  });

  it('lost deals vanishing from earlier bars', async () => {
    const log = company();
    log.opened('2009-08-03');
    log.done('contact', '2009-08-04');
    log.lost('2009-08-20');
    expect(await bars(await read(log), 'touch')).toEqual([1, 0, 0, 0]);
  });

  it('reopen', async () => {
    const log = company();
    log.opened('2009-08-03');
    log.done('contact', '2009-08-04');
    const lost = log.lost('2009-08-10');
    log.reopened('2009-08-20');
    log.signed(700, '2009-10-05');
    const rate = async (k?: bigint) => {
      const { total } = await winRate(await read(log, k), { by: 'opening', measure: 'count' });
      return [total.won.deals, total.lost.deals];
    };
    expect(await rate()).toEqual([1, 0]);
    expect(await rate(lost.position)).toEqual([0, 1]);
    const { stays } = await deal(await read(log), 'd1');
    expect(stays.map(({ step, beganAt, endedHow }) => [step, beganAt.slice(0, 10), endedHow])).toEqual([
      ['contact', '2009-08-04', 'lost'],
      ['contact', '2009-08-20', 'won'],
    ]);
  });

  it('reassignment moving the past', async () => {
    const log = company();
    log.opened('2009-08-03');
    log.done('contact', '2009-08-04');
    log.reassigned('boris', '2009-08-10');
    log.done('questionnaire', '2009-08-12');
    const { rows } = await funnel(await read(log), {
      ...{ routeMap: 'sale', reach: 'touch', basis: 'flow', period: AUGUST, slice: 'owner' },
    });
    const byOwner = rows.map(({ slices, bars: of }) => [slices[0]?.value, of.map(({ deals }) => deals)]);
    expect(new Map(byOwner as [string, number[]][])).toEqual(
      new Map([
        ['anna', [1, 0, 0, 0]],
        ['boris', [0, 1, 0, 0]],
      ]),
    );
  });

  it('several performers on one deal', async () => {
    const log = company();
    log.opened('2009-08-03');
    log.done('contact', '2009-08-04', { by: 'anna' });
    log.done('questionnaire', '2009-08-05', { by: 'boris' });
    const { rows, total } = await funnel(await read(log), {
      ...{ routeMap: 'sale', reach: 'touch', basis: 'flow', period: AUGUST, slice: 'performer' },
    });
    expect(rows.map(({ bars: of }) => of.reduce((sum, { deals }) => sum + deals, 0))).toEqual([1, 1]);
    expect(total.bars.map(({ deals }) => deals)).toEqual([1, 1, 0, 0]);
  });

  it('split credit counted twice', async () => {
    const log = company();
    log.opened('2009-08-03');
    log.shared({ anna: 5_000, boris: 5_000 }, '2009-08-04');
    log.signed(1_000, '2009-08-20');
    const context = await read(log);
    expect((await overview(context)).signedKopecks).toBe(1_000);
    const { total } = await winRate(context, { by: 'close', measure: 'value', slice: 'department' });
    expect(total.won).toEqual({ deals: 1, amountKopecks: 1_000 });
  });

  it('period boundaries in the company’s zone', async () => {
    const log = company();
    log.opened('2009-07-01');
    log.activity('call', '2009-07-31T18:59:59.999Z');
    log.activity('call', '2009-07-31T19:00:00.000Z');
    const context = await read(log);
    expect(await done(context, 'performer', JULY)).toMatchObject({ anna: 1 });
    expect(await done(context, 'performer', AUGUST)).toMatchObject({ anna: 1 });
  });

  it('half-open periods that tile the year, ISO weeks', async () => {
    const week = periodBounds(parsePeriod('2009-W53'), ZONE);
    expect([week.from, week.to]).toEqual(['2009-12-27T20:00:00.000Z', '2010-01-03T20:00:00.000Z']);
    const log = company();
    log.opened('2009-01-01');
    for (let day = 0; day < 365; day += 1) {
      log.activity('call', new Date(Date.UTC(2009, 0, 1, -4 + day * 24)).toISOString());
    }
    const context = { ...(await read(log)), at: '2010-06-01T00:00:00.000Z' };
    const whole = { from: '2008-12-31T20:00:00.000Z', to: '2009-12-31T20:00:00.000Z' };
    for (const grain of ['month', 'quarter', 'isoWeek', 'day'] as const) {
      const { rows } = await activity(context, { groupBy: ['performer'], period: whole, grain });
      const anna = rows.filter(({ slices }) => slices[0]?.value === 'anna');
      expect(anna.reduce((sum, { done: n }) => sum + n, 0)).toBe(365);
    }
  });

  it('hire, leave, transfer inside a period', async () => {
    const log = company();
    log.opened('2009-08-03');
    log.activity('call', '2009-08-05');
    const transfer = { departmentId: 'service', position: 'manager', roles: [], effectiveOn: '2009-08-10' };
    log.tell('employee-anna', { type: 'EmployeeTransferred', data: transfer }, '2009-08-01');
    log.activity('call', '2009-08-10');
    log.activity('call', '2009-08-11');
    log.tell('employee-anna', { type: 'EmployeeDismissed', data: { lastDay: '2009-08-11' } }, '2009-08-20');
    const context = await read(log);
    expect(await done(context, 'department')).toMatchObject({ sales: 1, service: 2 });
    expect(await done(context, 'performer')).toMatchObject({ anna: 3 });
  });

  it('equal timestamps', async () => {
    const log = company();
    log.opened('2009-08-03');
    log.done('contact', '2009-08-04');
    log.done('questionnaire', '2009-08-04');
    log.activity('call', '2009-08-04');
    const context = await read(log);
    expect((await deal(context, 'd1')).summary.step).toBe('questionnaire');
    const { total } = await conversion(context, {
      ...{ routeMap: 'sale', fromStep: 'contact', toStep: 'questionnaire', kind: 'cohort', reach: 'touch' },
    });
    expect([total.numerator, total.reversed]).toEqual([1, 0]);
  });

  it('equal timestamps: what the log tells later followed what it told before', async () => {
    const log = company();
    log.opened('2009-08-03');
    log.activity('call', '2009-08-04');
    log.done('contact', '2009-08-04');
    log.activity('visit', '2009-08-04');
    log.done('questionnaire', '2009-08-04');
    log.activity('demo', '2009-08-04');
    const context = await read(log);
    const steps = await stepActivity(context, { routeMap: 'sale', period: AUGUST });
    const followed = steps.total.steps.map(({ step, next }) => [step, next.followed, next.matured]);
    expect(followed.slice(0, 2)).toEqual([
      ['contact', 1, 1],
      ['questionnaire', 0, 1],
    ]);
    const done = await activity(context, { groupBy: ['performer'], period: AUGUST });
    expect(done.total.next).toMatchObject({ followed: 2, matured: 3 });
    // Where the deal stood: one position lasts, the others were passed at once.
    expect((await deal(context, 'd1')).positions.map(({ step }) => step)).toEqual([null, 'contact', 'questionnaire']);
  });

  it('a product that a deal is about since, moving the past', async () => {
    const log = company();
    for (const id of ['p1', 'p2', 'p9'])
      log.tell(`product-${id}`, { type: 'ProductAdded', data: { name: id, line: `line-${id}` } }, '2009-01-02');
    log.opened('2009-08-03');
    log.done('contact', '2009-08-04');
    log.revised(1_000, '2009-09-10', { products: ['p9'] });
    log.done('questionnaire', '2009-09-11');
    log.signed(700, '2009-09-20');
    const context = await read(log);
    const counted = async (slice: SliceName, step: number, period: InstantPeriod) => {
      const asked = { routeMap: 'sale', reach: 'touch', period, slice } as const;
      const { rows } = await funnel(context, { ...asked, basis: 'flow' });
      return rows.map(({ slices, bars: of }) => [slices[0]?.value, of[step]?.deals]).filter(([, n]) => n !== 0);
    };
    const september = { from: AUGUST.to, to: '2009-09-30T19:00:00.000Z' };
    expect(await counted('product', 0, AUGUST)).toEqual([['p1', 1]]);
    expect(await counted('productLine', 0, AUGUST)).toEqual([['line-p1', 1]]);
    expect(await counted('product', 1, september)).toEqual([['p9', 1]]);
    const won = await winRate(context, { by: 'close', measure: 'count', slice: 'product' });
    const sold = won.rows.filter((row) => row.won.deals > 0).map(({ slices }) => slices[0]?.value);
    expect(sold).toEqual(['p2', 'p9']);
    // A filter asks of the same moments as the slice.
    const under = async (filters: Filters) =>
      (await funnel(context, { routeMap: 'sale', reach: 'touch', basis: 'flow', filters })).total.bars
        .slice(0, 2)
        .map(({ deals }) => deals);
    expect(await under({ product: ['p1'] })).toEqual([1, 0]);
    expect(await under({ productLine: ['line-p9'] })).toEqual([0, 1]);
    expect(await under({ product: ['p2', null] })).toEqual([0, 0]);
    // The deal itself is about what it is about at T.
    const productsAt = async (at: string) => (await deal({ ...context, at }, 'd1')).productIds;
    expect(await productsAt('2009-08-31T00:00:00.000Z')).toEqual(['p1']);
    expect(await productsAt(AT)).toEqual(['p2', 'p9']);
  });

  it('backdated entry', async () => {
    const log = company();
    const opened = log.opened('2009-07-01');
    log.done('contact', '2009-07-30', { recordedOn: '2009-08-05' });
    expect(await bars(await read(log), 'touch', JULY)).toEqual([1, 0, 0, 0]);
    expect(await bars(await read(log), 'touch', AUGUST)).toEqual([0, 0, 0, 0]);
    expect(await bars(await read(log, opened.position), 'touch', JULY)).toEqual([0, 0, 0, 0]);
  });

  it('effect recorded before its cause', async () => {
    const log = company();
    log.opened('2009-08-03');
    log.done('proposal', '2009-08-10');
    log.done('contact', '2009-08-04', { recordedOn: '2009-08-11' });
    const context = await read(log);
    const { total } = await conversion(context, {
      ...{ routeMap: 'sale', fromStep: 'contact', toStep: 'proposal', kind: 'cohort', reach: 'touch' },
    });
    expect([total.numerator, total.denominator, total.reversed]).toEqual([1, 1, 0]);
    expect((await deal(context, 'd1')).summary.step).toBe('proposal');
  });

  it('unknown is not no', () => {
    const answered = (office: string) => {
      const answers: Readonly<Record<string, Readonly<Record<string, string>>>> = { questionnaire: { office } };
      const completion = { performedBy: 'anna', occurredAt: '2009-08-04T08:00:00.000Z', verified: null } as const;
      const opening = { customerId: null, title: null, routeMapId: 'sale', routeMapVersion: 1, ownerId: 'anna' };
      const rest = { source: null, lines: [], expectedAmountKopecks: null, expectedCloseOn: null };
      const next = nextOf(
        {
          ...initialDeal(),
          ...{ status: 'open', reopened: false },
          opening: { ...opening, ...rest, occurredAt: '2009-08-03T08:00:00.000Z' },
          completions: ['first-contact', 'questionnaire'].map((step, revision) => ({
            ...{ ...completion, completionId: `e${revision}`, step, revision: revision + 1, status: 'done' },
            answers: answers[step] ?? {},
          })),
        },
        exampleRouteMap,
        { calendar: plainFiveDayWeek(), zone: ZONE, customer: { segment: null, portrait: {} }, now: AT },
      );
      const survey = ({ code }: { readonly code: string }): boolean => code === 'survey';
      return { barred: next.notApplicable.some(survey), undecided: next.blocked.find(survey)?.undecided ?? null };
    };
    expect(answered('small')).toEqual({ barred: true, undecided: null });
    expect(answered('unknown')).toMatchObject({ barred: false, undecided: { missing: [{ status: 'unknown' }] } });
  });

  it('zero rows', async () => {
    const log = company();
    log.opened('2009-08-03');
    log.activity('call', '2009-08-05');
    expect(await done(await read(log), 'performer')).toEqual({ anna: 1, boris: 0 });
  });

  it('a changed definition does not redraw the past', async () => {
    const log = company();
    log.opened('2009-08-03');
    log.done('contact', '2009-08-04');
    log.done('questionnaire', '2009-08-05');
    const before = await bars(await read(log), 'touch');
    const steps = funnelMap.steps.filter(({ code }) => code !== 'questionnaire');
    log.published(2, { ...funnelMap, steps }, '2009-08-06');
    const { total } = await funnel(await read(log), {
      ...{ routeMap: 'sale', version: 1, reach: 'touch', basis: 'flow', period: AUGUST },
    });
    expect(total.bars.map(({ deals }) => deals)).toEqual(before);
  });
});

describe('Small cases of the process', () => {
  it('step done 10 Aug, returned 12, done 15, accepted 2 Sep: August 0 as known 31 Aug; 1, dated 15 Aug, as known 3 Sep', async () => {
    const log = company();
    log.opened('2009-08-03');
    const first = log.done('contact', '2009-08-10', { awaits: true });
    log.sentBack(first, '2009-08-12');
    const second = log.done('contact', '2009-08-15', { awaits: true });
    log.accepted(second, '2009-09-02');
    expect(await bars(await read(log, second.position), 'touch')).toEqual([0, 0, 0, 0]);
    const context = await read(log);
    expect(await bars(context, 'touch')).toEqual([1, 0, 0, 0]);
    expect(await bars(context, 'touch', { from: AUGUST.to, to: AT })).toEqual([0, 0, 0, 0]);
    const steps = (await deal(context, 'd1')).steps.filter(({ status }) => status === 'done');
    expect(steps.map(({ occurredAt }) => occurredAt.slice(0, 10))).toEqual(['2009-08-15']);
  });

  it('proposal 5 Aug, deal returned 8 Aug, proposal 12 Aug, contract 20 Aug: stays of 3 days (back) and 8 days (forward)', async () => {
    const log = company();
    log.opened('2009-08-01');
    log.done('contact', '2009-08-02');
    log.done('proposal', '2009-08-05');
    log.returned('contact', '2009-08-08');
    log.done('proposal', '2009-08-12');
    log.done('contract', '2009-08-20');
    const context = await read(log);
    const stays = (await deal(context, 'd1')).stays.filter(({ step }) => step === 'proposal');
    const days = (from: string, to: string | null): number => (Date.parse(to ?? '') - Date.parse(from)) / 86_400_000;
    expect(stays.map(({ beganAt, endedAt, endedHow }) => [days(beganAt, endedAt), endedHow])).toEqual([
      [3, 'back'],
      [8, 'forward'],
    ]);
    expect(await bars(context, 'touch')).toEqual([1, 0, 1, 1]);
  });

  it('August 10 won, 5 lost; one lost is reopened and won in October: 10 of 14 now, 10 of 15 as of 31 Aug', async () => {
    const log = company();
    for (let n = 1; n <= 15; n += 1) {
      log.dealId = `d${n}`;
      log.opened('2009-08-01');
      if (n <= 10) log.signed(100, '2009-08-20', `k${n}`);
      else log.lost('2009-08-20');
    }
    const endOfAugust = log.events.at(-1)?.position;
    log.reopened('2009-09-10');
    log.signed(100, '2009-10-05', 'k15');
    const closed = async (k?: bigint) => {
      const { total } = await winRate(await read(log, k), { by: 'close', measure: 'count', period: AUGUST });
      return [total.won.deals, total.won.deals + total.lost.deals];
    };
    expect(await closed()).toEqual([10, 14]);
    expect(await closed(endOfAugust)).toEqual([10, 15]);
  });
});
