import { refuse } from '@voronka/kernel';
import type { QueryContext } from './context.js';
import type { Named } from './members.js';
import { all, Statement } from './sql.js';

/** A bar of the funnel: a ranked step. */
export interface Bar {
  readonly step: string;
  readonly name: string;
  readonly rank: number;
}

/** A step of any kind, for activity. */
export interface StepName {
  readonly step: string;
  readonly name: string;
}

interface StepRow {
  readonly version: number;
  readonly step: string;
  readonly name: string;
  readonly rank: number | null;
}

/** The steps of a route map known at K, as its versions have them. */
export interface RouteMapView {
  /** By rank. A step that several versions have is named and ranked as in the newest of them. */
  readonly bars: readonly Bar[];
  /** In the order of the document. */
  readonly steps: readonly StepName[];
  /** Versions by the rank of their entry, the lowest-ranked bar. */
  readonly entries: ReadonlyMap<number, readonly number[]>;
}

/**
 * Reads a route map, or one version of it.
 * @throws DomainError ROUTE_MAP_NOT_FOUND if no such version was known at K
 */
export async function routeMapView(context: QueryContext, routeMap: string, version?: number): Promise<RouteMapView> {
  const statement = new Statement(context);
  const where = all([
    `s.route_map_id = ${statement.bind(routeMap, 'text')}`,
    version === undefined ? undefined : `s.version = ${statement.bind(version, 'integer')}`,
    statement.known('s'),
  ]);
  const rows = await statement.rows<StepRow>(
    `SELECT s.version, s.step, s.name, s.rank FROM route_map_steps s WHERE ${where} ORDER BY s.version DESC, s.ordinal`,
  );
  if (rows.length === 0) {
    throw refuse.notFound(
      'ROUTE_MAP_NOT_FOUND',
      'no such version was known then: publish the route map first, check id and version, or ask for a later asOf',
      { routeMap, version },
    );
  }
  return viewOf(rows);
}

function viewOf(rows: readonly StepRow[]): RouteMapView {
  const newest = new Map<string, StepRow>();
  const lowest = new Map<number, number>();
  for (const row of rows) {
    if (!newest.has(row.step)) newest.set(row.step, row);
    if (row.rank !== null) lowest.set(row.version, Math.min(row.rank, lowest.get(row.version) ?? row.rank));
  }
  const entries = new Map<number, number[]>();
  for (const [version, rank] of lowest) entries.set(rank, [...(entries.get(rank) ?? []), version]);
  const steps = [...newest.values()];
  const bars = steps.flatMap(({ step, name, rank }) => (rank === null ? [] : [{ step, name, rank }]));
  return {
    bars: bars.toSorted((left, right) => left.rank - right.rank),
    steps: steps.map(({ step, name }) => ({ step, name })),
    entries,
  };
}

/** Condition on reach `f`: it is the deal's entry into the funnel, by its version. */
export function isEntry(statement: Statement, view: RouteMapView): string {
  const ways = [...view.entries].map(([rank, versions]) => {
    const ranked = `f.rank = ${statement.bind(rank, 'integer')}`;
    if (view.entries.size === 1) return ranked;
    return `(${ranked} AND f.route_map_version = ANY(${statement.bind(versions, 'integer[]')}))`;
  });
  return ways.length === 0 ? 'false' : `(${ways.join(' OR ')})`;
}

/** What alone can count where a question names a route map, or a version of it. */
export function namedBy(params: {
  readonly routeMap?: string | undefined;
  readonly version?: number | undefined;
}): Named {
  const { routeMap, version } = params;
  return {
    ...(routeMap === undefined ? {} : { routeMap: [routeMap] }),
    ...(version === undefined ? {} : { routeMapVersion: [String(version)] }),
  };
}

/** Conditions on fact `f`: it belongs to this route map, or to one version of it. */
export function ofRouteMap(statement: Statement, routeMap: string, version: number | undefined, alias = 'f'): string[] {
  const conditions = [`${alias}.route_map_id = ${statement.bind(routeMap, 'text')}`];
  if (version !== undefined) conditions.push(`${alias}.route_map_version = ${statement.bind(version, 'integer')}`);
  return conditions;
}
