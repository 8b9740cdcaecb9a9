import type { TableDefinition } from '@voronka/projections';
import { column, evidence, known, optional, valid } from './columns.js';

/** What a deal is about, in two times. */
export const dealProducts: TableDefinition = {
  name: 'deal_products',
  comment:
    'One row per spell of a deal with one set of products, of the lines expected then and of the standing contracts signed by then, as known in an interval of the log; none while it has no products',
  columns: {
    deal_id: column('text', 'Deal'),
    products: column('text[]', 'Products, each once, in order'),
    ...valid,
    event_id: column('uuid', 'Event that began the spell'),
    ...known,
  },
  primaryKey: ['deal_id', 'valid_from', 'event_id', 'known_from'],
};

export const contracts: TableDefinition = {
  name: 'contracts',
  comment: 'One row per standing contract, as known in an interval of the log; a voided one has none',
  columns: {
    ...evidence,
    contract_id: column('text', 'Contract'),
    deal_id: column('text', 'Deal'),
    number: column('text', 'Number of the contract'),
    amount_kopecks: column('bigint', 'Sum of its lines, in minor units'),
    status: column('text', 'signed or terminated; a terminated one was in force and still counts as signed'),
    terminated_on: optional('date', 'Day from which a terminated contract is no longer in force'),
    known_by_event_id: column('uuid', 'Event that gave it these lines or this status'),
    owner_id: optional('text', 'Owner of the deal at the signing'),
    route_map_id: column('text', 'Route map'),
    route_map_version: column('integer', 'Version of the route map'),
    customer_id: optional('text', 'Customer'),
    source: optional('text', 'Source of the deal'),
    ...known,
  },
  primaryKey: ['event_id', 'known_from'],
  indexes: [{ columns: ['deal_id'] }],
};

export const contractLines: TableDefinition = {
  name: 'contract_lines',
  comment:
    'One row per line of a standing contract as amended last, as known in an interval of the log; dated at the signing',
  columns: {
    ...evidence,
    contract_id: column('text', 'Contract'),
    line_id: column('text', 'Line of the contract'),
    deal_id: column('text', 'Deal'),
    product_id: optional('text', 'Product'),
    amount_kopecks: column('bigint', 'Amount of the line, in minor units'),
    known_by_event_id: column('uuid', 'Event that gave the contract these lines: its signing or last amendment'),
    effective_on: optional('date', 'Day from which the parties hold to amended lines; empty: since the signing'),
    owner_id: optional('text', 'Owner of the deal at the signing'),
    ...known,
  },
  primaryKey: ['event_id', 'line_id', 'known_from'],
  indexes: [{ columns: ['deal_id'] }],
};

/** What is expected of a deal, in two times. */
export const dealTerms: TableDefinition = {
  name: 'deal_terms',
  comment:
    'One row per spell of one expected amount and date of closing, as known in an interval of the log; none while both are unknown',
  columns: {
    deal_id: column('text', 'Deal'),
    expected_amount_kopecks: optional('bigint', 'Expected amount, in minor units'),
    expected_close_on: optional('date', 'Expected date of closing'),
    ...valid,
    event_id: column('uuid', 'Event that began the spell'),
    ...known,
  },
  primaryKey: ['deal_id', 'valid_from', 'event_id', 'known_from'],
};

/** Who has the credit for a deal, by role, in two times. */
export const creditShares: TableDefinition = {
  name: 'credit_shares',
  comment: 'One row per employee and spell of a share in the credit for a deal, as known in an interval of the log',
  columns: {
    deal_id: column('text', 'Deal'),
    credit_role: column('text', 'Role in which the credit is shared'),
    employee_id: column('text', 'Employee'),
    basis_points: column('integer', 'Part of the whole of 10,000'),
    ...valid,
    event_id: column('uuid', 'Event that began the spell'),
    ...known,
  },
  primaryKey: ['event_id', 'employee_id', 'known_from'],
  indexes: [{ columns: ['deal_id'] }, { columns: ['employee_id'] }],
};

export const payments: TableDefinition = {
  name: 'payments',
  comment: 'One row per payment that was not reversed, as known in an interval of the log',
  columns: {
    ...evidence,
    payment_id: column('text', 'Payment'),
    contract_id: column('text', 'Contract'),
    deal_id: column('text', 'Deal'),
    amount_kopecks: column('bigint', 'Amount, in minor units'),
    route_map_id: column('text', 'Route map'),
    route_map_version: column('integer', 'Version of the route map'),
    customer_id: optional('text', 'Customer'),
    source: optional('text', 'Source of the deal'),
    ...known,
  },
  primaryKey: ['event_id'],
  indexes: [{ columns: ['deal_id'] }, { columns: ['occurred_at'] }],
};
