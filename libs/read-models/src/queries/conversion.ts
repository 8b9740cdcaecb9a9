import { type Grain, refuse } from '@voronka/kernel';
import { ratio } from '@voronka/pay/figures';
import { type ShownShare, shownShare } from './analysis/shown.js';
import { answerHead, type Answer, type InstantPeriod, type QueryContext } from './context.js';
import { type Cut, factTable, select } from './facts.js';
import type { Reach } from './funnel.js';
import type { Place } from './layout.js';
import { percent } from './ratio.js';
import { groupBy, isAdditive, report, type Report, type SumRow } from './report.js';
import { namedBy, ofRouteMap, routeMapView } from './route-map.js';
import type { Filters, SliceName } from './slices.js';
import { all, Statement } from './sql.js';

export interface ConversionParams {
  readonly routeMap: string;
  readonly version?: number | undefined;
  readonly fromStep: string;
  readonly toStep: string;
  /**
   * `cohort`: of the deals that first reached `fromStep` in the period, the share that reached `toStep` not earlier and
   * within H. `flow`: deals that first reached `toStep` in the period ÷ deals that first reached `fromStep` in it.
   */
  readonly kind: 'cohort' | 'flow';
  readonly reach: Reach;
  readonly period?: InstantPeriod | undefined;
  /** H in local calendar days, or all the time up to T. Of cohorts only; `soFar` if left out. */
  readonly horizonDays?: number | 'soFar' | undefined;
  readonly slice?: SliceName | undefined;
  readonly grain?: Grain | undefined;
  readonly filters?: Filters | undefined;
}

export interface ConversionRow extends Place, ShownShare {
  /** Cohort: deals that may still convert: their H has not passed, or, so far, they are open and have not converted. */
  readonly pending: number;
  /** Cohort: deals of the denominator that had reached `toStep` before `fromStep`. */
  readonly reversed: number;
  /** Cohort: share of all its deals that is decided, in percent; null for flows and empty cohorts. */
  readonly maturity: string | null;
}

export interface ConversionAnswer extends Answer<ConversionParams>, Report<ConversionRow> {}

type Field = 'deals' | 'numerator' | 'denominator' | 'pending' | 'reversed';
const FIELDS: readonly Field[] = ['deals', 'numerator', 'denominator', 'pending', 'reversed'];

/**
 * Conversion between two bars, by one of two named definitions. Cohorts are sliced by the values at the first reach of
 * `fromStep`, each side of a flow at its own event.
 * @throws DomainError ROUTE_MAP_NOT_FOUND, STEP_UNKNOWN, HORIZON_INVALID, ANSWER_TOO_LARGE
 */
export async function conversion(context: QueryContext, params: ConversionParams): Promise<ConversionAnswer> {
  await assertBars(context, params);
  assertHorizon(params);
  const cut: Cut = { ...params, named: namedBy(params), slices: params.slice === undefined ? [] : [params.slice] };
  const figures = await report<Field, ConversionRow>(context, cut, {
    fields: FIELDS,
    count: (asked) =>
      params.kind === 'flow' ? countFlow(context, params, asked) : countCohort(context, params, asked),
    row: (place, sums) => ({
      ...place,
      ...shownShare(ratio(sums.numerator, sums.denominator)),
      pending: Number(sums.pending),
      reversed: Number(sums.reversed),
      maturity: params.kind === 'flow' ? null : percent(sums.deals - sums.pending, sums.deals),
    }),
  });
  return { ...answerHead(context, params, isAdditive(cut)), ...figures };
}

/** @throws DomainError ROUTE_MAP_NOT_FOUND, STEP_UNKNOWN unless both steps are bars of the map */
export async function assertBars(
  context: QueryContext,
  params: Pick<ConversionParams, 'routeMap' | 'version' | 'fromStep' | 'toStep'>,
): Promise<void> {
  const { bars } = await routeMapView(context, params.routeMap, params.version);
  for (const step of [params.fromStep, params.toStep]) {
    if (bars.some((bar) => bar.step === step)) continue;
    throw refuse.invalid('STEP_UNKNOWN', 'name a ranked step of the route map', {
      step,
      bars: bars.map((bar) => bar.step),
    });
  }
}

function assertHorizon({ horizonDays }: ConversionParams): void {
  if (horizonDays === undefined || horizonDays === 'soFar') return;
  if (Number.isInteger(horizonDays) && horizonDays >= 1 && horizonDays <= 10_000) return;
  throw refuse.invalid('HORIZON_INVALID', 'give a horizon of 1 to 10,000 whole days, or soFar', { horizonDays });
}

async function countFlow(context: QueryContext, params: ConversionParams, cut: Cut): Promise<SumRow<Field>[]> {
  const side = async (step: string, field: 'numerator' | 'denominator'): Promise<SumRow<Field>[]> => {
    const statement = new Statement(context);
    const conditions = [
      ...ofRouteMap(statement, params.routeMap, params.version),
      `f.step = ${statement.bind(step, 'text')}`,
    ];
    const chosen = select(statement, params.reach, cut, conditions);
    return await statement.rows(
      groupBy(chosen.names.slice(2), [`count(*) AS ${field}`], `(SELECT f.deal_id${chosen.columns} ${chosen.body}) f`),
    );
  };
  return [...(await side(params.toStep, 'numerator')), ...(await side(params.fromStep, 'denominator'))];
}

async function countCohort(context: QueryContext, params: ConversionParams, cut: Cut): Promise<SumRow<Field>[]> {
  const statement = new Statement(context);
  const { names, paired } = cohortSql(statement, params, cut);
  const sums = [
    'count(*) AS deals',
    'count(*) FILTER (WHERE counts AND converted) AS numerator',
    'count(*) FILTER (WHERE counts) AS denominator',
    'count(*) FILTER (WHERE pending) AS pending',
    'count(*) FILTER (WHERE counts AND reversed) AS reversed',
  ];
  return await statement.rows(groupBy(names.slice(2), sums, `(${paired}) c`));
}

/**
 * One row per deal of the cohort (and slice value): `counts` in the denominator, `converted`, `pending`, `reversed`,
 * with the events of both sides.
 */
export function cohortSql(
  statement: Statement,
  params: ConversionParams,
  cut: Cut,
): { readonly names: string; readonly paired: string } {
  const conditions = [
    ...ofRouteMap(statement, params.routeMap, params.version),
    `f.step = ${statement.bind(params.fromStep, 'text')}`,
  ];
  const from = select(statement, params.reach, cut, conditions);
  const reached = all([
    'b.deal_id = a.deal_id',
    `b.step = ${statement.bind(params.toStep, 'text')}`,
    statement.known('b'),
    `b.occurred_at <= ${statement.now}`,
  ]);
  const { counts, inTime, pending } = horizonSql(statement, params.horizonDays ?? 'soFar');
  const paired = `SELECT a.*, b.event_id AS to_event_id, b.occurred_at AS to_at, ${counts} AS counts,
      coalesce(b.occurred_at >= a.occurred_at AND ${inTime}, false) AS converted,
      ${pending} AS pending, coalesce(b.occurred_at < a.occurred_at, false) AS reversed
    FROM (SELECT f.deal_id, f.event_id, f.occurred_at${from.columns} ${from.body}) a
    LEFT JOIN ${factTable(params.reach)} b ON ${reached}`;
  return { names: from.names, paired };
}

interface HorizonSql {
  readonly counts: string;
  readonly inTime: string;
  readonly pending: string;
}

function horizonSql(statement: Statement, horizon: number | 'soFar'): HorizonSql {
  if (horizon === 'soFar') {
    const open = `NOT EXISTS (SELECT FROM deal_states s WHERE s.deal_id = a.deal_id AND s.status IN ('won', 'lost')
      AND ${statement.holds('s', statement.now)})`;
    return { counts: 'true', inTime: 'true', pending: `(coalesce(b.occurred_at < a.occurred_at, true) AND ${open})` };
  }
  const passedBy = (moment: string): string => passedBySql(statement, 'a.occurred_at', horizon, moment);
  return {
    counts: passedBy(statement.now),
    inTime: `NOT ${passedBy('b.occurred_at')}`,
    pending: `NOT ${passedBy(statement.now)}`,
  };
}

// No zone is so far from another, nor moved its clocks so far, that a deadline is off by more than this.
const CLOCKS_MOVE_LESS_THAN_HOURS = 48;

/**
 * True if the deadline (`deadlineSql`) is at or before a moment. Asking a calendar is dear beside adding hours, so it is
 * asked only where hours do not tell.
 */
export function passedBySql(statement: Statement, instant: string, days: number, moment: string): string {
  const later = (hours: number): string => `${instant} + make_interval(hours => ${statement.bind(hours, 'integer')})`;
  const surely = `${later(days * 24 + CLOCKS_MOVE_LESS_THAN_HOURS)} <= ${moment}`;
  const perhaps = `${later(days * 24 - CLOCKS_MOVE_LESS_THAN_HOURS)} <= ${moment}`;
  return `(${surely} OR (${perhaps} AND ${deadlineSql(statement, instant, days)} <= ${moment}))`;
}

/** The same local time so many calendar days later, which is not a multiple of 24 hours where the clocks change. */
export function deadlineSql(statement: Statement, instant: string, days: number): string {
  const zone = statement.bind(statement.context.zone, 'text');
  const later = `make_interval(days => ${statement.bind(days, 'integer')})`;
  return `((${instant} AT TIME ZONE ${zone} + ${later}) AT TIME ZONE ${zone})`;
}
