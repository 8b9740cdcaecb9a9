import { refuse } from '@voronka/kernel';
import { AUTHORITIES, hasAnyOf } from '../shared/access.js';
import type { ReturnDeal, SkipStep, VoidStep } from './deal.commands.js';
import type { DealEvent } from './deal.events.js';
import { type Admitted, assertOpen, assertLed, assertOwn, assertTimelyAt, employedAt, stepOf } from './deal.gates.js';
import { assertNotHeld } from './deal.held.js';
import { assertNotBeforeDone, assertOnTheWay, wayOf } from './deal.passage.js';
import { standingOf } from './deal.standing.js';

/**
 * Leaves a step out by someone's authority; what comes after it need not wait any more. Also where nobody can tell
 * whether the step belongs to the way; one that does not needs no skip.
 */
export function skipStep(body: SkipStep, entry: Admitted): readonly DealEvent[] {
  const { context, state, document, zone, common } = entry;
  if (!hasAnyOf(context.roles, AUTHORITIES)) {
    throw refuse.forbidden('SKIP_NEEDS_AUTHORITY', 'ask a head, a director or an admin to skip the step', {
      step: body.step,
    });
  }
  if (context.person === null) {
    throw refuse.rule('AUTHORISER_MISSING', 'send it on behalf of the employee who authorises it', { step: body.step });
  }
  assertLed(entry);
  assertOpen(entry);
  const step = stepOf(entry, body.step);
  const { done, awaiting, skip } = standingOf(state, document, step.code);
  if (done !== null || awaiting !== null) {
    throw refuse.conflict('STEP_ALREADY_DONE', 'go on with the next step: one that was done cannot be skipped', {
      step: step.code,
      completionId: (done ?? awaiting)?.completionId,
    });
  }
  if (skip !== null) return [];
  assertOnTheWay(step, wayOf(entry));
  const person = { id: context.person, state: context.facts.person };
  employedAt('AUTHORISER', person, { at: context.occurredAt, zone });
  const data = { ...common, step: step.code, authorisedBy: context.person, reason: body.reason };
  return [{ type: 'StepSkipped', data }];
}

/** Takes the deal back to a step that it has done and that still belongs to its way. */
export function returnDeal(body: ReturnDeal, entry: Admitted): readonly DealEvent[] {
  const { context, state, document, common } = entry;
  assertOwn(entry);
  assertOpen(entry);
  const step = stepOf(entry, body.toStep);
  const standing = standingOf(state, document, step.code);
  if (standing.done === null) {
    throw refuse.rule('RETURN_TARGET_NOT_DONE', 'return to a step that the deal has done', { step: step.code });
  }
  assertOnTheWay(step, wayOf(entry));
  assertNotBeforeDone(context.occurredAt, null, step.code, standing);
  const last = state.returns.at(-1);
  if (last?.toStep === step.code) {
    const since = [...state.completions, ...state.skips].some(({ revision }) => revision > last.revision);
    if (!since) return [];
  }
  return [{ type: 'DealReturned', data: { ...common, toStep: step.code, reason: body.reason } }];
}

/** The completion was a mistake. Nothing is taken away under a standing contract, nor from a completed case. */
export function voidStep(body: VoidStep, entry: Admitted): readonly DealEvent[] {
  assertLed(entry);
  const { state, common } = entry;
  const completion = state.completions.findLast(
    ({ completionId, step, status }) =>
      step === body.step &&
      (typeof body.completionId === 'string' ? completionId === body.completionId : status !== 'voided'),
  );
  if (completion === undefined) {
    throw refuse.conflict('STEP_NOT_COMPLETED', 'name a step and a completion that the deal has', {
      step: body.step,
      completionId: body.completionId ?? null,
    });
  }
  if (completion.status === 'voided') return [];
  assertNotHeld(entry, 'a step under a valid contract can be voided only after the contract');
  assertTimelyAt(completion.occurredAt, body, entry);
  const { step, completionId } = completion;
  return [{ type: 'StepVoided', data: { ...common, step, completionId, reason: body.reason } }];
}
