import { localDateOf } from '@voronka/kernel';
import type { Row, TableDefinition } from '@voronka/projections';
import * as tables from './deal.tables.js';
import type { DealFacts, ReachFact } from './deal.facts.js';
import type { Opening, Place } from './deal.history.js';

/** What every row of a deal shares. */
export interface OfDeal {
  readonly dealId: string;
  readonly opening: Opening;
  readonly zone: string;
}

interface Writer<Fact> {
  readonly table: TableDefinition;
  /** Columns of the primary key besides `deal_id` and `known_from`. */
  readonly key: (fact: Fact, deal: OfDeal) => Row;
  /** The columns that are not in the key, but for `known_from` and `known_to`. */
  readonly rest: (fact: Fact, deal: OfDeal) => Row;
}

const ofDeal = ({ dealId }: OfDeal): Row => ({ deal_id: dealId });

const slices = ({ opening }: OfDeal): Row => ({
  route_map_id: opening.map,
  route_map_version: opening.version,
  customer_id: opening.customer,
  source: opening.source,
});

/** Evidence without the event id. */
const timesOf = ({ at, rec, pos }: Place, { zone }: OfDeal): Row => ({
  position: BigInt(pos),
  occurred_at: at,
  recorded_at: rec,
  local_date: localDateOf(at, zone),
});

const spellKey = ({ id, from }: { id: string; from: string }, deal: OfDeal): Row => ({
  ...ofDeal(deal),
  valid_from: from,
  event_id: id,
});

const eventKey = ({ entry }: { entry: Place }): Row => ({ event_id: entry.id });

const reachWriter = (table: TableDefinition): Writer<ReachFact> => ({
  table,
  key: ({ key }, deal) => ({ ...ofDeal(deal), step: key }),
  rest: ({ rank, entry, owner }, deal) => ({
    rank,
    event_id: entry.id,
    ...timesOf(entry, deal),
    performer_id: entry.by,
    owner_id: owner,
    ...slices(deal),
  }),
});

/** How each kind of fact becomes a row. */
export const writers: { readonly [Part in keyof DealFacts]: Writer<DealFacts[Part][number]> } = {
  statuses: {
    table: tables.dealStates,
    key: spellKey,
    rest: ({ value, to }) => ({ status: value, valid_to: to }),
  },
  owners: {
    table: tables.dealOwners,
    key: spellKey,
    rest: ({ value, to }) => ({ owner_id: value, valid_to: to }),
  },
  positions: {
    table: tables.dealPositions,
    key: spellKey,
    rest: ({ step, rank, to }) => ({ step, rank, valid_to: to }),
  },
  products: {
    table: tables.dealProducts,
    key: ({ key }, deal) => ({ ...ofDeal(deal), product_id: key }),
    rest: ({ event }) => ({ event_id: event }),
  },
  steps: {
    table: tables.steps,
    key: eventKey,
    rest: ({ entry, rank, owner }, deal) => ({
      ...timesOf(entry, deal),
      ...ofDeal(deal),
      step: entry.step,
      rank,
      status: entry.status,
      known_by_event_id: entry.since,
      performer_id: entry.by,
      owner_id: owner,
      ...slices(deal),
    }),
  },
  touch: reachWriter(tables.reachTouch),
  implied: reachWriter(tables.reachImplied),
  stays: {
    table: tables.stays,
    key: ({ key }, deal) => ({ ...ofDeal(deal), began_event_id: key }),
    rest: ({ step, rank, beganAt, endedAt, endedBy, how, owner }, deal) => ({
      step,
      rank,
      began_at: beganAt,
      ended_at: endedAt,
      ended_event_id: endedBy,
      ended_how: how,
      owner_id: owner,
      ...slices(deal),
    }),
  },
  outcomes: {
    table: tables.outcomes,
    key: (_fact, deal) => ofDeal(deal),
    rest: ({ entry, amount, owner }, deal) => ({
      outcome: entry.kind,
      loss_reason: entry.kind === 'lost' ? entry.reason : null,
      counts: entry.kind === 'won' || entry.counts,
      amount_kopecks: amount,
      opened_at: deal.opening.at,
      opened_local_date: localDateOf(deal.opening.at, deal.zone),
      event_id: entry.id,
      ...timesOf(entry, deal),
      owner_id: owner,
      ...slices(deal),
    }),
  },
  activities: {
    table: tables.activities,
    key: eventKey,
    rest: ({ entry, owner }, deal) => ({
      ...timesOf(entry, deal),
      ...ofDeal(deal),
      activity_id: entry.activity,
      kind: entry.kind,
      topic: entry.topic,
      outcome: entry.outcome,
      step: entry.step,
      duration_minutes: entry.minutes,
      performer_id: entry.by,
      owner_id: owner,
      ...slices(deal),
    }),
  },
  contracts: {
    table: tables.contracts,
    key: eventKey,
    rest: ({ entry, owner }, deal) => ({
      ...timesOf(entry, deal),
      ...ofDeal(deal),
      contract_id: entry.contract,
      number: entry.number,
      amount_kopecks: entry.amount,
      owner_id: owner,
      ...slices(deal),
    }),
  },
  lines: {
    table: tables.contractLines,
    key: ({ entry, line }) => ({ event_id: entry.id, line_id: line.lineId }),
    rest: ({ entry, line, owner }, deal) => ({
      ...timesOf(entry, deal),
      ...ofDeal(deal),
      contract_id: entry.contract,
      product_id: line.productId,
      amount_kopecks: line.amountKopecks,
      owner_id: owner,
    }),
  },
};

/** The parts in the order their changes are given. */
export const parts = Object.keys(writers) as readonly (keyof DealFacts)[];
