import type { Instant, Written, WrittenUnion } from '@voronka/kernel';
import type { DealEvent } from './deal.events.js';
import type { DealState } from './deal.state.js';

interface Folds<State> {
  initialState(): State;
  evolve(state: State, event: never): State;
}

/** They mend what was told, whenever they come; what they mend is judged by the time that it has in the end. */
const MENDED: ReadonlySet<string> = new Set<DealEvent['type']>([
  'StepCompleted',
  'StepCorrected',
  'StepVoided',
  'ActivityRecorded',
  'ActivityCorrected',
  'ActivityVoided',
]);

/**
 * A deal or a service case as it stood at an instant of business time, of the events that are known: what happened
 * later is left out, what was corrected or voided is taken as it is known now, and who owned it goes by when he began
 * to. Where nothing was opened by then, its status is `none`.
 */
export function standingAt<State extends DealState>(
  folds: Folds<State>,
  events: readonly Written[],
  until: Instant,
): State {
  const never = neverSigned(events);
  const happened = events.filter((event) => !never.has(event.eventId) && happenedBy(event, until));
  const state = happened.reduce((before, event) => folds.evolve(before, event as never), folds.initialState());
  const byThen = ({ occurredAt }: { readonly occurredAt: Instant }): boolean => occurredAt <= until;
  return { ...state, completions: state.completions.filter(byThen), activities: state.activities.filter(byThen) };
}

function happenedBy({ type, data, metadata }: Written, until: Instant): boolean {
  if (MENDED.has(type)) return true;
  const { effectiveFrom } = data as { readonly effectiveFrom?: Instant };
  return (effectiveFrom ?? metadata.occurredAt) <= until;
}

/** Signings that were voided and changed nothing about the deal, as another contract had won it: they never were. */
function neverSigned(events: readonly Written[]): ReadonlySet<string> {
  const told = events as readonly WrittenUnion<DealEvent>[];
  const voided = told.flatMap((event) =>
    event.type === 'ContractVoided' && event.data.dealBecomes === null ? [event.data.contractId] : [],
  );
  const signings = told.filter((event) => event.type === 'ContractSigned' && voided.includes(event.data.contractId));
  return new Set(signings.map(({ eventId }) => eventId));
}
