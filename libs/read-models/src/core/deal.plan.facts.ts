import type { RecordedUnion } from '@voronka/kernel';
import { type Row, STILL_KNOWN, type TableDefinition } from '@voronka/projections';
import type { ActivityPlanned } from '@voronka/sales/events';
import { type Plan, planMade } from '@voronka/sales/walk';
import { column, evidence, known, optional } from './columns.js';
import type { Place } from './deal.history.js';
import { placeOf } from './deal.money.history.js';
import { dateOf, eventKey, type OfDeal, type Writer } from './deal.row-parts.js';

/** What somebody is to do with a deal, as it was last put. */
export interface PlanEntry extends Plan, Place {
  readonly kind: string;
  readonly topic: string | null;
  readonly step: string | null;
  readonly performer: string | null;
}

export interface PlanFact {
  readonly key: string;
  readonly entry: PlanEntry;
}

/** What is kept of a planning: nothing personal. */
export function planEntry(event: RecordedUnion<ActivityPlanned>): PlanEntry {
  const { kind, topic, step, performer } = event.data;
  return { ...placeOf(event), ...planMade(event), kind, topic, step, performer };
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
    activity_id: entry.activityId,
    deal_id: dealId,
    kind: entry.kind,
    topic: entry.topic,
    step: entry.step,
    performer_id: entry.performer,
    due_at: entry.dueAt,
    done_at: entry.done?.occurredAt ?? null,
    done_event_id: entry.done?.recordingId ?? null,
    cancelled_at: entry.cancelled?.occurredAt ?? null,
    cancelled_event_id: entry.cancelled?.eventId ?? null,
    route_map_id: opening.map,
    route_map_version: opening.version,
    customer_id: opening.customer,
    source: opening.source,
    known_from: position,
    known_to: STILL_KNOWN,
  }),
};
