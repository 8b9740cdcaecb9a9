import type { InstantPeriod, QueryContext } from '../context.js';
import { passedBySql } from '../conversion.js';
import { select } from '../facts.js';
import { contractLines, endedStays, EXITS, returned } from '../indicators/fact-sql.js';
import { ofRouteMap } from '../route-map.js';
import type { Filters } from '../slices.js';
import { Statement } from '../sql.js';

interface Asked {
  readonly routeMap: string;
  readonly filters: Filters;
  readonly period: InstantPeriod;
}

export interface Closed {
  readonly won: bigint;
  readonly lost: bigint;
  /** Sum of the whole amounts of the deals won. */
  readonly wonKopecks: bigint;
  /** Sum of the milliseconds from opening to win. */
  readonly wonCycleMs: bigint;
}

/** Deals by their last closing in the period. */
export async function closedIn(context: QueryContext, { routeMap, filters, period }: Asked): Promise<Closed> {
  const statement = new Statement(context);
  const { body } = select(statement, 'closings', { slices: [], filters, period }, [
    ...ofRouteMap(statement, routeMap, undefined),
    'f.counts',
  ]);
  const won = "FILTER (WHERE f.outcome = 'won')";
  const cycle = 'round(extract(epoch FROM f.occurred_at - f.opened_at) * 1000)';
  const [row] = await statement.rows<Record<'won' | 'lost' | 'kopecks' | 'cycle', string>>(`SELECT
    count(*) ${won} AS won, count(*) FILTER (WHERE f.outcome = 'lost') AS lost,
    coalesce(sum(f.amount_kopecks) ${won}, 0) AS kopecks, coalesce(sum(${cycle}) ${won}, 0)::bigint AS cycle ${body}`);
  const of = (text: string | undefined): bigint => BigInt(text ?? '0');
  return { won: of(row?.won), lost: of(row?.lost), wonKopecks: of(row?.kopecks), wonCycleMs: of(row?.cycle) };
}

/** Deals won by T, with their amounts, of those whose horizon had passed since they were opened. */
export async function wonMatured(
  context: QueryContext,
  { routeMap, filters, horizonDays }: Omit<Asked, 'period'> & { readonly horizonDays: number },
): Promise<Pick<Closed, 'won' | 'wonKopecks'>> {
  const statement = new Statement(context);
  const { body } = select(statement, 'closings', { slices: [], filters }, [
    ...ofRouteMap(statement, routeMap, undefined),
    "f.outcome = 'won'",
    passedBySql(statement, 'f.opened_at', horizonDays, statement.now),
  ]);
  const [row] = await statement.rows<Record<'won' | 'kopecks', string>>(
    `SELECT count(*) AS won, coalesce(sum(f.amount_kopecks), 0)::text AS kopecks ${body}`,
  );
  return { won: BigInt(row?.won ?? '0'), wonKopecks: BigInt(row?.kopecks ?? '0') };
}

/**
 * Amount of what was signed in the period and stands, in kopecks: by contract line, whenever its deal was won. Line by
 * line, so that of a deal with several products those that pass the filters count.
 */
export async function signedIn(context: QueryContext, { routeMap, filters, period }: Asked): Promise<bigint> {
  const statement = new Statement(context);
  const { body } = select(statement, contractLines(statement), { slices: [], filters, period }, [
    ...ofRouteMap(statement, routeMap, undefined),
  ]);
  const [row] = await statement.rows<{ kopecks: string }>(
    `SELECT coalesce(sum(f.amount_kopecks), 0)::text AS kopecks ${body}`,
  );
  return BigInt(row?.kopecks ?? '0');
}

export interface LossAt {
  /** Bar the deal stood at; null before the first. */
  readonly step: string | null;
  readonly reason: string | null;
  readonly deals: number;
}

/** Losses of the period by the bar where the deal stood and by reason, the most frequent first. */
export async function lossesIn(
  context: QueryContext,
  { routeMap, filters, period }: Asked,
): Promise<readonly LossAt[]> {
  const statement = new Statement(context);
  const { body } = select(statement, 'closings', { slices: [], filters, period }, [
    ...ofRouteMap(statement, routeMap, undefined),
    "f.outcome = 'lost'",
  ]);
  // The position holds from its instant on, so that a loss at that very instant counts to it.
  return await statement.rows<LossAt>(`SELECT p.step, c.loss_reason AS reason, count(*)::int AS deals
    FROM (SELECT f.deal_id, f.loss_reason, f.occurred_at ${body}) c
    LEFT JOIN deal_positions p ON p.deal_id = c.deal_id AND ${statement.holds('p', 'c.occurred_at')}
    GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`);
}

export interface ReturnFrom {
  /** Bar the deal stood at until then; null before the first. */
  readonly step: string | null;
  /** Step it was taken back to, which may be no bar. */
  readonly to: string;
  readonly returns: number;
}

/**
 * Returns of the period by where the deal stood and where it was taken back to, the most frequent first. Each counts
 * once, as in the indicator, however many stays it ended, and if it ended none.
 */
export async function returnsIn(
  context: QueryContext,
  { routeMap, filters, period }: Asked,
): Promise<readonly ReturnFrom[]> {
  const statement = new Statement(context);
  const { body } = select(statement, returned(statement), { slices: [], filters, period }, [
    ...ofRouteMap(statement, routeMap, undefined),
  ]);
  // From the very instant of the return on the deal stands elsewhere: of equal instants the place in the log decides.
  return await statement.rows<ReturnFrom>(`SELECT p.step, r.to_step AS to, count(*)::int AS returns
    FROM (SELECT f.deal_id, f.to_step, f.occurred_at, f.position ${body}) r
    LEFT JOIN LATERAL (SELECT p.step FROM deal_positions p WHERE p.deal_id = r.deal_id AND ${statement.known('p')}
        AND (p.valid_from, p.began_position) < (r.occurred_at, r.position)
      ORDER BY p.valid_from DESC, p.began_position DESC LIMIT 1) p ON true
    GROUP BY 1, 2 ORDER BY 3 DESC, 1 NULLS FIRST, 2`);
}

export type ExitsFrom = Readonly<Record<(typeof EXITS)[number] | 'won', number>> & { readonly step: string };

/** Stays that ended in the period, by bar and by how they ended. */
export async function exitsIn(
  context: QueryContext,
  { routeMap, filters, period }: Asked,
): Promise<readonly ExitsFrom[]> {
  const statement = new Statement(context);
  const { body } = select(statement, endedStays(statement), { slices: [], filters, period }, [
    ...ofRouteMap(statement, routeMap, undefined),
  ]);
  const ended = (how: string): string => `count(*) FILTER (WHERE f.ended_how = '${how}')::int AS ${how}`;
  return await statement.rows<ExitsFrom>(
    `SELECT f.step, ${[...EXITS, 'won'].map(ended).join(', ')} ${body} GROUP BY f.step`,
  );
}
