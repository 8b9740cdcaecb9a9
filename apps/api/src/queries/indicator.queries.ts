import { parsePeriod, refuse } from '@voronka/kernel';
import {
  COMPARISONS,
  type Comparison,
  indicatorDrill,
  indicatorFigures,
  type IndicatorsAnswer,
  indicatorsList,
  type IndicatorsRow,
  type SliceName,
} from '@voronka/read-models';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, Matches } from 'class-validator';
import { Several } from './convert.js';
import { CsvTable } from './csv.js';
import { assertNoDrill } from './drill-params.js';
import { common, FIGURE_READERS, orNull } from './figure.queries.js';
import { ANY_SLICE, FigureParams, PagedParams, SLICE_ADVICE } from './params.js';
import {
  askCore,
  defineQuery,
  type QueryDefinition,
  type QuerySources,
  type ScopedContext,
} from './query.definition.js';

const CODE = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;
const PARTS = ['numerator', 'denominator', 'pending'] as const;

export class IndicatorsListQuery extends PagedParams {}

class CutParams extends FigureParams {
  /** Up to three dimensions. */
  @IsOptional()
  @Several()
  @IsArray()
  @ArrayMaxSize(3)
  @Matches(ANY_SLICE, { each: true, message: SLICE_ADVICE })
  groupBy?: SliceName[];
}

export class IndicatorFiguresQuery extends CutParams {
  @Several()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(30)
  @Matches(CODE, { each: true })
  indicator: string[];

  /** The period before, and the same of last year. */
  @IsOptional()
  @Several()
  @IsArray()
  @ArrayMaxSize(2)
  @IsIn(COMPARISONS, { each: true })
  compare?: Comparison[];

  /** `no` leaves out the result indicators that go with indicators of activity. */
  @IsOptional()
  @IsIn(['yes', 'no'])
  results?: 'yes' | 'no';

  @IsOptional()
  @IsIn(['json', 'csv'])
  format?: 'json' | 'csv';
}

export class IndicatorDrillQuery extends CutParams {
  @Matches(CODE)
  indicator: string;
}

/** @throws DomainError PERIOD_REQUIRED, PERIOD_INVALID */
function checked(period: string | undefined): string {
  if (period === undefined) {
    throw refuse.invalid('PERIOD_REQUIRED', 'say of which period: a day, 2009-W33, 2009-08, 2009-Q3 or 2009');
  }
  try {
    return parsePeriod(period).key;
  } catch (error) {
    throw refuse.invalid(
      'PERIOD_INVALID',
      error instanceof Error ? error.message : 'write a period as 2009-08, 2009-Q3, 2009-W33 or 2009',
      { period },
    );
  }
}

async function figures(context: ScopedContext, params: IndicatorFiguresQuery): Promise<object> {
  assertNoDrill(params);
  const { indicator: indicators, groupBy, grain, compare, results, format } = params;
  const period = checked(params.period);
  const { filters } = common(context, params, 'employee');
  const asked = { indicators, results: results !== 'no', period, groupBy, grain, filters, compare };
  const answer = await indicatorFigures(context, asked);
  return format === 'csv' ? tableOf(answer) : answer;
}

/** A line per row, then the whole, by period where there is a grain; what the figures go by stands beside each. */
function tableOf({ k, at, zone, params, indicators, rows, totals, total }: IndicatorsAnswer): CsvTable {
  const kinds = ['figures', ...(params.compare ?? [])] as const;
  const slices = params.groupBy ?? [];
  const head = [
    ...slices.flatMap((name) => [name, `${name} name`]),
    'period',
    ...indicators.flatMap(({ definitions }) =>
      kinds.map((kind) => definitions.join(' ') + (kind === 'figures' ? '' : ` ${kind}`)),
    ),
    ...['k', 'at', 'zone', 'total'],
  ];
  const cells = (row: IndicatorsRow, isTotal: boolean) => [
    // A total has no values; the row of nobody has none either, but is no total.
    ...(isTotal ? slices.flatMap(() => [null, null]) : row.slices.flatMap(({ value, label }) => [value, label])),
    row.bucket ?? params.period,
    ...indicators.flatMap(({ code }) => kinds.map((kind) => row[kind]?.[code]?.value ?? null)),
    ...[k, at, zone, isTotal ? 'total' : null],
  ];
  const lines = rows.map((row) => cells(row, false));
  return new CsvTable([head, ...lines, ...[...totals, total].map((row) => cells(row, true))]);
}

async function opened(context: ScopedContext, params: IndicatorDrillQuery): Promise<object> {
  const { indicator, groupBy = [], value, bucket } = params;
  const part = PARTS.find((one) => one === (params.part ?? 'numerator'));
  if (part === undefined)
    throw refuse.invalid('PART_UNKNOWN', `open one of ${PARTS.join(', ')}`, { part: params.part });
  const slices = Object.fromEntries(
    groupBy.flatMap((name, at) => (value?.[at] === undefined ? [] : [[name, orNull(value[at])]])),
  );
  const place = { slices, ...(bucket === undefined ? {} : { bucket: checked(bucket) }) };
  const { filters } = common(context, params, 'employee');
  return await indicatorDrill(context, { indicator, part, period: checked(params.period), filters, place }, params);
}

const example = { indicator: 'deals_won', period: '2009-08' };

export const indicatorQueries: readonly QueryDefinition[] = [
  defineQuery({
    name: 'Indicators',
    path: 'indicators',
    params: IndicatorsListQuery,
    roles: FIGURE_READERS,
    summary: 'Indicators, with every version of their definitions.',
    example: { limit: '10' },
    answer: (sources: QuerySources, params: IndicatorsListQuery) =>
      askCore(sources, params, (context) => indicatorsList(context, params)),
  }),
  defineQuery({
    name: 'IndicatorFigures',
    path: 'figures',
    params: IndicatorFiguresQuery,
    roles: FIGURE_READERS,
    summary: 'Any indicators, by up to three dimensions and by period, compared with other periods; JSON or CSV.',
    example,
    answer: (sources: QuerySources, params: IndicatorFiguresQuery) =>
      askCore(sources, params, (context) => figures(context, params)),
  }),
  defineQuery({
    name: 'IndicatorFiguresDrill',
    path: 'figures/drill',
    params: IndicatorDrillQuery,
    roles: FIGURE_READERS,
    summary: 'Opens a figure of an indicator: the deals and events behind it.',
    example,
    answer: (sources: QuerySources, params: IndicatorDrillQuery) =>
      askCore(sources, params, (context) => opened(context, params)),
  }),
];
