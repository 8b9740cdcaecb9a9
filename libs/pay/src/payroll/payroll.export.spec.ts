import type { StatementDocument } from './payroll.document.js';
import { exportRowsOf } from './payroll.export.js';

const totals = {
  ...{ earnedKopecks: 6_300_00, adjustedKopecks: -12_000_00, manualKopecks: 500_00, broughtKopecks: -100_00 },
  ...{ payableKopecks: 0, carriedKopecks: -5_300_00 },
};
const line = (rule: string, amountKopecks: number) => ({ rule, period: '2009-09', amountKopecks });
const adjustment = { origin: '2009-08', postings: [{ rule: 'R3', period: '2009-08', kopecks: -12_000_00 }] };
const parts = {
  ...{ period: '2009-09', employeeId: 'ivanova', version: 2, totals },
  lines: [line('R1', 6_300_00), line('R2', 0)],
  adjustments: [adjustment],
  manual: [{ adjustmentId: 'm1', amountKopecks: 500_00, settles: null, reason: 'Help at the fair' }],
};
const document = parts as unknown as StatementDocument;

describe('export of a statement', () => {
  const rows = exportRowsOf(document);

  it('names who, for what month, and what kind of amount it is, without lines of nothing', () => {
    const kind = ({ kind, origin, code, amountKopecks }: (typeof rows)[number]) => [kind, origin, code, amountKopecks];
    expect(rows.map(kind)).toEqual([
      ['bonus', '2009-09', 'R1', 6_300_00],
      ['adjustment', '2009-08', 'R3', -12_000_00],
      ['manual', null, 'm1', 500_00],
      ['brought', null, null, -100_00],
      ['carried', null, null, 5_300_00],
    ]);
    expect(rows[0]).toMatchObject({ employeeId: 'ivanova', period: '2009-09', version: 2 });
  });

  it('adds up to what the statement pays out', () => {
    expect(rows.reduce((sum, { amountKopecks }) => sum + amountKopecks, 0)).toBe(totals.payableKopecks);
  });
});
