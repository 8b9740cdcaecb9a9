import { indicator } from './support/august.js';
import { PayDesk } from './support/pay-desk.js';

// A regulation whose rule counts by an indicator that does not hold yet in the regulation's first month.

const desk = new PayDesk();

const contracts = { code: 'C', name: 'Contracts', indicator: 'contracts' };
const regulation = {
  ...{ regulation: 'sales', effectiveFrom: '2009-08-01', name: 'Sales', covers: { positions: ['Sales manager'] } },
  rules: [
    { ...contracts, payout: { kind: 'percentOfAmount', bps: 1_000 } },
    { code: 'S', name: 'Meetings per deal', indicator: 'share', payout: { kind: 'fixed', kopecks: 500_00 } },
  ],
};
const publish = 'pay-regulations/main/publish-pay-regulation';

beforeAll(async () => {
  await desk.start();
  const later = { ...indicator({ measure: 'amount' }), effectiveFrom: '2009-09-01' };
  await desk.command('indicators/later/define-indicator', later);
  const share = { measure: 'ratio', numerator: 'contracts', denominator: 'later' };
  await desk.command('indicators/share/define-indicator', indicator(share));
  await desk.hire('vlasova', 'Sales manager');
  desk.clock.instant = '2009-08-12T08:00:00.000Z';
  await desk.contract('vlasova', 'vlasova-1', 100_000_00);
}, 180_000);
afterAll(async () => {
  await desk.stop();
}, 60_000);

describe('bug: one rule by an indicator that did not hold yet, and nobody had any pay', () => {
  it('such a rule is refused', async () => {
    const rules = [{ ...contracts, indicator: 'later', payout: { kind: 'percentOfAmount', bps: 1_000 } }];
    const { json } = await desk.send(publish, { ...regulation, rules });
    expect(json).toMatchObject({
      code: 'PAY_REGULATION_FAULTY',
      data: { faults: [{ pointer: '/rules/0/indicator', code: 'INDICATOR_NOT_EFFECTIVE' }] },
    });
  });

  it('where only a part of it does not hold, the rule pays nothing and all others pay', async () => {
    await desk.command(publish, regulation);
    const { document } = await desk.draft('vlasova', '2009-08');
    expect(document.lines).toMatchObject([
      { rule: 'C', status: 'PAID', amountKopecks: 10_000_00 },
      { rule: 'S', status: 'NO_ACTUAL', definition: 'share@1', amountKopecks: 0 },
    ]);
  });

  it('a plan for it is shown without an actual, and stops no other plan of the year from being shown', async () => {
    const owner = { kind: 'employee', id: 'vlasova' };
    const cells = ['contracts', 'later'].map((code) => ({ indicator: code, owner, period: '2009', value: 900_00 }));
    await desk.command('plans/year/assign-plan', { cells, reason: 'Goals' });
    const plans = await desk.ask('plans?period=2009');
    expect(plans['rows']).toMatchObject([
      { indicator: 'contracts', target: '90000', actual: '10000000' },
      { indicator: 'later', target: '90000', actual: null, pace: null },
    ]);
  });

  it('and once it holds, it pays', async () => {
    desk.clock.instant = '2009-09-12T08:00:00.000Z';
    await desk.contract('vlasova', 'vlasova-2', 50_000_00);
    const { document } = await desk.draft('vlasova', '2009-09');
    expect(document.lines).toMatchObject([
      { rule: 'C', amountKopecks: 5_000_00 },
      { rule: 'S', status: 'PAID', amountKopecks: 500_00 },
    ]);
  });
});
