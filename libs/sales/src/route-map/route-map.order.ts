import type { RouteMapDocument, StepDefinition } from './route-map.document.js';

/** The steps of a map as a graph along `after`. Codes that the map does not know are left out. */
export interface StepOrder {
  readonly steps: ReadonlyMap<string, StepDefinition>;
  /** Everything that must be done before a step, at any distance; never the step itself unless it is on a cycle. */
  before(code: string): ReadonlySet<string>;
  /** Everything that waits for a step, at any distance. */
  behind(code: string): ReadonlySet<string>;
  /** Steps that a return to a step makes necessary again; see `undoneByReturn`. */
  undoneByReturn(toStep: string): ReadonlySet<string>;
}

const orders = new WeakMap<RouteMapDocument, StepOrder>();

/** The order of a document, worked out once for each; documents are never changed in place. */
export function orderOf(document: RouteMapDocument): StepOrder {
  const known = orders.get(document);
  if (known !== undefined) return known;
  const made = order(document);
  orders.set(document, made);
  return made;
}

function order(document: RouteMapDocument): StepOrder {
  const steps = new Map(document.steps.map((step) => [step.code, step]));
  const following = new Map<string, string[]>();
  for (const { code, after } of document.steps) {
    for (const earlier of after) following.set(earlier, [...(following.get(earlier) ?? []), code]);
  }
  const before = remembered((code) => (steps.get(code)?.after ?? []).filter((earlier) => steps.has(earlier)));
  const behind = remembered((code) => following.get(code) ?? []);
  const undone = (toStep: string): ReadonlySet<string> => undoneOn(document, { steps, behind }, toStep);
  return { steps, before, behind, undoneByReturn: kept(undone) };
}

function remembered(next: (code: string) => readonly string[]): (code: string) => ReadonlySet<string> {
  return kept((code) => everythingFrom(code, next));
}

/** Works a set out once for each code. */
function kept(make: (code: string) => ReadonlySet<string>): (code: string) => ReadonlySet<string> {
  const reached = new Map<string, ReadonlySet<string>>();
  return (code) => {
    const known = reached.get(code);
    if (known !== undefined) return known;
    const made = make(code);
    reached.set(code, made);
    return made;
  };
}

function everythingFrom(start: string, next: (code: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [...next(start)];
  for (let code = waiting.pop(); code !== undefined; code = waiting.pop()) {
    if (found.has(code)) continue;
    found.add(code);
    waiting.push(...next(code));
  }
  return found;
}

/**
 * Steps that a return to `toStep` makes necessary again: whatever waits for it, the bars ranked above it, and what
 * waits for those. The step itself stays done, though it may be done again.
 */
export function undoneByReturn(document: RouteMapDocument, toStep: string): ReadonlySet<string> {
  return orderOf(document).undoneByReturn(toStep);
}

function undoneOn(
  document: RouteMapDocument,
  { steps, behind }: Pick<StepOrder, 'steps' | 'behind'>,
  toStep: string,
): ReadonlySet<string> {
  const rank = steps.get(toStep)?.funnelRank;
  const undone = new Set(behind(toStep));
  for (const { code, funnelRank } of document.steps) {
    if (rank === undefined || funnelRank === undefined || funnelRank <= rank) continue;
    undone.add(code);
    for (const later of behind(code)) undone.add(later);
  }
  undone.delete(toStep);
  return undone;
}
