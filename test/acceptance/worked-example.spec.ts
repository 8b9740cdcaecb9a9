import { type AugustPay, type AugustRig, payOf, startAugust } from './support/august.js';

// The worked example of the pay regulation, to the kopeck, through commands over HTTP and the read models.

let rig: AugustRig['rig'];
let clock: AugustRig['clock'];
let pay: AugustPay;

beforeAll(async () => {
  ({ rig, clock, pay } = await startAugust());
}, 180_000);
afterAll(async () => {
  await rig.stop();
}, 60_000);

const SEPTEMBER = '2009-09-02T08:00:00.000Z';

describe('August 2009', () => {
  it('is 6,300.00 + 5,500.00 + 26,000.00 = 37,800.00', async () => {
    const draft = await pay.draft('2009-08');
    expect(payOf(draft)).toEqual({ R1: 6_300, R2: 5_500, R3: 26_000, payable: 37_800 });
  });

  it('with the plan of first contacts at 45 is 31,500.00, and still 37,800.00 as of before', async () => {
    const before = pay.last();
    await pay.change('raise-to-45', 'revise-plan', { change: 'replace', value: 45 });
    expect(payOf(await pay.draft('2009-08'))).toEqual({ R1: 0, R2: 5_500, R3: 26_000, payable: 31_500 });
    expect(payOf(await pay.draft('2009-08', before)).payable).toBe(37_800);
    const explained = await pay.explain('2009-08', 'R1');
    expect(explained).toMatchObject({
      lines: [{ rule: 'R1', amountKopecks: 0, plans: [{ planId: 'raise-to-45' }], counted: { count: 42 } }],
    });
  });

  it('with 45 from 17 August asks for 895/21 and pays no first contacts', async () => {
    await pay.change('back-to-40', 'revise-plan', { change: 'replace', value: 40 });
    const back = pay.last();
    await pay.change('from-17', 'revise-plan', { change: 'fromDate', from: '2009-08-17', value: 45 });
    const draft = await pay.draft('2009-08');
    expect(draft.document.lines[0]).toMatchObject({ status: 'GATE_FAILED', target: '895/21', amountKopecks: 0 });
    expect(payOf(await pay.draft('2009-08', back)).payable).toBe(37_800);
    await pay.change('again-40', 'revise-plan', { change: 'replace', value: 40 });
  });
});

describe('August once it is closed', () => {
  it('issues the statement of 37,800.00, whose hash stays', async () => {
    clock.instant = SEPTEMBER;
    await pay.close('2009-08');
    const [issued] = await pay.statements('2009-08');
    expect(payOf(issued)).toEqual({ R1: 6_300, R2: 5_500, R3: 26_000, payable: 37_800 });
  });

  it('goes to a payroll program amount by amount, as CSV and as JSON; an open month does not', async () => {
    const where = `/v1/payroll/export?after=${pay.last()}&period`;
    const csv = await rig.get(`${where}=2009-08&format=csv`);
    const rows = csv.text.split('\r\n').map((row) => row.split(',').slice(0, 7).join());
    expect(rows).toContain('ivanova,2009-08,1,2009-08,bonus,R3,2600000');
    expect(rows[0]).toBe('employee,period,version,origin,kind,code,amountKopecks');
    const { totals } = (await rig.get(`${where}=2009-08`)).json;
    const [issued] = await pay.statements('2009-08');
    const own = { employeeId: 'ivanova', version: 1, payableKopecks: 37_800_00, hash: issued?.hash };
    expect(totals).toContainEqual(own);
    expect((await rig.get(`${where}=2009-09`)).json['code']).toBe('PERIOD_NOT_CLOSED');
  });

  it('a contract of 200,000.00 is voided: 12,000.00 are due back in September, August stays as it was', async () => {
    const [before] = await pay.statements('2009-08');
    await pay.voidContract();
    const draft = await pay.draft('2009-09');
    expect(draft.document.adjustments).toMatchObject([
      {
        origin: '2009-08',
        factDeltaKopecks: -12_000_00,
        termDeltaKopecks: 0,
        dueKopecks: -12_000_00,
        waivedKopecks: 0,
        postings: [{ rule: 'R3', kopecks: -12_000_00 }],
      },
    ]);
    expect(draft.document.totals).toMatchObject({ payableKopecks: 0, carriedKopecks: -12_000_00 });
    expect(await pay.statements('2009-08')).toEqual([before]);
  });

  it('the plan cannot be revised by one person alone', async () => {
    const refused = await pay.try('alone', 'revise-plan', { change: 'replace', value: 45 });
    expect([refused.status, refused.json['code']]).toEqual([422, 'PERIOD_CLOSED']);
  });

  it('the plan is raised to 45 by two people: 6,300.00 are waived, 12,000.00 still due', async () => {
    await pay.propose('closed-45', { change: 'replace', value: 45 });
    const own = await pay.approve('closed-45', 'sidorova');
    expect([own.status, own.json['code']]).toEqual([403, 'SECOND_PERSON_NEEDED']);
    expect((await pay.approve('closed-45', 'petrova')).status).toBe(200);
    expect((await pay.draft('2009-09')).document.adjustments).toMatchObject([
      { dueKopecks: -12_000_00, waivedKopecks: -6_300_00, termDeltaKopecks: -6_300_00 },
    ]);
  });

  it('then lowered to 30: nothing is waived, 12,000.00 still due', async () => {
    await pay.propose('closed-30', { change: 'replace', value: 30 });
    await pay.approve('closed-30', 'petrova');
    expect((await pay.draft('2009-09')).document.adjustments).toMatchObject([
      { dueKopecks: -12_000_00, waivedKopecks: 0, notTakenKopecks: 0 },
    ]);
  });

  it('its statement comes out the same, to the last bit, from the position at which it was closed', async () => {
    const [issued] = await pay.statements('2009-08');
    const again = await pay.draft('2009-08', issued?.document.asOf);
    expect([again.document, again.hash]).toEqual([issued?.document, issued?.hash]);
  });

  it('an adjustment by hand that settles August leaves nothing due; one that names nothing stands beside', async () => {
    const by = (adjustmentId: string, more: object) =>
      pay.command(
        'payroll/main/post-manual-adjustment',
        {
          adjustmentId,
          employeeId: 'ivanova',
          period: '2009-09',
          amountKopecks: -12_000_00,
          reason: 'Agreed on',
          ...more,
        },
        'sidorova',
      );
    await by('beside', { amountKopecks: 500_00 });
    await by('settling', { settles: '2009-08' });
    expect((await pay.draft('2009-09')).document.manual).toEqual([]);
    for (const adjustmentId of ['beside', 'settling']) {
      await pay.command('payroll/main/approve-manual-adjustment', { adjustmentId }, 'petrova');
    }
    const { adjustments, totals } = (await pay.draft('2009-09')).document;
    expect(adjustments).toEqual([]);
    expect(totals).toMatchObject({ adjustedKopecks: 0, manualKopecks: -11_500_00, carriedKopecks: -11_500_00 });
  });

  it('only two people open it again; closing it issues version 2 beside version 1', async () => {
    await pay.command('payroll/main/reopen-period', { period: '2009-08', reason: 'A contract was void' }, 'sidorova');
    await pay.command('payroll/main/approve-reopening', { period: '2009-08' }, 'petrova');
    await pay.close('2009-08');
    const versions = await pay.statements('2009-08');
    expect(versions.map((one) => [one.document.version, payOf(one).payable])).toEqual([
      [1, 37_800],
      [2, 25_800],
    ]);
    // What was settled by hand is in version 2 by itself now, so it is owed back.
    expect((await pay.draft('2009-09')).document.adjustments).toMatchObject([
      { dueKopecks: 12_000_00, postings: [{ rule: 'manual', kopecks: 12_000_00 }] },
    ]);
  });
});
