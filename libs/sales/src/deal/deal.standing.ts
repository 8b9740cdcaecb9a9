import type { RouteMapDocument } from '../route-map/route-map.document.js';
import { undoneByReturn } from '../route-map/route-map.order.js';
import type { Stands } from './deal.rules.js';
import type { Completion, DealState, Skip } from './deal.state.js';

export { isSatisfied } from './deal.rules.js';

/**
 * How a step stands for the gates. A return to a step makes what comes after that step necessary again: completions
 * and skips recorded before the return no longer stand. The target itself stays done and may be done again.
 * (Figures keep what the deal once reached; only the gates ask for the way to be walked again.)
 */
export interface StepStanding extends Stands {
  /** Latest completion that counts: done, and accepted where that is needed. */
  readonly done: Completion | null;
  /** Completion that waits to be accepted. */
  readonly awaiting: Completion | null;
  readonly skip: Skip | null;
  /** Done, but the deal was returned to this step since: doing it again is no repetition. */
  readonly mayRepeat: boolean;
}

export function standingOf(state: DealState, document: RouteMapDocument, step: string): StepStanding {
  const stands = (entry: Completion | Skip): boolean =>
    entry.step === step &&
    !state.returns.some(
      ({ revision, toStep }) => revision > entry.revision && undoneByReturn(document, toStep).has(step),
    );
  const completions = state.completions.filter(stands);
  const done = completions.findLast(({ status }) => status === 'done') ?? null;
  return {
    done,
    awaiting: completions.findLast(({ status }) => status === 'awaiting') ?? null,
    skip: state.skips.findLast(stands) ?? null,
    mayRepeat:
      done !== null && state.returns.some(({ revision, toStep }) => revision > done.revision && toStep === step),
  };
}
