import { indicator } from './support/august.js';
import { answerExamples } from '../../apps/api/src/openapi/document.js';
import { differences } from '../api/support/differences.js';
import { PayDesk } from './support/pay-desk.js';

// The events that an explained line opens are those that its bonus counted.

const desk = new PayDesk();
const PAID = { kind: 'fixed', kopecks: 100_00 };

beforeAll(async () => {
  await desk.start();
  const cohort = { measure: 'conversion', conversion: 'flow', reach: 'touch' };
  const parts = { from: { kind: 'contact' }, to: { kind: 'meeting' } };
  await desk.command('indicators/to_meeting/define-indicator', indicator({ ...cohort, ...parts }));
  const ratio = { measure: 'ratio', numerator: 'meetings', denominator: 'first_contacts', unit: 'percent' };
  await desk.command('indicators/share/define-indicator', indicator(ratio));
  await desk.command(
    'indicators/wins/define-indicator',
    indicator({ measure: 'winRate', by: 'close', weigh: 'count' }),
  );
  const rules = [
    ...['to_meeting', 'share', 'wins'].map((code) => ({ code, name: code, indicator: code, payout: PAID })),
    { code: 'P', name: 'Contacts', indicator: 'first_contacts', payout: { kind: 'perUnit', kopecks: 10_00 } },
    {
      ...{ code: 'Q', name: 'Contacts of the department', indicator: 'first_contacts', scope: 'department' },
      ...{ period: 'quarter', payout: { kind: 'perUnit', kopecks: 10_00 } },
    },
  ];
  await desk.command('pay-regulations/main/publish-pay-regulation', {
    ...{ regulation: 'r', effectiveFrom: '2009-08-01', name: 'r', covers: { positions: ['Seller'] }, rules },
  });
  for (const id of ['ivanova', 'gone']) await desk.hire(id, 'Seller');
  desk.clock.instant = '2009-08-12T08:00:00.000Z';
  await desk.deals('ivanova', 3, ['contact']);
  await desk.deals('ivanova', 1, ['contact', 'meeting'], 'both');
  await desk.contract('ivanova', 'won', 100_00);
  await desk.command('deals/ivanova-1/lose-deal', { lossReason: 'price' }, 'ivanova');
  await desk.command('employees/gone/dismiss-employee', { lastDay: '2009-08-20' });
  desk.clock.instant = '2009-09-20T08:00:00.000Z';
}, 180_000);
afterAll(async () => {
  await desk.stop();
}, 60_000);

interface Opened {
  readonly line: { readonly actual: string; readonly amountKopecks: number };
  readonly counted: { readonly count: number };
  readonly against: { readonly count: number } | null;
}

const opened = async (employee: string, month: string, rule: string): Promise<Opened> => {
  const { lines } = await desk.ask(`payroll/explanation?employee=${employee}&period=${month}&rule=${rule}`);
  const [line] = lines as readonly Opened[];
  if (line === undefined) throw new Error(`no line of ${rule}`);
  return line;
};

describe('an explained line', () => {
  it.each([
    ['to_meeting', '2500', 1, 4],
    ['share', '2500', 1, 4],
    ['wins', '5000', 1, 2],
  ])('opens both sides of a quotient: %s', async (rule, actual, above, below) => {
    const { line, counted, against } = await opened('ivanova', '2009-08', rule);
    expect([line.actual, counted.count, against?.count]).toEqual([actual, above, below]);
  });

  it('opens what the department did in which the rule’s own period ended, for who had left before the month', async () => {
    const { line, counted, against } = await opened('gone', '2009-09', 'Q');
    expect([line.actual, line.amountKopecks, counted.count, against]).toEqual(['4', 40_00, 4, null]);
  });
});

describe('the documentation shows', () => {
  it('an explanation as it is answered', async () => {
    const answer = await desk.ask('payroll/explanation?employee=ivanova&period=2009-08&rule=P');
    expect(differences(answer, answerExamples['PayExplanation'])).toEqual([]);
  });

  it('an export as it is answered', async () => {
    expect((await desk.closing('2009-08')).status).toBe('closed');
    const answer = await desk.ask('payroll/export?period=2009-08');
    expect(answer['rows']).not.toEqual([]);
    expect(differences(answer, answerExamples['PayrollExport'])).toEqual([]);
  });
});
