import type { Grain } from '@voronka/kernel';
import { ratio } from '@voronka/pay/figures';
import { type ShownSample, shownSample } from './analysis/shown.js';
import { answerHead, type Answer, type InstantPeriod, type QueryContext } from './context.js';
import { type Cut, factTable, select } from './facts.js';
import { type GroupRow, keyOfPlace, layOut, type Place, placeKey } from './layout.js';
import { expandProducts } from './product-sets.js';
import { percent } from './ratio.js';
import { type Bar, isEntry, namedBy, ofRouteMap, type RouteMapView, routeMapView } from './route-map.js';
import { type Filters, isMultiValued, type SliceName } from './slices.js';
import { all, Statement } from './sql.js';

/** `touch`: the step was done. `implied`: it or a higher-ranked one, dated at the earliest of those. */
export type Reach = 'touch' | 'implied';

export interface FunnelParams {
  readonly routeMap: string;
  /** One version; all of them if left out. */
  readonly version?: number | undefined;
  readonly reach: Reach;
  /**
   * `cohort`: deals that entered the lowest bar in the period, counted on every bar up to T, sliced and dated by their
   * entry. `flow`: every bar counts the deals that first reached it in the period, sliced and dated by that event.
   */
  readonly basis: 'cohort' | 'flow';
  readonly period?: InstantPeriod | undefined;
  readonly slice?: SliceName | undefined;
  readonly grain?: Grain | undefined;
  readonly filters?: Filters | undefined;
}

export interface FunnelBar extends Bar {
  readonly deals: number;
  /** Share of the first bar of this row, in percent with two places; null where that has none. */
  readonly percentOfFirst: string | null;
  /** Share of the bar before it; over 100 where deals passed that by. */
  readonly percentOfPrevious: string | null;
  /** How far those can be relied on: their samples are the deals of the first bar, and of the one before. */
  readonly sampleOfFirst: ShownSample;
  /** Null for the first bar. */
  readonly sampleOfPrevious: ShownSample | null;
}

export interface FunnelRow extends Place {
  readonly bars: readonly FunnelBar[];
}

export interface FunnelAnswer extends Answer<FunnelParams> {
  /** One row per slice value and period, rows of zero included. */
  readonly rows: readonly FunnelRow[];
  /** All deals once, per period (if there is a grain). */
  readonly totals: readonly FunnelRow[];
  /** All deals once. */
  readonly total: FunnelRow;
}

/** One place with its deals by step; null: there is none. */
type CountRow = GroupRow & { readonly bars: Readonly<Record<string, number>> | null };

/**
 * The funnel: deals by bar.
 * @throws DomainError ROUTE_MAP_NOT_FOUND, ANSWER_TOO_LARGE
 */
export async function funnel(context: QueryContext, params: FunnelParams): Promise<FunnelAnswer> {
  const view = await routeMapView(context, params.routeMap, params.version);
  const named = namedBy(params);
  const cut: Cut = { ...params, named, slices: params.slice === undefined ? [] : [params.slice] };
  const additive = !cut.slices.some(isMultiValued);
  const counted = await countBars(context, params, view, cut);
  const rows = await rowsOf(context, view, cut, await expandProducts(context, cut, counted));
  const once = { ...cut, slices: [] };
  const totals = params.grain === undefined ? [] : await rowsOf(context, view, once, counted);
  const [total] = await rowsOf(context, view, { ...once, grain: undefined }, counted);
  return { ...answerHead(context, params, additive), rows, totals, total: total ?? emptyRow(view) };
}

async function countBars(
  context: QueryContext,
  params: FunnelParams,
  view: RouteMapView,
  cut: Cut,
): Promise<CountRow[]> {
  const statement = new Statement(context);
  return await statement.rows<CountRow>(
    params.basis === 'flow' ? flowSql(statement, params, cut) : cohortSql(statement, params, view, cut),
  );
}

function flowSql(statement: Statement, params: FunnelParams, cut: Cut): string {
  const chosen = select(statement, params.reach, cut, ofRouteMap(statement, params.routeMap, params.version));
  return grouped(`SELECT f.step${chosen.columns}, count(*)::int AS n\n  ${chosen.body}`, chosen.names);
}

function cohortSql(statement: Statement, params: FunnelParams, view: RouteMapView, cut: Cut): string {
  const { prelude, from, names } = enteredSql(statement, params, view, cut);
  const columns = names.replaceAll(', ', ', e.');
  return grouped(`${prelude} SELECT r.step${columns}, count(*)::int AS n ${from}`, names);
}

/** Deals that entered the funnel, as `e`, and every bar they reached by T, as `r`. */
export function enteredSql(
  statement: Statement,
  params: FunnelParams,
  view: RouteMapView,
  cut: Cut,
): { readonly prelude: string; readonly from: string; readonly names: string } {
  const conditions = [...ofRouteMap(statement, params.routeMap, params.version), isEntry(statement, view)];
  const entry = select(statement, params.reach, cut, conditions);
  const reached = all([
    'r.deal_id = e.deal_id',
    ...ofRouteMap(statement, params.routeMap, undefined, 'r'),
    statement.known('r'),
    `r.occurred_at <= ${statement.now}`,
  ]);
  return {
    prelude: `WITH entered AS (SELECT f.deal_id${entry.columns} ${entry.body})`,
    from: `FROM entered e JOIN ${factTable(params.reach)} r ON ${reached}`,
    names: entry.names,
  };
}

/**
 * One row per place, whatever the number of bars: the rest is dearer here than in the database. Dates leave as text,
 * after grouping: there are few groups.
 */
function grouped(select: string, names: string): string {
  const columns = names.split(', ').filter((name) => name !== '');
  const counted = `${select}\n  GROUP BY ${['step', ...columns].map((_, at) => at + 1).join(', ')}`;
  const shown = columns.map((name) => (name === 'bucket' ? 'bucket::text AS bucket, ' : `${name}, `)).join('');
  const places = columns.length === 0 ? '' : ` GROUP BY ${columns.map((name) => `g.${name}`).join(', ')}`;
  return `SELECT ${shown}json_object_agg(step, n) AS bars FROM (${counted}) g${places}`;
}

async function rowsOf(
  context: QueryContext,
  view: RouteMapView,
  cut: Cut,
  counted: readonly CountRow[],
): Promise<FunnelRow[]> {
  const deals = new Map<string, Map<string, number>>();
  for (const row of counted) {
    const key = placeKey(row, cut);
    const bars = deals.get(key) ?? new Map<string, number>();
    for (const [step, n] of Object.entries(row.bars ?? {})) bars.set(step, (bars.get(step) ?? 0) + n);
    deals.set(key, bars);
  }
  const { places } = await layOut(context, cut, counted);
  return places.map((place) => ({ ...place, bars: barsOf(view, deals.get(keyOfPlace(place)) ?? new Map()) }));
}

function emptyRow(view: RouteMapView): FunnelRow {
  return { slices: [], bucket: null, bars: barsOf(view, new Map()) };
}

function barsOf(view: RouteMapView, deals: ReadonlyMap<string, number>): FunnelBar[] {
  const counts = view.bars.map((bar) => deals.get(bar.step) ?? 0);
  return view.bars.map((bar, at) => {
    const count = counts[at] ?? 0;
    const previous = counts[at - 1];
    return {
      ...bar,
      deals: count,
      percentOfFirst: percent(count, counts[0] ?? 0),
      percentOfPrevious: previous === undefined ? null : percent(count, previous),
      sampleOfFirst: shownSample(ratio(count, counts[0] ?? 0)),
      sampleOfPrevious: previous === undefined ? null : shownSample(ratio(count, previous)),
    };
  });
}
