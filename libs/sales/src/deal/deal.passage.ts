import { type Instant, refuse } from '@voronka/kernel';
import type { StepDefinition } from '../route-map/route-map.document.js';
import { type Admitted, assertNotBefore } from './deal.gates.js';
import type { StepStanding } from './deal.standing.js';
import { portraitNow } from './deal.customer.js';
import { Way } from './deal.way.js';

// The gates that the map itself sets: order, branches, evidence, and what must be done before the contract.

/** Where the deal of an entry stands on its map. */
export function wayOf({ state, document, context }: Admitted): Way {
  return new Way(state, document, portraitNow(context.facts.customer));
}

/** @throws DomainError `STEP_NOT_APPLICABLE` for a step that does not belong to this deal's way. */
export function assertOnTheWay(step: StepDefinition, way: Way): void {
  const applicability = way.applicability(step);
  if (applicability.applies !== 'no') return;
  const { when, excluded } = applicability;
  throw refuse.rule('STEP_NOT_APPLICABLE', 'go on without the step: its condition does not hold for this deal', {
    step: step.code,
    when,
    excluded,
  });
}

/**
 * @throws DomainError `STEP_NOT_APPLICABLE`, `STEP_PREREQUISITE_MISSING`, `STEP_CONDITION_UNDECIDED`,
 * `EVIDENCE_MISSING` or `OCCURRED_BEFORE_PREREQUISITE`, each saying exactly what is missing.
 */
export function assertPassable(step: StepDefinition, way: Way, occurredAt: Instant): void {
  assertOnTheWay(step, way);
  const missing = way.missingBefore(step);
  if (missing.length > 0) {
    throw refuse.rule('STEP_PREREQUISITE_MISSING', 'do the missing steps first (and have them accepted)', {
      step: step.code,
      missing,
    });
  }
  const applicability = way.applicability(step);
  if (applicability.applies === 'undecided') {
    const { when, missing: unanswered } = applicability;
    throw refuse.rule(
      'STEP_CONDITION_UNDECIDED',
      'find out what `missing` names: until then nobody can tell whether the step belongs to this deal; or let somebody authorised skip it',
      { step: step.code, when, missing: unanswered },
    );
  }
  for (const { code, standing } of way.prerequisites(step)) assertNotBeforeDone(occurredAt, step.code, code, standing);
  assertNotBeforeDecided(step, way, occurredAt);
  assertEvidence(step, way, occurredAt);
}

/** A step that hangs on answers, by its own condition or by what they put out of its way, cannot be older than they are. */
export function assertNotBeforeDecided(step: StepDefinition, way: Way, occurredAt: Instant): void {
  const asked = way.deciding(step).map((code) => ({ code, standing: way.standing(code) }));
  const later = asked.find(({ standing: { done } }) => done !== null && done.occurredAt > occurredAt);
  if (later === undefined) return;
  const then = way.asOf(occurredAt);
  if (then.applicability(step).applies === 'yes' && then.missingBefore(step).length === 0) return;
  assertNotBeforeDone(occurredAt, step.code, later.code, later.standing);
}

function assertEvidence(step: StepDefinition, way: Way, occurredAt: Instant): void {
  const missing = way.missingEvidence(step, occurredAt);
  if (missing.length === 0) return;
  throw refuse.rule('EVIDENCE_MISSING', 'record the activities that the step asks for, done by then, first', {
    step: step.code,
    missing,
  });
}

/** @throws DomainError `OCCURRED_BEFORE_PREREQUISITE`. A skip is a decision, not a fact of its own time. */
export function assertNotBeforeDone(
  at: Instant,
  step: string | null,
  prerequisite: string,
  { done }: StepStanding,
): void {
  if (done === null) return;
  assertNotBefore(at, done.occurredAt, 'OCCURRED_BEFORE_PREREQUISITE', { step, prerequisite });
}

/**
 * Every mandatory step that belongs to the way is done or was skipped, and of none it is open whether it belongs.
 * @throws DomainError `MANDATORY_STEPS_MISSING`, `STEP_CONDITION_UNDECIDED` or `OCCURRED_BEFORE_PREREQUISITE`.
 */
export function assertMandatorySteps(entry: Admitted): void {
  const way = wayOf(entry);
  const { missing, undecided } = way.bars();
  if (missing.length > 0) {
    throw refuse.rule('MANDATORY_STEPS_MISSING', 'do the missing steps (and have them accepted) first', {
      missing,
      undecided,
    });
  }
  const [first] = undecided;
  if (first !== undefined) {
    throw refuse.rule(
      'STEP_CONDITION_UNDECIDED',
      'find out what `missing` names: a mandatory step may hang on it; or let somebody authorised skip the step',
      { ...first, undecided },
    );
  }
  for (const { code, mandatory } of entry.document.steps) {
    if (mandatory) assertNotBeforeDone(entry.context.occurredAt, null, code, way.standing(code));
  }
}
