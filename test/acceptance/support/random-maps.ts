import type { FormField, RouteMapDocument, StepDefinition } from '@voronka/sales';
import fc from 'fast-check';
import { routeMapFaults } from '../../../libs/sales/src/route-map/route-map.faults.js';

export const CODES = ['a', 'b', 'c', 'd', 'e'] as const;
const KINDS = ['contact', 'gathering', 'meeting', 'proposal', 'contract'] as const;
const form: readonly FormField[] = [{ code: 'f', name: 'F', type: 'yesNo', required: true }];

/**
 * Random maps of five steps: a step may wait for earlier ones, hang on the answer of an earlier one, be optional, be
 * accepted by a head, ask for a call, have a norm. All but the first may be no bar.
 */
const anyMap: fc.Arbitrary<RouteMapDocument> = fc
  .tuple(
    ...CODES.map((code, index) =>
      fc.record({
        code: fc.constant(code),
        kind: fc.constant(KINDS[index] ?? 'other'),
        after: fc.subarray(CODES.slice(0, index)),
        mandatory: fc.boolean(),
        bar: fc.boolean(),
        verified: fc.nat(3).map((dice) => dice === 0),
        norm: fc.option(fc.integer({ min: 1, max: 120 })),
        called: fc.nat(5).map((dice) => dice === 0),
        when:
          index === 0
            ? fc.constant(null)
            : fc.option(
                fc
                  .tuple(fc.constantFrom(...CODES.slice(0, index)), fc.constantFrom('yes', 'no'))
                  .map(([on, wanted]) => `answers.${on}.f = ${wanted}`),
                { freq: 2 },
              ),
      }),
    ),
  )
  .map((drafts) => ({
    name: 'Random',
    purpose: 'sale' as const,
    stages: [{ code: 'way', name: 'Way' }],
    lossReasons: [
      { code: 'price', name: 'Too dear', countsAsLoss: true },
      { code: 'duplicate', name: 'Entered twice', countsAsLoss: false },
    ],
    steps: drafts.map(({ code, kind, after, mandatory, bar, verified, norm, called, when }, index): StepDefinition => ({
      ...{ code, name: code, stage: 'way', kind, mandatory, after, roles: [], form },
      ...(bar || index === 0 ? { funnelRank: index + 1 } : {}),
      ...(when === null ? {} : { when }),
      ...(norm === null ? {} : { normWorkingHours: norm }),
      ...(verified ? { verification: { role: 'head' } } : {}),
      ...(called ? { evidence: [{ kind: 'call', count: 1 }] } : {}),
    })),
  }))
  .filter((map) => routeMapFaults(map).length === 0);

/** Two versions of a map. */
export type Versions = readonly [RouteMapDocument, RouteMapDocument];

/** Without a step: what waited for it waits for the others, and what hung on its answer belongs to every way. */
function without(map: RouteMapDocument, code: string | null): RouteMapDocument {
  const steps = map.steps
    .filter((step) => step.code !== code)
    .map(({ when, ...step }): StepDefinition => ({
      ...{ ...step, after: step.after.filter((earlier) => earlier !== code) },
      ...(when === undefined || when.startsWith(`answers.${code}.`) ? {} : { when }),
    }));
  return { ...map, steps };
}

/** A map and its newer version: it may lack a step or have one more, and ask for others as mandatory. Ranks stay. */
export const anyVersions: fc.Arbitrary<Versions> = fc
  .record({
    map: anyMap,
    other: fc.option(fc.constantFrom(...CODES.slice(1)), { freq: 3 }),
    isAdded: fc.boolean(),
    turned: fc.subarray([...CODES], { minLength: 1, maxLength: 2 }),
  })
  .map(({ map, other, isAdded, turned }): Versions => {
    const less = without(map, other);
    const [first, second] = isAdded ? [less, map] : [map, less];
    const steps = second.steps.map((step) => ({
      ...step,
      mandatory: step.mandatory !== turned.some((one) => one === step.code),
    }));
    return [first, { ...second, steps }];
  })
  .filter((versions) => versions.every((map) => routeMapFaults(map).length === 0));
