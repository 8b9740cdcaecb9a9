import { type Instant, parsePeriod, refuse } from '@voronka/kernel';
import { CHOICE_SEPARATOR } from '../answer-text.js';
import { activityConditions, type ActivityParams, workSql } from './activity.js';
import { answerHead, type Answer, type QueryContext } from './context.js';
import { cohortSql, type ConversionParams } from './conversion.js';
import { type Cut, type FactName, select } from './facts.js';
import { enteredSql, type FunnelParams } from './funnel.js';
import { type Page, pageOf } from './page.js';
import { ofRouteMap, routeMapView } from './route-map.js';
import { type Filters, isPortraitSlice, type SliceName, slicesIn } from './slices.js';
import { Statement } from './sql.js';
import type { StepActivityParams } from './step-activity.js';
import { closingsOf, type WinRateParams } from './win-rate.js';

/** Which part of work is opened: all of it, or by whether the deal's next rank followed. */
export type WorkPart = 'done' | 'matured' | 'followed' | 'pending';

/** A number to open: the question it answers, and which of its figures. */
export type Figure =
  | { readonly figure: 'funnel'; readonly params: FunnelParams; readonly step: string }
  | {
      readonly figure: 'conversion';
      readonly params: ConversionParams;
      readonly part: 'numerator' | 'denominator' | 'pending' | 'reversed';
    }
  | { readonly figure: 'winRate'; readonly params: WinRateParams; readonly part: 'won' | 'lost' }
  | { readonly figure: 'activity'; readonly params: ActivityParams; readonly part: WorkPart | 'won' | 'doneOnWon' }
  | {
      readonly figure: 'stepActivity';
      readonly params: StepActivityParams;
      readonly step: string;
      readonly part: WorkPart;
    };

/** Which row the number stands in; nothing: the total. */
export interface DrillPlace {
  /** Value by slice; null is the row without a value. */
  readonly slices?: { readonly [Name in SliceName]?: string | null } | undefined;
  /** Key of the period, as the answer gave it. */
  readonly bucket?: string | undefined;
}

export interface DrillItem {
  readonly dealId: string;
  readonly occurredAt: Instant;
  /** Events that make it count: a completion and its acceptance, both sides of a conversion … */
  readonly eventIds: readonly string[];
}

export interface DrillAnswer extends Answer<Figure & { readonly place: DrillPlace }> {
  /** How many there are in all: the number that was opened. */
  readonly count: number;
  readonly items: readonly DrillItem[];
}

/**
 * Opens a number: the deals and events behind it, oldest first. `count` equals the number.
 * @throws DomainError PAGE_INVALID, PERIOD_INVALID, ROUTE_MAP_NOT_FOUND
 */
export async function drill(
  context: QueryContext,
  figure: Figure,
  place: DrillPlace,
  page: Page = {},
): Promise<DrillAnswer> {
  const { limit, offset } = pageOf(page);
  const statement = new Statement(context);
  const { prelude, inner } = await figureSql(statement, figure, place);
  const [counted] = await statement.rows<{ n: number }>(`${prelude} SELECT count(*)::int AS n FROM (${inner}) i`);
  const items = await statement.rows<{ deal_id: string; at: Date; event_ids: string[] }>(
    `${prelude} SELECT i.deal_id, i.occurred_at AS at, array_remove(i.event_ids, NULL)::text[] AS event_ids
    FROM (${inner}) i ORDER BY i.occurred_at, i.deal_id, i.event_ids LIMIT ${limit} OFFSET ${offset}`,
  );
  return {
    ...answerHead(context, { ...figure, place }, true),
    count: counted?.n ?? 0,
    items: items.map((row) => ({ dealId: row.deal_id, occurredAt: row.at.toISOString(), eventIds: row.event_ids })),
  };
}

interface FigureSql {
  /** WITH …, or nothing. */
  readonly prelude: string;
  /** A SELECT of deal_id, occurred_at, event_ids. */
  readonly inner: string;
}

async function figureSql(statement: Statement, figure: Figure, place: DrillPlace): Promise<FigureSql> {
  const cut = cutOf(figure.params, place);
  switch (figure.figure) {
    case 'funnel':
      return await funnelSql(statement, figure.params, figure.step, cut);
    case 'conversion':
      return conversionSql(statement, figure.params, figure.part, cut);
    case 'winRate': {
      const { fact, conditions } = closingsOf(statement, figure.params);
      return factsSql(statement, fact, cut, [...conditions, outcomeIs(statement, figure.part)]);
    }
    case 'activity':
      return activitySql(statement, figure.params, figure.part, cut);
    case 'stepActivity': {
      const ofMap = ofRouteMap(statement, figure.params.routeMap, figure.params.version);
      const conditions = [...ofMap, "f.status = 'done'", `f.step = ${statement.bind(figure.step, 'text')}`];
      const work = workSql(statement, select(statement, 'steps', cut, conditions), figure.params, [
        'event_id',
        'known_by_event_id',
      ]);
      const events =
        'CASE WHEN d.known_by_event_id = d.event_id THEN ARRAY[d.event_id] ELSE ARRAY[d.event_id, d.known_by_event_id] END';
      return partOfWork(work, figure.part, events);
    }
    default:
      return figure satisfies never;
  }
}

async function funnelSql(statement: Statement, params: FunnelParams, step: string, cut: Cut): Promise<FigureSql> {
  const isStep = (alias: string): string => `${alias}.step = ${statement.bind(step, 'text')}`;
  if (params.basis === 'flow') {
    return factsSql(statement, params.reach, cut, [
      ...ofRouteMap(statement, params.routeMap, params.version),
      isStep('f'),
    ]);
  }
  const view = await routeMapView(statement.context, params.routeMap, params.version);
  const { prelude, from } = enteredSql(statement, params, view, cut);
  return {
    prelude,
    inner: `SELECT r.deal_id, r.occurred_at, ARRAY[r.event_id] AS event_ids ${from} WHERE ${isStep('r')}`,
  };
}

function conversionSql(
  statement: Statement,
  params: ConversionParams,
  part: 'numerator' | 'denominator' | 'pending' | 'reversed',
  cut: Cut,
): FigureSql {
  if (params.kind === 'flow') {
    const step = part === 'numerator' ? params.toStep : params.fromStep;
    const counted = part === 'numerator' || part === 'denominator' ? [] : ['false'];
    const ofMap = ofRouteMap(statement, params.routeMap, params.version);
    return factsSql(statement, params.reach, cut, [...ofMap, `f.step = ${statement.bind(step, 'text')}`, ...counted]);
  }
  const where = {
    numerator: 'c.counts AND c.converted',
    denominator: 'c.counts',
    pending: 'c.pending',
    reversed: 'c.counts AND c.reversed',
  }[part];
  const { paired } = cohortSql(statement, params, cut);
  return {
    prelude: '',
    inner: `SELECT c.deal_id, c.occurred_at, ARRAY[c.event_id, c.to_event_id] AS event_ids FROM (${paired}) c WHERE ${where}`,
  };
}

function activitySql(
  statement: Statement,
  params: ActivityParams,
  part: WorkPart | 'won' | 'doneOnWon',
  cut: Cut,
): FigureSql {
  if (part !== 'won' && part !== 'doneOnWon') {
    const chosen = select(statement, 'activities', cut, activityConditions(statement, params));
    return partOfWork(workSql(statement, chosen, params, ['event_id']), part, 'ARRAY[d.event_id]');
  }
  const conditions = [...activityConditions(statement, { routeMap: params.routeMap }), outcomeIs(statement, 'won')];
  const won = factsSql(statement, 'closings', cut, conditions);
  if (part === 'won') return won;
  const done = factsSql(statement, 'activities', { slices: [] }, activityConditions(statement, params));
  return {
    prelude: '',
    inner: `SELECT a.* FROM (${done.inner}) a WHERE a.deal_id IN (SELECT deal_id FROM (${won.inner}) w)`,
  };
}

function partOfWork(work: ReturnType<typeof workSql>, part: WorkPart, eventIds: string): FigureSql {
  const where = {
    done: () => 'true',
    matured: () => work.matured(),
    followed: () => `${work.matured()} AND ${work.followed()}`,
    pending: () => `NOT (${work.matured()})`,
  }[part]();
  return {
    prelude: '',
    inner: `SELECT d.deal_id, d.occurred_at, ${eventIds} AS event_ids FROM ${work.from} WHERE ${where}`,
  };
}

function factsSql(statement: Statement, fact: FactName, cut: Cut, conditions: readonly string[]): FigureSql {
  const { body } = select(statement, fact, cut, conditions);
  return { prelude: '', inner: `SELECT f.deal_id, f.occurred_at, ARRAY[f.event_id] AS event_ids ${body}` };
}

function outcomeIs(statement: Statement, outcome: 'won' | 'lost'): string {
  return `f.outcome = ${statement.bind(outcome, 'text')}`;
}

/** The row of the number as filters: the values of its slices and its period. */
export function cutOf(params: Pick<Figure['params'], 'period' | 'filters'>, place: DrillPlace): Cut {
  const filters: Record<string, readonly (string | null)[]> = {};
  for (const slice of slicesIn(params.filters, place.slices)) {
    const allowed = params.filters?.[slice];
    const value = place.slices?.[slice];
    const values = value === undefined ? allowed : [value].filter((one) => isAmong(slice, one, allowed));
    if (values !== undefined) filters[slice] = values;
  }
  return {
    ...{ slices: [], period: params.period, filters: filters satisfies Filters, dates: datesOf(place.bucket) },
    whole: slicesIn(place.slices).filter(isPortraitSlice),
  };
}

/** Has a row of that value passed the filter? Of several choices one is enough. */
function isAmong(slice: SliceName, value: string | null, allowed: readonly (string | null)[] | undefined): boolean {
  if (allowed === undefined || allowed.includes(value)) return true;
  return value !== null && isPortraitSlice(slice) && value.split(CHOICE_SEPARATOR).some((one) => allowed.includes(one));
}

function datesOf(bucket: string | undefined): Cut['dates'] {
  if (bucket === undefined) return undefined;
  try {
    return parsePeriod(bucket);
  } catch (error) {
    throw refuse.invalid(
      'PERIOD_INVALID',
      error instanceof Error ? error.message : 'write a period as 2009-08, 2009-Q3, 2009-W33 or 2009',
      { period: bucket },
    );
  }
}
