import { type FactTable, factOf } from '../facts.js';
import type { Statement } from '../sql.js';

// Facts that no table holds as they are counted: SELECTs with the columns of one.

const ofDeal = 'd.route_map_id, d.route_map_version, d.customer_id, d.source';
const credit = { performer: null, credited: 'owner', ownerAt: 'f.occurred_at' } as const;
const occurred = { instant: 'f.occurred_at', localDate: 'f.local_date' } as const;

/** Deals by their opening. */
export const opened: FactTable = { table: 'deals', ...credit, ...occurred };

/** Deals taken up again: a spell of being open that the opening did not begin. */
export function reopened(statement: Statement): FactTable {
  const zone = statement.bind(statement.context.zone, 'text');
  const table = `(SELECT s.deal_id, s.event_id, s.valid_from AS occurred_at,
      (s.valid_from AT TIME ZONE ${zone})::date AS local_date, s.known_from, s.known_to, ${ofDeal}
    FROM deal_states s JOIN deals d ON d.deal_id = s.deal_id AND ${statement.known('d')}
    WHERE s.status = 'open' AND s.event_id <> d.event_id)`;
  return { table, ...credit, ...occurred };
}

/** Returns to an earlier step, each once, however many stays it ended. */
export function returned(statement: Statement): FactTable {
  const zone = statement.bind(statement.context.zone, 'text');
  const table = `(SELECT DISTINCT ON (s.ended_event_id) s.deal_id, s.ended_event_id AS event_id,
      s.ended_at AS occurred_at, (s.ended_at AT TIME ZONE ${zone})::date AS local_date, s.known_from, s.known_to,
      s.route_map_id, s.route_map_version, s.customer_id, s.source
    FROM stays s WHERE s.ended_how = 'back' AND ${statement.known('s')} ORDER BY s.ended_event_id)`;
  return { table, ...credit, ...occurred };
}

/** Stays by their end. */
export function endedStays(statement: Statement): FactTable {
  const zone = statement.bind(statement.context.zone, 'text');
  const table = `(SELECT s.*, s.ended_event_id AS event_id, s.ended_at AS occurred_at,
      (s.ended_at AT TIME ZONE ${zone})::date AS local_date
    FROM stays s WHERE s.ended_at IS NOT NULL)`;
  return { table, performer: null, credited: 'owner', ...occurred, own: { step: 'f.step' } };
}

/** Contracts by their signing. */
export const contracts: FactTable = { table: 'contracts', performer: null, credited: 'owner', ...occurred };

/** Lines of contracts by the signing: amounts are divided by product, and not repeated. */
export function contractLines(statement: Statement): FactTable {
  const table = `(SELECT l.*, ${ofDeal}
    FROM contract_lines l JOIN deals d ON d.deal_id = l.deal_id AND ${statement.known('d')})`;
  return { table, performer: null, credited: 'owner', ...occurred, product: 'f.product_id' };
}

/** Payments that were not reversed, by when they were made. */
export const payments: FactTable = { table: 'payments', ...credit, ...occurred };

/** Signings that won a deal for good: its last closing that no reopening undid. */
export const closings: FactTable = factOf('closings');
