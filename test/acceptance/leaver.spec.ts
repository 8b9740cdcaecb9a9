import { PayDesk } from './support/pay-desk.js';

// Those who leave: a final statement, and afterwards only what came to light.

const desk = new PayDesk();

const tenth = (regulation: string, position: string, more: object) => ({
  ...{ regulation, effectiveFrom: '2009-08-01', name: position, covers: { positions: [position] }, ...more },
  rules: [{ code: 'C', name: 'Contracts', indicator: 'contracts', payout: { kind: 'percentOfAmount', bps: 1_000 } }],
});

beforeAll(async () => {
  await desk.start();
  const clause = { months: 12, shareBps: 10_000, statementShareBps: 10_000 };
  const publish = 'pay-regulations/main/publish-pay-regulation';
  await desk.command(publish, tenth('sales', 'Sales manager', { clawback: clause }));
  await desk.command(publish, tenth('trainees', 'Trainee', {}));
  await desk.hire('antonova', 'Sales manager');
  await desk.hire('belov', 'Trainee');
  await desk.hire('vlasova', 'Sales manager');
  desk.clock.instant = '2009-08-12T08:00:00.000Z';
  for (const id of ['antonova', 'belov', 'vlasova']) {
    await desk.contract(id, `${id}-1`, 100_000_00);
    await desk.contract(id, `${id}-2`, 50_000_00);
  }
  for (const id of ['antonova', 'belov'])
    await desk.command(`employees/${id}/dismiss-employee`, { lastDay: '2009-08-20' });
  desk.clock.instant = '2009-09-10T08:00:00.000Z';
  await desk.close('2009-08');
  await desk.contract('vlasova', 'vlasova-3', 20_000_00);
}, 180_000);
afterAll(async () => {
  await desk.stop();
}, 60_000);

const whoIn = async (month: string): Promise<readonly string[]> =>
  ((await desk.ask(`payroll/drafts?period=${month}`))['drafts'] as readonly { document: { employeeId: string } }[]).map(
    ({ document }) => document.employeeId,
  );

describe('who left in August', () => {
  it('has a final statement of August, and none of September while nothing comes to light', async () => {
    const [issued] = await desk.statements('2009-08', 'antonova');
    expect(issued?.document.leaving).toEqual({
      ...{ lastDay: '2009-08-20', isFinal: true },
      ...{ owedKopecks: 0, notTakenKopecks: 0, waivedKopecks: 0 },
    });
    expect(issued?.document.totals.payableKopecks).toBe(15_000_00);
    const [stays] = await desk.statements('2009-08', 'vlasova');
    expect(stays?.document).not.toHaveProperty('leaving');
    expect(await whoIn('2009-09')).toEqual(['petrova', 'sidorova', 'vlasova']);
  });

  it('owes what is taken back, though no regulation covers her any more; it is carried, below zero', async () => {
    await desk.voidContract('antonova-2');
    const { document } = await desk.draft('antonova', '2009-09');
    expect(document).toMatchObject({
      ...{ place: null, regulation: null, lines: [] },
      adjustments: [{ origin: '2009-08', dueKopecks: -5_000_00, notTakenKopecks: 0 }],
      totals: { payableKopecks: 0, carriedKopecks: -5_000_00 },
      leaving: { lastDay: '2009-08-20', isFinal: false, owedKopecks: -5_000_00 },
    });
  });

  it('keeps what no clause allows to take back: it is shown, once', async () => {
    await desk.voidContract('belov-2');
    expect((await desk.draft('belov', '2009-09')).document).toMatchObject({
      adjustments: [{ origin: '2009-08', dueKopecks: 0, notTakenKopecks: -5_000_00, postings: [] }],
      totals: { payableKopecks: 0, carriedKopecks: 0 },
      leaving: { isFinal: false, owedKopecks: 0, notTakenKopecks: -5_000_00 },
    });
    desk.clock.instant = '2009-10-05T08:00:00.000Z';
    await desk.close('2009-09');
    expect(await whoIn('2009-10')).toEqual(['petrova', 'sidorova', 'vlasova']);
  });

  it('has what he owes taken off what is still due to him, months later', async () => {
    const body = { adjustmentId: 'fair', employeeId: 'antonova', period: '2009-10', amountKopecks: 2_000_00 };
    await desk.command('payroll/main/post-manual-adjustment', { ...body, reason: 'The fair in June' }, 'sidorova');
    await desk.command('payroll/main/approve-manual-adjustment', { adjustmentId: 'fair' }, 'petrova');
    expect((await desk.draft('antonova', '2009-10')).document).toMatchObject({
      adjustments: [],
      totals: { manualKopecks: 2_000_00, broughtKopecks: -5_000_00, payableKopecks: 0, carriedKopecks: -3_000_00 },
      leaving: { isFinal: false, owedKopecks: -3_000_00 },
    });
  });
});

describe('an adjustment by hand that settles a month of somebody', () => {
  it('is not drafted for another who asks for his own: drafts of one employee hold nobody else', async () => {
    const body = { adjustmentId: 'late', employeeId: 'belov', period: '2009-10', amountKopecks: 1_00 };
    const settling = { ...body, settles: '2009-09', reason: 'Agreed on' };
    await desk.command('payroll/main/post-manual-adjustment', settling, 'sidorova');
    await desk.command('payroll/main/approve-manual-adjustment', { adjustmentId: 'late' }, 'petrova');
    const { drafts } = await desk.ask('payroll/drafts?period=2009-10&employee=vlasova');
    expect((drafts as readonly { document: object }[]).map(({ document }) => document)).toMatchObject([
      { employeeId: 'vlasova' },
    ]);
    // He did not work in that month: what is settled by hand is more than it pays, and no clause takes it back.
    expect((await desk.draft('belov', '2009-10')).document).toMatchObject({
      adjustments: [
        { origin: '2009-08' },
        { origin: '2009-09', postedKopecks: 1_00, nowKopecks: 0, dueKopecks: 0, notTakenKopecks: -1_00 },
      ],
      totals: { manualKopecks: 1_00, payableKopecks: 1_00 },
    });
  });
});

describe('who is told in October to have left in August', () => {
  it('gets back nothing of September, which was paid: by the clause of the regulation he was paid by', async () => {
    expect((await desk.draft('vlasova', '2009-10')).document).not.toHaveProperty('leaving');
    await desk.command('employees/vlasova/dismiss-employee', { lastDay: '2009-08-14' });
    const { document } = await desk.draft('vlasova', '2009-10');
    expect(document.adjustments).toMatchObject([
      {
        ...{ origin: '2009-09', postedKopecks: 2_000_00, nowKopecks: 0, factDeltaKopecks: -2_000_00 },
        ...{ dueKopecks: -2_000_00, notTakenKopecks: 0, waivedKopecks: 0 },
        postings: [{ rule: 'C', period: '2009-09', kopecks: -2_000_00 }],
      },
    ]);
    expect(document.leaving).toMatchObject({ lastDay: '2009-08-14', isFinal: true, owedKopecks: -2_000_00 });
  });

  it('is explained so, in Russian and in English', async () => {
    const where = 'payroll/explanation?employee=vlasova&period=2009-10';
    const texts = async (lang: string) => (await desk.ask(`${where}&lang=${lang}`))['leaving'];
    expect(await texts('ru')).toEqual(['окончательный расчёт, последний день 2009-08-14', 'остаётся должен: -2000.00']);
    expect(await texts('en')).toEqual(['final statement, last day 2009-08-14', 'still owes: -2000.00']);
  });
});
