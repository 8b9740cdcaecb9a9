import { plainFiveDayWeek } from '@voronka/kernel';
import type { RouteMapDocument, StepDefinition } from '../route-map/route-map.document.js';
import { exampleRouteMap } from '../route-map/route-map.example.js';
import type { Answers, AnswerValue } from '../shared/answers.js';
import { done, given, OPENED_AT, opened } from '../testing/deal-scene.js';
import { portraitsOf, stepsOnCustomer, UNTOLD_CUSTOMER } from './deal.customer.js';
import { nextOf } from './deal.next.js';

const day = (number: number): string => `2009-08-${String(number).padStart(2, '0')}T09:00:00.000Z`;
const NOW = day(31);

const mapOf = (...steps: (Partial<StepDefinition> & { code: string })[]): RouteMapDocument => ({
  ...exampleRouteMap,
  steps: steps.map((step) => ({
    ...{ name: step.code, stage: 'offer', kind: 'other' as const, mandatory: true, after: [], roles: [], form: [] },
    ...step,
  })),
});

/** By day: what was told of the customer. */
interface Told {
  readonly answers?: readonly (readonly [day: number, field: string, value: AnswerValue])[];
  readonly segments?: readonly (readonly [day: number, segment: string | null])[];
}

function portraits({ answers = [], segments = [] }: Told) {
  return portraitsOf(
    answers.map(([number, field, value]) => ({ from: day(number), field, value })),
    segments.map(([number, segment]) => ({ effectiveFrom: day(number), segment })),
  );
}

/** Since when each open step waits, by code. */
function since(map: RouteMapDocument, told: Told, history = [opened(), done('a', { occurredAt: day(4) })]) {
  const customer = portraits(told).at(-1) ?? UNTOLD_CUSTOMER;
  const facts = { calendar: plainFiveDayWeek(), zone: 'Europe/Samara', customer, now: NOW };
  const { open } = nextOf(given(...history).state, map, facts);
  return Object.fromEntries(open.map((step) => [step.code, step.since]));
}

const large = mapOf({ code: 'a' }, { code: 'b', after: ['a'], when: "segment = 'large'" }, { code: 'c', after: ['b'] });

describe('a customer', () => {
  it('is at every instant all that was told of it by then', () => {
    const told = portraits({
      answers: [
        [3, 'x', 1],
        [5, 'x', 2],
        [5, 'y', 'unknown'],
      ],
      segments: [
        [5, 'large'],
        [7, null],
      ],
    });
    const shown = told.map(({ since: from, segment, portrait }): [string | undefined, string | null, Answers] => [
      from,
      segment,
      portrait,
    ]);
    expect(shown).toEqual([
      [day(3), null, { x: 1 }],
      [day(5), 'large', { x: 2, y: 'unknown' }],
      [day(7), null, { x: 2, y: 'unknown' }],
    ]);
    expect(told.map(({ before }) => before?.since)).toEqual([undefined, day(3), day(5)]);
  });
});

describe('since when a step waits whose condition looks at the customer was told without him', () => {
  it('is when the customer became one whom it asks for, if all that it waits for was done before', () => {
    expect(since(large, { segments: [[6, 'large']] })).toEqual({ b: day(6) });
    expect(since(large, { segments: [[1, 'large']] })).toEqual({ b: day(4) });
  });

  it('is the last time he became so, and not when something else of him changed', () => {
    const again = {
      segments: [
        [5, 'large'],
        [7, 'small'],
        [9, 'large'],
      ],
    } as const;
    expect(since(large, again)).toEqual({ b: day(9) });
    expect(since(large, { ...again, answers: [[20, 'x', 1]] })).toEqual({ b: day(9) });
  });

  it('of several that it may ask for, is from when the first that still holds did', () => {
    const either = mapOf({ code: 'a' }, { code: 'b', after: ['a'], when: "segment = 'large' or portrait.x = 1" });
    expect(since(either, { segments: [[6, 'large']], answers: [[8, 'x', 1]] })).toEqual({ b: day(6) });
    const handedOver = {
      segments: [
        [6, 'large'],
        [10, 'small'],
      ],
      answers: [[8, 'x', 1]],
    } as const;
    expect(since(either, handedOver)).toEqual({ b: day(6) });
  });

  it('of a step after one that left the way with him, is when it left', () => {
    expect(
      since(large, {
        segments: [
          [2, 'large'],
          [8, 'small'],
        ],
      }),
    ).toEqual({ c: day(8) });
    expect(since(large, { segments: [[2, 'small']] })).toEqual({ c: day(4) });
  });

  it('of a customer of whom nothing was told, is when the deal was opened where just that is asked', () => {
    const untold = mapOf({ code: 'b', when: 'portrait.x is not known' });
    expect(since(untold, {}, [opened()])).toEqual({ b: OPENED_AT });
    expect(
      since(
        untold,
        {
          answers: [
            [5, 'x', 1],
            [6, 'x', 'unknown'],
          ],
        },
        [opened()],
      ),
    ).toEqual({ b: day(6) });
  });
});

it('steps hang on the customer by their own condition, by what they ask about or concern, and by what they come after', () => {
  const map = mapOf(
    { code: 'a' },
    { code: 'b', after: ['a'], when: "segment = 'large'" },
    { code: 'c', when: 'answers.b.x = 1' },
    { code: 'd', kind: 'verification', concerns: 'b' },
    { code: 'e', after: ['d'] },
    { code: 'f', after: ['a'], when: 'amount > 5' },
  );
  expect([...stepsOnCustomer(map)].toSorted((one, other) => (one < other ? -1 : 1))).toEqual(['b', 'c', 'd', 'e']);
  expect(stepsOnCustomer(exampleRouteMap).size).toBe(0);
});
