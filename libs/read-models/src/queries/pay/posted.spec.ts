import type { IssuedStatement } from './payroll.js';
import { postedBy } from './posted.js';

const PAYROLL = { first: '2009-08', periods: [] };

/** A statement that settles August: by facts and terms as given, of which so much is due. */
function settling(period: string, termDeltaKopecks: number, dueKopecks: number): IssuedStatement {
  const adjustment = { origin: '2009-08', termDeltaKopecks, dueKopecks, termsPosition: '7', postings: [] };
  const document = { period, employeeId: 'anna', asOf: '9', regulation: 'sales@1', lines: [], manual: [] };
  return { document: { ...document, adjustments: [adjustment] }, hash: '', eventId: '' } as unknown as IssuedStatement;
}

describe('what statements have posted', () => {
  it('counts what was taken back of a month, over all statements, apart from better terms', () => {
    const taken = (...issued: readonly IssuedStatement[]) =>
      postedBy(PAYROLL, issued, []).get('2009-08 anna')?.takenBackKopecks;
    expect(taken(settling('2009-09', 0, -500))).toBe(500);
    expect(taken(settling('2009-09', 200, -300), settling('2009-10', -50, -100))).toBe(600);
    expect(taken(settling('2009-09', 0, -500), settling('2009-10', 0, 200))).toBe(300);
    expect(taken(settling('2009-09', 0, -500), settling('2009-10', 0, 900))).toBe(0);
  });
});
