import { refuse } from '@voronka/kernel';
import {
  dimensionsOf,
  type IndicatorDocument,
  type IndicatorFilters,
  isAdditive,
  multiValuedDimensions,
} from '@voronka/pay/events';
import type { Named } from '../members.js';
import { isPortraitSlice, type OwnColumn, type SliceName } from '../slices.js';
import type { Defined } from './definitions.js';

/** Of a deal with several products each row counts it. */
export function addsUp(definition: IndicatorDocument, slices: readonly SliceName[]): boolean {
  const repeated: readonly string[] = multiValuedDimensions(definition);
  return isAdditive(definition) && !slices.some((slice) => repeated.includes(slice));
}

function dimensionsFor({ definition, parts }: Defined): readonly string[] {
  return dimensionsOf(
    definition,
    parts.map((part) => part.definition),
  );
}

/** Slices by which an indicator cannot be cut. */
export function strangersTo(defined: Defined, slices: readonly SliceName[]): readonly SliceName[] {
  const allowed = dimensionsFor(defined);
  return slices.filter((slice) => !allowed.includes(isPortraitSlice(slice) ? 'portrait' : slice));
}

/** @throws DomainError SLICE_NOT_OF_INDICATOR */
export function assertDimensions(defined: Defined, slices: readonly SliceName[]): void {
  const [stranger] = strangersTo(defined, slices);
  if (stranger === undefined) return;
  const [{ code }, allowed] = [defined, dimensionsFor(defined)];
  throw refuse.invalid('SLICE_NOT_OF_INDICATOR', 'this indicator cannot be cut by that: leave one of them out', {
    indicator: code,
    slice: stranger,
    allowed,
  });
}

/** Filters of definitions by the slice whose values they name. */
const NAMING = {
  routeMap: 'routeMaps',
  step: 'steps',
  stepKind: 'stepKinds',
  activityKind: 'activityKinds',
  topic: 'topics',
  outcome: 'outcomes',
  lossReason: 'lossReasons',
  deviationKind: 'deviationKinds',
  source: 'sources',
} as const satisfies Partial<Record<OwnColumn | SliceName, keyof IndicatorFilters>>;

/** What alone can count in any of the indicators that these slices cut: what none of them counts has no row of zero. */
export function namedBy(defined: readonly Defined[], slices: readonly SliceName[]): Named {
  const cut = defined.filter((one) => strangersTo(one, slices).length === 0);
  const documents = cut.flatMap(({ definition, parts }) =>
    parts.length === 0 ? [definition] : parts.map((part) => part.definition),
  );
  const named = Object.entries(NAMING).flatMap(([slice, filter]) => {
    const lists = documents.map(({ filters }) => filters[filter]);
    return lists.some((list) => list === undefined) ? [] : [[slice, [...new Set(lists.flat())]]];
  });
  return Object.fromEntries(named) as Named;
}
