import { parsePeriod, refuse } from '@voronka/kernel';
import {
  type AnalysisParams,
  cohorts,
  conformance,
  decomposition,
  DEVIATION_KINDS,
  deviationItems,
  funnelAnalysis,
} from '@voronka/read-models';
import { Matches } from 'class-validator';
import { assertNoDrill, partOf } from './drill-params.js';
import { common, FIGURE_READERS } from './figure.queries.js';
import { AmountKopecks, HorizonDays, MinimumSample, Wins } from './param-kinds.js';
import { FigureParams, PassageParams } from './params.js';
import {
  askCore,
  defineQuery,
  type QueryDefinition,
  type QuerySources,
  type ScopedContext,
} from './query.definition.js';

export class ConformanceQuery extends FigureParams {
  @Matches(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/)
  routeMap: string;
}

export class CohortsQuery extends PassageParams {}

export class AnalysisQuery extends ConformanceQuery {
  /** H of the cohorts, in calendar days. */
  @HorizonDays()
  horizonDays?: number;

  /** Smallest sample that is not marked as small. */
  @MinimumSample()
  minimumSample?: number;
}

export class DecompositionQuery extends AnalysisQuery {
  /** The goal as a number of wins … */
  @Wins()
  wins?: number;

  /** … or as an amount, in minor units. */
  @AmountKopecks()
  amountKopecks?: number;
}

/** @throws DomainError PERIOD_REQUIRED, PERIOD_INVALID, SCOPE_EXCEEDED */
function asked(context: ScopedContext, params: AnalysisQuery): AnalysisParams {
  const { routeMap, horizonDays, minimumSample, period } = params;
  assertNoDrill(params);
  if (period === undefined) throw refuse.invalid('PERIOD_REQUIRED', 'say of which period: such as 2009-08 or 2009-Q3');
  const { filters } = common(context, params, 'owner');
  return { routeMap, period: parsePeriod(period).key, filters, horizonDays, minimumSample };
}

function asConformance(context: ScopedContext, params: ConformanceQuery) {
  const { period, filters } = common(context, params, 'performer');
  return { routeMap: params.routeMap, period, filters };
}

const example = { routeMap: 'automation', period: '2009-08' };

export const analysisQueries: readonly QueryDefinition[] = [
  defineQuery({
    name: 'FunnelAnalysis',
    path: 'funnel/analysis',
    params: AnalysisQuery,
    roles: FIGURE_READERS,
    summary: 'Where a funnel loses, what stands in it, and what should come of that: with samples.',
    example,
    answer: (sources: QuerySources, params: AnalysisQuery) =>
      askCore(sources, params, (context) => funnelAnalysis(context, asked(context, params))),
  }),
  defineQuery({
    name: 'Conformance',
    path: 'funnel/conformance',
    params: ConformanceQuery,
    roles: FIGURE_READERS,
    summary: 'Where deals left their route map: by kind, step and person, and the deals that left it most often.',
    example,
    answer: (sources: QuerySources, params: ConformanceQuery) => {
      assertNoDrill(params);
      return askCore(sources, params, (context) => conformance(context, asConformance(context, params)));
    },
  }),
  defineQuery({
    name: 'Cohorts',
    path: 'funnel/cohorts',
    params: CohortsQuery,
    roles: FIGURE_READERS,
    summary: 'Cohorts month by month, as a triangle; a cohort opens by conversion/drill with its month as the period.',
    example: { routeMap: 'automation', fromStep: 'first-contact', toStep: 'proposal' },
    answer: (sources: QuerySources, params: CohortsQuery) => {
      assertNoDrill(params);
      const { routeMap, version, fromStep, toStep, reach = 'touch' } = params;
      return askCore(sources, params, (context) => {
        const { period, filters } = common(context, params, 'owner');
        return cohorts(context, { routeMap, version, fromStep, toStep, reach, period, filters });
      });
    },
  }),
  defineQuery({
    name: 'ConformanceDrill',
    path: 'funnel/conformance/drill',
    params: ConformanceQuery,
    roles: FIGURE_READERS,
    summary: 'The deviations themselves, with their events; part names a kind.',
    example,
    answer: (sources: QuerySources, params: ConformanceQuery) =>
      askCore(sources, params, (context) => {
        const kind = params.part === undefined ? undefined : partOf(params, DEVIATION_KINDS);
        return deviationItems(context, { ...asConformance(context, params), kind, step: params.step }, params);
      }),
  }),
  defineQuery({
    name: 'FunnelDecomposition',
    path: 'funnel/decomposition',
    params: DecompositionQuery,
    roles: FIGURE_READERS,
    summary: 'How many deals each bar still needs for a goal; refused where the samples are too small.',
    example: { ...example, wins: '10' },
    needsHistory: 'DECOMPOSITION_SAMPLE_TOO_SMALL',
    answer: (sources: QuerySources, params: DecompositionQuery) =>
      askCore(sources, params, async (context) => {
        const { wins, amountKopecks } = params;
        if ((wins === undefined) === (amountKopecks === undefined)) {
          throw refuse.invalid('GOAL_UNCLEAR', 'say the goal by wins or by amountKopecks: one of them');
        }
        return await decomposition(context, { ...asked(context, params), wins, amountKopecks });
      }),
  }),
];
