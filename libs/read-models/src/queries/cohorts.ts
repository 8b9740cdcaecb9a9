import { type LocalDate, localDateOf, parsePeriod } from '@voronka/kernel';
import { cohortTriangle } from '@voronka/pay/figures';
import { type ShownSample, shownSample } from './analysis/shown.js';
import { answerHead, type Answer, type QueryContext } from './context.js';
import { assertBars, type ConversionParams } from './conversion.js';
import { factTable, select } from './facts.js';
import { percent } from './ratio.js';
import { ofRouteMap } from './route-map.js';
import { all, Statement } from './sql.js';

export type CohortsParams = Pick<
  ConversionParams,
  'routeMap' | 'version' | 'fromStep' | 'toStep' | 'reach' | 'period' | 'filters'
>;

/** The sample is the size of the cohort. */
export interface CohortCell extends ShownSample {
  /** Months after the month of entry, from 0. */
  readonly offset: number;
  /** Deals that first reached `toStep` in this very month. */
  readonly deals: number;
  /** Those that had reached it by its end ÷ the cohort, in percent; null if the cohort is empty. */
  readonly percent: string | null;
  /** The month is still running at T: the figure will grow. */
  readonly running: boolean;
}

export interface CohortRow {
  /** Month in which the deals first reached `fromStep`, such as 2009-08. */
  readonly cohort: string;
  readonly size: number;
  readonly cells: readonly CohortCell[];
  /** Deals that had reached `toStep` before `fromStep`: in no cell. */
  readonly reversed: number;
}

export interface CohortsAnswer extends Answer<CohortsParams> {
  readonly rows: readonly CohortRow[];
}

/**
 * Cohorts month by month: of the deals that first reached a bar in a month, how many had reached another so many
 * months later. Months are those of the company's zone; a period chooses cohorts.
 * @throws DomainError ROUTE_MAP_NOT_FOUND, STEP_UNKNOWN
 */
export async function cohorts(context: QueryContext, params: CohortsParams): Promise<CohortsAnswer> {
  await assertBars(context, params);
  const counted = await counts(context, params);
  const sizes = new Map<LocalDate, bigint>();
  const reversed = new Map<LocalDate, number>();
  for (const { cohort, deals, isReversed } of counted) {
    sizes.set(cohort, (sizes.get(cohort) ?? 0n) + BigInt(deals));
    if (isReversed) reversed.set(cohort, (reversed.get(cohort) ?? 0) + deals);
  }
  const rows = cohortTriangle(
    [...sizes].map(([cohort, deals]) => ({ cohort, deals })),
    counted.flatMap(({ cohort, reached, deals, isReversed }) =>
      reached === null || isReversed ? [] : [{ cohort, reached, deals: BigInt(deals) }],
    ),
    localDateOf(context.at, context.zone),
  );
  return {
    ...answerHead(context, params, true),
    rows: rows.map(({ cohort, size, cells }) => ({
      cohort: parsePeriod(cohort.slice(0, 7)).key,
      size: Number(size),
      cells: cells.map(({ offset, deals, upTo, running }) => ({
        offset,
        deals: Number(deals),
        percent: percent(upTo.numerator, upTo.denominator),
        ...shownSample(upTo),
        running,
      })),
      reversed: reversed.get(cohort) ?? 0,
    })),
  };
}

interface Count {
  readonly cohort: LocalDate;
  readonly reached: LocalDate | null;
  readonly isReversed: boolean;
  readonly deals: number;
}

async function counts(context: QueryContext, params: CohortsParams): Promise<Count[]> {
  const statement = new Statement(context);
  const { routeMap, version, fromStep, toStep, reach, period, filters } = params;
  const conditions = [...ofRouteMap(statement, routeMap, version), `f.step = ${statement.bind(fromStep, 'text')}`];
  const { body } = select(statement, reach, { slices: [], period, filters }, conditions);
  const reached = all([
    'b.deal_id = a.deal_id',
    `b.step = ${statement.bind(toStep, 'text')}`,
    statement.known('b'),
    `b.occurred_at <= ${statement.now}`,
  ]);
  const month = (date: string): string => `to_char(date_trunc('month', ${date}::timestamp), 'YYYY-MM-DD')`;
  return await statement.rows<Count>(`SELECT ${month('a.local_date')} AS cohort, ${month('b.local_date')} AS reached,
      coalesce(b.occurred_at < a.occurred_at, false) AS "isReversed", count(*)::int AS deals
    FROM (SELECT f.deal_id, f.occurred_at, f.local_date ${body}) a
    LEFT JOIN ${factTable(reach)} b ON ${reached} GROUP BY 1, 2, 3`);
}
