import type { Instant, WrittenUnion } from '@voronka/kernel';
import type {
  ActivityCorrected,
  ActivityCancelled,
  ActivityPlanned,
  ActivityRecorded,
  ActivityRescheduled,
  ActivityVoided,
} from './deal.events.js';

/** How an activity stands that somebody means to do; whoever keeps it may keep more of its planning beside. */
export interface Plan {
  /** Event id of its ActivityPlanned. */
  readonly planningId: string;
  readonly activityId: string;
  /** As it was last put. */
  readonly dueAt: Instant;
  readonly cancelled: { readonly eventId: string; readonly occurredAt: Instant } | null;
  /** The recording that says it was done; null as long as nobody says so. */
  readonly done: { readonly recordingId: string; readonly occurredAt: Instant } | null;
}

/** A plan with what was said when it was made. */
export interface PlannedActivity extends Plan {
  readonly data: ActivityPlanned['data'];
  readonly plannedAt: Instant;
}

/** `due`: still to be done in time. `missed`: its time has passed and nobody did it or called it off. */
export type PlanStanding = 'due' | 'missed' | 'done' | 'cancelled';

export type PlanEvent = WrittenUnion<
  ActivityPlanned | ActivityRescheduled | ActivityCancelled | ActivityRecorded | ActivityCorrected | ActivityVoided
>;

/** How a planned activity stands at a business instant; done beats everything, also where it was done late. */
export function planStanding(plan: Plan, at: Instant): PlanStanding {
  if (plan.done !== null) return 'done';
  if (plan.cancelled !== null) return 'cancelled';
  return plan.dueAt < at ? 'missed' : 'due';
}

/** Those that are neither done nor cancelled, the earliest due first, equal ones in the order of planning. */
export function openPlans(plans: readonly PlannedActivity[]): readonly PlannedActivity[] {
  return plans
    .filter(({ done, cancelled }) => done === null && cancelled === null)
    .toSorted((a, b) => (a.dueAt === b.dueAt ? 0 : a.dueAt < b.dueAt ? -1 : 1));
}

/** A plan as it is made. */
export function planMade({ eventId, data }: WrittenUnion<ActivityPlanned>): Plan {
  const { activityId, dueAt } = data;
  return { planningId: eventId, activityId, dueAt, cancelled: null, done: null };
}

/** What the decisions keep of a plan: all that was said. */
export function plannedActivity(event: WrittenUnion<ActivityPlanned>): PlannedActivity {
  return { ...planMade(event), data: event.data, plannedAt: event.metadata.occurredAt };
}

/**
 * Folds one event; one about a plan that was never told of changes nothing, and gives the very list.
 * @param keep makes of a planning what is kept of it
 */
export function plansAfter<Kept extends Plan, Planned extends WrittenUnion<ActivityPlanned>>(
  plans: readonly Kept[],
  event: Planned | Exclude<PlanEvent, WrittenUnion<ActivityPlanned>>,
  keep: (event: Planned) => Kept,
): readonly Kept[] {
  const { eventId } = event;
  const { occurredAt } = event.metadata;
  switch (event.type) {
    case 'ActivityPlanned':
      return [...plans, keep(event)];
    case 'ActivityRescheduled':
      return changed(plans, ({ planningId }) => planningId === event.data.planningId, { dueAt: event.data.dueAt });
    case 'ActivityCancelled':
      return changed(plans, ({ planningId }) => planningId === event.data.planningId, {
        cancelled: { eventId, occurredAt },
      });
    case 'ActivityRecorded': {
      const { plannedActivityId } = event.data;
      if (plannedActivityId === undefined) return plans;
      const done = { recordingId: eventId, occurredAt };
      return changed(plans, ({ activityId }) => activityId === plannedActivityId, { done });
    }
    case 'ActivityCorrected': {
      const { recordingId, happenedAt } = event.data;
      return changed(plans, ({ done }) => done?.recordingId === recordingId, {
        done: { recordingId, occurredAt: happenedAt },
      });
    }
    case 'ActivityVoided':
      return changed(plans, ({ done }) => done?.recordingId === event.data.recordingId, { done: null });
    default:
      event satisfies never;
      return plans;
  }
}

function changed<Kept extends Plan>(
  plans: readonly Kept[],
  which: (plan: Plan) => boolean,
  change: Partial<Plan>,
): readonly Kept[] {
  return plans.some(which) ? plans.map((plan) => (which(plan) ? { ...plan, ...change } : plan)) : plans;
}
