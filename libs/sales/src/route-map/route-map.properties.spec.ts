import { DomainError } from '@voronka/kernel';
import fc from 'fast-check';
import { FIELD_TYPES, type RouteMapDocument, STEP_KINDS } from './route-map.document.js';
import { routeMapDecider } from './route-map.decider.js';
import { routeMapFaults } from './route-map.faults.js';
import { exampleRouteMap } from './route-map.example.js';

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
        for (const fault of faults) {
          expect(fault.code).toMatch(/^[A-Z_]+$/);
          expect(fault.detail).not.toBe('');
          // A place that is missing is told by the place it is missing in, or by its own name.
          const known = at(document, fault.pointer) !== undefined || fault.code.includes('MISSING');
          expect({ fault, known }).toEqual({ fault, known: true });
        }
        expect(routeMapFaults(document)).toEqual(faults);
      }),
      { numRuns: 2000 },
    );
    expect(sound).toBeLessThan(2000);
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

  it('a refusal carries every fault, and what was published long ago still folds', () => {
    const context = { id: 'm', now: '2009-08-10T07:00:00.000Z', occurredAt: '2009-08-10T07:00:00.000Z' };
    fc.assert(
      fc.property(anyDocument, (document) => {
        fc.pre(routeMapFaults(document).length > 0);
        const decide = () =>
          routeMapDecider.decide(
            { type: 'PublishRouteMap', body: { ...document } as never },
            { status: 'none' },
            {
              ...context,
              person: null,
              roles: [],
              facts: {},
            },
          );
        try {
          decide();
          throw new Error('a broken map was published');
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          expect(error.code).toBe('ROUTE_MAP_FAULTY');
        }
      }),
      { numRuns: 300 },
    );
  });
});
