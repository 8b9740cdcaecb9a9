import type { DocumentFault } from '../form/form.faults.js';
import { askingsOf, type Literal } from '../shared/condition.js';
import { ConditionSyntaxError } from '../shared/condition.parser.js';
import { conditionOf } from './route-map.conditions.js';
import type { RouteMapDocument, StepDefinition } from './route-map.document.js';

/**
 * Every place of a map that names a segment which the portrait does not list: no customer would ever count to it.
 * @param segments codes of the portrait; none: segments are free
 */
export function segmentFaults({ steps }: RouteMapDocument, segments: readonly string[]): readonly DocumentFault[] {
  if (segments.length === 0) return [];
  return steps.flatMap((step, index) => [
    ...guidanceFaults(step, `/steps/${index}/guidanceBySegment`, segments),
    ...segmentsAsked(step, `/steps/${index}/when`, segments),
  ]);
}

function guidanceFaults(
  { guidanceBySegment = [] }: StepDefinition,
  pointer: string,
  segments: readonly string[],
): readonly DocumentFault[] {
  return guidanceBySegment.flatMap(({ segment }, index) =>
    segments.includes(segment)
      ? []
      : [{ pointer: `${pointer}/${index}/segment`, code: 'SEGMENT_UNKNOWN', detail: unknown(segment) }],
  );
}

/** Segments that the condition of a step names, and the portrait does not list. */
export function segmentsAsked(
  step: StepDefinition,
  pointer: string,
  segments: readonly string[],
): readonly DocumentFault[] {
  const condition = conditionOf(step);
  if (condition === null || condition instanceof ConditionSyntaxError) return [];
  const asked = askingsOf(condition).filter(({ operand }) => operand.source === 'segment');
  const literals = asked.flatMap((asking): readonly Literal[] => {
    if (asking.kind === 'known') return [];
    return asking.kind === 'in' ? asking.literals : [asking.literal];
  });
  return literals.flatMap(({ value, at }) =>
    typeof value !== 'string' || segments.includes(value)
      ? []
      : [{ pointer, code: 'SEGMENT_UNKNOWN', detail: unknown(value), at }],
  );
}

const unknown = (segment: string): string => `the portrait lists no segment ${segment}`;
