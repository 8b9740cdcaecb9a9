import { instantToMs, msToInstant } from '@voronka/kernel';
import type { InstantPeriod, QueryContext } from '../context.js';
import { passedBySql } from '../conversion.js';
import { type FactTable, select } from '../facts.js';
import { opened } from '../indicators/fact-sql.js';
import { ofRouteMap } from '../route-map.js';
import type { Filters } from '../slices.js';
import { Statement } from '../sql.js';
import { STANDING_SINCE } from '../standing.js';

/** What became of the deals that reached a bar, of those whose horizon has passed at T. */
export interface BarCourse {
  readonly reached: bigint;
  /** Reached a higher bar, or won, within the horizon. */
  readonly forward: bigint;
  readonly won: bigint;
  /** Of those that went forward. */
  readonly forwardWon: bigint;
  /** Median of the milliseconds from here to the win, of all deals won by T; null if none was. */
  readonly medianLagMs: bigint | null;
  /** How many deals it is the median of. */
  readonly lags: bigint;
}

interface CourseRow {
  readonly step: string;
  readonly reached: string;
  readonly forward: string;
  readonly won: string;
  readonly forward_won: string;
}

/** By bar, sliced at the first reach of it. */
export async function barCourses(
  context: QueryContext,
  {
    routeMap,
    filters,
    horizonDays,
  }: { readonly routeMap: string; readonly filters: Filters; readonly horizonDays: number },
): Promise<ReadonlyMap<string, BarCourse>> {
  const statement = new Statement(context);
  const { body } = select(statement, 'touch', { slices: [], filters }, ofRouteMap(statement, routeMap, undefined));
  const passedBy = (at: string): string => passedBySql(statement, 'a.occurred_at', horizonDays, at);
  const within = (at: string): string => `${at} >= a.occurred_at AND NOT ${passedBy(at)}`;
  const rows = await statement.rows<CourseRow>(`WITH reached AS (
      SELECT a.step, a.deal_id, coalesce(${within('w.occurred_at')}, false) AS won,
        coalesce(${within('w.occurred_at')}, false) OR EXISTS (SELECT FROM reach_touch h WHERE h.deal_id = a.deal_id
          AND h.rank > a.rank AND ${statement.known('h')} AND h.occurred_at <= ${statement.now}
          AND ${within('h.occurred_at')}) AS forward
      FROM (SELECT f.deal_id, f.step, f.rank, f.occurred_at ${body}) a
      LEFT JOIN outcomes w ON w.deal_id = a.deal_id AND w.outcome = 'won' AND ${statement.known('w')}
        AND w.occurred_at <= ${statement.now}
      WHERE ${passedBy(statement.now)})
    SELECT step, count(*) AS reached, count(*) FILTER (WHERE forward) AS forward, count(*) FILTER (WHERE won) AS won,
      count(*) FILTER (WHERE won AND forward) AS forward_won FROM reached GROUP BY step`);
  const lags = await medianLags(context, { routeMap, filters });
  const courses = new Map<string, BarCourse>();
  for (const { step, reached, forward, won, forward_won: forwardWon } of rows) {
    const numbers = {
      reached: BigInt(reached),
      forward: BigInt(forward),
      won: BigInt(won),
      forwardWon: BigInt(forwardWon),
    };
    courses.set(step, { ...numbers, ...(lags.get(step) ?? NO_LAGS) });
  }
  return courses;
}

/** What became of the deals that were opened, of those whose horizon has passed at T. */
export type OpenedCourse = Omit<BarCourse, 'forward' | 'forwardWon'>;

/** From the opening on, sliced at it: where deals stand before the first bar, there is no other place to count from. */
export async function openedCourse(
  context: QueryContext,
  {
    routeMap,
    filters,
    horizonDays,
  }: { readonly routeMap: string; readonly filters: Filters; readonly horizonDays: number },
): Promise<OpenedCourse> {
  const statement = new Statement(context);
  const { body } = select(statement, opened, { slices: [], filters }, ofRouteMap(statement, routeMap, undefined));
  const passedBy = (at: string): string => passedBySql(statement, 'a.occurred_at', horizonDays, at);
  const matured = passedBy(statement.now);
  const won = 'w.occurred_at >= a.occurred_at';
  const lag = 'extract(epoch FROM w.occurred_at - a.occurred_at) * 1000';
  type Row = Record<'reached' | 'won' | 'lags', string> & { readonly lag: string | null };
  const [row] = await statement.rows<Row>(`SELECT
      count(*) FILTER (WHERE ${matured}) AS reached,
      count(*) FILTER (WHERE ${matured} AND ${won} AND NOT ${passedBy('w.occurred_at')}) AS won,
      round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ${lag}) FILTER (WHERE ${won}))::bigint::text AS lag,
      count(*) FILTER (WHERE ${won}) AS lags
    FROM (SELECT f.deal_id, f.occurred_at ${body}) a
    LEFT JOIN outcomes w ON w.deal_id = a.deal_id AND w.outcome = 'won' AND ${statement.known('w')}
      AND w.occurred_at <= ${statement.now}`);
  const medianLagMs = row?.lag === undefined || row.lag === null ? null : BigInt(row.lag);
  return { reached: BigInt(row?.reached ?? 0), won: BigInt(row?.won ?? 0), medianLagMs, lags: BigInt(row?.lags ?? 0) };
}

type Lags = Pick<BarCourse, 'medianLagMs' | 'lags'>;
const NO_LAGS: Lags = { medianLagMs: null, lags: 0n };

async function medianLags(
  context: QueryContext,
  { routeMap, filters }: { readonly routeMap: string; readonly filters: Filters },
): Promise<ReadonlyMap<string, Lags>> {
  const statement = new Statement(context);
  const { body } = select(statement, 'touch', { slices: [], filters }, ofRouteMap(statement, routeMap, undefined));
  const lag = 'extract(epoch FROM w.occurred_at - a.occurred_at) * 1000';
  const rows = await statement.rows<Record<'step' | 'lag' | 'lags', string>>(`SELECT a.step,
      round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ${lag}))::bigint::text AS lag, count(*) AS lags
    FROM (SELECT f.deal_id, f.step, f.occurred_at ${body}) a
    JOIN outcomes w ON w.deal_id = a.deal_id AND w.outcome = 'won' AND ${statement.known('w')}
      AND w.occurred_at <= ${statement.now} AND w.occurred_at >= a.occurred_at GROUP BY a.step`);
  return new Map(rows.map(({ step, lag: ms, lags }) => [step, { medianLagMs: BigInt(ms), lags: BigInt(lags) }]));
}

/** A deal that is open at T. */
export interface OpenDeal {
  readonly dealId: string;
  /** Bar it stands at; null before the first. */
  readonly step: string | null;
  readonly since: string;
  readonly openedAt: string;
  readonly expectedKopecks: bigint | null;
}

interface OpenRow {
  readonly id: string;
  readonly step: string | null;
  readonly since: Date;
  readonly opened: Date;
  readonly expected: string | null;
}

interface Asked {
  readonly routeMap: string;
  readonly filters: Filters;
}

/** Open deals at T, by whoever owns them then. */
export async function openDeals(context: QueryContext, asked: Asked): Promise<readonly OpenDeal[]> {
  const statement = new Statement(context);
  const rows = await statement.rows<OpenRow>(`SELECT f.deal_id AS id, f.step, f.since, f.occurred_at AS opened,
    f.expected::text AS expected ${openSql(statement, asked)} ORDER BY f.deal_id`);
  return rows.map(({ id, step, since, opened, expected }) => ({
    dealId: id,
    step,
    since: since.toISOString(),
    openedAt: opened.toISOString(),
    expectedKopecks: expected === null ? null : BigInt(expected),
  }));
}

/** How many deals were open at the end of a period, or are at T while it runs, by whoever owned them then. */
export async function openAtEndOf(context: QueryContext, period: InstantPeriod, asked: Asked): Promise<bigint> {
  // Periods are half-open: what happened at the very end belongs to the next one.
  const at = msToInstant(Math.min(instantToMs(period.to) - 1, instantToMs(context.at)));
  const statement = new Statement({ ...context, at });
  const [row] = await statement.rows<{ n: string }>(`SELECT count(*) AS n ${openSql(statement, asked)}`);
  return BigInt(row?.n ?? '0');
}

function openSql(statement: Statement, { routeMap, filters }: Asked): string {
  const now = statement.now;
  const open: FactTable = {
    table: `(SELECT d.*, p.step, ${STANDING_SINCE} AS since, t.expected_amount_kopecks AS expected FROM deals d
      JOIN deal_states s ON s.deal_id = d.deal_id AND s.status = 'open' AND ${statement.holds('s', now)}
      JOIN deal_positions p ON p.deal_id = d.deal_id AND ${statement.holds('p', now)}
      LEFT JOIN deal_terms t ON t.deal_id = d.deal_id AND ${statement.holds('t', now)})`,
    ...{ performer: null, credited: 'owner', ownerAt: now, instant: now, period: 'f.occurred_at' },
    localDate: 'f.local_date',
    own: { step: 'f.step' },
  };
  return select(statement, open, { slices: [], filters }, ofRouteMap(statement, routeMap, undefined)).body;
}
