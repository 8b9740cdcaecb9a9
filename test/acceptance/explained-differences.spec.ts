import type { Explanation } from '@voronka/read-models';
import { explanationLines } from '../../apps/cli/src/commands/explain.js';
import { answerExamples } from '../../apps/api/src/openapi/document.js';
import { exampleOf } from '../api/support/small-department.js';
import { differences } from '../api/support/differences.js';
import { regulation } from './support/august.js';
import { ANOTHER, cellOf, PayDesk, TOLD_BY } from './support/pay-desk.js';
import { ofAll, pays } from './support/small-cases.js';

// What a closed month owes or is owed is explained down to the events of both sides; so is what is posted by hand.

const desk = new PayDesk();
const LATE = { reason: 'Another firm', lateEntryReason: 'Told in September' };
const rules = (bps: number) => [{ code: 'P', name: 'P', indicator: 'contracts', payout: ofAll(bps) }];
const percent = (bps: number) => pays('even', rules(bps));

beforeAll(async () => {
  await desk.start();
  await desk.command('pay-regulations/main/publish-pay-regulation', regulation);
  await desk.command('pay-regulations/main/publish-pay-regulation', percent(100));
  await desk.command('pay-regulations/main/publish-pay-regulation', pays('spared', rules(100), { clawback: null }));
  const ofTeam = { code: 'T', name: 'T', indicator: 'meetings', scope: 'department' };
  const team = pays('team', [{ ...ofTeam, payout: { kind: 'perUnit', kopecks: 10_00 } }]);
  await desk.command('pay-regulations/main/publish-pay-regulation', team);
  await desk.hire('ivanova', 'Sales manager');
  for (const id of ['gone', 'away']) await desk.hire(id, 'Sales manager');
  for (const id of ['even', 'spared', 'team']) await desk.hire(id, id);
  await desk.hire('colleague', 'Helper');
  const plan = (code: string, value: number) => cellOf('ivanova', code, '2009-08', { change: 'replace', value });
  const byDays = { change: 'replace', value: 2, proration: 'workingDays' };
  const away = cellOf('away', 'first_contacts', '2009-08', byDays);
  await desk.plan([plan('first_contacts', 2), plan('meetings', 2), away]);
  desk.clock.instant = '2009-08-12T08:00:00.000Z';
  await desk.deals('ivanova', 2, ['contact', 'meeting']);
  await desk.deals('ivanova', 1, ['contact'], 'third');
  await desk.contract('ivanova', 'signed', 200_000_00);
  await desk.deals('away', 1, ['contact']);
  await desk.deals('colleague', 1, ['meeting']);
  await desk.contract('gone', 'gone', 200_000_00);
  for (const n of [1, 2]) {
    await desk.contract('even', `even-${n}`, 500_00);
    await desk.contract('spared', `spared-${n}`, 500_00);
  }
  await desk.command('employees/gone/dismiss-employee', { lastDay: '2009-08-31' });
  desk.clock.instant = '2009-09-02T08:00:00.000Z';
  await desk.close('2009-08');
}, 180_000);
afterAll(async () => {
  await desk.stop();
}, 60_000);

const explained = async (employee: string, period: string, more = ''): Promise<Explanation> =>
  (await desk.ask(`payroll/explanation?employee=${employee}&period=${period}${more}`)) as unknown as Explanation;

const ruleOf = async (rule: string, more = '') => {
  const { adjustments } = await explained('ivanova', '2009-09', `&rule=${rule}${more}`);
  const found = adjustments[0]?.rules.find((one) => one.rule === rule);
  if (found === undefined) throw new Error(`nothing of ${rule}`);
  return found;
};

describe('bug: a difference was explained by its amounts alone', () => {
  let statement: string | undefined;

  beforeAll(async () => {
    statement = ((await desk.ask('statements?period=2009-08&employee=ivanova')) as { items: { eventId: string }[] })
      .items[0]?.eventId;
    await desk.command('deals/third-1/void-step', { step: 'contact', ...LATE }, 'ivanova');
    await desk.voidContract('signed');
    await desk.planByTwo([cellOf('ivanova', 'first_contacts', '2009-08', { change: 'replace', value: 45 })]);
  });

  it('shows the three figures with their arithmetic, and the statement that posted the first', async () => {
    const rule = await ruleOf('R1');
    const figures = [rule.postedKopecks, rule.underOldTermsKopecks, rule.nowKopecks];
    expect(figures).toEqual([450_00, 300_00, 0]);
    expect(rule.postings).toEqual([{ month: '2009-08', eventId: statement, kopecks: 450_00 }]);
    expect(rule.posted).toContain('3 × 150.00 = 450.00');
    expect(rule.underOldTerms).toContain('2 × 150.00 = 300.00');
    expect(rule.now.at(-1)).toBe('not paid: the gate is not passed; total 0.00 ₽');
  });

  it('names the fact that counts no more, once although rule and gate ask for it, and the event that undid it', async () => {
    const [figure, ...others] = (await ruleOf('R1')).facts;
    expect(others).toEqual([]);
    expect(figure).toMatchObject({
      ...{ definition: 'first_contacts@1', scope: 'self', part: 'numerator', count: 1 },
      items: [{ dealId: 'third-1', before: '1', after: null, because: [{ type: 'StepVoided' }] }],
    });
    expect(figure?.items[0]?.eventIds).toHaveLength(1);
    expect(figure?.items[0]?.because[0]?.eventId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('names the change of the plan, with who proposed and who approved it, and nothing that did not change', async () => {
    const rule = await ruleOf('R1');
    expect(rule.terms).toMatchObject([
      {
        ...{ kind: 'plan', indicator: 'first_contacts', owner: 'employee/ivanova', value: '45' },
        ...{ change: 'replace', proposedBy: TOLD_BY, author: ANOTHER },
      },
    ]);
    expect(rule.around).toEqual([]);
  });

  it('names the voided contract behind what a percentage lost, and no terms where none changed', async () => {
    const rule = await ruleOf('R3');
    expect([rule.factDeltaKopecks, rule.termDeltaKopecks, rule.terms]).toEqual([-6_000_00, 0, []]);
    expect(rule.facts).toMatchObject([
      { items: [{ dealId: 'signed', before: '20000000', after: null, because: [{ type: 'ContractVoided' }] }] },
    ]);
  });

  it('says it in Russian and English', async () => {
    const { adjustments } = await explained('ivanova', '2009-09', '&rule=R1&lang=ru');
    expect(adjustments[0]?.text).toContain('по фактам теперь, по условиям начисления: 300.00 (-150.00)');
    expect(adjustments[0]?.text.some((line) => line.startsWith('факты и условия как известно на позиции: '))).toBe(
      true,
    );
    expect(adjustments[0]?.text.find((line) => line.includes('больше не считается'))).toMatch(/third-1 .* StepVoided /);
    expect(adjustments[0]?.text.find((line) => line.startsWith('  план '))).toMatch(/заменён 45 sidorova → petrova/);
    const english = await explained('ivanova', '2009-09', '&rule=R1');
    expect(english.adjustments[0]?.text).toContain('by facts and terms now: 0.00 (-300.00)');
  });

  it('opens a rule that the month itself has no line of: he has left', async () => {
    await desk.voidContract('gone');
    const { lines, adjustments } = await explained('gone', '2009-09', '&rule=R3');
    expect([lines, adjustments.map(({ rules }) => rules.map(({ rule }) => rule))]).toEqual([[], [['R3']]]);
  });

  it('names the absence by which more is due, since the plan asks for less', async () => {
    const absence = { absenceId: 'a1', kind: 'leave', firstDay: '2009-08-03', lastDay: '2009-08-17' };
    await desk.command('employees/away/record-absence', absence, TOLD_BY);
    const [rule] = (await explained('away', '2009-09')).adjustments[0]?.rules ?? [];
    expect([rule?.rule, rule?.factDeltaKopecks, rule?.facts]).toEqual(['R1', 150_00, []]);
    expect(rule?.around).toMatchObject([{ type: 'AbsenceRecorded' }]);
  });
});

describe('a figure of the department', () => {
  it('lost what a colleague did who had moved by then: the transfer is named, though nothing befell the deal', async () => {
    await desk.command('departments/other/create-department', { ...exampleOf('CreateDepartment'), name: 'Other' });
    await desk.command('employees/colleague/transfer-employee', { departmentId: 'other', effectiveOn: '2009-08-10' });
    const [rule] = (await explained('team', '2009-09')).adjustments[0]?.rules ?? [];
    expect(rule?.facts).toMatchObject([
      { scope: 'department', items: [{ dealId: 'colleague-1', after: null, because: [] }] },
    ]);
    expect(rule?.around.map(({ type }) => type)).toContain('EmployeeTransferred');
  });
});

describe('bug: a gate did not open to its own figures', () => {
  it('has the plan and the events behind them, and its figures in words', async () => {
    const [line] = (await explained('ivanova', '2009-08', '&rule=R2')).lines;
    expect(line?.text).toContain('gate meetings@1 80 %: actual 2, plan 2, fulfilment 100 % — passed');
    expect(line?.gates).toMatchObject([
      { gate: { indicator: 'meetings', passed: true }, plans: [{ value: '2' }], counted: { count: 2 }, against: null },
    ]);
  });

  it('bounds of brackets are said in per cent, or in the unit of the indicator', async () => {
    const { lines } = await explained('ivanova', '2009-08', '&lang=ru');
    const text = lines.flatMap((line) => line.text);
    expect(text).toContain('ступень по выполнению от 100 % до 120 %');
    expect(text).toContain('ступень по факту от 0.00 ₽ до 300000.00 ₽');
  });
});

describe('an adjustment by hand', () => {
  const reason = 'Help at the fair';

  beforeAll(async () => {
    const body = { adjustmentId: 'm1', employeeId: 'ivanova', period: '2009-09', amountKopecks: 500_00, reason };
    await desk.command('payroll/main/post-manual-adjustment', body, TOLD_BY);
    await desk.command('payroll/main/approve-manual-adjustment', { adjustmentId: 'm1' }, ANOTHER);
  });

  it('bug: was not in the explanation: who, why, by whose leave, down to its events', async () => {
    const { manual } = await explained('ivanova', '2009-09');
    expect(manual).toMatchObject([
      {
        ...{ adjustmentId: 'm1', amountKopecks: 500_00, settles: null, reason },
        ...{ proposedBy: TOLD_BY, approvedBy: ANOTHER },
      },
    ]);
    expect(manual[0]?.text[0]).toBe('by hand m1: 500.00 — Help at the fair');
  });

  it('is documented with the answer that has everything in it', async () => {
    const answer = await explained('ivanova', '2009-09', '&rule=R1');
    expect(answer.adjustments[0]?.rules[0]?.facts[0]?.items[0]?.because).not.toEqual([]);
    expect(differences(answer, answerExamples['PayExplanation'])).toEqual([]);
  });

  it('bug: its reason, free text, stood in the statement that is hashed; now its event does', async () => {
    const { document } = await desk.draft('ivanova', '2009-09');
    const { manual } = await explained('ivanova', '2009-09');
    expect(document.manual).toEqual([
      { adjustmentId: 'm1', amountKopecks: 500_00, settles: null, eventId: manual[0]?.eventId },
    ]);
  });
});

describe('voronka explain', () => {
  it.each([
    ['ru', 'по фактам теперь, по условиям начисления: 300.00 (-150.00)', 'вручную m1: 500.00 — Help at the fair'],
    ['en', 'by facts now, under the terms it was posted by: 300.00 (-150.00)', 'by hand m1: 500.00 — Help at the fair'],
  ] as const)('prints differences and adjustments by hand, and events once: %s', async (lang, difference, byHand) => {
    const september = explanationLines(await explained('ivanova', '2009-09', `&lang=${lang}`), lang, 0);
    expect(september).toEqual(expect.arrayContaining([difference, byHand]));
    const august = await explained('ivanova', '2009-08', `&rule=R1&lang=${lang}`);
    const printed = explanationLines(august, lang, 0);
    const ids = august.lines[0]?.counted?.items.flatMap(({ eventIds }) => eventIds) ?? [];
    expect(ids).toHaveLength(3);
    for (const id of ids) expect(printed.filter((line) => line.includes(id))).toHaveLength(1);
  });
});

describe('bug: better terms that lost facts ate up to the kopeck', () => {
  const two = async (proposal: string, document: object): Promise<void> => {
    const where = 'pay-regulations/main';
    await desk.propose(where, 'propose-pay-regulation', { ...document, proposal, reason: 'Agreed on' });
    await desk.command(`${where}/approve-pay-regulation`, { proposal }, ANOTHER);
  };

  it('are recorded with nothing due, and worse ones are waived, not taken back', async () => {
    await desk.voidContract('even-2');
    await desk.voidContract('spared-1');
    await two('better', percent(200));
    const { adjustments } = (await desk.draft('even', '2009-09')).document;
    expect(adjustments).toMatchObject([{ factDeltaKopecks: -5_00, termDeltaKopecks: 5_00, dueKopecks: 0 }]);
    const [rule] = (await explained('even', '2009-09')).adjustments[0]?.rules ?? [];
    expect(rule?.terms).toMatchObject([{ kind: 'regulation', version: 'even@2' }]);
    desk.clock.instant = '2009-10-02T08:00:00.000Z';
    await desk.close('2009-09');
    expect((await desk.draft('even', '2009-10')).document.adjustments).toEqual([]);
    await two('worse', percent(100));
    const settled = (await desk.draft('even', '2009-10')).document.adjustments;
    expect(settled).toMatchObject([{ dueKopecks: 0, waivedKopecks: -5_00, notTakenKopecks: 0 }]);
  });
});

describe('what no clause takes back', () => {
  it('is explained since it was posted in full, however many statements left it', async () => {
    await desk.voidContract('spared-2');
    const causes = async (month: string) => {
      const [rule] = (await explained('spared', month)).adjustments[0]?.rules ?? [];
      return rule?.facts[0]?.items.map(({ dealId }) => dealId);
    };
    expect(await causes('2009-10')).toEqual(['spared-1', 'spared-2']);
    expect(await causes('2009-09')).toEqual(['spared-1']);
  });
});

describe('what was issued', () => {
  it('bug: named positions without events: K₀ is that of the event by which the closing began', async () => {
    const [issued] = await desk.statements('2009-09', 'even');
    const { data } = (await desk.month('2009-09')) ?? {};
    const asOf = data?.['asOf'] as { position: string; eventId: string };
    expect([issued?.document.asOf, issued?.document.asOfEventId]).toEqual([asOf.position, asOf.eventId]);
    const terms = { termsPosition: asOf.position, termsEventId: asOf.eventId };
    expect(issued?.document.adjustments).toMatchObject([terms]);
  });

  it('bug: a closing named no versions: engine, regulations, definitions and plans of its statements', async () => {
    const { data } = (await desk.month('2009-08')) ?? {};
    expect(data?.['versions']).toMatchObject({
      ...{ engine: 'voronka-pay-4', regulations: ['even@1', 'sales@1', 'spared@1', 'team@1'], planEvents: 1 },
      definitions: ['contracts@1', 'first_contacts@1', 'meetings@1'],
    });
  });

  it('is worked out to the same hash as of its K₀, and explained as it was posted', async () => {
    const [issued] = await desk.statements('2009-09', 'ivanova');
    const again = await desk.draft('ivanova', '2009-09', issued?.document.asOf);
    expect(again.hash).toBe(issued?.hash);
    const rule = await ruleOf('R3');
    expect(rule.facts[0]?.items[0]?.because[0]?.type).toBe('ContractVoided');
  });
});
