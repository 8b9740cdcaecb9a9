import type { RouteMapDocument } from '../route-map/route-map.document.js';
import { undoneByReturn } from '../route-map/route-map.order.js';
import type { Stands } from './deal.rules.js';
import type { Completion, DealState, OpenedDeal, Return, Skip } from './deal.state.js';

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

/** The version of its map that a deal followed when something at a revision of its stream was recorded. */
export function versionThen({ opening, migrations }: OpenedDeal, revision: number): number {
  return migrations.find((migration) => migration.revision > revision)?.fromVersion ?? opening.routeMapVersion;
}

/**
 * The same deal with every return judged by the version of the map that it happened on: a move to another version
 * says what lies ahead, and brings back nothing that a return took away. A version that nobody knows is left open, and
 * what was judged before stays.
 */
export function withReturnsJudged<State extends DealState>(
  state: State,
  documentOn: (version: number) => RouteMapDocument | null,
): State {
  if (state.status === 'none' || state.returns.length === 0) return state;
  const returns = state.returns.map((back) => {
    if (back.undone !== null) return back;
    const document = documentOn(versionThen(state, back.revision));
    return document === null ? back : { ...back, undone: undoneByReturn(document, back.toStep) };
  });
  return { ...state, returns };
}

/** Does a return make a step of a map necessary again? */
export function undoes({ toStep, undone }: Return, document: RouteMapDocument, step: string): boolean {
  return (undone ?? undoneByReturn(document, toStep)).has(step);
}

/** What was recorded of a step, and by no return undone since. */
function standing<Entry extends Completion | Skip>(
  entries: readonly Entry[],
  step: string,
  { state, document }: { readonly state: DealState; readonly document: RouteMapDocument },
): readonly Entry[] {
  return entries.filter(
    (entry) =>
      entry.step === step &&
      !state.returns.some((back) => back.revision > entry.revision && undoes(back, document, step)),
  );
}

/**
 * Completions of a step that count or may come to count: what waits is accepted some day, and an earlier one counts
 * again once a later one is voided.
 */
export function countable(state: DealState, document: RouteMapDocument, step: string): readonly Completion[] {
  const completions = standing(state.completions, step, { state, document });
  return completions.filter(({ status }) => status === 'done' || status === 'awaiting');
}

/** Completions of a step that count, the latest last. */
export function doneOf(state: DealState, document: RouteMapDocument, step: string): readonly Completion[] {
  return standing(state.completions, step, { state, document }).filter(({ status }) => status === 'done');
}

export function standingOf(state: DealState, document: RouteMapDocument, step: string): StepStanding {
  const completions = standing(state.completions, step, { state, document });
  const done = completions.findLast(({ status }) => status === 'done') ?? null;
  return {
    done,
    awaiting: completions.findLast(({ status }) => status === 'awaiting') ?? null,
    skip: standing(state.skips, step, { state, document }).at(-1) ?? null,
    mayRepeat:
      done !== null && state.returns.some(({ revision, toStep }) => revision > done.revision && toStep === step),
  };
}
