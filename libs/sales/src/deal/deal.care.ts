import { refuse, saysTheSame } from '@voronka/kernel';
import type { ReassignDeal, RecordActivity, VoidActivity } from './deal.commands.js';
import type { DealEvent } from './deal.events.js';
import { performerOf } from './deal.facts.js';
import {
  type Admitted,
  assertNotBefore,
  assertLed,
  assertOwn,
  assertTimelyAt,
  employedAt,
  stepOf,
} from './deal.gates.js';
import { assertEvidenceKept } from './deal.held.js';
import { carriedOut, freeActivityId } from './deal.plans.js';

/** Records a call, a meeting or the like; also on a closed deal, whose customer is still cared for. */
export function recordActivity(body: RecordActivity, entry: Admitted): readonly DealEvent[] {
  const { state, context, zone, common } = entry;
  assertOwn(entry);
  const performedBy = performerOf(body, context);
  if (performedBy !== null) {
    const performer = { id: performedBy, state: context.facts.performer };
    employedAt('PERFORMER', performer, { at: context.occurredAt, zone });
  }
  const step = typeof body.step === 'string' ? stepOf(entry, body.step).code : null;
  const plan = carriedOut(body, entry);
  const data = {
    lateEntryReason: null,
    ...common,
    activityId: body.activityId ?? plan?.data.activityId ?? freeActivityId(context.id, state),
    ...(plan === null ? {} : { plannedActivityId: plan.data.activityId }),
    ...whatWasDone(body),
    performedBy,
    step,
  };
  const before = state.activities.find((activity) => activity.data.activityId === data.activityId);
  if (before === undefined) return [{ type: 'ActivityRecorded', data }];
  if (!before.voided && saysTheSame(before.data, data)) return [];
  throw refuse.conflict('ACTIVITY_EXISTS', 'the id is taken by another activity of the deal; choose another id', {
    activityId: data.activityId,
  });
}

/** What the command says of the activity itself. */
function whatWasDone({ kind, topic = null, outcome = null, durationMinutes = null, note = null }: RecordActivity) {
  return { kind, topic, outcome, durationMinutes, note };
}

/** The recording was a mistake: the activity never counted, so that the time when it happened must be open for it. */
export function voidActivity(body: VoidActivity, entry: Admitted): readonly DealEvent[] {
  const { state, common } = entry;
  assertOwn(entry);
  const { activityId, reason } = body;
  const activity = state.activities.findLast(({ data }) => data.activityId === activityId);
  if (activity === undefined) {
    throw refuse.conflict('ACTIVITY_NOT_RECORDED', 'name an activity that the deal has', { activityId });
  }
  if (activity.voided) return [];
  assertTimelyAt(activity.occurredAt, body, entry);
  const { recordingId } = activity;
  const without = state.activities.map((one) => (one.recordingId === recordingId ? { ...one, voided: true } : one));
  assertEvidenceKept(without, entry);
  return [{ type: 'ActivityVoided', data: { ...common, activityId, recordingId, reason } }];
}

/** Gives the deal to another owner from a moment on, never before the last change of hands. */
export function reassignDeal(body: ReassignDeal, entry: Admitted): readonly DealEvent[] {
  const { state, context, zone, common } = entry;
  assertLed(entry);
  const effectiveFrom = body.effectiveFrom ?? context.occurredAt;
  if (body.toOwnerId === state.ownerId) return [];
  if (effectiveFrom > context.now) {
    throw refuse.invalid('EFFECTIVE_IN_FUTURE', 'reassign the deal when the time has come', { effectiveFrom });
  }
  assertNotBefore(effectiveFrom, state.opening.occurredAt, 'OCCURRED_BEFORE_OPENING', { effectiveFrom });
  if (state.ownerSince !== null && effectiveFrom < state.ownerSince) {
    throw refuse.conflict('REASSIGNED_LATER', 'the deal changed hands later; choose that moment or a later one', {
      effectiveFrom,
      ownerSince: state.ownerSince,
    });
  }
  employedAt('OWNER', { id: body.toOwnerId, state: context.facts.owner }, { at: effectiveFrom, zone });
  const data = { customerId: common.customerId, fromOwnerId: state.ownerId, toOwnerId: body.toOwnerId, effectiveFrom };
  return [{ type: 'DealReassigned', data: { ...data, reason: body.reason } }];
}
