import type { FormField } from '../form/form.document.js';
import type { DocumentFault } from '../form/form.faults.js';
import { type Asking, askingsOf } from '../shared/condition.js';
import { ConditionSyntaxError } from '../shared/condition.parser.js';
import { askingFault, conditionOf } from './route-map.conditions.js';
import type { RouteMapDocument, StepDefinition } from './route-map.document.js';
import { segmentsAsked } from './route-map.segments.js';

/** Does any condition of the map look at the portrait of the customer, or at his segment? */
export function asksPortrait({ steps }: RouteMapDocument): boolean {
  return steps.some((step) => askingsOn(step).length > 0);
}

/**
 * Every place of a map whose condition asks of the portrait what it does not have, or not so: a field, its type or an
 * option, a segment.
 * @param segments codes of the portrait; none: segments are free
 */
export function portraitAskedFaults(
  document: RouteMapDocument,
  { fields, segments }: { readonly fields: readonly FormField[]; readonly segments: readonly string[] },
): readonly (DocumentFault & { readonly step: string })[] {
  return document.steps.flatMap((step, index) => {
    const pointer = `/steps/${index}/when`;
    const faults: DocumentFault[] = [];
    for (const asking of askingsOn(step)) {
      askingFault(asking, { document, portrait: fields }, (code, detail, at) =>
        faults.push({ pointer, code, detail, at }),
      );
    }
    if (segments.length > 0) faults.push(...segmentsAsked(step, pointer, segments));
    return faults.map((fault) => ({ step: step.code, ...fault }));
  });
}

function askingsOn(step: StepDefinition): readonly Asking[] {
  const condition = conditionOf(step);
  if (condition === null || condition instanceof ConditionSyntaxError) return [];
  return askingsOf(condition).filter(({ operand }) => operand.source === 'portrait' || operand.source === 'segment');
}
