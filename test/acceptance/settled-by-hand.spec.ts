import { pays } from './support/small-cases.js';
import { ANOTHER, PayDesk, TOLD_BY } from './support/pay-desk.js';

// A month is settled by hand in a later statement, and opened again before that statement is issued.

const desk = new PayDesk();
const reason = 'Agreed on';

beforeAll(async () => {
  await desk.start();
  const tenth = {
    code: 'C',
    name: 'Contracts',
    indicator: 'contracts',
    payout: { kind: 'percentOfAmount', bps: 1_000 },
  };
  await desk.command('pay-regulations/main/publish-pay-regulation', pays('seller', [tenth], { clawback: null }));
  await desk.hire('ivanova', 'seller');
  desk.clock.instant = '2009-09-02T08:00:00.000Z';
  await desk.close('2009-08');
  await desk.contract('ivanova', 'signed', 10_000_00);
  desk.clock.instant = '2009-10-02T08:00:00.000Z';
  await desk.close('2009-09');
}, 180_000);
afterAll(async () => {
  await desk.stop();
}, 60_000);

const post = (adjustmentId: string, settles: string) => ({
  ...{ adjustmentId, employeeId: 'ivanova', period: '2009-10', amountKopecks: 50_00, settles, reason },
});

async function byHand(adjustmentId: string, settles: string): Promise<void> {
  await desk.command('payroll/main/post-manual-adjustment', post(adjustmentId, settles), TOLD_BY);
  await desk.command('payroll/main/approve-manual-adjustment', { adjustmentId }, ANOTHER);
}

describe('bug: a month opened again was settled by its own statement, and paid twice by the next', () => {
  it('bug: version 2 settled itself with what a later statement settles by hand', async () => {
    await byHand('fifty', '2009-09');
    await desk.reopen('2009-09');
    await desk.close('2009-09');
    const [issued] = (await desk.statements('2009-09', 'ivanova')).filter(({ document }) => document.version === 2);
    expect(issued?.document).toMatchObject({ adjustments: [], totals: { payableKopecks: 1_000_00 } });
  });

  it('bug: the next statement paid the whole bonus again', async () => {
    const { adjustments, totals } = (await desk.draft('ivanova', '2009-10')).document;
    expect(adjustments).toMatchObject([{ origin: '2009-09', dueKopecks: 0, notTakenKopecks: -50_00 }]);
    expect(totals).toMatchObject({ adjustedKopecks: 0, manualKopecks: 50_00, payableKopecks: 50_00 });
  });
});
