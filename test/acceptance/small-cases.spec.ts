import { exampleOf } from '../api/support/small-department.js';
import { ANOTHER, PayDesk, TOLD_BY } from './support/pay-desk.js';
import { foundSmallCases, ofAll, pays, secondVersion, target, workSmallCases } from './support/small-cases.js';

// Every small case of pay, to the kopeck, through commands over HTTP and the read models: one company, one August.

const desk = new PayDesk();

beforeAll(async () => {
  await desk.start();
  await foundSmallCases(desk);
  desk.clock.instant = '2009-08-10T08:00:00.000Z';
  const checked = { customerId: 'volga-tools', routeMapId: 'checked' };
  await desk.command('deals/checked/open-deal', checked, 'counted-1');
  await desk.command('deals/checked/complete-step', { step: 'contact' }, 'counted-1');
  desk.clock.instant = '2009-08-12T08:00:00.000Z';
  const back = { step: 'contact', accepted: false, reason: 'The answers are missing' };
  await desk.command('deals/checked/verify-step', back, TOLD_BY);
  desk.clock.instant = '2009-08-15T08:00:00.000Z';
  await desk.command('deals/checked/complete-step', { step: 'contact' }, 'counted-1');
  desk.clock.instant = '2009-08-20T08:00:00.000Z';
  await workSmallCases(desk);
}, 300_000);
afterAll(async () => {
  await desk.stop();
}, 60_000);

const lineOf = async (employee: string, rule: string) =>
  (await desk.draft(employee, '2009-08')).document.lines.find((line) => line.rule === rule);

const due = async (employee: string) => {
  const { adjustments } = (await desk.draft(employee, '2009-09')).document;
  return adjustments.map(({ dueKopecks, waivedKopecks, notTakenKopecks }) => [
    dueKopecks,
    waivedKopecks,
    notTakenKopecks,
  ]);
};

describe('in an open month', () => {
  it('marginal by fulfilment, 400 to 100 % and 500 above, plan 10, actual 11: 4,500.00', async () => {
    expect(await desk.pays('graded-1', '2009-08')).toEqual({ M: 4_500_00 });
  });

  it('R3 on 720,000.00: 34,400.00, capped at 30,000.00', async () => {
    expect(await lineOf('capped', 'R3')).toMatchObject({
      amountKopecks: 30_000_00,
      steps: expect.arrayContaining([{ step: 'cap', kopecks: 30_000_00 }]),
    });
  });

  it('two contracts of 100.50 at 1 % in one line: 2.01', async () => {
    expect(await desk.pays('percent-1', '2009-08')).toEqual({ P: 2_01 });
  });

  it('contract 600,000.00 shared 50/50: each paid on 300,000.00, 9,000.00', async () => {
    for (const id of ['half-1', 'half-2']) expect(await desk.pays(id, '2009-08')).toEqual({ S: 9_000_00 });
  });

  it('10.00 shared by three: 3.34, 3.33, 3.33', async () => {
    const paid = await Promise.all(['third-1', 'third-2', 'third-3'].map((id) => desk.pays(id, '2009-08')));
    expect(paid).toEqual([{ W: 3_34 }, { W: 3_33 }, { W: 3_33 }]);
  });

  it('own meetings 110 %, gate on the department at 29/30: 0, and no floor lifts it', async () => {
    expect(await lineOf('team-1', 'T')).toMatchObject({
      ...{ status: 'GATE_FAILED', amountKopecks: 0, actual: '11' },
      gates: [{ passed: true }, { passed: false, actual: '29', target: '30' }],
    });
  });

  it('plan 40, add 5, fromDate 17 Aug 60: (45×10 + 60×11)/21 = 52.857…', async () => {
    const change = (what: object) => ({ ...target('levels', 'first_contacts', 0), ...what });
    await desk.plan([change({ change: 'add', value: 5 })]);
    await desk.plan([change({ change: 'fromDate', from: '2009-08-17', value: 60 })]);
    expect(await lineOf('levels', 'R1')).toMatchObject({ target: '370/7' });
  });

  it('hired 17 Aug, plan 40, 21 contacts: prorated to 20.952… the gate is passed, with none 52.5 % and 0', async () => {
    expect(await lineOf('late-1', 'R1')).toMatchObject({ target: '440/21', status: 'PAID', amountKopecks: 3_150_00 });
    expect(await lineOf('late-2', 'R1')).toMatchObject({ fulfilment: '21/40', status: 'GATE_FAILED' });
  });

  it('away for ten of 21 working days, plan 42 prorated: 22, and 42 again once the absence is called off', async () => {
    const absence = { absenceId: 'a1', kind: 'leave', firstDay: '2009-08-03', lastDay: '2009-08-14' };
    expect(await lineOf('away', 'R1')).toMatchObject({ target: '42', amountKopecks: 0 });
    await desk.command('employees/away/record-absence', absence, TOLD_BY);
    expect(await lineOf('away', 'R1')).toMatchObject({ target: '22', amountKopecks: 3_300_00 });
    await desk.command('employees/away/cancel-absence', { absenceId: 'a1', reason: 'Postponed' }, TOLD_BY);
    expect(await lineOf('away', 'R1')).toMatchObject({ target: '42', amountKopecks: 0 });
  });

  it('slab 5 %, or 7 % from 1,000,000.00: 999,999.00 gives 49,999.95, 1,000,000.00 gives 70,000.00', async () => {
    expect(await desk.pays('leap-1', '2009-08')).toEqual({ L: 49_999_95 });
    expect(await desk.pays('leap-2', '2009-08')).toEqual({ L: 70_000_00 });
  });

  it('step done 10 Aug, returned 12, done 15, accepted 2 Sep: August 0 as known 31 Aug, 1 as known 3 Sep', async () => {
    const before = desk.position;
    desk.clock.instant = '2009-09-02T08:00:00.000Z';
    await desk.command('deals/checked/verify-step', { step: 'contact', accepted: true }, TOLD_BY);
    expect(await desk.pays('counted-1', '2009-08', before)).toEqual({ C: 0 });
    expect(await desk.pays('counted-1', '2009-08')).toEqual({ C: 100_00 });
    const { lines } = (await desk.ask('payroll/explanation?employee=counted-1&period=2009-08&rule=C')) as {
      lines: { counted: { items: { occurredAt: string }[] } }[];
    };
    expect(lines[0]?.counted.items.map(({ occurredAt }) => occurredAt.slice(0, 10))).toEqual(['2009-08-15']);
  });

  it('year 100 over 12 equal months: 9, 9, 9, 9, then 8 × 8', async () => {
    const where = 'plans/distribution?indicator=meetings&ownerKind=employee&owner=graded-1&year=2009&value=100';
    const { cells } = (await desk.ask(where)) as { cells: { value: number }[] };
    expect(cells.map(({ value }) => value)).toEqual([9, 9, 9, 9, 8, 8, 8, 8, 8, 8, 8, 8]);
  });

  it('bug: plain weeks were taken for a year that the calendar does not state, and neither plans nor pay said so', async () => {
    const plans = 'period=2009-08&employee=levels';
    const places = [`plans?${plans}`, `plans/attention?${plans}`, 'payroll/explanation?employee=levels&period=2009-08'];
    const assumed = (more = '') =>
      Promise.all(places.map(async (where) => (await desk.ask(`${where}${more}`))['calendarAssumed']));
    const before = desk.position;
    const { lines } = (await desk.draft('levels', '2009-08')).document;
    expect(await assumed()).toEqual([[2009], [2009], [2009]]);
    // What is paid by no plan goes by no calendar.
    expect(await desk.ask('payroll/explanation?employee=leap-1&period=2009-08')).toMatchObject({ calendarAssumed: [] });
    await desk.command('calendars/main/publish-calendar', exampleOf('PublishCalendar'));
    expect(await assumed()).toEqual([[], [], []]);
    expect(await assumed(`&asOf=${before}`)).toEqual([[2009], [2009], [2009]]);
    const { document } = await desk.draft('levels', '2009-08');
    expect(document.lines).toEqual(lines);
    expect(JSON.stringify(document)).not.toContain('calendarAssumed');
  });

  it('brackets 75–80 and 81–90: refused, a gap', async () => {
    const brackets = [
      { from: 7_500, to: 8_000, value: 100 },
      { from: 8_100, to: 9_000, value: 200 },
      { from: 9_000, to: null, value: 300 },
    ];
    const payout = { kind: 'tiers', by: 'fulfilment', mode: 'slab', pays: 'perUnit', brackets };
    const rules = [{ code: 'G', name: 'G', indicator: 'meetings', payout }];
    const answer = await desk.send('pay-regulations/main/publish-pay-regulation', pays('gaps', rules));
    expect([answer.status, answer.json['code']]).toEqual([422, 'PAY_REGULATION_FAULTY']);
    expect(answer.text).toMatch(/BRACKET[A-Z_]*GAP|gap/);
  });
});

describe('once August is closed', () => {
  beforeAll(async () => {
    await desk.close('2009-08');
  }, 60_000);

  const voidTwo = async (id: string): Promise<void> => {
    for (const n of [1, 2]) {
      const body = { step: 'contact', reason: 'Another firm', lateEntryReason: 'Told in September' };
      await desk.command(`deals/${id}-c-${n}/void-step`, body, id);
    }
  };

  it.each(['both-a', 'both-b'])(
    '2 of the 42 contacts voided and plan raised to 45, in either order: 300.00 taken, 6,000.00 waived (%s)',
    async (id) => {
      if (id === 'both-a') await voidTwo(id);
      await desk.planByTwo([target(id, 'first_contacts', 45)]);
      if (id === 'both-b') await voidTwo(id);
      expect(await due(id)).toEqual([[-300_00, -6_000_00, 0]]);
    },
  );

  it('regulation v2, by two people: R1 at 100.00 and R2 at 600.00: due 0, waived 1,000.00', async () => {
    const where = 'pay-regulations/main';
    expect(await desk.refusal(`${where}/publish-pay-regulation`, secondVersion, TOLD_BY)).toBe('PERIOD_CLOSED');
    const proposal = 'twin-2';
    const propose = { ...secondVersion, proposal, reason: 'Agreed in July' };
    await desk.propose(where, 'propose-pay-regulation', propose);
    expect(await due('twin-1')).toEqual([]);
    const approve = `${where}/approve-pay-regulation`;
    expect(await desk.refusal(approve, { proposal }, TOLD_BY)).toBe('SECOND_PERSON_NEEDED');
    expect(await desk.refusal(approve, { proposal })).toBe('PERSON_NEEDED');
    await desk.command(approve, { proposal }, ANOTHER);
    expect(await due('twin-1')).toEqual([[0, -1_000_00, 0]]);
  });

  it('voiding 50,000.00 of 720,000.00 gives 30,900.00, capped again: no line', async () => {
    await desk.voidContract('capped-2');
    expect(await due('capped')).toEqual([]);
  });

  it('plan for meetings withdrawn: R2 NO_PLAN, 5,500.00 waived', async () => {
    expect((await desk.statements('2009-08', 'withdrawn'))[0]?.document.totals.earnedKopecks).toBe(5_500_00);
    await desk.planByTwo([{ ...target('withdrawn', 'meetings', 0), change: 'withdraw', value: undefined }]);
    expect(await due('withdrawn')).toEqual([[0, -5_500_00, 0]]);
    expect(await lineOf('withdrawn', 'R2')).toMatchObject({ status: 'NO_PLAN', amountKopecks: 0 });
  });

  it('BACKDATING_NEEDS_AUTHORITY: two working days back is within the limit, but August is closed', async () => {
    const last = { customerId: 'volga-tools', routeMapId: 'sale', occurredAt: '2009-08-31T10:00:00.000Z' };
    const [where, late] = ['deals/after-closing/open-deal', { lateEntryReason: 'The paper lay at the customer' }];
    const owned = { ...last, ownerId: 'capped' };
    expect(await desk.refusal(where, owned, TOLD_BY)).toBe('BACKDATING_NEEDS_AUTHORITY');
    await desk.command(where, { ...owned, ...late }, TOLD_BY);
  });

  it('earnings posted 1,000.00, now 1,200.00 by facts: +200.00 with its origin in the next statement', async () => {
    const when = '2009-08-20T10:00:00.000Z';
    await desk.command(
      'deals/percent-2b/open-deal',
      {
        ...{ customerId: 'volga-tools', routeMapId: 'sale', ownerId: 'percent-2', occurredAt: when },
        lateEntryReason: 'The paper lay at the customer',
      },
      TOLD_BY,
    );
    const lines = [{ productId: 'trade', amountKopecks: 20_000_00 }];
    const late = { occurredAt: when, lateEntryReason: 'The paper lay at the customer' };
    const contract = { contractId: 'percent-2b', number: 'late', lines, ...late };
    await desk.command('deals/percent-2b/sign-contract', contract, TOLD_BY);
    const { adjustments } = (await desk.draft('percent-2', '2009-09')).document;
    expect(adjustments).toMatchObject([
      {
        ...{ origin: '2009-08', postedKopecks: 1_000_00, nowKopecks: 1_200_00, dueKopecks: 200_00 },
        postings: [{ rule: 'P', period: '2009-08', kopecks: 200_00 }],
      },
    ]);
    desk.clock.instant = '2009-10-02T08:00:00.000Z';
    await desk.close('2009-09');
    const [issued] = await desk.statements('2009-09', 'percent-2');
    expect(issued?.document.totals).toMatchObject({ adjustedKopecks: 200_00, payableKopecks: 200_00 });
  });

  it('only two people open September again; who pays by it changes only by two as well', async () => {
    await desk.command('payroll/main/reopen-period', { period: '2009-09', reason: 'A contract is missing' }, TOLD_BY);
    const approve = 'payroll/main/approve-reopening';
    expect(await desk.refusal(approve, { period: '2009-09' }, TOLD_BY)).toBe('SECOND_PERSON_NEEDED');
    expect(await desk.refusal(approve, { period: '2009-09' })).toBe('PERSON_NEEDED');
    await desk.command(approve, { period: '2009-09' }, ANOTHER);
    expect(await desk.month('2009-09')).toMatchObject({ status: 'reopened' });
    const rules = [{ code: 'P', name: 'P', indicator: 'contracts', payout: ofAll(200) }];
    const september = { ...pays('percent', rules), effectiveFrom: '2009-09-01' };
    await desk.command('pay-regulations/main/publish-pay-regulation', september, TOLD_BY);
    const august = await desk.refusal('pay-regulations/main/publish-pay-regulation', pays('percent', rules), TOLD_BY);
    expect(august).toBe('PERIOD_CLOSED');
  });
});
