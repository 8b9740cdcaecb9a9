import { refuse, saysTheSame } from '@voronka/kernel';
import type { RecordActivity } from './deal.commands.js';
import type { DealEvent } from './deal.events.js';
import { type Admitted, assertNotBefore, assertOwn, employedAt, stepOf } from './deal.gates.js';
import type { CancelActivity, PlanActivity, RescheduleActivity } from './deal.plan.commands.js';
import type { PlannedActivity } from './deal.plan.state.js';
import type { DealState } from './deal.state.js';

/** Plans a call, a meeting or the like; also on a won deal, never on a lost one. */
export function planActivity(body: PlanActivity, entry: Admitted): readonly DealEvent[] {
  const { noun, state, context, zone, common } = entry;
  assertOwn(entry);
  const { dueAt, kind } = body;
  const performer = body.performer ?? context.person;
  const step = typeof body.step === 'string' ? stepOf(entry, body.step).code : null;
  const activityId = body.activityId ?? freeActivityId(context.id, state);
  const data = { ...common, activityId, kind, topic: body.topic ?? null, dueAt, performer };
  const planned = { ...data, step, note: body.note ?? null };
  const before = state.plans.find((plan) => plan.data.activityId === activityId);
  if (before !== undefined && saysTheSame(before.data, planned)) return [];
  if (before !== undefined || state.activities.some((activity) => activity.data.activityId === activityId)) {
    throw refuse.conflict('ACTIVITY_EXISTS', 'the id is taken by another activity of the deal; choose another id', {
      activityId,
    });
  }
  if (state.status === 'lost') {
    const at = { [noun.id]: context.id, status: noun.ends.lost };
    throw refuse.conflict(`${noun.code}_CLOSED`, `reopen the ${noun.name} before planning further work on it`, at);
  }
  assertNotBefore(dueAt, context.occurredAt, 'DUE_BEFORE_PLANNING', { activityId });
  if (performer !== null) {
    employedAt('PERFORMER', { id: performer, state: context.facts.performer }, { at: dueAt, zone });
  }
  return [{ type: 'ActivityPlanned', data: planned }];
}

/** Puts a planned activity to another time, also one whose time has passed. */
export function rescheduleActivity(body: RescheduleActivity, entry: Admitted): readonly DealEvent[] {
  const { context, zone, common } = entry;
  assertOwn(entry);
  const { activityId, dueAt, reason } = body;
  const plan = stillToDo(planOf(entry, activityId));
  if (plan.dueAt === dueAt) return [];
  if (plan.cancelled !== null) {
    throw refuse.conflict('PLANNED_ACTIVITY_CANCELLED', 'plan another activity', { activityId });
  }
  assertAfterPlanning(plan, entry);
  assertNotBefore(dueAt, context.occurredAt, 'DUE_BEFORE_PLANNING', { activityId });
  const { performer } = plan.data;
  if (performer !== null) {
    employedAt('PERFORMER', { id: performer, state: context.facts.performer }, { at: dueAt, zone });
  }
  const { planningId } = plan;
  return [{ type: 'ActivityRescheduled', data: { ...common, activityId, planningId, dueAt, reason } }];
}

/** Calls a planned activity off; also on a closed deal, whose plans nobody will carry out. */
export function cancelActivity(body: CancelActivity, entry: Admitted): readonly DealEvent[] {
  assertOwn(entry);
  const { activityId, reason } = body;
  const plan = stillToDo(planOf(entry, activityId));
  if (plan.cancelled !== null) return [];
  assertAfterPlanning(plan, entry);
  const { planningId } = plan;
  return [{ type: 'ActivityCancelled', data: { ...entry.common, activityId, planningId, reason } }];
}

function assertAfterPlanning({ data, plannedAt }: PlannedActivity, { context }: Admitted): void {
  assertNotBefore(context.occurredAt, plannedAt, 'OCCURRED_BEFORE_PLANNING', { activityId: data.activityId });
}

/** @throws DomainError `PLANNED_ACTIVITY_UNKNOWN`. */
function planOf({ noun, state, context }: Admitted, activityId: string): PlannedActivity {
  const plan = state.plans.find(({ data }) => data.activityId === activityId);
  if (plan !== undefined) return plan;
  const at = { [noun.id]: context.id, activityId };
  throw refuse.conflict('PLANNED_ACTIVITY_UNKNOWN', `name an activity that was planned on the ${noun.name}`, at);
}

/** @throws DomainError `PLANNED_ACTIVITY_DONE`. */
function stillToDo(plan: PlannedActivity): PlannedActivity {
  if (plan.done === null) return plan;
  throw refuse.conflict('PLANNED_ACTIVITY_DONE', 'the activity was done; void its recording if that is a mistake', {
    activityId: plan.data.activityId,
    recordingId: plan.done.recordingId,
  });
}

/**
 * The plan that a recording carries out: named, or one with the very id of the recording. Null: nobody planned it.
 * @throws DomainError `PLANNED_ACTIVITY_UNKNOWN`, `PLANNED_ACTIVITY_DONE`, `PLANNED_ACTIVITY_CANCELLED` or
 * `OCCURRED_BEFORE_PLANNING`.
 */
export function carriedOut(body: RecordActivity, entry: Admitted): PlannedActivity | null {
  const { plannedActivityId, activityId } = body;
  const named = typeof plannedActivityId === 'string' ? planOf(entry, plannedActivityId) : null;
  const plan = named ?? entry.state.plans.find(({ data }) => data.activityId === activityId) ?? null;
  if (plan === null) return null;
  if (plan.done !== null && !isRecordedAs(body, plan, entry.state)) stillToDo(plan);
  if (plan.cancelled !== null) {
    const at = { activityId: plan.data.activityId };
    throw refuse.conflict('PLANNED_ACTIVITY_CANCELLED', 'record it without the plan, under an id of its own', at);
  }
  assertAfterPlanning(plan, entry);
  return plan;
}

/** Is it the recording by which the plan is done already? Saying so again is no contradiction. */
function isRecordedAs({ activityId }: RecordActivity, { data, done }: PlannedActivity, state: DealState): boolean {
  const recorded = state.activities.find(({ recordingId }) => recordingId === done?.recordingId);
  return recorded?.data.activityId === (activityId ?? data.activityId);
}

/** The first id of the form `<deal>:a<n>`, from the number of activities on, that the deal does not use yet. */
export function freeActivityId(
  dealId: string,
  { activities, plans }: Pick<DealState, 'activities' | 'plans'>,
  taken = 0,
): string {
  const used = new Set([...activities, ...plans].map(({ data }) => data.activityId));
  let n = activities.length + taken + 1;
  while (used.has(`${dealId}:a${n}`)) n += 1;
  return `${dealId}:a${n}`;
}
