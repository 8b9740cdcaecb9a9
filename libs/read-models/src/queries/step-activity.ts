import type { Grain } from '@voronka/kernel';
import { countFollowed, type Followed, followedOf } from './activity.js';
import { answerHead, type Answer, type InstantPeriod, type QueryContext } from './context.js';
import { type Cut, select } from './facts.js';
import { type GroupRow, keyOfPlace, layOut, type Place, placeKey } from './layout.js';
import { expandProducts } from './product-sets.js';
import { isAdditive, type Report } from './report.js';
import { namedBy, ofRouteMap, routeMapView, type StepName } from './route-map.js';
import type { Filters, SliceName } from './slices.js';
import { Statement } from './sql.js';

export interface StepActivityParams {
  readonly routeMap: string;
  readonly version?: number | undefined;
  readonly period?: InstantPeriod | undefined;
  /** Several slices are combined. `performer` if left out. */
  readonly groupBy?: readonly SliceName[] | undefined;
  readonly grain?: Grain | undefined;
  readonly filters?: Filters | undefined;
  /** H of `next`, in local calendar days; 30 if left out. */
  readonly horizonDays?: number | undefined;
}

export interface StepActivityCell extends StepName {
  /** Times the step was done, repetitions included. */
  readonly done: number;
  readonly next: Followed;
}

export interface StepActivityRow extends Place {
  /** Every step of the route map, then those that only facts name. */
  readonly steps: readonly StepActivityCell[];
  readonly done: number;
}

export interface StepActivityAnswer extends Answer<StepActivityParams>, Report<StepActivityRow> {}

type Field = 'done' | 'matured' | 'followed';
type StepRow = GroupRow & Readonly<Record<Field, string>> & { readonly step: string };

/**
 * Done steps by performer (or other slices) × step × period, with how often the deal's next rank followed.
 * @throws DomainError ROUTE_MAP_NOT_FOUND, ANSWER_TOO_LARGE
 */
export async function stepActivity(context: QueryContext, params: StepActivityParams): Promise<StepActivityAnswer> {
  const { steps } = await routeMapView(context, params.routeMap, params.version);
  const cut: Cut = { ...params, named: namedBy(params), slices: params.groupBy ?? ['performer'] };
  const counted = await countSteps(context, params, cut);
  const once = { ...cut, slices: [] };
  const named = withUnknown(steps, counted);
  const rows = await rowsOf(context, cut, named, await expandProducts(context, cut, counted));
  const totals = params.grain === undefined ? [] : (await rowsOf(context, once, named, counted)).rows;
  const {
    rows: [total],
  } = await rowsOf(context, { slices: [] }, named, counted);
  const none = { slices: [], bucket: null, steps: [], done: 0 };
  return { ...answerHead(context, params, isAdditive(cut)), ...rows, totals, total: total ?? none };
}

async function countSteps(context: QueryContext, params: StepActivityParams, cut: Cut): Promise<StepRow[]> {
  const statement = new Statement(context);
  const conditions = ["f.status = 'done'", ...ofRouteMap(statement, params.routeMap, params.version)];
  const chosen = select(statement, 'steps', cut, conditions);
  return await statement.rows(countFollowed(statement, chosen, params, ['step']));
}

/** Imported history may hold steps that the route map does not have. */
function withUnknown(steps: readonly StepName[], counted: readonly StepRow[]): StepName[] {
  const known = new Set(steps.map(({ step }) => step));
  const unknown = [...new Set(counted.map(({ step }) => step))].filter((step) => !known.has(step));
  return [...steps, ...unknown.toSorted().map((step) => ({ step, name: step }))];
}

async function rowsOf(
  context: QueryContext,
  cut: Cut,
  steps: readonly StepName[],
  counted: readonly StepRow[],
): Promise<Pick<StepActivityAnswer, 'rows' | 'zeroRows'>> {
  const sums = new Map<string, Record<Field, bigint>>();
  for (const row of counted) {
    const key = `${placeKey(row, cut)} ${row.step}`;
    const before = sums.get(key) ?? { done: 0n, matured: 0n, followed: 0n };
    sums.set(key, {
      done: before.done + BigInt(row.done),
      matured: before.matured + BigInt(row.matured),
      followed: before.followed + BigInt(row.followed),
    });
  }
  const { places, zeroRows } = await layOut(context, cut, counted);
  const rows = places.map((place) => {
    const cells = steps.map((name) => {
      const found = sums.get(`${keyOfPlace(place)} ${name.step}`) ?? { done: 0n, matured: 0n, followed: 0n };
      return { ...name, done: Number(found.done), next: followedOf(found) };
    });
    return { ...place, steps: cells, done: cells.reduce((sum, cell) => sum + cell.done, 0) };
  });
  return { rows, zeroRows };
}
