import { answerHead, type Answer, type InstantPeriod, type QueryContext } from './context.js';
import { type DealStatus } from './deals.js';
import { kopecks } from './ratio.js';
import { all, Statement } from './sql.js';

export interface OverviewParams {
  readonly routeMap?: string | undefined;
  /** Deals opened in it; all if left out. */
  readonly opened?: InstantPeriod | undefined;
}

export interface StatusTotal {
  readonly status: DealStatus;
  readonly deals: number;
  /** Sum of the amounts expected at T; deals without one are counted beside. */
  readonly expectedKopecks: number;
  readonly withoutAmount: number;
}

export interface LossTotal {
  /** Null: no reason was given. */
  readonly reason: string | null;
  /** Does it count in the win rate? */
  readonly counts: boolean;
  readonly deals: number;
}

export interface OverviewAnswer extends Answer<OverviewParams> {
  readonly deals: number;
  readonly expectedKopecks: number;
  readonly withoutAmount: number;
  /** Open, won and lost at T. */
  readonly byStatus: readonly StatusTotal[];
  /** Lost deals at T by the reason of the closing that stood then. */
  readonly losses: readonly LossTotal[];
  /** Signed amounts of the contracts signed by T and standing at K. */
  readonly signedKopecks: number;
}

const STATUSES: readonly DealStatus[] = ['open', 'won', 'lost'];

/** Totals of all deals opened by T: what an import or a backup is checked against. */
export async function overview(context: QueryContext, params: OverviewParams = {}): Promise<OverviewAnswer> {
  const byStatus = await statusTotals(context, params);
  const sum = (of: (total: StatusTotal) => number): number => byStatus.reduce((so, total) => so + of(total), 0);
  return {
    ...answerHead(context, params, true),
    deals: sum((total) => total.deals),
    expectedKopecks: kopecks(String(sum((total) => total.expectedKopecks))),
    withoutAmount: sum((total) => total.withoutAmount),
    byStatus,
    losses: await lossTotals(context, params),
    signedKopecks: await signed(context, params),
  };
}

/** Deals `d` opened by T, with their state at T as `s` and what is expected of them then as `t`. */
function dealsAtT(statement: Statement, params: OverviewParams): { readonly from: string; readonly where: string } {
  const { routeMap, opened } = params;
  const from = `deals d LEFT JOIN deal_states s ON s.deal_id = d.deal_id AND ${statement.holds('s', statement.now)}
    LEFT JOIN deal_terms t ON t.deal_id = d.deal_id AND ${statement.holds('t', statement.now)}`;
  const where = all([
    statement.known('d'),
    `d.occurred_at <= ${statement.now}`,
    routeMap === undefined ? undefined : `d.route_map_id = ${statement.bind(routeMap, 'text')}`,
    opened === undefined ? undefined : `d.occurred_at >= ${statement.bind(opened.from, 'timestamptz')}`,
    opened === undefined ? undefined : `d.occurred_at < ${statement.bind(opened.to, 'timestamptz')}`,
  ]);
  return { from, where };
}

async function statusTotals(context: QueryContext, params: OverviewParams): Promise<StatusTotal[]> {
  const statement = new Statement(context);
  const { from, where } = dealsAtT(statement, params);
  const rows = await statement.rows<{ status: string; deals: number; expected: string; without: number }>(
    `SELECT coalesce(s.status, 'open') AS status, count(*)::int AS deals,
      coalesce(sum(t.expected_amount_kopecks), 0)::text AS expected,
      (count(*) FILTER (WHERE t.expected_amount_kopecks IS NULL))::int AS without
    FROM ${from} WHERE ${where} GROUP BY 1`,
  );
  return STATUSES.map((status) => {
    const row = rows.find((one) => one.status === status);
    const expectedKopecks = kopecks(row?.expected ?? '0');
    return { status, deals: row?.deals ?? 0, expectedKopecks, withoutAmount: row?.without ?? 0 };
  });
}

async function lossTotals(context: QueryContext, params: OverviewParams): Promise<LossTotal[]> {
  const statement = new Statement(context);
  const { from, where } = dealsAtT(statement, params);
  // The closing that stood at T may have been undone since; the rows that K has seen tell of it, the latest as it is known.
  const k = statement.bind(String(context.k), 'bigint');
  return await statement.rows<LossTotal>(
    `SELECT o.loss_reason AS reason, coalesce(o.counts, true) AS counts, count(*)::int AS deals
    FROM ${from} LEFT JOIN LATERAL (SELECT c.loss_reason, c.counts FROM outcomes c
      WHERE c.deal_id = d.deal_id AND c.event_id = s.event_id AND c.known_from <= ${k}
      ORDER BY c.known_from DESC LIMIT 1) o ON true
    WHERE ${where} AND s.status = 'lost' GROUP BY 1, 2 ORDER BY 3 DESC, 1`,
  );
}

async function signed(context: QueryContext, params: OverviewParams): Promise<number> {
  const statement = new Statement(context);
  const { from, where } = dealsAtT(statement, params);
  const [row] = await statement.rows<{ amount: string }>(
    `SELECT coalesce(sum(c.amount_kopecks), 0)::text AS amount FROM ${from}
    JOIN contracts c ON c.deal_id = d.deal_id AND ${statement.known('c')} AND c.occurred_at <= ${statement.now}
    WHERE ${where}`,
  );
  return kopecks(row?.amount ?? '0');
}
