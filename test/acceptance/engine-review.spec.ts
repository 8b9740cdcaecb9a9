import type { PostedAdjustment, StatementDocument } from '@voronka/pay/events';
import { regulation } from './support/august.js';
import { PayDesk } from './support/pay-desk.js';

// What another engine settled otherwise than today's would have, of the same facts and terms, beside what is due.

const desk = new PayDesk();

beforeAll(async () => {
  await desk.start();
  await desk.hire('smirnov', 'Sales manager');
  const publish = 'pay-regulations/main/publish-pay-regulation';
  await desk.command(publish, regulation);
  await desk.hire('orlova', 'Apprentice');
  const { clawback: _clawback, ...kept } = regulation;
  await desk.command(publish, { ...kept, regulation: 'kept', covers: { positions: ['Apprentice'] } });
  desk.clock.instant = '2009-08-12T08:00:00.000Z';
  for (const id of ['smirnov', 'orlova']) {
    await desk.contract(id, `${id}-1`, 100_000_00);
    await desk.contract(id, `${id}-2`, 30_000_00);
    await desk.contract(id, `${id}-3`, 10_000_00);
  }
  desk.clock.instant = '2009-09-02T08:00:00.000Z';
  await desk.close('2009-08');
  for (const id of ['smirnov', 'orlova']) await desk.voidContract(`${id}-2`);
  desk.clock.instant = '2009-10-02T08:00:00.000Z';
  await desk.close('2009-09');
}, 180_000);
afterAll(async () => {
  await desk.stop();
}, 60_000);

/** As if the program of then had issued it so. */
async function issuedOtherwise(id: string, month: string, change: (document: StatementDocument) => object) {
  const { document } = (await desk.statements(month, id))[0] ?? {};
  if (document === undefined) throw new Error(`no statement of ${id}`);
  const { rows } = await desk.rig.stores.pool.query<{ name: string }>(
    `SELECT schemaname || '.statements' AS name FROM pg_tables WHERE tablename = 'statements'`,
  );
  await desk.rig.stores.pool.query(
    `UPDATE ${rows[0]?.name ?? ''} SET document = document || $1::jsonb WHERE period = $2 AND employee_id = $3`,
    [JSON.stringify({ engine: 'voronka-pay-0', ...change(document) }), month, id],
  );
}

/** What the statement of September took August to be, and what it took of it back. */
const settledAt = (nowKopecks: number, dueKopecks: number) => (document: StatementDocument) => ({
  adjustments: document.adjustments.map((one): PostedAdjustment => {
    const factDeltaKopecks = nowKopecks - one.postedKopecks;
    const [rule] = one.rules.map((it) => ({ ...it, factDeltaKopecks }));
    if (rule === undefined) throw new Error('nothing was settled');
    const postings = dueKopecks === 0 ? [] : [{ rule: rule.rule, period: rule.period, kopecks: dueKopecks }];
    const notTakenKopecks = factDeltaKopecks - dueKopecks;
    return { ...one, nowKopecks, factDeltaKopecks, dueKopecks, notTakenKopecks, rules: [rule], postings };
  }),
});

/** Posted, now, due, not taken, to be reviewed: of August, in the draft of October. */
const august = async (id = 'smirnov') => {
  const drafts = (await desk.ask(`payroll/drafts?period=2009-10&employee=${id}`))['drafts'];
  return (drafts as readonly { document: StatementDocument }[]).flatMap(({ document }) =>
    document.adjustments.map((one) => [
      ...[one.postedKopecks, one.nowKopecks, one.dueKopecks, one.notTakenKopecks],
      one.reviewKopecks,
    ]),
  );
};

describe('what another engine posted for an earlier month', () => {
  it('bug: was settled by itself where only the engine moves it', async () => {
    expect(await august()).toEqual([]);
    await issuedOtherwise('smirnov', '2009-09', settledAt(3_200_00, -1_000_00));
    expect(await august()).toEqual([[3_200_00, 3_300_00, 0, 0, 100_00]]);
    await issuedOtherwise('smirnov', '2009-09', settledAt(3_500_00, -700_00));
    expect(await august()).toEqual([[3_500_00, 3_300_00, 0, 0, -200_00]]);
  });

  it('what no clause takes back is not taken still, and no difference between engines', async () => {
    await issuedOtherwise('orlova', '2009-09', settledAt(3_300_00, 0));
    expect(await august('orlova')).toEqual([[4_200_00, 3_300_00, 0, -900_00, undefined]]);
    await issuedOtherwise('orlova', '2009-09', settledAt(3_500_00, 0));
    expect(await august('orlova')).toEqual([[4_200_00, 3_300_00, 0, -700_00, -200_00]]);
  });

  it('bug: what it left alone was settled by itself, too', async () => {
    await issuedOtherwise('orlova', '2009-09', () => ({ adjustments: [] }));
    expect(await august('orlova')).toEqual([[4_200_00, 3_300_00, 0, 0, -900_00]]);
  });

  it('bug: what it made otherwise in the first place was to be reviewed though it had settled that itself', async () => {
    await issuedOtherwise('smirnov', '2009-08', ({ lines }) => ({
      lines: lines.map((line) => (line.rule === 'R3' ? { ...line, amountKopecks: 4_300_00 } : line)),
    }));
    await issuedOtherwise('smirnov', '2009-09', ({ adjustments }) => ({
      adjustments: adjustments.map((one) => ({ ...one, postedKopecks: 4_300_00 })),
    }));
    await issuedOtherwise('smirnov', '2009-09', settledAt(3_300_00, -1_000_00));
    expect(await august()).toEqual([]);
  });

  it('facts that change later are settled as ever, beside it', async () => {
    await issuedOtherwise('smirnov', '2009-09', settledAt(3_400_00, -900_00));
    expect(await august()).toEqual([[3_400_00, 3_300_00, 0, 0, -100_00]]);
    await desk.voidContract('smirnov-3');
    expect(await august()).toEqual([[3_400_00, 3_000_00, -300_00, 0, -100_00]]);
  });
});
