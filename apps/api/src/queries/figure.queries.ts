import { refuse, type Role } from '@voronka/kernel';
import {
  activity,
  type ActivityParams,
  beyondScope,
  conversion,
  type ConversionParams,
  drill,
  type DrillPlace,
  type Figure,
  type Filters,
  funnel,
  type FunnelParams,
  overview,
  type PortraitSlice,
  portraitSlice,
  scopeFilter,
  type SliceName,
  SLICES,
  stepActivity,
  type StepActivityParams,
  winRate,
  type WinRateParams,
} from '@voronka/read-models';
import { assertNoDrill, partOf, stepOf } from './drill-params.js';
import { OverviewQuery } from './list-params.js';
import {
  ActivityQuery,
  ConversionQuery,
  type FigureParams,
  FunnelQuery,
  StepActivityQuery,
  WinRateQuery,
} from './params.js';
import {
  askCore,
  boundsOf,
  defineQuery,
  type QueryDefinition,
  type QuerySources,
  type ScopedContext,
  SEE_EVERYTHING,
} from './query.definition.js';

/** Everyone sees figures: all of them, or those of the departments he heads, or his own. */
export const FIGURE_READERS: readonly Role[] = [...SEE_EVERYTHING, 'head', 'manager'];

export const orNull = (text: string): string | null => (text === '' ? null : text);

/** Values by slice, as figures and lists are filtered. */
export function filtersOf(params: Pick<FigureParams, (typeof SLICES)[number] | 'portrait'>): Filters {
  const plain = SLICES.flatMap((name) => (params[name] === undefined ? [] : [[name, params[name].map(orNull)]]));
  return { ...(Object.fromEntries(plain) as Filters), ...portraitFilters(params.portrait ?? []) };
}

/** `industry=retail`: the answers allowed, by the slice of their field. */
function portraitFilters(asked: readonly string[]): Filters {
  const allowed: Record<PortraitSlice, (string | null)[]> = {};
  for (const one of asked) {
    const end = one.indexOf('=');
    (allowed[portraitSlice(one.slice(0, end))] ??= []).push(orNull(one.slice(end + 1)));
  }
  return allowed;
}

/**
 * Period, division and filters; `person` is whom the figure credits.
 * @throws DomainError 403 SCOPE_EXCEEDED for what the sender may not see
 */
export function common(context: ScopedContext, params: FigureParams, person: 'owner' | 'performer' | 'employee') {
  const asked = filtersOf(params);
  const allowed = scopeFilter(context.scope, person);
  const beyond = beyondScope(allowed, asked);
  if (beyond !== null) {
    throw refuse.forbidden('SCOPE_EXCEEDED', 'ask for your own figures, or for those of departments you head', beyond);
  }
  const { period, grain } = params;
  return { period: boundsOf(period, context), grain, filters: { ...allowed, ...asked } };
}

function funnelOf(context: ScopedContext, params: FunnelQuery): FunnelParams {
  const { routeMap, version, reach = 'touch', basis = 'cohort', slice } = params;
  return { routeMap, version, reach, basis, slice, ...common(context, params, 'owner') };
}

function conversionOf(context: ScopedContext, params: ConversionQuery): ConversionParams {
  const { routeMap, version, fromStep, toStep, kind = 'cohort', reach = 'touch', slice, horizonDays } = params;
  return { routeMap, version, fromStep, toStep, kind, reach, slice, horizonDays, ...common(context, params, 'owner') };
}

function winRateOf(context: ScopedContext, params: WinRateQuery): WinRateParams {
  const { routeMap, by = 'close', measure = 'count', slice } = params;
  return { routeMap, by, measure, slice, ...common(context, params, 'owner') };
}

function activityOf(context: ScopedContext, params: ActivityQuery): ActivityParams {
  const { routeMap, groupBy, horizonDays, kind: kinds, topic } = params;
  return { routeMap, groupBy, horizonDays, kinds, topics: topic?.map(orNull), ...common(context, params, 'performer') };
}

function stepActivityOf(context: ScopedContext, params: StepActivityQuery): StepActivityParams {
  const { routeMap, version, groupBy, horizonDays } = params;
  return { routeMap, version, groupBy, horizonDays, ...common(context, params, 'performer') };
}

interface FigureQuery<Params extends FigureParams> {
  readonly name: string;
  readonly path: string;
  readonly params: new () => Params;
  readonly summary: string;
  readonly example: Readonly<Record<string, string>>;
  /** What to add to the example to open one of its numbers. */
  readonly opens: Readonly<Record<string, string>>;
  readonly answer: (context: ScopedContext, params: Params) => Promise<object>;
  readonly slices: (params: Params) => readonly SliceName[];
  readonly figure: (context: ScopedContext, params: Params) => Figure;
}

/** A figure and, beside it, the deals and events behind each of its numbers. */
function withDrill<Params extends FigureParams>(query: FigureQuery<Params>): readonly QueryDefinition[] {
  const { name, path, params, summary, example, opens } = query;
  const shared = { params, roles: FIGURE_READERS };
  return [
    defineQuery({
      ...shared,
      name,
      path,
      summary,
      example,
      answer: (sources: QuerySources, asked: Params) => {
        assertNoDrill(asked);
        return askCore(sources, asked, (context) => query.answer(context, asked));
      },
    }),
    defineQuery({
      ...shared,
      name: `${name}Drill`,
      path: `${path}/drill`,
      summary: `Opens a number of ${path}: the deals and events behind it.`,
      example: { ...example, ...opens },
      answer: (sources: QuerySources, asked: Params) =>
        askCore(sources, asked, (context) =>
          drill(context, query.figure(context, asked), placeOf(asked, query.slices(asked)), asked),
        ),
    }),
  ];
}

function placeOf(params: FigureParams, slices: readonly SliceName[]): DrillPlace {
  const values = params.value;
  return {
    ...(values === undefined
      ? {}
      : {
          slices: Object.fromEntries(
            slices.flatMap((name, at) => {
              const value = values[at];
              return value === undefined ? [] : [[name, orNull(value)]];
            }),
          ),
        }),
    ...(params.bucket === undefined ? {} : { bucket: params.bucket }),
  };
}

const one = ({ slice }: { slice?: SliceName }): readonly SliceName[] => (slice === undefined ? [] : [slice]);
const many = ({ groupBy }: { groupBy?: SliceName[] }): readonly SliceName[] => groupBy ?? ['performer'];
const WORK_PARTS = ['done', 'matured', 'followed', 'pending'] as const;

export const figureQueries: readonly QueryDefinition[] = [
  ...withDrill<FunnelQuery>({
    name: 'Funnel',
    path: 'funnel',
    params: FunnelQuery,
    summary: 'How many deals reached each step of a route map.',
    example: { routeMap: 'automation' },
    opens: { step: 'first-contact' },
    answer: (context, params) => funnel(context, funnelOf(context, params)),
    slices: one,
    figure: (context, params) => ({ figure: 'funnel', params: funnelOf(context, params), step: stepOf(params) }),
  }),
  ...withDrill<ConversionQuery>({
    name: 'Conversion',
    path: 'conversion',
    params: ConversionQuery,
    summary: 'The share of deals that went from one step to another: by cohort, or as a flow.',
    example: { routeMap: 'automation', fromStep: 'first-contact', toStep: 'proposal' },
    opens: { part: 'denominator' },
    answer: (context, params) => conversion(context, conversionOf(context, params)),
    slices: one,
    figure: (context, params) => ({
      figure: 'conversion',
      params: conversionOf(context, params),
      part: partOf(params, ['numerator', 'denominator', 'pending', 'reversed'] as const),
    }),
  }),
  ...withDrill<WinRateQuery>({
    name: 'WinRate',
    path: 'win-rate',
    params: WinRateQuery,
    summary: 'Won deals among closed ones, by number or by value.',
    example: {},
    opens: { part: 'won' },
    answer: (context, params) => winRate(context, winRateOf(context, params)),
    slices: one,
    figure: (context, params) => ({
      figure: 'winRate',
      params: winRateOf(context, params),
      part: partOf(params, ['won', 'lost'] as const),
    }),
  }),
  ...withDrill<ActivityQuery>({
    name: 'Activity',
    path: 'activity',
    params: ActivityQuery,
    summary: 'Calls, meetings and other work, by who did it, with what came of it.',
    example: {},
    opens: { part: 'done' },
    answer: (context, params) => activity(context, activityOf(context, params)),
    slices: many,
    figure: (context, params) => ({
      figure: 'activity',
      params: activityOf(context, params),
      part: partOf(params, [...WORK_PARTS, 'won', 'doneOnWon'] as const),
    }),
  }),
  ...withDrill<StepActivityQuery>({
    name: 'Steps',
    path: 'steps',
    params: StepActivityQuery,
    summary: 'Steps done, by who did them, with what came of it.',
    example: { routeMap: 'automation' },
    opens: { step: 'first-contact', part: 'done' },
    answer: (context, params) => stepActivity(context, stepActivityOf(context, params)),
    slices: many,
    figure: (context, params) => ({
      figure: 'stepActivity',
      params: stepActivityOf(context, params),
      step: stepOf(params),
      part: partOf(params, WORK_PARTS),
    }),
  }),
  defineQuery({
    name: 'Overview',
    path: 'overview',
    params: OverviewQuery,
    roles: SEE_EVERYTHING,
    summary: 'Totals of all deals: by status, losses by reason, signed amounts.',
    example: {},
    answer: (sources: QuerySources, params: OverviewQuery) =>
      askCore(sources, params, (context) =>
        overview(context, { routeMap: params.routeMap, opened: boundsOf(params.opened, context) }),
      ),
  }),
];
