import type { Instant, RecordedUnion } from '@voronka/kernel';
import { type Row, STILL_KNOWN, type TableDefinition } from '@voronka/projections';
import type {
  ActivityCancelled,
  ActivityCorrected,
  ActivityPlanned,
  ActivityRecorded,
  ActivityRescheduled,
  ActivityVoided,
} from '@voronka/sales/events';
import { column, evidence, known, optional } from './columns.js';
import type { Place } from './deal.history.js';
import { placeOf } from './deal.money.history.js';
import { dateOf, eventKey, type OfDeal, type Writer } from './deal.row-parts.js';

/** What somebody is to do with a deal, as it was last put. */
export interface PlanEntry extends Place {
  readonly activity: string;
  readonly kind: string;
  readonly topic: string | null;
  readonly step: string | null;
  readonly performer: string | null;
  readonly dueAt: Instant;
  /** Recording that says it was done. */
  readonly done: { readonly id: string; readonly at: Instant } | null;
  readonly cancelled: { readonly id: string; readonly at: Instant } | null;
}

export interface PlanFact {
  readonly key: string;
  readonly entry: PlanEntry;
}

type PlanEvent = RecordedUnion<
  ActivityPlanned | ActivityRescheduled | ActivityCancelled | ActivityRecorded | ActivityCorrected | ActivityVoided
>;

/** Folds one event; the very list where it changes nothing. */
export function plansAfter(plans: readonly PlanEntry[], event: PlanEvent): readonly PlanEntry[] {
  switch (event.type) {
    case 'ActivityPlanned': {
      const { activityId: activity, kind, topic, step, performer, dueAt } = event.data;
      const said = { activity, kind, topic, step, performer, dueAt, done: null, cancelled: null };
      return [...plans, { ...placeOf(event), ...said }];
    }
    case 'ActivityRescheduled':
      return changed(plans, ({ id }) => id === event.data.planningId, { dueAt: event.data.dueAt });
    case 'ActivityCancelled': {
      const cancelled = { id: event.eventId, at: event.metadata.occurredAt };
      return changed(plans, ({ id }) => id === event.data.planningId, { cancelled });
    }
    case 'ActivityRecorded': {
      const { plannedActivityId } = event.data;
      if (plannedActivityId === undefined) return plans;
      const done = { id: event.eventId, at: event.metadata.occurredAt };
      return changed(plans, ({ activity }) => activity === plannedActivityId, { done });
    }
    case 'ActivityCorrected': {
      const { recordingId: id, happenedAt: at } = event.data;
      return changed(plans, ({ done }) => done?.id === id, { done: { id, at } });
    }
    case 'ActivityVoided':
      return changed(plans, ({ done }) => done?.id === event.data.recordingId, { done: null });
    default:
      event satisfies never;
      return plans;
  }
}

function changed(
  plans: readonly PlanEntry[],
  which: (plan: PlanEntry) => boolean,
  change: Partial<PlanEntry>,
): readonly PlanEntry[] {
  return plans.some(which) ? plans.map((plan) => (which(plan) ? { ...plan, ...change } : plan)) : plans;
}

export const plannedActivities: TableDefinition = {
  name: 'planned_activities',
  comment:
    'One row per planned activity, as known in an interval of the log; at T it is done, else cancelled, else missed once due_at has passed, else due',
  columns: {
    ...evidence,
    activity_id: column('text', 'Activity'),
    deal_id: column('text', 'Deal'),
    kind: column('text', 'call, meeting, email, demo, visit or another code'),
    topic: optional('text', 'What it is to be about'),
    step: optional('text', 'Step it belongs to'),
    performer_id: optional('text', 'Employee or robot who is to do it; empty: nobody is named yet'),
    due_at: column('timestamptz', 'By when it is to be done, as it was last put'),
    done_at: optional('timestamptz', 'When it was done'),
    done_event_id: optional('uuid', 'Recording that says so'),
    cancelled_at: optional('timestamptz', 'When it was called off'),
    cancelled_event_id: optional('uuid', 'Event that called it off'),
    route_map_id: column('text', 'Route map'),
    route_map_version: column('integer', 'Version of the route map'),
    customer_id: optional('text', 'Customer'),
    source: optional('text', 'Source of the deal'),
    ...known,
  },
  primaryKey: ['event_id', 'known_from'],
  indexes: [{ columns: ['deal_id'] }, { columns: ['due_at'] }],
};

export const planWriter: Writer<PlanFact> = {
  table: plannedActivities,
  key: eventKey,
  row: ({ entry }, { dealId, opening, zone, position }: OfDeal): Row => ({
    event_id: entry.id,
    position: entry.pos,
    occurred_at: entry.at,
    recorded_at: entry.rec,
    local_date: dateOf(entry.at, zone),
    activity_id: entry.activity,
    deal_id: dealId,
    kind: entry.kind,
    topic: entry.topic,
    step: entry.step,
    performer_id: entry.performer,
    due_at: entry.dueAt,
    done_at: entry.done?.at ?? null,
    done_event_id: entry.done?.id ?? null,
    cancelled_at: entry.cancelled?.at ?? null,
    cancelled_event_id: entry.cancelled?.id ?? null,
    route_map_id: opening.map,
    route_map_version: opening.version,
    customer_id: opening.customer,
    source: opening.source,
    known_from: position,
    known_to: STILL_KNOWN,
  }),
};
