import { DomainError, plainFiveDayWeek } from '@voronka/kernel';
import fc from 'fast-check';
import { recorded } from '../../../kernel/src/testing.js';
import { DEVIATION_KINDS, deviationsOf } from '../deal/deal.conformance.js';
import type { DealEvent } from '../deal/deal.events.js';
import { nextOf } from '../deal/deal.next.js';
import { done, given, opened, returned } from '../testing/deal-scene.js';
import { published, stateOf } from '../testing/world.js';
import { PublishRouteMap } from './route-map.commands.js';
import { FIELD_TYPES } from '../form/form.document.js';
import { type RouteMapDocument, STEP_KINDS } from './route-map.document.js';
import { documentOf, routeMapDecider } from './route-map.decider.js';
import { routeMapFaults } from './route-map.faults.js';
import { exampleRouteMap } from './route-map.example.js';

const NOW = '2009-08-10T07:00:00.000Z';

const code = fc.constantFrom('a', 'b', 'c', 'd', 'unknown', '__proto__', 'constructor', 'toString');
const condition = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .tuple(
      fc.constantFrom(
        'answers.a.a',
        'answers.b.b',
        'answers."c".d',
        'portrait.a',
        'segment',
        'amount',
        'products',
        'x',
      ),
      fc.constantFrom(' = ', ' != ', ' < ', ' >= ', ' has ', ' in ', ' is known'),
      fc.constantFrom("'a'", "'unknown'", '5', '-1.5', 'yes', "('a', 'b')", "'2009-08-01'", ''),
      fc.constantFrom('', " and segment = 'a'", ' or not amount < 5'),
    )
    .map((parts) => parts.join('')),
);
const maybe = <T>(made: fc.Arbitrary<T>) => fc.option(made, { nil: undefined });
const limit = maybe(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true })));
const field = fc.record({
  code,
  name: code,
  type: fc.constantFrom(...FIELD_TYPES),
  required: fc.boolean(),
  personal: maybe(fc.boolean()),
  options: maybe(fc.array(fc.record({ code, name: code }), { maxLength: 3 })),
  minimum: limit,
  maximum: limit,
});
const step = fc.record({
  code,
  name: code,
  stage: code,
  kind: fc.constantFrom(...STEP_KINDS),
  funnelRank: maybe(fc.integer({ min: 1, max: 4 })),
  concerns: maybe(code),
  mandatory: fc.boolean(),
  after: fc.array(code, { maxLength: 3 }),
  when: maybe(condition),
  roles: fc.array(code, { maxLength: 1 }),
  form: fc.array(field, { maxLength: 3 }),
  evidence: maybe(fc.array(fc.record({ kind: code, outcome: maybe(code), count: fc.integer({ min: -1, max: 3 }) }))),
  verification: maybe(fc.record({ role: fc.constantFrom('', 'head') })),
});
const anyDocument: fc.Arbitrary<RouteMapDocument> = fc.record({
  name: code,
  purpose: fc.constantFrom('sale', 'service'),
  stages: fc.array(fc.record({ code, name: code }), { maxLength: 4 }),
  lossReasons: fc.array(fc.record({ code, name: code, countsAsLoss: fc.boolean() }), { maxLength: 2 }),
  steps: fc.array(step, { maxLength: 6 }),
});

/** The value at an RFC 6901 pointer, or undefined. */
function at(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], document);
}

describe('whatever document is published', () => {
  it('its faults are listed, each with a place in the document, and nothing is thrown', () => {
    let sound = 0;
    fc.assert(
      fc.property(anyDocument, (document) => {
        const faults = routeMapFaults(document);
        sound += Number(faults.length === 0);
        // A place that is missing is told by the place it is missing in, or by its own name.
        const bad = faults.filter(
          ({ pointer, code: fault, detail }) =>
            !/^[A-Z_]+$/.test(fault) ||
            detail === '' ||
            (at(document, pointer) === undefined && !fault.includes('MISSING')),
        );
        expect(bad).toEqual([]);
        expect(routeMapFaults(document)).toEqual(faults);
      }),
      { numRuns: 1000 },
    );
    expect(sound).toBeLessThan(1000);
  });

  it('each of many breaks of a sound map is found', () => {
    const places = fc.constantFrom(...exampleRouteMap.steps.keys());
    const breaks = fc.constantFrom(
      { stage: 'nowhere' },
      { after: ['nobody'] },
      { when: 'answers.nobody.x = 1' },
      { when: 'segment =' },
      { when: "segment = 'a' and segment = 'b'" },
      { concerns: 'nobody' },
      { evidence: [{ kind: 'call', count: 0 }] },
      { verification: { role: '' } },
      { form: [{ code: 'x', name: 'X', type: 'choice', required: true } as const] },
    );
    fc.assert(
      fc.property(places, breaks, (place, broken) => {
        const steps = exampleRouteMap.steps.map((one, index) => (index === place ? { ...one, ...broken } : one));
        const faults = routeMapFaults({ ...exampleRouteMap, steps });
        expect(faults.some(({ pointer }) => pointer.startsWith(`/steps/${place}`))).toBe(true);
      }),
    );
  });

  it('a refusal carries every fault', () => {
    const context = { id: 'm', now: NOW, occurredAt: NOW, person: null, roles: [], facts: {} };
    fc.assert(
      fc.property(anyDocument, (document) => {
        const faults = routeMapFaults(document);
        fc.pre(faults.length > 0);
        const body = Object.assign(new PublishRouteMap(), document);
        let refusal: unknown;
        try {
          routeMapDecider.decide({ type: 'PublishRouteMap', body }, { status: 'none' }, context);
        } catch (error) {
          refusal = error;
        }
        if (!(refusal instanceof DomainError)) throw new Error('a broken map was published');
        expect(refusal.code).toBe('ROUTE_MAP_FAULTY');
        expect(refusal.data['faults']).toEqual(faults);
      }),
      { numRuns: 300 },
    );
  });

  it('a log that holds it all the same is folded, and tells where its deals stand', () => {
    const facts = { calendar: plainFiveDayWeek(), zone: 'Europe/Samara', now: NOW };
    const customer = { segment: 'a', portrait: { a: 5 } };
    const steps = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'dance'), { maxLength: 8 });
    fc.assert(
      fc.property(anyDocument, steps, (document, codes) => {
        const state = stateOf(routeMapDecider, [published(document)]);
        expect(documentOf(state, 1)).toEqual(document);
        const way = [opened(), ...codes.map((one, index) => (index % 3 === 2 ? returned(one) : done(one)))];
        const next = nextOf(given(...way).state, document, { ...facts, customer });
        const told = new Set([
          ...[...next.open, ...next.blocked, ...next.awaiting, ...next.notApplicable].map((one) => one.code),
          ...next.done,
          ...next.skipped,
        ]);
        expect(told).toEqual(new Set(document.steps.map((one) => one.code)));
        const events = recorded<DealEvent>(way, { stream: 'deal-d', occurredAt: NOW });
        const deviations = deviationsOf(events, document, {
          ...facts,
          customerAt: () => customer,
          rolesOf: () => null,
        });
        expect(deviations.every(({ kind }) => DEVIATION_KINDS.includes(kind))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
