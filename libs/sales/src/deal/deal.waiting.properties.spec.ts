import { plainFiveDayWeek } from '@voronka/kernel';
import fc from 'fast-check';
import type { FormField } from '../form/form.document.js';
import type { RouteMapDocument, StepDefinition } from '../route-map/route-map.document.js';
import { exampleRouteMap } from '../route-map/route-map.example.js';
import { routeMapFaults } from '../route-map/route-map.faults.js';
import { orderOf } from '../route-map/route-map.order.js';
import { DealWalk } from './deal.walk.js';
import type { Wait } from './deal.walk.waits.js';

// A step waits from the event by which it could be done, and from nothing else, whatever its condition is put together of.

const CODES = ['s0', 's1', 's2', 's3', 's4', 's5'];
const form: readonly FormField[] = [{ code: 'f', name: 'F', type: 'yesNo', required: false }];

/** Conditions over the answers of earlier steps and the amount. */
const conditionOn = (earlier: readonly string[]): fc.Arbitrary<string> => {
  const single = fc.oneof(
    fc.constantFrom('amount >= 50', 'amount < 20', 'not amount >= 80'),
    ...(earlier.length === 0
      ? []
      : [
          fc
            .tuple(fc.constantFrom(...earlier), fc.constantFrom('= yes', '= no', 'is known', 'is not known'))
            .map(([step, asks]) => `answers.${step}.f ${asks}`),
        ]),
  );
  return fc.oneof(
    single,
    fc.tuple(single, fc.constantFrom('and', 'or'), single).map(([one, joined, other]) => `${one} ${joined} ${other}`),
  );
};

const anyMap: fc.Arbitrary<RouteMapDocument> = fc
  .tuple(
    ...CODES.map((code, index) =>
      fc
        .record({
          after: fc.subarray(CODES.slice(0, index), { maxLength: Math.min(2, index) }),
          when: fc.option(conditionOn(CODES.slice(0, index)), { nil: null, freq: 3 }),
        })
        .map(({ after, when }): StepDefinition => ({
          ...{ code, name: code, stage: 'offer', kind: 'other', mandatory: true, after, roles: [], form },
          ...{ funnelRank: index + 1, normWorkingHours: 8 },
          ...(when === null ? {} : { when }),
        })),
    ),
  )
  .map((steps) => ({ ...exampleRouteMap, steps }))
  .filter((map) => !routeMapFaults(map).some(({ code }) => code === 'CONDITION_ON_LATER_STEP'));

type Event = { readonly step: string; readonly f: boolean | 'unknown' | 'skipped' } | { readonly amount: number };

const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      step: fc.constantFrom(...CODES),
      f: fc.constantFrom(true, false, true, false, 'unknown' as const, 'skipped' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ amount: fc.constantFrom(0, 10, 30, 50, 60, 90) }) },
);

const placeOf = (index: number) => {
  const at = new Date(Date.UTC(2009, 7, 3) + index * 3_600_000).toISOString();
  return { id: `e${index}`, at, pos: String(index) };
};

const goingOn = (walk: DealWalk<ReturnType<typeof placeOf>>): ReadonlyMap<string, Wait<ReturnType<typeof placeOf>>> =>
  new Map(walk.waits().flatMap((wait) => (wait.ended === null ? [[wait.step, wait] as const] : [])));

it('bug: a waiting was put off by what decided nothing, or began before it could', () => {
  const seen = { begun: 0, kept: 0, later: 0 };
  fc.assert(
    fc.property(anyMap, fc.array(anyEvent, { minLength: 3, maxLength: 25 }), (map, events) => {
      const facts = { zone: 'Europe/Samara', calendarAt: () => plainFiveDayWeek(), rolesOf: () => null };
      const walk = new DealWalk<ReturnType<typeof placeOf>>(map, facts);
      walk.opened(placeOf(0), { amountKopecks: 30, products: [] });
      const told = new Set<string>();
      let before = goingOn(walk);
      for (const [index, event] of events.entries()) {
        const place = placeOf(index + 1);
        if ('amount' in event) walk.revised(place, { amountKopecks: event.amount, products: [] });
        else if (event.f === 'skipped') {
          // What is done or skipped already is not skipped.
          if (!told.has(event.step)) walk.skipped(place, event.step, null);
        } else walk.done(place, { step: event.step, performedBy: null, answers: { f: event.f } });
        if ('step' in event) told.add(event.step);
        const after = goingOn(walk);
        for (const [step, { since }] of after) {
          const known = before.get(step);
          const isDoneAnew = 'step' in event && orderOf(map).before(step).has(event.step);
          if (known === undefined) {
            seen.begun += 1;
            expect([step, since]).toEqual([step, place.at]);
          } else if (!isDoneAnew) {
            seen.kept += 1;
            if (known.since > placeOf(0).at) seen.later += 1;
            expect([step, since]).toEqual([step, known.since]);
          }
        }
        before = after;
      }
    }),
    { numRuns: 300 },
  );
  expect([seen.begun > 50, seen.kept > 200, seen.later > 20]).toEqual([true, true, true]);
});
