import fc from 'fast-check';
import type { Clawback } from '../pay-regulation/pay-regulation.document.js';
import type { Bonus, BonusLine } from './bonus.js';
import {
  isToBeRecorded,
  monthsBetween,
  postingsOf,
  settle,
  type Settlement,
  takenBackAfter,
  totalsOf,
  withinStatement,
} from './settlement.js';

const FULL: Clawback = { months: 12, shareBps: 10_000, statementShareBps: 10_000 };

function bonus(amounts: Readonly<Record<string, number>>): Bonus {
  const lines = Object.entries(amounts).map(([rule, amountKopecks]): BonusLine => {
    const nothing = { actual: null, target: null, fulfilment: null, because: [], gates: [], steps: [] };
    const what = { indicator: 'i', definition: 'i@1', unit: 'count', scope: 'self', planScope: 'self' } as const;
    return {
      regulation: 'r@1',
      rule,
      name: rule,
      period: '2009-08',
      status: 'PAID',
      ...what,
      ...nothing,
      amountKopecks,
    };
  });
  return { lines, totalKopecks: Object.values(amounts).reduce((sum, one) => sum + one, 0) };
}

interface Case {
  readonly posted: Readonly<Record<string, number>>;
  readonly old: Readonly<Record<string, number>>;
  readonly now: Readonly<Record<string, number>>;
  readonly clawback?: Clawback | null;
  readonly month?: string;
  readonly takenBackKopecks?: number;
}

function settled(one: Case): Settlement {
  const { posted, old, now, clawback = FULL, month = '2009-09', takenBackKopecks = 0 } = one;
  return settle({
    origin: '2009-08',
    month,
    posted: Object.entries(posted).map(([rule, kopecks]) => ({ rule, period: '2009-08', kopecks })),
    takenBackKopecks,
    underOldTerms: bonus(old),
    now: bonus(now),
    clawback,
  });
}

/** The same question for the next statement, after this one was issued: better terms that it paid are those of now. */
function after(settlement: Settlement, one: Case): Case {
  if (!isToBeRecorded(settlement)) return one;
  const posted: Record<string, number> = { ...one.posted };
  for (const { rule, kopecks } of postingsOf(settlement)) posted[rule] = (posted[rule] ?? 0) + kopecks;
  const takenBackKopecks = takenBackAfter(one.takenBackKopecks ?? 0, settlement);
  return { ...one, posted, takenBackKopecks, old: settlement.termDeltaKopecks > 0 ? one.now : one.old };
}

/** What the statements of these months are due, one after another, if nothing changes meanwhile. */
function statements(one: Case, months: readonly string[]): readonly number[] {
  let asked = one;
  return months.map((month) => {
    const settlement = settled({ ...asked, month });
    asked = after(settlement, asked);
    return settlement.dueKopecks;
  });
}

const POSTED = { R1: 6_300_00, R2: 5_500_00, R3: 26_000_00 };

describe('what a closed month owes or is owed', () => {
  it('2 of 42 contacts voided and the plan raised to 45: 300.00 taken, 6,000.00 waived', () => {
    expect(settled({ posted: POSTED, old: { ...POSTED, R1: 6_000_00 }, now: { ...POSTED, R1: 0 } })).toMatchObject({
      dueKopecks: -300_00,
      waivedKopecks: -6_000_00,
      notTakenKopecks: 0,
    });
  });

  it('a regulation with R1 at 100.00 and R2 at 600.00 per unit: due 0, 1,000.00 waived over both rules', () => {
    const now = { ...POSTED, R1: 4_200_00, R2: 6_600_00 };
    expect(settled({ posted: POSTED, old: POSTED, now })).toMatchObject({
      dueKopecks: 0,
      waivedKopecks: -1_000_00,
      rules: [
        { rule: 'R1', termDeltaKopecks: -2_100_00 },
        { rule: 'R2', termDeltaKopecks: 1_100_00 },
      ],
    });
  });

  it('a plan for meetings withdrawn: 5,500.00 waived', () => {
    expect(settled({ posted: POSTED, old: POSTED, now: { ...POSTED, R2: 0 } })).toMatchObject({
      dueKopecks: 0,
      waivedKopecks: -5_500_00,
    });
  });

  it('a capped line that is capped again changes nothing', () => {
    const capped = { R3: 30_000_00 };
    expect(settled({ posted: capped, old: capped, now: capped })).toMatchObject({ dueKopecks: 0, rules: [] });
  });

  it('1,000.00 posted and 1,200.00 by the facts: 200.00 more', () => {
    const settlement = settled({ posted: { R: 1_000_00 }, old: { R: 1_200_00 }, now: { R: 1_200_00 } });
    expect(settlement.dueKopecks).toBe(200_00);
    expect(postingsOf(settlement)).toEqual([{ rule: 'R', period: '2009-08', kopecks: 200_00 }]);
  });

  it.each([
    ['no clause', null, '2009-09', 0, -1_000_00],
    ['a clause of half', { ...FULL, shareBps: 5_000 }, '2009-09', -500_00, -500_00],
    ['a clause of two months in time', { ...FULL, months: 2 }, '2009-10', -1_000_00, 0],
    ['a clause of two months too late', { ...FULL, months: 2 }, '2009-11', 0, -1_000_00],
  ])('less by facts with %s', (_what, clawback, month, due, notTaken) => {
    const less = { posted: { R: 2_000_00 }, old: { R: 1_000_00 }, now: { R: 1_000_00 } };
    expect(settled({ ...less, clawback, month })).toMatchObject({ dueKopecks: due, notTakenKopecks: notTaken });
  });

  it('bug: the share of the clause was taken of what was left, by every statement again', () => {
    const half = { ...FULL, shareBps: 5_000 };
    const less = { posted: { R: 2_000_00 }, old: { R: 1_000_00 }, now: { R: 1_000_00 }, clawback: half };
    expect(statements(less, ['2009-09', '2009-10', '2009-11'])).toEqual([-500_00, 0, 0]);
    // 400.00 less once more: half of 1,400.00 in all, of which 500.00 were taken.
    const again = after(settled(less), less);
    expect(settled({ ...again, old: { R: 600_00 }, now: { R: 600_00 } })).toMatchObject({
      dueKopecks: -200_00,
      notTakenKopecks: -700_00,
    });
    // What comes back by the facts is paid, and is taken back no more.
    const back = { ...again, old: { R: 2_000_00 }, now: { R: 2_000_00 } };
    expect(settled(back).dueKopecks).toBe(500_00);
    expect(after(settled(back), back).takenBackKopecks).toBe(0);
  });

  it('one statement takes back no more than its share of what it earns, the oldest month first', () => {
    const clause = { ...FULL, statementShareBps: 2_000 };
    const one = settled({ posted: { R: 1_500_00 }, old: { R: 0 }, now: { R: 0 }, clawback: clause });
    const [first, second] = withinStatement([{ ...one, origin: '2009-09' }, one], 10_000_00, () => clause);
    expect(first).toMatchObject({ origin: '2009-08', dueKopecks: -1_500_00, notTakenKopecks: 0 });
    expect(second).toMatchObject({ origin: '2009-09', dueKopecks: -500_00, notTakenKopecks: -1_000_00 });
  });

  it.each([
    ['5,000.00 less by facts, 6,000.00 more by terms', -5_000_00, 6_000_00, 4_000_00, -3_000_00],
    ['12,000.00 less by facts, 1,100.00 more by terms', -12_000_00, 1_100_00, -900_00, -10_000_00],
  ])(
    'bug: the share of a statement limited the net due, not what facts took off: %s',
    (_what, fact, term, due, left) => {
      const clause = { ...FULL, statementShareBps: 2_000 };
      const [posted, old] = [20_000_00, 20_000_00 + fact];
      const one = settled({ posted: { R: posted }, old: { R: old }, now: { R: old + term }, clawback: clause });
      const [within] = withinStatement([one], 10_000_00, () => clause);
      expect(within).toMatchObject({ dueKopecks: due, notTakenKopecks: left, waivedKopecks: 0 });
    },
  );

  it.each([
    ['the whole clause', FULL, 20_00, 0],
    ['no clause', null, 20_00, 0],
    ['no clause, and half of it by hand', null, 10_00, 10_00],
    ['no clause, and more by hand than is better', null, 30_00, 0],
  ])('bug: better terms that were settled by hand were paid once more with %s', (_what, clawback, manual, due) => {
    const one = { posted: { R: 100_00, manual }, old: { R: 100_00 }, now: { R: 120_00 }, clawback };
    const settlement = settled(one);
    expect(settlement).toMatchObject({ dueKopecks: due, waivedKopecks: 0 });
    expect(settlement.notTakenKopecks).toBe(manual > 20_00 ? 20_00 - manual : 0);
    expect(settled(after(settlement, one)).dueKopecks).toBe(0);
  });

  it('bug: better terms that lost facts ate up to the kopeck were forgotten, and taken back by worse ones', () => {
    const one = { posted: { R: 100_00 }, old: { R: 90_00 }, now: { R: 100_00 } };
    const settlement = settled(one);
    expect(settlement).toMatchObject({ factDeltaKopecks: -10_00, termDeltaKopecks: 10_00, dueKopecks: 0 });
    const worse = { ...after(settlement, one), now: { R: 90_00 } };
    expect(settled(worse)).toMatchObject({ dueKopecks: 0, waivedKopecks: -10_00, notTakenKopecks: 0 });
  });

  it('zero due, no line: facts that moved from one rule to another are nothing to record', () => {
    expect(isToBeRecorded(settled({ posted: { R1: 1, R2: 1 }, old: { R1: 2, R2: 0 }, now: { R1: 2, R2: 0 } }))).toBe(
      false,
    );
  });

  it('counts months of the calendar', () => {
    expect([monthsBetween('2009-08', '2009-09'), monthsBetween('2009-08', '2010-08')]).toEqual([1, 12]);
  });
});

describe('for whatever changed', () => {
  const amount = fc.integer({ min: 0, max: 10_000_000_00 });
  const rules = fc.record({ R1: amount, R2: amount, R3: amount });
  const clause = fc.option(
    fc.record({
      months: fc.integer({ min: 0, max: 3 }),
      shareBps: fc.integer({ min: 0, max: 10_000 }),
      statementShareBps: fc.integer({ min: 0, max: 10_000 }),
    }),
  );
  const byHand = fc.integer({ min: -1_000_000_00, max: 1_000_000_00 });
  const posted = fc.tuple(rules, byHand).map(([paid, manual]) => ({ ...paid, manual }));
  const anyCase = fc.record({ posted, old: rules, now: rules, clawback: clause });

  it('posted + due = now − waived − notTaken, and neither of those is positive', () => {
    fc.assert(
      fc.property(anyCase, amount, (one, earned) => {
        for (const settlement of withinStatement([settled(one)], earned, () => one.clawback)) {
          const { postedKopecks, dueKopecks, nowKopecks, waivedKopecks, notTakenKopecks } = settlement;
          expect(postedKopecks + dueKopecks).toBe(nowKopecks - waivedKopecks - notTakenKopecks);
          expect(waivedKopecks).toBeLessThanOrEqual(0);
          expect(notTakenKopecks).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  it('terms are those of the last posting: what was paid of better ones is never taken back by worse ones', () => {
    const small = fc.integer({ min: 0, max: 20 });
    const close = fc.record({ R1: small, R2: small });
    const turned = fc.record({ posted: close, old: close, now: close, worse: close, clawback: clause });
    fc.assert(
      fc.property(turned, ({ worse, ...one }) => {
        const first = settled(one);
        const next = settled({ ...after(first, one), now: worse });
        const { postedKopecks, dueKopecks, nowKopecks, waivedKopecks, notTakenKopecks } = next;
        expect(postedKopecks + dueKopecks).toBe(nowKopecks - waivedKopecks - notTakenKopecks);
        expect(dueKopecks).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('what is posted rule by rule adds up to what is due', () => {
    fc.assert(
      fc.property(anyCase, amount, (one, earned) => {
        for (const settlement of withinStatement([settled(one)], earned, () => one.clawback)) {
          const sum = postingsOf(settlement).reduce((total, { kopecks }) => total + kopecks, 0);
          expect(sum).toBe(settlement.dueKopecks);
        }
      }),
    );
  });

  it('once it is posted, nothing is due again when nothing changed, whatever the clause', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const next = after(settled(one), one);
        expect(settled(next).dueKopecks).toBe(0);
        expect(settled({ ...next, month: '2009-10' }).dueKopecks).toBe(0);
      }),
    );
  });

  it('one statement takes no more off by facts than its share, and pays better terms in full', () => {
    fc.assert(
      fc.property(anyCase, amount, (one, earned) => {
        for (const settlement of withinStatement([settled(one)], earned, () => one.clawback)) {
          const { dueKopecks, termDeltaKopecks, factDeltaKopecks } = settlement;
          const byFacts = dueKopecks - Math.max(0, termDeltaKopecks);
          const share = one.clawback?.statementShareBps ?? 0;
          if (factDeltaKopecks >= 0) expect(byFacts).toBe(factDeltaKopecks);
          else if (share < 10_000) expect(-byFacts * 10_000).toBeLessThanOrEqual(earned * share + 5_000);
          expect(byFacts).toBeGreaterThanOrEqual(Math.min(0, factDeltaKopecks));
        }
      }),
    );
  });

  it('no more is taken back than the share of the clause, in however many statements', () => {
    const falling = fc.record({ posted: fc.constant({ R1: 10_000_000_00 }), falls: fc.array(amount), clause });
    fc.assert(
      fc.property(falling, ({ posted: paid, falls, clause: clawback }) => {
        const share = clawback === null || clawback.months < 1 ? 0 : clawback.shareBps;
        let next: Case = { posted: paid, old: paid, now: paid, clawback };
        for (const R1 of [...falls].sort((a, b) => b - a)) {
          next = { ...next, old: { R1 }, now: { R1 } };
          next = after(settled(next), next);
          const left = next.posted['R1'] ?? 0;
          expect(left).toBeGreaterThanOrEqual(R1);
          expect((paid.R1 - left) * 10_000).toBeLessThanOrEqual((paid.R1 - R1) * share + 5_000);
        }
      }),
    );
  });

  it('a statement never pays less than nothing, and carries the rest over', () => {
    const any = fc.integer({ min: -1_000_000_00, max: 1_000_000_00 });
    fc.assert(
      fc.property(amount, any, any, (earned, adjusted, manual) => {
        const totals = totalsOf({
          earnedKopecks: earned,
          adjustedKopecks: adjusted,
          manualKopecks: manual,
          broughtKopecks: 0,
        });
        expect(totals.payableKopecks).toBeGreaterThanOrEqual(0);
        expect(totals.payableKopecks + totals.carriedKopecks).toBe(earned + adjusted + manual);
      }),
    );
  });
});
