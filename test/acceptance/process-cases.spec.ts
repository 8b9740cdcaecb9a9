import { exampleOf } from '../api/support/small-department.js';
import { indicator } from './support/august.js';
import { PayDesk } from './support/pay-desk.js';

// The small cases of the process, through commands over HTTP and the read models: a route map for each of them, and a
// clock that goes from August to October.

const desk = new PayDesk();
const OWNER = 'anna';

const step = (code: string, funnelRank: number, more: object = {}) => ({
  ...{ code, name: code, stage: 'way', kind: 'other', funnelRank },
  ...{ mandatory: false, after: [], roles: [], form: [], ...more },
});

const mapOf = (...steps: readonly object[]) => ({
  ...{ name: 'Way', purpose: 'sale', stages: [{ code: 'way', name: 'Way' }], steps },
  lossReasons: [{ code: 'price', name: 'Too dear', countsAsLoss: true }],
});

const MAPS = {
  stays: mapOf(step('contact', 1), step('proposal', 2), step('contract', 3)),
  rate: mapOf(step('contact', 1)),
  goal: mapOf(step('contact', 1), step('proposal', 2)),
  norm: mapOf(step('contact', 1), step('proposal', 2, { after: ['contact'], normWorkingHours: 16 })),
};

/** Noon in Samara unless the time is said. */
function on(day: string, time = '07:00'): void {
  desk.clock.instant = `${day}T${time}:00.000Z`;
}

const deal = (id: string, route: string, body: object) => desk.command(`deals/${id}/${route}`, body, OWNER);
const done = (id: string, code: string) => deal(id, 'complete-step', { step: code });
const lost = (id: string) => deal(id, 'lose-deal', { lossReason: 'price' });

async function opened(id: string, routeMapId: keyof typeof MAPS, steps: readonly string[] = []): Promise<void> {
  await deal(id, 'open-deal', { customerId: 'volga-tools', routeMapId });
  for (const code of steps) await done(id, code);
}

async function many(name: string, count: number, work: (id: string) => Promise<unknown>): Promise<void> {
  for (let n = 1; n <= count; n += 1) await work(`${name}-${n}`);
}

beforeAll(async () => {
  await desk.start();
  await desk.hire(OWNER, 'Sales manager');
  await desk.command('calendars/main/publish-calendar', exampleOf('PublishCalendar'));
  for (const [id, map] of Object.entries(MAPS)) await desk.command(`route-maps/${id}/publish-route-map`, map);
}, 120_000);
afterAll(async () => {
  await desk.stop();
}, 60_000);

describe('the small cases of the process', () => {
  it('proposal 5 Aug, deal returned 8 Aug, proposal 12 Aug, contract 20 Aug: stays 3 d (back) and 8 d (forward); exit 1/2; the bar counts 1', async () => {
    on('2009-08-04');
    await opened('back', 'stays', ['contact']);
    on('2009-08-05');
    await done('back', 'proposal');
    on('2009-08-08');
    await deal('back', 'return-deal', { toStep: 'contact', reason: 'Asked for another offer' });
    on('2009-08-12');
    await done('back', 'proposal');
    on('2009-08-20');
    await done('back', 'contract');

    const { stays } = (await desk.ask('deals/back')) as {
      stays: { step: string; beganAt: string; endedAt: string; endedHow: string }[];
    };
    const days = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;
    expect(
      stays
        .filter((stay) => stay.step === 'proposal')
        .map(({ beganAt, endedAt, endedHow }) => [days(beganAt, endedAt), endedHow]),
    ).toEqual([
      [3, 'back'],
      [8, 'forward'],
    ]);
    const august = 'routeMap=stays&period=2009-08';
    const analysis = (await desk.ask(`funnel/analysis?${august}`)) as { bars: { step: string; exits: object }[] };
    expect(analysis.bars.find((bar) => bar.step === 'proposal')?.exits).toMatchObject({
      forward: { numerator: 1, denominator: 2, percent: '50.00' },
      back: { numerator: 1, denominator: 2 },
      lost: { numerator: 0, denominator: 2 },
    });
    const exits = { measure: 'conversion', conversion: 'exit', from: { step: 'proposal' } };
    const definition = indicator({ ...exits, filters: { routeMaps: ['stays'] } });
    await desk.command('indicators/forward_exits/define-indicator', definition);
    const figures = await desk.ask('figures?indicator=forward_exits&period=2009-08');
    expect(figures['total']).toMatchObject({ figures: { forward_exits: { numerator: 1, denominator: 2 } } });
    const { total } = (await desk.ask(`funnel?${august}`)) as { total: { bars: object[] } };
    expect(total.bars).toMatchObject(['contact', 'proposal', 'contract'].map((code) => ({ step: code, deals: 1 })));
  });

  it('norm 16 working hours (9–18, break 13–14) from Fri 14 Aug 2009 17:00: due Tue 18 Aug 17:00', async () => {
    on('2009-08-14', '12:00');
    await opened('due', 'norm', ['contact']);
    const due = { code: 'proposal', since: '2009-08-14T12:00:00.000Z', dueAt: '2009-08-18T12:00:00.000Z' };
    on('2009-08-18', '12:00');
    expect(await desk.ask('deals/due/next')).toMatchObject({ open: [{ ...due, overdue: false }] });
    expect(await desk.ask('worklist')).toMatchObject({ overdue: [] });
    desk.clock.instant = '2009-08-18T12:00:00.001Z';
    expect(await desk.ask('deals/due/next')).toMatchObject({
      open: [{ ...due, overdue: true, dueAssumed: false }],
    });
    expect(await desk.ask('worklist')).toMatchObject({
      overdue: [{ dealId: 'due', step: 'proposal', dueAt: due.dueAt }],
    });
    await done('due', 'proposal');
  });

  it('August 10 won, 5 lost; one lost is reopened and won in October: win rate of August 10/14 now, 10/15 as of 31 Aug', async () => {
    on('2009-08-31');
    await many('rate', 15, (id) => opened(id, 'rate'));
    await many('rate', 10, (id) => desk.sign(OWNER, id, 1_000_00));
    for (let n = 11; n <= 15; n += 1) await lost(`rate-${n}`);
    const endOfAugust = desk.position;
    on('2009-09-10');
    await deal('rate-15', 'reopen-deal', { reason: 'The customer called' });
    on('2009-10-05');
    await desk.sign(OWNER, 'rate-15', 1_000_00);

    const rate = async (asOf = ''): Promise<unknown> =>
      (await desk.ask(`win-rate?routeMap=rate&period=2009-08&by=close&measure=count${asOf}`))['total'];
    expect(await rate()).toMatchObject({ won: { deals: 10 }, lost: { deals: 4 } });
    expect(await rate(`&asOf=${endOfAugust}`)).toMatchObject({ won: { deals: 10 }, lost: { deals: 5 } });
  });

  it('goal 10, signed 2; 5 at proposal (40 %), 8 at contact (50 %): proposals (8−2)/0.4 = 15, contacts (15−4)/0.5 = 22', async () => {
    // What October taught: of ten contacts five came to a proposal, of those two to a win.
    on('2009-10-12');
    await many('taught', 10, (id) => opened(id, 'goal', ['contact']));
    on('2009-10-13');
    await many('taught', 5, (id) => done(id, 'proposal'));
    on('2009-10-14');
    await many('taught', 2, (id) => desk.sign(OWNER, id, 1_000_00));
    for (let n = 3; n <= 10; n += 1) await lost(`taught-${n}`);
    on('2009-11-02');
    await many('signed', 2, async (id) => {
      await opened(id, 'goal', ['contact', 'proposal']);
      await desk.sign(OWNER, id, 1_000_00);
    });
    await many('proposed', 5, (id) => opened(id, 'goal', ['contact', 'proposal']));
    await many('met', 8, (id) => opened(id, 'goal', ['contact']));

    const goal = 'routeMap=goal&period=2009-11&wins=10&horizonDays=7';
    expect(await desk.ask(`funnel/decomposition?${goal}&minimumSample=5`)).toMatchObject({
      ...{ goalWins: 10, signedWins: 2, missingWins: 8 },
      bars: [
        { step: 'contact', toNext: { percent: '50.00' }, standing: 8, needed: 22 },
        { step: 'proposal', toNext: { percent: '40.00' }, standing: 5, needed: 15 },
      ],
    });
    const refused = await desk.rig.get(`/v1/funnel/decomposition?${goal}&minimumSample=6&after=${desk.position}`);
    expect([refused.status, refused.json['code']]).toEqual([422, 'DECOMPOSITION_SAMPLE_TOO_SMALL']);
  });
});
