import type { Instant, RecordedUnion } from '@voronka/kernel';
import type {
  ActivityCorrected,
  ActivityCancelled,
  ActivityPlanned,
  ActivityRecorded,
  ActivityRescheduled,
  ActivityVoided,
} from './deal.events.js';

/** An activity that somebody means to do. */
export interface PlannedActivity {
  /** Event id of its ActivityPlanned. */
  readonly planningId: string;
  readonly data: ActivityPlanned['data'];
  readonly plannedAt: Instant;
  /** As it was last put. */
  readonly dueAt: Instant;
  readonly cancelled: boolean;
  /** The recording that says it was done; null as long as nobody says so. */
  readonly done: { readonly recordingId: string; readonly occurredAt: Instant } | null;
}

/** `due`: still to be done in time. `missed`: its time has passed and nobody did it or called it off. */
export type PlanStanding = 'due' | 'missed' | 'done' | 'cancelled';

type PlanEvent = RecordedUnion<
  ActivityPlanned | ActivityRescheduled | ActivityCancelled | ActivityRecorded | ActivityCorrected | ActivityVoided
>;

/** How a planned activity stands at a business instant; done beats everything, also where it was done late. */
export function planStanding(plan: PlannedActivity, at: Instant): PlanStanding {
  if (plan.done !== null) return 'done';
  if (plan.cancelled) return 'cancelled';
  return plan.dueAt < at ? 'missed' : 'due';
}

/** Those that are neither done nor cancelled, the earliest due first, equal ones in the order of planning. */
export function openPlans(plans: readonly PlannedActivity[]): readonly PlannedActivity[] {
  return plans
    .filter(({ done, cancelled }) => done === null && !cancelled)
    .toSorted((a, b) => (a.dueAt === b.dueAt ? 0 : a.dueAt < b.dueAt ? -1 : 1));
}

/** Folds one event; one about a plan that was never told of changes nothing. */
export function plansAfter(plans: readonly PlannedActivity[], event: PlanEvent): readonly PlannedActivity[] {
  switch (event.type) {
    case 'ActivityPlanned': {
      const { occurredAt } = event.metadata;
      const made = { planningId: event.eventId, data: event.data, plannedAt: occurredAt, dueAt: event.data.dueAt };
      return [...plans, { ...made, cancelled: false, done: null }];
    }
    case 'ActivityRescheduled':
      return changed(plans, ({ planningId }) => planningId === event.data.planningId, { dueAt: event.data.dueAt });
    case 'ActivityCancelled':
      return changed(plans, ({ planningId }) => planningId === event.data.planningId, { cancelled: true });
    case 'ActivityRecorded': {
      const { plannedActivityId } = event.data;
      if (plannedActivityId === undefined) return plans;
      const done = { recordingId: event.eventId, occurredAt: event.metadata.occurredAt };
      return changed(plans, ({ data }) => data.activityId === plannedActivityId, { done });
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

function changed(
  plans: readonly PlannedActivity[],
  which: (plan: PlannedActivity) => boolean,
  change: Partial<PlannedActivity>,
): readonly PlannedActivity[] {
  return plans.some(which) ? plans.map((plan) => (which(plan) ? { ...plan, ...change } : plan)) : plans;
}
