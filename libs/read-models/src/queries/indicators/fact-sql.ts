import { type FactTable, factOf } from '../facts.js';
import { ownerAtSql } from '../slices.js';
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

/** Returns, each once, however many stays it ended, and if it ended none; their step is the one gone back to. */
export function returned(statement: Statement): FactTable {
  const table = `(SELECT r.*, ${ofDeal}
    FROM deal_returns r JOIN deals d ON d.deal_id = r.deal_id AND ${statement.known('d')})`;
  return { table, ...credit, ...occurred, own: { step: 'f.to_step' } };
}

/** Stays by their end. */
export function endedStays(statement: Statement): FactTable {
  const zone = statement.bind(statement.context.zone, 'text');
  const table = `(SELECT s.*, s.ended_event_id AS event_id, s.ended_at AS occurred_at,
      (s.ended_at AT TIME ZONE ${zone})::date AS local_date
    FROM stays s WHERE s.ended_at IS NOT NULL)`;
  return { table, performer: null, credited: 'owner', ...occurred, own: { step: 'f.step' } };
}

/** Ends of a stay that are exits from its bar: the win is none, it is the way's own end. */
export const EXITS = ['forward', 'back', 'lost'] as const;

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

/** Activities ever done on deals that were won: each counts as itself, in the period in which its deal was won. */
export function onWonDeals(statement: Statement): FactTable {
  const table = `(SELECT a.*, w.occurred_at AS won_at, w.local_date AS won_on
    FROM activities a JOIN outcomes w ON w.deal_id = a.deal_id AND w.outcome = 'won' AND ${statement.known('w')}
      AND w.occurred_at <= ${statement.now})`;
  return { ...factOf('activities'), table, period: 'f.won_at', localDate: 'f.won_on' };
}

const byPerformer = { performer: 'f.performer_id', credited: 'performer', ownerAt: 'f.occurred_at' } as const;

/** Waitings for a step that ended with its being done, by that. */
export function endedWaits(statement: Statement): FactTable {
  const zone = statement.bind(statement.context.zone, 'text');
  const table = `(SELECT w.*, w.ended_event_id AS event_id, w.ended_at AS occurred_at,
      (w.ended_at AT TIME ZONE ${zone})::date AS local_date
    FROM waiting w WHERE w.ended_how = 'done')`;
  return { table, ...byPerformer, ...occurred, own: { step: 'f.step' } };
}

/**
 * Steps by when they were due, with `in_time`. What needed no doing any more by then was never due; what nobody did is
 * its owner's.
 */
export function dueSteps(statement: Statement): FactTable {
  const zone = statement.bind(statement.context.zone, 'text');
  const table = `(SELECT w.deal_id, w.step, w.route_map_id, w.route_map_version, w.customer_id, w.source, w.known_from,
      w.known_to, w.due_at AS occurred_at, (w.due_at AT TIME ZONE ${zone})::date AS local_date,
      CASE WHEN w.ended_how = 'done' THEN w.ended_event_id ELSE w.began_event_id END AS event_id,
      coalesce(w.performer_id, ${ownerAtSql(statement, 'w', 'w.due_at')}) AS performer_id,
      coalesce(w.ended_how = 'done' AND w.ended_at <= w.due_at, false) AS in_time
    FROM waiting w WHERE w.due_at IS NOT NULL
      AND (w.ended_at IS NULL OR w.ended_at > w.due_at OR w.ended_how = 'done'))`;
  return { table, ...byPerformer, ...occurred, own: { step: 'f.step' } };
}

/** Planned activities by when they were due, with `in_time`; those called off before were never due. */
export function dueActivities(statement: Statement): FactTable {
  const zone = statement.bind(statement.context.zone, 'text');
  const table = `(SELECT a.deal_id, a.kind, a.topic, a.route_map_id, a.route_map_version, a.customer_id, a.source,
      a.known_from, a.known_to, a.due_at AS occurred_at, (a.due_at AT TIME ZONE ${zone})::date AS local_date,
      coalesce(a.done_event_id, a.event_id) AS event_id,
      coalesce(a.performer_id, ${ownerAtSql(statement, 'a', 'a.due_at')}) AS performer_id,
      coalesce(a.done_at <= a.due_at, false) AS in_time
    FROM planned_activities a WHERE a.cancelled_at IS NULL OR a.cancelled_at > a.due_at OR a.done_at <= a.due_at)`;
  return { table, ...byPerformer, ...occurred, own: { activityKind: 'f.kind', topic: 'f.topic' } };
}

/** Departures from the route map, by when they came about; a step that nobody skipped by a word is left by its owner. */
export const deviations = {
  table: 'deviations',
  performer: 'coalesce(f.performer_id, CASE WHEN f.silent THEN f.owner_id END)',
  credited: 'performer',
  ...occurred,
  own: { step: 'f.step', deviationKind: 'f.kind' },
} as const satisfies FactTable;

/**
 * Facts, each in `part`s of ten thousand by the shares in a credit role at its moment; of a deal without shares in that
 * role the owner gets the whole.
 */
export function sharedCounts(statement: Statement, { table, ...fact }: FactTable, role: string): FactTable {
  const owner = fact.ownerAt === undefined ? 'f.owner_id' : ownerAtSql(statement, 'f', fact.ownerAt);
  const split = `(SELECT f.*, coalesce(c.basis_points, 10000)::bigint AS part, coalesce(c.employee_id, ${owner}) AS credited_id
    FROM ${table} f LEFT JOIN credit_shares c ON c.deal_id = f.deal_id
      AND c.credit_role = ${statement.bind(role, 'text')} AND ${statement.holds('c', 'f.occurred_at')})`;
  return { ...fact, table: split, performer: 'f.credited_id', credited: 'performer' };
}

/**
 * Amounts, each in `part`s by the shares in a credit role at its moment: largest remainder, of equal remainders to the
 * smaller employee id. Of a deal without shares in that role the owner gets the whole.
 */
export function shared(statement: Statement, { table, ...fact }: FactTable, role: string): FactTable {
  const owner = fact.ownerAt === undefined ? 'f.owner_id' : ownerAtSql(statement, 'f', fact.ownerAt);
  const split = `(SELECT f.*, coalesce(c.part, f.amount_kopecks) AS part, coalesce(c.employee_id, ${owner}) AS credited_id
    FROM ${table} f LEFT JOIN LATERAL (
      SELECT s.employee_id, s.whole + (row_number() OVER (ORDER BY s.rest DESC, s.employee_id)
        <= f.amount_kopecks - sum(s.whole) OVER ())::int AS part
      FROM (SELECT c.employee_id, floor(f.amount_kopecks * c.basis_points / 10000.0)::bigint AS whole,
          f.amount_kopecks * c.basis_points - 10000 * floor(f.amount_kopecks * c.basis_points / 10000.0) AS rest
        FROM credit_shares c WHERE c.deal_id = f.deal_id AND c.credit_role = ${statement.bind(role, 'text')}
          AND ${statement.holds('c', 'f.occurred_at')}) s) c ON true)`;
  return { ...fact, table: split, performer: 'f.credited_id', credited: 'performer' };
}
