import type { StatementDocument } from '@voronka/pay/events';
import { postedBy } from './posted.js';
import { hashOf } from './statements.js';

// As an engine before 3 issued it: with a reason of what was posted by hand, and positions without their events.
const OLD: StatementDocument = {
  ...{ period: '2009-09', employeeId: 'ivanova', version: 1, asOf: '42', place: null, regulation: 'sales@1' },
  lines: [],
  adjustments: [
    {
      ...{ origin: '2009-08', postedKopecks: 100, nowKopecks: 90, factDeltaKopecks: -10, termDeltaKopecks: 0 },
      ...{ dueKopecks: -10, waivedKopecks: 0, notTakenKopecks: 0, rules: [] },
      ...{ termsPosition: '30', postings: [{ rule: 'R1', period: '2009-08', kopecks: -10 }] },
    },
  ],
  manual: [{ adjustmentId: 'm1', amountKopecks: 500, settles: '2009-08', reason: 'Help at the fair' }],
  totals: {
    ...{ earnedKopecks: 0, adjustedKopecks: -10, manualKopecks: 500, broughtKopecks: 0 },
    ...{ payableKopecks: 490, carriedKopecks: 0 },
  },
  ...{ engine: 'voronka-pay-2', zoneData: '2025c Europe/Samara' },
};

describe('a statement of an earlier engine', () => {
  it('keeps its hash', () => {
    expect(hashOf(OLD)).toBe('56ec0fe29cfae85c6ec22edc6902fa06db2d239401b482182e9a8dfa499b7941');
  });

  it('is read: what it posted, and the terms, whose event it does not name', () => {
    const issued = [{ document: OLD, hash: hashOf(OLD), eventId: 'e1' }];
    const posted = postedBy({ first: '2009-08', periods: [] }, issued, []).get('2009-08 ivanova');
    expect(posted).toMatchObject({
      lines: [
        { rule: 'R1', kopecks: -10 },
        { rule: 'manual', kopecks: 500 },
      ],
      ...{ takenBackKopecks: 10, termsPosition: '30', termsEventId: null },
    });
  });
});
