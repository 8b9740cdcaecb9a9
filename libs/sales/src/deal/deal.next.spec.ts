import { plainFiveDayWeek } from '@voronka/kernel';
import { routeMapFaults } from '../route-map/route-map.faults.js';
import type { RouteMapDocument, StepDefinition } from '../route-map/route-map.document.js';
import { exampleRouteMap } from '../route-map/route-map.example.js';
import { called, done, given, idOf, lost, opened, returned, sentBack, signed, skipped } from '../testing/deal-scene.js';
import type { DealEvent } from './deal.events.js';
import { nextOf } from './deal.next.js';
import type { Decided } from '@voronka/kernel';
import type { CustomerPortrait } from './deal.way.js';

const NOW = '2009-08-10T07:00:00.000Z';
const NOBODY: CustomerPortrait = { segment: null, portrait: {} };

function next(
  history: readonly Decided<DealEvent>[],
  more: { map?: RouteMapDocument; now?: string; customer?: CustomerPortrait } = {},
) {
  const { map = exampleRouteMap, now = NOW, customer = NOBODY } = more;
  const facts = { calendar: plainFiveDayWeek(), zone: 'Europe/Samara', customer, now };
  return nextOf(given(...history).state, map, facts);
}

const codes = (steps: readonly { code: string }[]) => steps.map(({ code }) => code);

const mapOf = (...steps: (Partial<StepDefinition> & { code: string })[]): RouteMapDocument => {
  const map: RouteMapDocument = {
    ...exampleRouteMap,
    steps: steps.map((step, index) => ({
      name: step.code,
      stage: 'offer',
      kind: 'other',
      mandatory: true,
      after: [],
      roles: [],
      form: [],
      ...(index === 0 ? { funnelRank: 1 } : {}),
      ...step,
    })),
  };
  expect(routeMapFaults(map)).toEqual([]);
  return map;
};

describe('what is open', () => {
  it('is the beginning of the map when the deal has just been opened', () => {
    const first = next([opened()]);
    expect(codes(first.open)).toEqual(['first-contact']);
    expect(codes(first.blocked)).toEqual(['questionnaire', 'analysis', 'survey', 'meeting', 'proposal']);
    expect(first.contract).toMatchObject({
      ready: false,
      missing: ['first-contact', 'questionnaire', 'analysis', 'proposal'],
    });
  });

  it('comes with form, roles, guidance and the guidance for the segment', () => {
    const customer = { segment: 'retail', portrait: {} };
    const { open } = next([opened(), done('first-contact')], { customer });
    expect(codes(open)).toEqual(['questionnaire', 'meeting']);
    expect(open[0]).toMatchObject({ roles: ['manager'], form: exampleRouteMap.steps[1]?.form, repeat: false });
    expect(open[1]?.guidance).toEqual({
      text: 'Show what the customer has asked about, and nothing else.',
      forSegment: 'Bring a cash desk along.',
    });
    expect(next([opened(), done('first-contact')]).open[1]?.guidance.forSegment).toBeNull();
  });

  it('shows what was sent back, and what may be done again after a return', () => {
    const way = [
      opened(),
      done('first-contact'),
      done('questionnaire'),
      done('analysis', { awaitsVerification: true }),
    ];
    expect(next([...way, sentBack('analysis', 3)]).open.find(({ code }) => code === 'analysis')?.sentBack).toBe(true);
    const back = next([...way, returned('questionnaire')]);
    expect(back.open.find(({ code }) => code === 'questionnaire')).toMatchObject({ repeat: true, dueAt: null });
    expect(back.done).toEqual(['first-contact', 'questionnaire']);
  });

  it('is nothing on a closed deal, or on none', () => {
    const closed = next([opened(), done('analysis', { awaitsVerification: true }), lost()]);
    expect([closed.open, closed.blocked]).toEqual([[], []]);
    expect(codes(closed.awaiting)).toEqual(['analysis']);
    expect(next([opened(), signed()]).contract.ready).toBe(false);
    expect(next([])).toMatchObject({ status: 'none', open: [], blocked: [] });
  });
});

describe('due', () => {
  const map = mapOf({ code: 'a' }, { code: 'b', after: ['a'], normWorkingHours: 16 });
  const friday = '2009-08-14T12:00:00.000Z';
  const inAugust = { occurredAt: '2009-08-14T13:00:00.000Z' };

  it('norm 16 working hours (9–18, break 13–14) from Fri 14 Aug 2009 17:00: due Tue 18 Aug 17:00', () => {
    // Samara kept UTC+5 in the summer of 2009.
    const way = [opened(), done('a', { occurredAt: friday })];
    const tuesday = '2009-08-18T12:00:00.000Z';
    expect(next(way, { map, now: tuesday }).open).toMatchObject([
      { code: 'b', since: friday, dueAt: tuesday, overdue: false },
    ]);
    expect(next(way, { map, now: '2009-08-18T12:00:00.001Z' }).open).toMatchObject([{ overdue: true }]);
  });

  it('waits from the last of what it waits for, from the return, and from the reopening', () => {
    const two = mapOf({ code: 'a' }, { code: 'c' }, { code: 'b', after: ['a', 'c'], normWorkingHours: 8 });
    const since = (...history: Decided<DealEvent>[]) =>
      next(history, { map: two }).open.find(({ code }) => code === 'b')?.since;
    const way = [opened(), done('a', { occurredAt: friday }), done('c')];
    expect(since(...way)).toBe(friday);
    expect(since(...way, returned('a', inAugust.occurredAt))).toBe(inAugust.occurredAt);
    const reopened: Decided<DealEvent> = {
      type: 'DealReopened',
      data: { customerId: null, reason: null },
      ...inAugust,
    };
    expect(since(...way, lost(), reopened)).toBe(inAugust.occurredAt);
    expect(since(opened(), skipped('a'), done('c'))).toBe('2009-08-03T07:02:00.000Z');
  });

  it('waits from the answer that decides it', () => {
    const form = [{ code: 'f', name: 'F', type: 'yesNo' as const, required: true }];
    const branch = mapOf({ code: 'a' }, { code: 'q', form }, { code: 'b', after: ['a'], when: 'answers.q.f = yes' });
    const way = [opened(), done('a'), done('q', { occurredAt: friday, answers: { f: true } })];
    expect(next(way, { map: branch }).open).toMatchObject([{ code: 'b', since: friday }]);
  });

  it('bug: waited from before the answer by which what it comes after left the way', () => {
    const form = [{ code: 'f', name: 'F', type: 'yesNo' as const, required: true }];
    const map = mapOf(
      ...[
        { code: 'q', form },
        { code: 'q2', form, when: 'answers.q.f = yes' },
      ],
      { code: 'a', when: 'answers.q2.f = yes' },
      { code: 'b', after: ['a'] },
    );
    const since = (...history: Decided<DealEvent>[]) =>
      next(history, { map }).open.find(({ code }) => code === 'b')?.since;
    const answered = (step: string, f: boolean, occurredAt: string) => done(step, { answers: { f }, occurredAt });
    expect(since(opened(), answered('q', false, friday))).toBe(friday);
    const later = inAugust.occurredAt;
    expect(since(opened(), answered('q', true, friday), answered('q2', false, later))).toBe(later);
  });

  describe('bug: what decided nothing put a waiting off', () => {
    const form = [{ code: 'f', name: 'F', type: 'yesNo' as const, required: true }];
    const sinceOf = (map: RouteMapDocument, ...history: Decided<DealEvent>[]) =>
      next(history, { map }).open.find(({ code }) => code === 'b')?.since;
    const answered = (step: string, f: boolean, occurredAt: string) => done(step, { answers: { f }, occurredAt });
    const revision = (amount: number, title: string, occurredAt: string): Decided<DealEvent> => {
      const lines = [{ productId: 'trade', amountKopecks: amount }];
      const terms = { lines, expectedAmountKopecks: amount, expectedCloseOn: null };
      return { type: 'DealRevised', data: { customerId: 'volga-tools', title, ...terms }, occurredAt };
    };

    it('a revision that leaves the amount on its side of the condition, or of the title alone', () => {
      const limits = mapOf({ code: 'q' }, { code: 'b', when: 'amount >= 100' });
      const [first, second] = [revision(1_000, 'One', friday), revision(1_001, 'Two', inAugust.occurredAt)];
      expect(sinceOf(limits, opened(), first)).toBe(friday);
      expect(sinceOf(limits, opened(), first, second)).toBe(friday);
      const aside = mapOf({ code: 'q' }, { code: 'big', when: 'amount >= 100000' }, { code: 'b', after: ['big'] });
      expect(sinceOf(aside, opened(), first, revision(1_000, 'Two', inAugust.occurredAt))).toBe(friday);
    });

    it('an answer where another had decided', () => {
      const either = mapOf(...['q', 'q2'].map((code) => ({ code, form })), {
        code: 'b',
        when: 'answers.q.f = yes or answers.q2.f = yes',
      });
      const yes = answered('q', true, friday);
      expect(sinceOf(either, opened(), yes, answered('q2', false, inAugust.occurredAt))).toBe(friday);
      const both = mapOf(
        ...['q', 'q2'].map((code) => ({ code, form })),
        { code: 'a', when: 'answers.q.f = yes and answers.q2.f = yes' },
        { code: 'b', after: ['a'] },
      );
      const no = answered('q', false, friday);
      expect(sinceOf(both, opened(), no, answered('q2', true, inAugust.occurredAt))).toBe(friday);
    });

    it('an answer to a question that had been skipped, where it says no more than the skip', () => {
      const unknown = mapOf({ code: 'q', form }, { code: 'b', when: 'answers.q.f is not known' });
      const late = done('q', { answers: { f: 'unknown' }, occurredAt: friday });
      const skip = '2009-08-03T07:01:00.000Z';
      expect(sinceOf(unknown, opened(), skipped('q'))).toBe(skip);
      expect(sinceOf(unknown, opened(), skipped('q'), late)).toBe(skip);
    });

    it('and an answer that decided by leaving another question out did not', () => {
      const unknown = mapOf(
        ...[
          { code: 'q', form },
          { code: 'q2', form, when: 'answers.q.f = yes' },
        ],
        { code: 'b', when: 'answers.q2.f is not known' },
      );
      expect(sinceOf(unknown, opened(), answered('q', false, friday))).toBe(friday);
    });
  });

  it('is nothing without a norm, or in a calendar without work', () => {
    expect(next([opened()], { map }).open).toMatchObject([{ code: 'a', dueAt: null, overdue: false }]);
    const idle = { weeklyHours: { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] }, days: [] };
    const { state } = given(opened(), done('a'));
    const facts = { calendar: idle, zone: 'Europe/Samara', customer: NOBODY, now: NOW };
    expect(nextOf(state, map, facts).open).toMatchObject([{ code: 'b', dueAt: null }]);
  });
});

describe('what is blocked, and by what', () => {
  it('missing steps', () => {
    expect(next([opened()]).blocked).toMatchObject([
      { code: 'questionnaire', missingSteps: ['first-contact'], since: null },
      { code: 'analysis', missingSteps: ['questionnaire'] },
      {
        code: 'survey',
        missingSteps: ['questionnaire'],
        undecided: { missing: [{ operand: 'answers.questionnaire.office', status: 'pending' }] },
        missingEvidence: [{ kind: 'visit', count: 1, recorded: 0 }],
      },
      { code: 'meeting' },
      { code: 'proposal' },
    ]);
  });

  it('an answer that nobody knows', () => {
    const way = [opened(), done('first-contact'), done('questionnaire', { answers: { office: 'unknown' } })];
    const survey = next(way).blocked.find(({ code }) => code === 'survey');
    expect(survey).toMatchObject({
      missingSteps: [],
      undecided: { missing: [{ operand: 'answers.questionnaire.office', status: 'unknown' }] },
    });
    expect(next(way).contract.undecided).toMatchObject([{ step: 'survey' }]);
  });

  it('missing evidence, while the time is running', () => {
    const way = [opened(), done('first-contact'), done('questionnaire', { answers: { office: 'large' } })];
    expect(next(way, { now: '2009-08-20T07:00:00.000Z' }).blocked).toMatchObject([
      { code: 'survey', undecided: null, since: '2009-08-03T07:02:00.000Z', overdue: true },
      { code: 'proposal' },
    ]);
    expect(codes(next([...way, called('v', { kind: 'visit' })]).open)).toContain('survey');
  });
});

describe('what waits for verification, and what does not belong to the way', () => {
  const way = [
    opened(),
    done('first-contact'),
    done('questionnaire', { answers: { office: 'small' } }),
    done('analysis', { awaitsVerification: true }),
  ];

  it('says since when, by whom, and who may accept it', () => {
    expect(next(way).awaiting).toMatchObject([
      {
        code: 'analysis',
        completionId: idOf(3),
        since: '2009-08-03T07:03:00.000Z',
        performedBy: 'ivanova',
        verificationRole: 'head',
      },
    ]);
  });

  it('says which condition does not hold', () => {
    expect(next(way).notApplicable).toMatchObject([
      { code: 'survey', when: "answers.questionnaire.office = 'large'", excluded: [] },
    ]);
  });

  it('is ready for the contract when nothing is missing', () => {
    expect(next([...way, skipped('proposal')]).contract).toMatchObject({ ready: false, missing: ['analysis'] });
    const accepted: DealEvent = {
      type: 'StepVerified',
      data: { step: 'analysis', completionId: idOf(3), verifiedBy: 'orlova' },
    };
    expect(next([...way, accepted, done('proposal')]).contract).toEqual({ ready: true, missing: [], undecided: [] });
    expect(next([...way, accepted, skipped('proposal')]).skipped).toEqual(['proposal']);
  });
});

it('shows what speaks for the products of the deal, for the segment of its customer', () => {
  const { state } = given(opened({ lines: [{ productId: 'trade', amountKopecks: null }] }));
  const stated = (productId: string, segment: string | null) => ({ productId, segment, text: 'Counts by itself' });
  const facts = {
    calendar: plainFiveDayWeek(),
    zone: 'Europe/Samara',
    customer: { segment: 'retail', portrait: {} },
    now: NOW,
    advantages: [
      stated('trade', 'retail'),
      stated('trade', null),
      stated('trade', 'wholesale'),
      stated('stock', 'retail'),
    ],
  };
  const { advantages } = nextOf(state, exampleRouteMap, facts);
  expect(advantages).toEqual([stated('trade', 'retail'), stated('trade', null)]);
  expect(nextOf(state, exampleRouteMap, { ...facts, advantages: undefined }).advantages).toEqual([]);
});
