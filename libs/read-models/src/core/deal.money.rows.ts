import type { Recorded } from '@voronka/kernel';
import { type Row, STILL_KNOWN } from '@voronka/projections';
import type { PaymentRecorded } from '@voronka/sales/events';
import { PRODUCT_SEPARATOR } from './deal.money.facts.js';
import * as tables from './deal.money.tables.js';
import { dateOf, eventKey, type OfDeal, spellKey, type Writers } from './deal.row-parts.js';

export const moneyWriters: Pick<Writers, 'products' | 'contracts' | 'lines' | 'terms' | 'credit'> = {
  products: {
    table: tables.dealProducts,
    key: spellKey,
    row: ({ id, from, to, products }, { dealId, position }) => ({
      deal_id: dealId,
      products: products.split(PRODUCT_SEPARATOR),
      valid_from: from,
      valid_to: to,
      event_id: id,
      known_from: position,
      known_to: STILL_KNOWN,
    }),
  },

  contracts: {
    table: tables.contracts,
    key: eventKey,
    row: ({ entry, owner }, { dealId, opening, zone, position }) => ({
      event_id: entry.id,
      position: entry.pos,
      occurred_at: entry.at,
      recorded_at: entry.rec,
      local_date: dateOf(entry.at, zone),
      contract_id: entry.contract,
      deal_id: dealId,
      number: entry.number,
      amount_kopecks: entry.amount,
      status: entry.status,
      terminated_on: entry.endsOn,
      known_by_event_id: entry.since,
      owner_id: owner,
      route_map_id: opening.map,
      route_map_version: opening.version,
      customer_id: opening.customer,
      source: opening.source,
      known_from: position,
      known_to: STILL_KNOWN,
    }),
  },
  lines: {
    table: tables.contractLines,
    key: ({ id, lineId }) => ({ event_id: id, line_id: lineId }),
    row: ({ lineId, id, at, rec, pos, contract, by, on, product, amount, owner }, { dealId, zone, position }) => ({
      event_id: id,
      position: pos,
      occurred_at: at,
      recorded_at: rec,
      local_date: dateOf(at, zone),
      contract_id: contract,
      line_id: lineId,
      deal_id: dealId,
      product_id: product,
      amount_kopecks: amount,
      known_by_event_id: by,
      effective_on: on,
      owner_id: owner,
      known_from: position,
      known_to: STILL_KNOWN,
    }),
  },
  terms: {
    table: tables.dealTerms,
    key: spellKey,
    row: ({ id, from, to, amount, closeOn }, { dealId, position }) => ({
      deal_id: dealId,
      expected_amount_kopecks: amount,
      expected_close_on: closeOn,
      valid_from: from,
      valid_to: to,
      event_id: id,
      known_from: position,
      known_to: STILL_KNOWN,
    }),
  },
  credit: {
    table: tables.creditShares,
    key: ({ id, employee }) => ({ event_id: id, employee_id: employee }),
    row: ({ id, from, to, role, employee, basisPoints }, { dealId, position }) => ({
      deal_id: dealId,
      credit_role: role,
      employee_id: employee,
      basis_points: basisPoints,
      valid_from: from,
      valid_to: to,
      event_id: id,
      known_from: position,
      known_to: STILL_KNOWN,
    }),
  },
};

/** A payment depends on nothing but its own event and the opening. */
export function paymentRow(event: Recorded<PaymentRecorded>, { dealId, opening, zone, position }: OfDeal): Row {
  const { eventId, metadata, recordedAt, data } = event;
  return {
    event_id: eventId,
    position: event.position,
    occurred_at: metadata.occurredAt,
    recorded_at: recordedAt,
    local_date: dateOf(metadata.occurredAt, zone),
    payment_id: data.paymentId,
    contract_id: data.contractId,
    deal_id: dealId,
    amount_kopecks: data.amountKopecks,
    route_map_id: opening.map,
    route_map_version: opening.version,
    customer_id: opening.customer,
    source: opening.source,
    known_from: position,
    known_to: STILL_KNOWN,
  };
}
