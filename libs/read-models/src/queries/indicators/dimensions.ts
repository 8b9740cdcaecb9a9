import { refuse } from '@voronka/kernel';
import { dimensionsOf, type IndicatorDocument, isAdditive, multiValuedDimensions } from '@voronka/pay/events';
import { isPortraitSlice, type SliceName } from '../slices.js';
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
