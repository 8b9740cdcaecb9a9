import { type Fraction, fraction, parsePeriod, plainFiveDayWeek } from '@voronka/kernel';
import type { PlanChange } from '../plan/plan.document.js';
import type { RegulationDocument, Rule, Scope } from '../pay-regulation/pay-regulation.document.js';
import { type Bonus, type BonusInputs, bonusOf } from './bonus.js';
import { fractionText } from './quantity.js';
import { foldPlan, targetOf } from './target.js';

const AUGUST = parsePeriod('2009-08');
const WEEK = plainFiveDayWeek();

/** Changes of one cell become its target; there all the time unless said. */
function target(changes: readonly PlanChange[], presence = [{ from: AUGUST.from, to: AUGUST.to }]): Fraction | null {
  const plan = foldPlan(
    AUGUST,
    changes.map((change, index) => ({ eventId: `p${index}`, planId: 'p', change })),
  );
  return plan === null ? null : targetOf(plan, { period: AUGUST, calendar: WEEK, presence });
}

const replace = (value: number): PlanChange => ({ change: 'replace', value, proration: 'none' });

function rule(code: string, indicator: string, more: Partial<Rule> & Pick<Rule, 'payout'>): Rule {
  return {
    code,
    name: code,
    period: 'month',
    indicator,
    scope: 'self',
    planScope: 'self',
    gates: [],
    floorKopecks: null,
    capKopecks: null,
    ...more,
  };
}

const gate = (indicator: string, thresholdBps: number, scope: Scope = 'self') => ({
  indicator,
  scope,
  planScope: scope,
  thresholdBps,
});

const R1 = rule('R1', 'first_contacts', {
  gates: [gate('first_contacts', 10_000)],
  payout: { kind: 'perUnit', kopecks: 150_00 },
});
const R2 = rule('R2', 'meetings', {
  gates: [gate('meetings', 8_000)],
  payout: {
    kind: 'tiers',
    by: 'fulfilment',
    mode: 'slab',
    pays: 'perUnit',
    brackets: [
      { from: 8_000, to: 10_000, value: 400_00 },
      { from: 10_000, to: 12_000, value: 500_00 },
      { from: 12_000, to: null, value: 650_00 },
    ],
  },
});
const R3 = rule('R3', 'contracts', {
  payout: {
    kind: 'tiers',
    by: 'actual',
    mode: 'marginal',
    pays: 'percent',
    brackets: [
      { from: 0, to: 300_000_00, value: 300 },
      { from: 300_000_00, to: 500_000_00, value: 500 },
      { from: 500_000_00, to: null, value: 700 },
    ],
  },
  capKopecks: 30_000_00,
});

interface Month {
  readonly actual: Readonly<Record<string, number | Fraction | null>>;
  readonly plans: Readonly<Record<string, Fraction | null>>;
  readonly better?: 'lower';
  readonly presence?: Fraction;
}

function inputs({ actual, plans, better = 'higher' as never, presence = fraction(1n) }: Month): BonusInputs {
  const at = (indicator: string, scope: Scope): string => (scope === 'self' ? indicator : `${scope}.${indicator}`);
  return {
    actual: (indicator, scope) => {
      const value = actual[at(indicator, scope)] ?? null;
      return {
        value: typeof value === 'number' ? fraction(BigInt(value)) : value,
        definition: `${indicator}@1`,
        unit: indicator === 'contracts' ? 'kopecks' : 'count',
        better,
      };
    },
    plan: (indicator, scope) => {
      const found = plans[at(indicator, scope)] ?? null;
      return found === null ? null : { target: found, because: ['p0'] };
    },
    presence: () => presence,
    periodKey: () => '2009-08',
  };
}

function bonus(rules: readonly Rule[], month: Month): Bonus {
  const everyone = { positions: ['manager'], departments: null, employees: null, exceptEmployees: [] };
  const regulation: RegulationDocument = { name: 'Sales', covers: everyone, rules, clawback: null };
  return bonusOf([{ grain: 'month', ref: 'sales@1', document: regulation }], '2009-08', inputs(month));
}

const amounts = ({ lines }: Bonus) => lines.map(({ amountKopecks }) => amountKopecks / 100);
const ACTUAL = { first_contacts: 42, meetings: 11, contracts: 600_000_00 };
const PLANS = { first_contacts: target([replace(40)]), meetings: target([replace(10)]) };

describe('the bonus of August 2009', () => {
  it('is 6,300.00, 5,500.00 and 26,000.00: 37,800.00', () => {
    const paid = bonus([R1, R2, R3], { actual: ACTUAL, plans: PLANS });
    expect(amounts(paid)).toEqual([6_300, 5_500, 26_000]);
    expect(paid.totalKopecks).toBe(37_800_00);
    expect(paid.lines[2]?.steps).toMatchObject([
      { step: 'bracket', from: '0', to: '30000000' },
      { step: 'percent', amount: '30000000', bps: 300, gives: '900000' },
      { step: 'bracket' },
      { step: 'percent', amount: '20000000', bps: 500, gives: '1000000' },
      { step: 'bracket', to: null },
      { step: 'percent', amount: '10000000', bps: 700, gives: '700000' },
      { step: 'sum', gives: '2600000' },
    ]);
  });

  it('with a plan of 45 first contacts pays none of them: 31,500.00', () => {
    const plans = { ...PLANS, first_contacts: target([replace(40), replace(45)]) };
    const paid = bonus([R1, R2, R3], { actual: ACTUAL, plans });
    expect(paid.totalKopecks).toBe(31_500_00);
    expect(paid.lines[0]).toMatchObject({ status: 'GATE_FAILED', amountKopecks: 0, fulfilment: '14/15' });
  });

  it('with a plan of 45 from 17 August asks for 895/21 and pays none', () => {
    const raised: PlanChange = { change: 'fromDate', from: '2009-08-17', value: 45, proration: null };
    const asked = target([replace(40), raised]);
    expect(asked).toEqual(fraction(895n, 21n));
    const paid = bonus([R1], { actual: ACTUAL, plans: { first_contacts: asked } });
    expect(paid.lines[0]).toMatchObject({ status: 'GATE_FAILED', target: '895/21' });
  });
});

describe('small cases', () => {
  it('marginal by fulfilment, 400 to 100 % and 500 above: plan 10, actual 11 pays 4,500.00', () => {
    const tiers = rule('R', 'meetings', {
      payout: {
        kind: 'tiers',
        by: 'fulfilment',
        mode: 'marginal',
        pays: 'perUnit',
        brackets: [
          { from: 0, to: 10_000, value: 400_00 },
          { from: 10_000, to: null, value: 500_00 },
        ],
      },
    });
    expect(amounts(bonus([tiers], { actual: { meetings: 11 }, plans: PLANS }))).toEqual([4_500]);
  });

  it('the cap of R3: 34,400.00 and 30,900.00 are both paid as 30,000.00', () => {
    for (const contracts of [720_000_00, 670_000_00]) {
      const paid = bonus([R3], { actual: { contracts }, plans: {} });
      expect(amounts(paid)).toEqual([30_000]);
      expect(paid.lines[0]?.steps.at(-1)).toEqual({ step: 'cap', kopecks: 30_000_00 });
    }
  });

  it('two contracts of 100.50 at 1 % in one line pay 2.01', () => {
    const onePercent = rule('R', 'contracts', { payout: { kind: 'percentOfAmount', bps: 100 } });
    expect(amounts(bonus([onePercent], { actual: { contracts: 2 * 100_50 }, plans: {} }))).toEqual([2.01]);
  });

  it('own meetings 110 %, the gate on the department at 29 of 30: 0, and the floor does not lift it', () => {
    const gated = { ...R2, gates: [gate('meetings', 10_000, 'department')], floorKopecks: 1_000_00 };
    const paid = bonus([gated], {
      actual: { meetings: 11, 'department.meetings': 29 },
      plans: { meetings: fraction(10n), 'department.meetings': fraction(30n) },
    });
    expect(paid.lines[0]).toMatchObject({ status: 'GATE_FAILED', amountKopecks: 0 });
  });

  it('plan 40, add 5, from 17 August 60: 1110/21', () => {
    const changes: PlanChange[] = [
      replace(40),
      { change: 'add', value: 5, proration: null },
      { change: 'fromDate', from: '2009-08-17', value: 60, proration: null },
    ];
    expect(target(changes)).toEqual(fraction(1110n, 21n));
  });

  it('hired on 17 August with a plan of 40 and 21 contacts: prorated the gate passes, else it is at 52.5 %', () => {
    const there = [{ from: '2009-08-17', to: AUGUST.to }];
    const prorated = target([{ change: 'replace', value: 40, proration: 'workingDays' }], there);
    expect(fractionText(prorated ?? fraction(0n))).toBe('440/21');
    const actual = { first_contacts: 21 };
    expect(bonus([R1], { actual, plans: { first_contacts: prorated } }).lines[0]).toMatchObject({ status: 'PAID' });
    const whole = bonus([R1], { actual, plans: { first_contacts: target([replace(40)], there) } });
    expect(whole.lines[0]).toMatchObject({ status: 'GATE_FAILED', fulfilment: '21/40', amountKopecks: 0 });
  });

  it('a plan that is withdrawn, or 0, is none: NO_PLAN and 0', () => {
    expect(target([replace(10), { change: 'withdraw' }])).toBeNull();
    for (const meetings of [null, fraction(0n)]) {
      const paid = bonus([R2], { actual: ACTUAL, plans: { meetings } });
      expect(paid.lines[0]).toMatchObject({ status: 'NO_PLAN', amountKopecks: 0 });
    }
  });

  it('bug: NO_PLAN hid behind an actual that is undefined', () => {
    const status = (meetings: Fraction | null, one: Rule) =>
      bonus([one], { actual: { meetings: null, first_contacts: 1 }, plans: { meetings } }).lines[0]?.status;
    const gated = { ...R1, gates: [gate('meetings', 8_000)] };
    for (const none of [null, fraction(0n)]) {
      expect([status(none, { ...R2, gates: [] }), status(none, gated)]).toEqual(['NO_PLAN', 'NO_PLAN']);
    }
    const ten = fraction(10n);
    expect([status(ten, { ...R2, gates: [] }), status(ten, gated)]).toEqual(['NO_ACTUAL', 'GATE_FAILED']);
  });

  it('slab of 5 %, or 7 % from 1,000,000.00: 49,999.95 and 70,000.00', () => {
    const slab = rule('R', 'contracts', {
      payout: {
        kind: 'tiers',
        by: 'actual',
        mode: 'slab',
        pays: 'percent',
        brackets: [
          { from: 0, to: 1_000_000_00, value: 500 },
          { from: 1_000_000_00, to: null, value: 700 },
        ],
      },
    });
    const pay = (contracts: number) => amounts(bonus([slab], { actual: { contracts }, plans: {} }));
    expect([pay(999_999_00), pay(1_000_000_00)]).toEqual([[49_999.95], [70_000]]);
  });

  it('where less is better a plan of 0 is one, and nothing counted fulfils any plan', () => {
    const clean = rule('R', 'deviations', {
      gates: [gate('deviations', 10_000)],
      payout: { kind: 'fixed', kopecks: 1_000_00, prorated: false },
    });
    const pay = (deviations: number, plan: bigint) =>
      amounts(bonus([clean], { actual: { deviations }, plans: { deviations: fraction(plan) }, better: 'lower' }));
    expect([pay(0, 0n), pay(1, 0n), pay(0, 3n), pay(3, 3n), pay(4, 3n)]).toEqual([[1_000], [0], [1_000], [1_000], [0]]);
  });

  it('a share that is undefined pays nothing and says so', () => {
    const paid = bonus([{ ...R1, gates: [] }], { actual: { first_contacts: null }, plans: {} });
    expect(paid.lines[0]).toMatchObject({ status: 'NO_ACTUAL', amountKopecks: 0 });
  });
});
