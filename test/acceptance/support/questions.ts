import type { EventLog } from '@voronka/event-log';
import { DomainError, validateBody } from '@voronka/kernel';
import type { Pool } from 'pg';
import { queries } from '../../../apps/api/src/queries/query.controller.js';

/** One question as it may be asked over HTTP: a registered query, its parameters, the thing it is about. */
export interface Question {
  readonly name: string;
  readonly params: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly id?: string;
}

export interface Asked {
  readonly log: EventLog;
  readonly pool: Pool;
  readonly k: bigint;
  readonly at: string;
}

const own = [
  'owner',
  'performer',
  'department',
  'product',
  'productLine',
  'segment',
  'source',
  'routeMapVersion',
  'portrait:size',
];
const grains = ['day', 'isoWeek', 'month', 'quarter', 'year'];

/** Registered queries that say nothing of K: they page through the log itself. */
export const OF_THE_LOG = ['Events', 'DealHistory', 'ServiceCaseHistory'];

/** Every registered query that has a K, by its example; those that count also by every slice and some grains. */
export function questionsAbout(routeMap: string, period: string, indicators: readonly string[]): readonly Question[] {
  const examples = queries
    .filter(({ name }) => !OF_THE_LOG.includes(name))
    .map(({ name, example, path }): Question => {
      const params = 'routeMap' in example ? { ...example, routeMap } : { ...example };
      const steps = 'step' in example ? { step: 'a' } : 'fromStep' in example ? { fromStep: 'a', toStep: 'e' } : {};
      return { name, params: { ...params, ...steps }, ...(path.includes(':id') ? { id: `${routeMap}-d0` } : {}) };
    });
  const funnels = ['touch', 'implied'].flatMap((reach) =>
    ['cohort', 'flow'].flatMap((basis) => own.map((slice) => ({ routeMap, reach, basis, slice }))),
  );
  const figures: readonly Question[] = [
    ...funnels.map((params) => ({ name: 'Funnel', params })),
    ...grains.map((grain) => ({ name: 'Funnel', params: { routeMap, grain, period } })),
    ...own.flatMap((slice) => [
      { name: 'Activity', params: { groupBy: slice } },
      { name: 'Activity', params: { routeMap, groupBy: slice, period, horizonDays: '5' } },
      { name: 'Steps', params: { routeMap, groupBy: slice } },
      { name: 'WinRate', params: { slice } },
      { name: 'WinRate', params: { slice, by: 'opening', measure: 'value', period } },
    ]),
    ...grains.map((grain) => ({ name: 'WinRate', params: { grain, period } })),
    ...['cohort', 'flow'].map((kind) => ({
      name: 'Conversion',
      params: { routeMap, fromStep: 'a', toStep: 'e', kind, slice: 'owner' },
    })),
    ...indicators.flatMap((code) => [
      { name: 'IndicatorFigures', params: { indicator: [code], period, results: 'no', groupBy: ['employee'] } },
      { name: 'IndicatorFigures', params: { indicator: [code], period, results: 'no', grain: 'month' } },
    ]),
    { name: 'FunnelAnalysis', params: { routeMap, period, minimumSample: '1', horizonDays: '10' } },
    { name: 'FunnelDecomposition', params: { routeMap, period, wins: '3', minimumSample: '1', horizonDays: '10' } },
    ...['open', 'won', 'lost'].map((status) => ({ name: 'Deals', params: { status, limit: '1000' } })),
    ...[0, 1, 2].flatMap((deal) =>
      ['Deal', 'DealNext'].map((name) => ({ name, params: {}, id: `${routeMap}-d${deal}` })),
    ),
  ];
  return [...examples, ...figures];
}

/** Service cases as deals are asked about: by every slice. */
export function serviceQuestions(routeMap: string, period: string): readonly Question[] {
  const purpose = 'service';
  const id = `${routeMap}-d0`;
  return [
    ...own.flatMap((slice) => [
      { name: 'Funnel', params: { purpose, routeMap, reach: 'implied', slice } },
      { name: 'Activity', params: { purpose, routeMap, groupBy: slice, period } },
      { name: 'Steps', params: { purpose, routeMap, groupBy: slice } },
      { name: 'WinRate', params: { purpose, slice } },
    ]),
    { name: 'Conformance', params: { purpose, routeMap, period } },
    { name: 'FunnelAnalysis', params: { purpose, routeMap, period, minimumSample: '1' } },
    { name: 'Worklist', params: { purpose } },
    ...['ServiceCase', 'ServiceCaseNext', 'ServiceCaseMigration'].map((name) => ({ name, params: {}, id })),
  ];
}

/** A question that no query takes would be refused as of any K alike, and prove nothing. */
function validated(params: new () => object, name: string, said: object): object {
  try {
    return validateBody(params, said);
  } catch (error) {
    throw new Error(`${name} does not take ${JSON.stringify(said)}`, { cause: error });
  }
}

/** The answer, or the code of the refusal, as of K and at T. */
export async function answered({ name, params, id = '' }: Question, { log, pool, k, at }: Asked): Promise<unknown> {
  const query = queries.find((candidate) => candidate.name === name);
  if (query === undefined) throw new Error(`no query ${name}`);
  const caller = { roles: ['admin'] as const, person: null };
  const sources = { log, pool, clock: { now: () => at }, caller, language: 'en' as const };
  try {
    const asked = validated(query.params, name, { ...params, asOf: String(k), at });
    return await query.answer(sources, asked as never, id);
  } catch (error) {
    if (error instanceof DomainError) return { refused: error.code, data: error.data };
    throw error;
  }
}
