import type { Recorded } from '@voronka/kernel';
import { type Change, type Row, STILL_KNOWN, type TableDefinition } from '@voronka/projections';
import type { DealMigrated } from '@voronka/sales/events';
import type { DealFacts, ReachFact } from './deal.facts.js';
import type { ActivityEntry } from './deal.history.js';
import { moneyWriters } from './deal.money.rows.js';
import { planWriter } from './deal.plan.facts.js';
import { dateOf, dealKey, eventKey, type OfDeal, spellKey, type Writer, type Writers } from './deal.row-parts.js';
import * as tables from './deal.tables.js';
import { insertion } from './known-rows.js';

const reachWriter = (table: TableDefinition): Writer<ReachFact> => ({
  table,
  key: ({ key }, dealId) => ({ deal_id: dealId, step: key }),
  row: ({ key, rank, entry, owner }, { dealId, opening, zone, position }) => ({
    deal_id: dealId,
    step: key,
    rank,
    event_id: entry.id,
    position: entry.pos,
    occurred_at: entry.at,
    recorded_at: entry.rec,
    local_date: dateOf(entry.at, zone),
    performer_id: entry.by,
    owner_id: owner,
    route_map_id: opening.map,
    route_map_version: opening.version,
    customer_id: opening.customer,
    source: opening.source,
    known_from: position,
    known_to: STILL_KNOWN,
  }),
});

const spellWriters: Pick<Writers, 'statuses' | 'owners' | 'positions'> = {
  statuses: {
    table: tables.dealStates,
    key: spellKey,
    row: ({ id, from, to, value }, { dealId, position }) => ({
      deal_id: dealId,
      status: value,
      valid_from: from,
      valid_to: to,
      event_id: id,
      known_from: position,
      known_to: STILL_KNOWN,
    }),
  },
  owners: {
    table: tables.dealOwners,
    key: spellKey,
    row: ({ id, from, to, value }, { dealId, position }) => ({
      deal_id: dealId,
      owner_id: value,
      valid_from: from,
      valid_to: to,
      event_id: id,
      known_from: position,
      known_to: STILL_KNOWN,
    }),
  },
  positions: {
    table: tables.dealPositions,
    key: spellKey,
    row: ({ id, from, to, step, rank, began, ended, nextRankAt }, { dealId, position }) => ({
      deal_id: dealId,
      step,
      rank,
      next_rank_at: nextRankAt,
      began_position: began,
      ended_position: ended,
      valid_from: from,
      valid_to: to,
      event_id: id,
      known_from: position,
      known_to: STILL_KNOWN,
    }),
  },
};

const funnelWriters: Pick<Writers, 'steps' | 'touch' | 'implied' | 'stays' | 'outcomes'> = {
  steps: {
    table: tables.steps,
    key: eventKey,
    row: ({ entry, rank, owner }, { dealId, opening, zone, position }) => ({
      event_id: entry.id,
      position: entry.pos,
      occurred_at: entry.at,
      recorded_at: entry.rec,
      local_date: dateOf(entry.at, zone),
      deal_id: dealId,
      step: entry.step,
      rank,
      status: entry.status,
      known_by_event_id: entry.since,
      judged_at: entry.judgedAt,
      performer_id: entry.by,
      owner_id: owner,
      route_map_id: opening.map,
      route_map_version: opening.version,
      customer_id: opening.customer,
      source: opening.source,
      known_from: position,
      known_to: STILL_KNOWN,
    }),
  },
  touch: reachWriter(tables.reachTouch),
  implied: reachWriter(tables.reachImplied),
  stays: {
    table: tables.stays,
    key: ({ key }, dealId) => ({ deal_id: dealId, began_event_id: key }),
    row: ({ key, step, rank, beganAt, endedAt, endedBy, how, owner }, { dealId, opening, position }) => ({
      deal_id: dealId,
      step,
      rank,
      began_at: beganAt,
      began_event_id: key,
      ended_at: endedAt,
      ended_event_id: endedBy,
      ended_how: how,
      owner_id: owner,
      route_map_id: opening.map,
      route_map_version: opening.version,
      customer_id: opening.customer,
      source: opening.source,
      known_from: position,
      known_to: STILL_KNOWN,
    }),
  },
  outcomes: {
    table: tables.outcomes,
    key: dealKey,
    row: ({ entry, amount, owner }, { dealId, opening, zone, position }) => ({
      deal_id: dealId,
      outcome: entry.kind,
      loss_reason: entry.kind === 'lost' ? entry.reason : null,
      counts: entry.kind === 'won' || entry.counts,
      amount_kopecks: amount,
      opened_at: opening.at,
      opened_local_date: dateOf(opening.at, zone),
      event_id: entry.id,
      position: entry.pos,
      occurred_at: entry.at,
      recorded_at: entry.rec,
      local_date: dateOf(entry.at, zone),
      owner_id: owner,
      route_map_id: opening.map,
      route_map_version: opening.version,
      customer_id: opening.customer,
      source: opening.source,
      known_from: position,
      known_to: STILL_KNOWN,
    }),
  },
};

const wayWriters: Pick<Writers, 'waits' | 'deviations'> = {
  waits: {
    table: tables.waiting,
    key: ({ step, ordinal }, dealId) => ({ deal_id: dealId, step, ordinal }),
    row: (fact, { dealId, opening, position }) => ({
      deal_id: dealId,
      step: fact.step,
      ordinal: fact.ordinal,
      began_at: fact.since,
      began_event_id: fact.beganBy,
      due_at: fact.dueAt,
      ended_at: fact.endedAt,
      ended_event_id: fact.endedBy,
      ended_how: fact.how,
      performer_id: fact.performer,
      route_map_id: opening.map,
      route_map_version: opening.version,
      customer_id: opening.customer,
      source: opening.source,
      known_from: position,
      known_to: STILL_KNOWN,
    }),
  },
  deviations: {
    table: tables.deviations,
    key: ({ step, kind, id }, dealId) => ({ deal_id: dealId, step, kind, event_id: id }),
    row: (fact, { dealId, opening, zone, position }) => ({
      event_id: fact.id,
      position: fact.pos,
      occurred_at: fact.at,
      recorded_at: fact.rec,
      local_date: dateOf(fact.at, zone),
      deal_id: dealId,
      step: fact.step,
      kind: fact.kind,
      silent: fact.silent,
      due_at: fact.dueAt,
      performer_id: fact.performer,
      owner_id: fact.owner,
      route_map_id: opening.map,
      route_map_version: opening.version,
      customer_id: opening.customer,
      source: opening.source,
      known_from: position,
      known_to: STILL_KNOWN,
    }),
  },
};

/** An activity depends on nothing but its own event and the opening: its owner is looked up when it is asked for. */
export function activityRow(entry: ActivityEntry, { dealId, opening, zone, position }: OfDeal): Row {
  return {
    event_id: entry.id,
    position: entry.pos,
    occurred_at: entry.at,
    recorded_at: entry.rec,
    local_date: dateOf(entry.at, zone),
    activity_id: entry.activity,
    deal_id: dealId,
    kind: entry.kind,
    topic: entry.topic,
    outcome: entry.outcome,
    step: entry.step,
    duration_minutes: entry.minutes,
    performer_id: entry.by,
    route_map_id: opening.map,
    route_map_version: opening.version,
    customer_id: opening.customer,
    source: opening.source,
    known_from: position,
    known_to: STILL_KNOWN,
  };
}

/** How each kind of fact becomes a row. */
export const writers: Writers = {
  ...spellWriters,
  ...funnelWriters,
  ...wayWriters,
  ...moneyWriters,
  plans: planWriter,
};

/** The parts in the order their changes are given. */
export const parts = Object.keys(writers) as readonly (keyof DealFacts)[];

/** A move depends on nothing but its own event and the opening. */
export function migrationRow(event: Recorded<DealMigrated>, { dealId, zone, position }: OfDeal): Change {
  const { eventId, metadata, recordedAt, data } = event;
  return insertion(
    tables.migrations,
    {
      event_id: eventId,
      position,
      occurred_at: metadata.occurredAt,
      recorded_at: recordedAt,
      local_date: dateOf(metadata.occurredAt, zone),
      deal_id: dealId,
      route_map_id: data.routeMapId,
      from_version: data.fromVersion,
      to_version: data.toVersion,
    },
    position,
  );
}
