import { parsePeriod, periodBounds } from '@voronka/kernel';
import type { InstantPeriod, QueryContext } from '../context.js';
import { type Bar, routeMapView } from '../route-map.js';
import type { Filters } from '../slices.js';
import {
  type BarCourse,
  barCourses,
  type OpenDeal,
  openDeals,
  type OpenedCourse,
  openedCourse,
} from './course-counts.js';
import { type Closed, closedIn, signedIn } from './period-counts.js';

export interface AnalysisParams {
  readonly routeMap: string;
  /** Key of the period that losses, exits, velocity and forecast are about. */
  readonly period: string;
  readonly filters?: Filters | undefined;
  /** H of the cohorts, in local calendar days; 90 if left out. */
  readonly horizonDays?: number | undefined;
  /** Smallest sample that a slice's own conversion is taken from; 30 if left out. */
  readonly minimumSample?: number | undefined;
}

export const HORIZON_DAYS = 90;
export const NO_COURSE: BarCourse = { reached: 0n, forward: 0n, won: 0n, forwardWon: 0n, medianLagMs: null, lags: 0n };

/** Everything that the analyses are made of. */
export interface Counted {
  readonly bars: readonly Bar[];
  readonly period: InstantPeriod;
  readonly slice: ReadonlyMap<string, BarCourse>;
  readonly company: ReadonlyMap<string, BarCourse>;
  /** The same from the opening on. */
  readonly opened: { readonly slice: OpenedCourse; readonly company: OpenedCourse };
  readonly open: readonly OpenDeal[];
  readonly closed: Closed;
  /** Amount signed in the period. */
  readonly signedKopecks: bigint;
  readonly least: bigint;
}

export async function counted(context: QueryContext, params: AnalysisParams): Promise<Counted> {
  const { routeMap, filters = {}, horizonDays = HORIZON_DAYS, minimumSample = 30 } = params;
  const { bars } = await routeMapView(context, routeMap);
  const period = periodBounds(parsePeriod(params.period), context.zone);
  const isWhole = Object.keys(filters).length === 0;
  const slice = await barCourses(context, { routeMap, filters, horizonDays });
  const company = isWhole ? slice : await barCourses(context, { routeMap, filters: {}, horizonDays });
  const ofSlice = await openedCourse(context, { routeMap, filters, horizonDays });
  const ofCompany = isWhole ? ofSlice : await openedCourse(context, { routeMap, filters: {}, horizonDays });
  const open = await openDeals(context, { routeMap, filters });
  const closed = await closedIn(context, { routeMap, filters, period });
  const signedKopecks = await signedIn(context, { routeMap, filters, period });
  const opened = { slice: ofSlice, company: ofCompany };
  return { bars, period, slice, company, opened, open, closed, signedKopecks, least: BigInt(minimumSample) };
}
