import type { Payout } from '../pay-regulation/pay-regulation.document.js';
import type { BonusLine, GateResult } from './bonus.js';
import { explainDelta } from './explain-causes.js';
import { explainLine } from './explain.js';
import type { PayStep } from './payout.js';

const LINE: BonusLine = {
  ...{ regulation: 'r@1', rule: 'R', name: 'Rule', period: '2009-08', indicator: 'i', definition: 'i@1' },
  ...{ unit: 'count', scope: 'self', planScope: 'self', status: 'PAID', actual: '9', target: '10' },
  ...{ fulfilment: '9/10', because: [], gates: [], steps: [], amountKopecks: 0 },
};

function tiers(by: 'fulfilment' | 'actual', mode: 'slab' | 'marginal'): Payout {
  return { kind: 'tiers', by, mode, pays: 'fixed', brackets: [{ from: 8_000, to: null, value: 1 }] };
}

const bracket: PayStep = { step: 'bracket', from: '8000', to: '10000', value: 1 };
const below: PayStep = { step: 'belowFirstBracket', from: '8000' };

describe('bug: bounds of brackets were said without units', () => {
  it.each([
    ['of a slab by fulfilment', tiers('fulfilment', 'slab'), bracket, 'bracket by fulfilment from 80 % to 100 %'],
    [
      'of parts of the plan',
      tiers('fulfilment', 'marginal'),
      bracket,
      'bracket by fulfilment from 80.00 ₽ to 100.00 ₽',
    ],
    ['below the first', tiers('fulfilment', 'marginal'), below, 'below the first bracket by fulfilment (80 %)'],
    ['of money', tiers('actual', 'slab'), bracket, 'bracket by actual from 80.00 ₽ to 100.00 ₽'],
  ])('%s', (_what, payout, step, words) => {
    const line: BonusLine = { ...LINE, unit: 'kopecks', steps: [step] };
    expect(explainLine(line, 'en', { payout, units: new Map() })).toContain(words);
  });

  it('of hours and shares', () => {
    const text = (unit: BonusLine['unit'], from: string) =>
      explainLine({ ...LINE, unit, steps: [{ ...bracket, from, to: null }] }, 'ru', {
        payout: tiers('actual', 'slab'),
        units: new Map(),
      });
    expect(text('hours', '90')).toContain('ступень по факту от 1.5 ч и выше');
    expect(text('percent', '7550')).toContain('ступень по факту от 75.5 % и выше');
  });
});

describe('a gate in words', () => {
  it('shows its own actual and plan in their own unit, and whose they are', () => {
    const gate: GateResult = {
      ...{ indicator: 'money', definition: 'money@1', scope: 'department', planScope: 'department' },
      ...{ actual: '29000', target: '30000', fulfilment: '29/30', thresholdBps: 10_000, passed: false, because: [] },
    };
    const units = new Map([['money', 'kopecks' as const]]);
    expect(explainLine({ ...LINE, gates: [gate] }, 'en', { payout: null, units })).toContain(
      'gate money@1 100 %: actual of the department 290.00 ₽, plan of the department 300.00 ₽, fulfilment 96.67 % — not passed',
    );
  });
});

describe('a difference in words', () => {
  it('tells facts that came, went or changed apart, and says how many are not shown', () => {
    const fact = { occurredAt: '2009-08-12T08:00:00.000Z', eventIds: ['e1'], because: [] };
    const items = [
      { ...fact, dealId: 'd1', before: null, after: '100' },
      { ...fact, dealId: 'd2', before: '100', after: null },
      { ...fact, dealId: 'd3', before: '100', after: '200' },
    ];
    const figure = { definition: 'i@1', scope: 'self', unit: 'kopecks', part: 'numerator', count: 5, items } as const;
    const delta = { rule: 'R', period: '2009-08', postedKopecks: 0, factDeltaKopecks: 100, termDeltaKopecks: 0 };
    const nothing = { postings: [], posted: [], underOldTerms: [], now: [], around: [], terms: [] };
    const text = explainDelta({ delta, ...nothing, facts: [figure] }, 'en');
    expect(text.slice(2, 6).map((line) => line.trim())).toEqual([
      'i@1 counted now: d1 2009-08-12T08:00:00.000Z 1.00 ₽ e1',
      'i@1 counted no more: d2 2009-08-12T08:00:00.000Z 1.00 ₽ e1',
      'i@1 counted otherwise: d3 2009-08-12T08:00:00.000Z 1.00 ₽ → 2.00 ₽ e1',
      'i@1, more changes: 2',
    ]);
  });
});
