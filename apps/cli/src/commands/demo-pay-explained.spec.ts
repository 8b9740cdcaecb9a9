import type { Explanation } from '@voronka/read-models';
import { explainedBriefly } from './demo-pay-explained.js';

const WORDS = [
  'R1 «First contacts», managers@1, 2026-05: first_contacts@1',
  'gate first_contacts@1 100 %',
  'paid; total',
];

const fact = (number: number) => ({
  dealId: `d-${number}`,
  occurredAt: '2026-05-12T08:00:00.000Z',
  eventIds: [`e-${number}`],
  before: '1',
  after: null,
  because: [{ eventId: `v-${number}`, type: 'StepVoided', position: '9', occurredAt: '2026-06-01T08:00:00.000Z' }],
});

const plan = {
  ...{ kind: 'plan', eventId: 'p-1', planId: 'demo', indicator: 'first_contacts', owner: 'employee/nurgaliev' },
  ...{ change: 'replace', value: '3', fromDate: null, author: 'sokolov', proposedBy: 'petrova', reason: 'Fewer calls' },
};

/** An adjustment of one rule by so many facts, and one that moves nothing. */
function explanation(facts: number): Explanation {
  const figure = { definition: 'first_contacts@1', scope: 'self', unit: 'count', part: 'numerator', count: facts };
  const rule = {
    ...{ rule: 'R1', period: '2026-05', postedKopecks: 0, factDeltaKopecks: 0, termDeltaKopecks: 0 },
    ...{ underOldTermsKopecks: 0, nowKopecks: 0, postings: [], posted: WORDS, underOldTerms: WORDS, now: WORDS },
    ...{ facts: [], around: [], terms: [] },
  };
  const moved = {
    ...{ ...rule, factDeltaKopecks: -300_00, termDeltaKopecks: 450_00, nowKopecks: 150_00 },
    ...{ facts: [{ ...figure, items: Array.from({ length: facts }, (_, at) => fact(at + 1)) }], terms: [plan] },
  };
  const line = { rule: 'R1', name: 'First contacts', definition: 'first_contacts@1', status: 'PAID' };
  const told = {
    lines: [{ rule: 'R1', line, text: WORDS }],
    adjustments: [{ origin: '2026-05', dueKopecks: 150_00, text: [], rules: [moved, { ...rule, rule: 'R2' }] }],
  };
  // Only what the demonstration prints of it.
  return told as unknown as Explanation;
}

describe('the adjustment that the demonstration explains', () => {
  const told = (facts: number): string =>
    explainedBriefly(explanation(facts), { employee: 'nurgaliev', month: '2026-06' });

  it('says what is due, the three figures of each rule that moved, and who changed the plan', () => {
    const text = told(1);
    expect(text).toContain('2026-06 adds 150.00 for closed 2026-05');
    expect(text).toContain('deal d-1 counts no more: StepVoided v-1');
    expect(text).toContain(
      'the plan became 3, proposed by Vera Petrova, approved by Oleg Sokolov: «Fewer calls» (event p-1)',
    );
    expect(text).not.toContain('R2');
  });

  it('bug: the causes of an adjustment filled screens; three are named, the rest are counted', () => {
    expect(told(3)).not.toContain('more: voronka explain');
    const text = told(40);
    expect(text).toContain('… and 37 more: voronka explain');
    expect(text.split('\n').length).toBeLessThan(30);
  });

  it('bug: indicators were called by their codes', () => {
    expect(told(1)).toContain('gate «First contacts» 100 %');
    expect(told(1)).not.toContain('first_contacts@1');
  });
});
