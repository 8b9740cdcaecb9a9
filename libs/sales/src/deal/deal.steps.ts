import { localDateOf, reachOf, refuse } from '@voronka/kernel';
import type { StepDefinition } from '../route-map/route-map.document.js';
import { assignmentOn } from '../employee/employee.state.js';
import type { CompleteStep, VerifyStep } from './deal.commands.js';
import type { DealEvent } from './deal.events.js';
import { performerOf } from './deal.facts.js';
import { type Admitted, assertNotBefore, assertOpen, assertOwn, employedAt, mayActOn, stepOf } from './deal.gates.js';
import { assertPassable, wayOf } from './deal.passage.js';
import { standingOf } from './deal.standing.js';
import type { Completion } from './deal.state.js';
import { sortedAnswers } from '../form/form-answers.js';

/** The way along the map: one step after the other, by those who may, with the form filled. */
export function completeStep(body: CompleteStep, entry: Admitted): readonly DealEvent[] {
  assertOpen(entry);
  const step = stepOf(entry, body.step);
  assertMayWorkOn(step, entry);
  assertToBeDone(step, entry);
  const performedBy = performerOf(body, entry.context);
  assertMayPerform(step, performedBy, entry);
  assertPassable(step, wayOf(entry), entry.context.occurredAt);
  const { answers, personalAnswers } = sortedAnswers(step.code, step.form, body.answers ?? {});
  return [
    {
      type: 'StepCompleted',
      data: {
        lateEntryReason: null,
        ...entry.common,
        step: step.code,
        performedBy,
        answers,
        personalAnswers,
        awaitsVerification: step.verification !== undefined,
      },
    },
  ];
}

/** On another's deal a manager does only steps that the map gives to a working role of his and not of the owner's. */
function assertMayWorkOn(step: StepDefinition, entry: Admitted): void {
  const { state, context, zone } = entry;
  if (mayActOn(state.ownerId, context)) return;
  const day = localDateOf(context.occurredAt, zone);
  const rolesOf = (employee = context.facts.owner): readonly string[] =>
    employee === undefined ? [] : (assignmentOn(employee, day)?.roles ?? []);
  const has = (roles: readonly string[]): boolean => step.roles.some((role) => roles.includes(role));
  if (has(rolesOf(context.facts.person)) && context.facts.person !== undefined && !has(rolesOf())) return;
  assertOwn(entry);
}

function assertToBeDone(step: StepDefinition, { state, document, context }: Admitted): void {
  const standing = standingOf(state, document, step.code);
  if (standing.awaiting !== null) {
    throw refuse.conflict('STEP_AWAITS_VERIFICATION', 'have the completion accepted or sent back first', {
      step: step.code,
      completionId: standing.awaiting.completionId,
    });
  }
  if (standing.done !== null && !standing.mayRepeat) {
    throw refuse.conflict('STEP_ALREADY_DONE', 'go on with the next step; to do it again, return the deal first', {
      step: step.code,
      completionId: standing.done.completionId,
    });
  }
  const undone = state.completions.some((earlier) => earlier.step === step.code && earlier.status === 'done');
  const back = state.returns.at(-1);
  if (undone && back !== undefined) {
    assertNotBefore(context.occurredAt, back.occurredAt, 'OCCURRED_BEFORE_RETURN', { step: step.code });
  }
}

/** Who did it was employed at that time, in one of the working roles that the step asks for. */
export function assertMayPerform(step: StepDefinition, performedBy: string | null, entry: Admitted): void {
  const { context, zone } = entry;
  assertNotWhoDidIt(step, performedBy, entry);
  if (performedBy === null) {
    if (step.roles.length === 0) return;
    throw refuse.rule('PERFORMER_MISSING', 'say in performedBy who did it: the step asks for a working role', {
      step: step.code,
      roles: step.roles,
    });
  }
  const moment = { at: context.occurredAt, zone };
  const { roles } = employedAt('PERFORMER', { id: performedBy, state: context.facts.performer }, moment);
  if (step.roles.length === 0 || step.roles.some((role) => roles.includes(role))) return;
  throw refuse.rule(
    'STEP_ROLE_MISSING',
    'let somebody with one of the working roles do it, or give him one by transfer-employee',
    {
      step: step.code,
      performedBy,
      roles: step.roles,
    },
  );
}

/** A step of kind verification is not done by whoever did the step that it verifies. */
function assertNotWhoDidIt(step: StepDefinition, performedBy: string | null, { state, document }: Admitted): void {
  if (step.kind !== 'verification' || step.concerns === undefined || performedBy === null) return;
  const { done } = standingOf(state, document, step.concerns);
  if (done?.performedBy === performedBy) throw verifierIsPerformer(step.code, done);
}

function verifierIsPerformer(step: string, { completionId, performedBy }: Completion) {
  return refuse.rule('VERIFIER_IS_PERFORMER', 'let somebody else verify what this person has done', {
    step,
    completionId,
    performedBy,
  });
}

/**
 * Accepts a completion or sends it back. Also on a closed deal: what was done then may be accepted late.
 * A manager verifies what the map gives to a working role of his; a head acts as one, within his departments alone.
 */
export function verifyStep(body: VerifyStep, entry: Admitted): readonly DealEvent[] {
  const { state, context, common } = entry;
  const step = stepOf(entry, body.step);
  if (reachOf(context.roles) === 'departments') assertOwn(entry);
  const completion = state.completions.findLast(
    ({ completionId, status, step: of }) =>
      of === step.code &&
      (typeof body.completionId === 'string' ? completionId === body.completionId : status === 'awaiting'),
  );
  if (completion === undefined) throw notAwaiting(step.code, body.completionId ?? null);
  if (completion.status === (body.accepted ? 'done' : 'returned')) return [];
  if (completion.status !== 'awaiting') throw notAwaiting(step.code, completion.completionId);
  const person = verifierOf(step, completion, entry);
  assertNotBefore(context.occurredAt, completion.occurredAt, 'OCCURRED_BEFORE_PREREQUISITE', {
    step: step.code,
    prerequisite: step.code,
  });
  const { completionId } = completion;
  if (body.accepted) {
    return [{ type: 'StepVerified', data: { ...common, step: step.code, completionId, verifiedBy: person } }];
  }
  if (typeof body.reason !== 'string') {
    throw refuse.invalid('REASON_MISSING', 'say in reason why the step is sent back', { step: step.code });
  }
  const data = { ...common, step: step.code, completionId, returnedBy: person, reason: body.reason };
  return [{ type: 'StepReturned', data }];
}

function notAwaiting(step: string, completionId: string | null) {
  return refuse.conflict('STEP_NOT_AWAITING', 'name a completion that waits for verification', { step, completionId });
}

function verifierOf(step: StepDefinition, completion: Completion, { context, zone }: Admitted): string {
  const { person } = context;
  if (person === null) {
    throw refuse.rule('VERIFIER_MISSING', 'send it on behalf of the employee who verifies', { step: step.code });
  }
  if (completion.performedBy === person) throw verifierIsPerformer(step.code, completion);
  const moment = { at: context.occurredAt, zone };
  const { roles } = employedAt('VERIFIER', { id: person, state: context.facts.person }, moment);
  const role = step.verification?.role;
  if (role === undefined || roles.includes(role)) return person;
  throw refuse.rule('VERIFIER_ROLE_MISSING', 'let somebody with the working role of the verifier do it', {
    step: step.code,
    verifiedBy: person,
    role,
  });
}
