import { regulation } from './support/august.js';
import { cellOf, PayDesk } from './support/pay-desk.js';

// Doubts about pay: pinned to a position and to lines, shown beside them until and after they are answered.

const desk = new PayDesk();
let pinnedAt = '0';

beforeAll(async () => {
  await desk.start();
  await desk.hire('ivanova', 'Sales manager');
  await desk.command('pay-regulations/main/publish-pay-regulation', regulation);
  await desk.plan(
    ['first_contacts', 'meetings'].map((code) => cellOf('ivanova', code, '2009-08', { change: 'replace', value: 1 })),
  );
  desk.clock.instant = '2009-08-12T08:00:00.000Z';
  await desk.deals('ivanova', 2, ['contact']);
}, 180_000);
afterAll(async () => {
  await desk.stop();
}, 60_000);

interface Explained {
  readonly disputes: readonly object[];
  readonly statement: object | null;
  readonly totals: { readonly earnedKopecks: number };
  readonly lines: readonly {
    readonly rule: string;
    readonly amountKopecks: number;
    readonly disputed: readonly object[];
  }[];
}

const explained = async (): Promise<Explained> =>
  (await desk.ask('payroll/explanation?employee=ivanova&period=2009-08')) as unknown as Explained;

describe('a dispute about first contacts of August', () => {
  const opened = { disputeId: 'd1', employeeId: 'ivanova', period: '2009-08', rules: ['R1'] };

  it('pins the position, and stands beside the draft and the line that it doubts', async () => {
    const answer = await desk.command(
      'payroll/main/open-dispute',
      { ...opened, reason: 'A contact is missing' },
      'ivanova',
    );
    pinnedAt = String(answer.json['position']);
    await desk.deals('ivanova', 1, ['contact'], 'missing');
    const shown = { disputeId: 'd1', status: 'open', openedAt: pinnedAt, rules: ['R1'], answer: null };
    expect((await desk.draft('ivanova', '2009-08')).disputes).toMatchObject([shown]);
    const { lines, disputes } = await explained();
    expect(disputes).toMatchObject([shown]);
    expect(lines.map(({ rule, amountKopecks, disputed }) => [rule, amountKopecks, disputed])).toEqual([
      ['R1', 450_00, [{ disputeId: 'd1', pinnedKopecks: 300_00 }]],
      ['R2', 0, []],
      ['R3', 0, []],
    ]);
    expect(await desk.pays('ivanova', '2009-08', pinnedAt)).toMatchObject({ R1: 300_00 });
  });

  it('is on the checklist, by who and what it doubts, and stops the closing', async () => {
    desk.clock.instant = '2009-09-02T08:00:00.000Z';
    const month = await desk.closing('2009-08');
    expect(month).toMatchObject({
      status: 'stopped',
      data: { items: [{ code: 'OPEN_DISPUTES', count: 1, examples: ['d1 ivanova R1'] }] },
    });
  });

  it('is answered with an outcome, shown beside the issued statement, and no more in the way', async () => {
    const resolved = { disputeId: 'd1', outcome: 'upheld', reason: 'It was entered' };
    const { status } = await desk.send('payroll/main/resolve-dispute', { ...resolved, outcome: 'perhaps' });
    expect(status).toBe(400);
    await desk.command('payroll/main/resolve-dispute', resolved, 'petrova');
    expect(await desk.closing('2009-08')).toMatchObject({ status: 'closed' });
    const [issued] = await desk.statements('2009-08', 'ivanova');
    expect(issued?.disputes).toMatchObject([{ status: 'upheld', answer: 'It was entered', openedAt: pinnedAt }]);
    expect(issued?.document).not.toHaveProperty('disputes');
  });
});

describe('a closed month', () => {
  it('is explained as its statement was issued, whatever came later; its lines add up', async () => {
    const mistake = { step: 'contact', reason: 'Another firm', lateEntryReason: 'Told late' };
    await desk.command('deals/ivanova-1/void-step', mistake, 'ivanova');
    const [issued] = await desk.statements('2009-08', 'ivanova');
    const { statement, totals, lines } = await explained();
    expect(statement).toEqual({ version: 2, hash: issued?.hash });
    expect(lines.reduce((sum, { amountKopecks }) => sum + amountKopecks, 0)).toBe(450_00);
    expect(totals.earnedKopecks).toBe(450_00);
    expect(await desk.pays('ivanova', '2009-08')).toMatchObject({ R1: 300_00 });
  });

  it('is doubted by its posted figures', async () => {
    const doubt = { disputeId: 'd2', employeeId: 'ivanova', period: '2009-08', reason: 'All of it' };
    await desk.command('payroll/main/open-dispute', doubt, 'ivanova');
    const { lines } = await explained();
    expect(lines.map(({ disputed }) => disputed.at(-1))).toEqual([
      { disputeId: 'd2', pinnedKopecks: 450_00 },
      { disputeId: 'd2', pinnedKopecks: 0 },
      { disputeId: 'd2', pinnedKopecks: 0 },
    ]);
  });

  it('is explained in the language that the reader likes', async () => {
    const where = '/v1/payroll/explanation?employee=ivanova&period=2009-08&rule=R1&limit=2';
    const first = async (language: string): Promise<unknown> => {
      const { json } = await desk.rig.get(where, { headers: { 'accept-language': language } });
      const [line] = json['lines'] as readonly { text: readonly string[]; counted: { items: object[] } }[];
      expect(line?.counted).toMatchObject({ count: 3 });
      expect(line?.counted.items).toHaveLength(2);
      return line?.text.at(-1);
    };
    expect(await first('ru-RU,en;q=0.5')).toBe('начислено; итого 450.00 ₽');
    expect(await first('de')).toBe('paid; total 450.00 ₽');
  });
});
