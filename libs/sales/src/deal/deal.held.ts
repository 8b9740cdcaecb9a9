import { refuse } from '@voronka/kernel';
import { type Admitted, assertOpen } from './deal.gates.js';
import { standingContracts } from './deal.money.js';
import { wayOf } from './deal.passage.js';
import { countable } from './deal.standing.js';
import type { RecordedActivity } from './deal.state.js';
import type { MissingEvidence } from './deal.way.js';

// What was agreed on the strength of the steps, and the steps on that of activities: neither is taken away from under it.

/** Does a contract stand on the steps, or, for a service case, that it was completed? */
export function isHeld({ noun, state }: Admitted): boolean {
  return standingContracts(state.money).length > 0 || (noun.code === 'SERVICE_CASE' && state.status === 'won');
}

/** @throws DomainError `CONTRACT_STANDS`, or `SERVICE_CASE_CLOSED` for a completed case. */
export function assertNotHeld(entry: Admitted, advice: string, data: Record<string, unknown> = {}): void {
  if (!isHeld(entry)) return;
  const contract = standingContracts(entry.state.money).at(-1);
  if (contract === undefined) {
    assertOpen(entry);
    return;
  }
  const ids = { [entry.noun.id]: entry.context.id, contractId: contract.contractId };
  throw refuse.conflict('CONTRACT_STANDS', advice, { ...ids, ...data });
}

/**
 * With these activities, every step that was done keeps the evidence it was done on, as far as it had it; one that waits
 * to be accepted likewise. A contract asks whether the steps are done, and no more what they were done on.
 * @throws DomainError `EVIDENCE_NEEDED`, or as `assertNotHeld`, naming the steps and what they would lack.
 */
export function assertEvidenceKept(activities: readonly RecordedActivity[], entry: Admitted): void {
  const { state, document, noun, context } = entry;
  const before = wayOf(entry);
  const after = wayOf({ ...entry, state: { ...state, activities } });
  const lacking = document.steps.flatMap((step) =>
    countable(state, document, step.code).flatMap(({ completionId, occurredAt }) => {
      const lacked = before.missingEvidence(step, occurredAt);
      const missing = after.missingEvidence(step, occurredAt).filter((one) => !lacked.some(isLike(one)));
      return missing.length === 0 ? [] : [{ step: step.code, completionId, missing }];
    }),
  );
  if (lacking.length === 0) return;
  assertNotHeld(entry, 'a step under a valid contract was done on this activity: void the contract first', { lacking });
  throw refuse.conflict(
    'EVIDENCE_NEEDED',
    `a step was done on this activity: void the step first, or return the ${noun.name} to before it`,
    { [noun.id]: context.id, lacking },
  );
}

function isLike({ kind, outcome }: MissingEvidence): (other: MissingEvidence) => boolean {
  return (other) => other.kind === kind && other.outcome === outcome;
}
