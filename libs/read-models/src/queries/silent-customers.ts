import type { Instant } from '@voronka/kernel';
import type { QueryContext } from './context.js';
import { type FactTable, select } from './facts.js';
import type { Filters } from './slices.js';
import { Statement } from './sql.js';

export interface SilentCustomer {
  readonly customerId: string;
  readonly name: string | null;
  /** Whether any of their deals is open at T. */
  readonly inWork: boolean;
  /** Of their open deals, the one opened first; of those with none, the one opened last. */
  readonly dealId: string;
  readonly ownerId: string | null;
  /** The last time something was done with them, the closing of their last deal included; null: never. */
  readonly lastAt: Instant | null;
}

const DAYS = 30;

interface Row {
  readonly customer: string;
  readonly name: string | null;
  readonly open: boolean;
  readonly deal: string;
  readonly owner: string | null;
  readonly at: Date | null;
}

/**
 * Customers with whom nothing was done for longer than so many days before T: first those in work, then those whose deals
 * are all closed, of each the longest silent first. Asked about service, those with a service case.
 */
export async function silentCustomers(
  context: QueryContext,
  { filters, silentDays = DAYS }: { readonly filters?: Filters | undefined; readonly silentDays?: number | undefined },
  most: number,
): Promise<SilentCustomer[]> {
  const statement = new Statement(context);
  const days = `make_interval(days => ${statement.bind(silentDays, 'integer')})`;
  const { body } = select(statement, speaking(statement), { slices: [], filters });
  const rows = await statement.rows<Row>(`WITH spoken AS (
      SELECT DISTINCT ON (f.customer_id) f.customer_id, f.deal_id, f.owner_id, f.open, f.closed_at, f.occurred_at ${body}
      ORDER BY f.customer_id, f.occurred_at, f.position)
    SELECT o.customer_id AS customer, c.name, o.open, o.deal_id AS deal, o.owner_id AS owner, o.at
    FROM (SELECT o.*, greatest(o.closed_at, w.at) AS at FROM spoken o
      LEFT JOIN (SELECT t.customer_id, max(t.at) AS at FROM (${timesOf(statement)}) t GROUP BY t.customer_id) w
        ON w.customer_id = o.customer_id) o
    LEFT JOIN customers c ON c.customer_id = o.customer_id AND ${statement.known('c')}
    WHERE coalesce(o.at, o.occurred_at) < ${statement.now} - ${days}
    ORDER BY o.open DESC, coalesce(o.at, o.occurred_at), o.customer_id LIMIT ${most}`);
  return rows.map(({ customer, name, open, deal, owner, at }) => ({
    ...{ customerId: customer, name, inWork: open, dealId: deal, ownerId: owner },
    lastAt: at?.toISOString() ?? null,
  }));
}

/**
 * The deals that speak for a customer: all that are open, and where none is, whoever's, the one opened last. So a customer
 * in work with somebody else is not listed as the closed one of whoever had him before.
 */
function speaking(statement: Statement): FactTable {
  const { now } = statement;
  return {
    table: `(SELECT * FROM (
      SELECT d.*, s.status = 'open' AS open, o.owner_id, CASE WHEN s.status <> 'open' THEN s.valid_from END AS closed_at,
        bool_or(s.status = 'open') OVER (PARTITION BY d.customer_id) AS in_work,
        row_number() OVER (PARTITION BY d.customer_id ORDER BY d.occurred_at DESC, d.position DESC) AS latest
      FROM deals d JOIN deal_states s ON s.deal_id = d.deal_id AND ${statement.holds('s', now)}
      LEFT JOIN deal_owners o ON o.deal_id = d.deal_id AND ${statement.holds('o', now)}
      WHERE d.customer_id IS NOT NULL AND ${statement.known('d')} AND d.occurred_at <= ${now}) d
      WHERE d.open OR (NOT d.in_work AND d.latest = 1))`,
    ...{ performer: null, credited: 'owner', instant: now, period: 'f.occurred_at', localDate: 'f.local_date' },
  };
}

/** The times, as SQL, at which something was done with those spoken for: on any deal or service case of theirs, whoever's. */
function timesOf(statement: Statement): string {
  const times = (
    things: string,
    work: string,
    more = '',
  ): string => `SELECT o.customer_id, w.occurred_at AS at FROM spoken o
      JOIN ${things} d ON d.customer_id = o.customer_id AND ${statement.known('d')}
      JOIN ${work} w ON w.deal_id = d.deal_id AND ${statement.known('w')} AND w.occurred_at <= ${statement.now}${more}`;
  const done = " AND w.status = 'done'";
  return [
    ...[times('deals', 'activities'), times('deals', 'steps', done)],
    ...[times('service_cases', 'service_activities'), times('service_cases', 'service_steps', done)],
  ].join(' UNION ALL ');
}
