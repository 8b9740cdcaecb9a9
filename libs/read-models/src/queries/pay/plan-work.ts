import { parsePeriod } from '@voronka/kernel';
import { type IndicatorDocument, type PlanOwner, versionOn } from '@voronka/pay/events';
import { distribute } from '@voronka/pay/figures';
import type { QueryContext } from '../context.js';
import type { Filters } from '../slices.js';
import { type Versions, versionsOf } from '../indicators/definitions.js';
import { Statement } from '../sql.js';
import { placesAt } from './places.js';

/** A step of a route map as plans meet it. */
interface MapStep {
  readonly routeMap: string;
  readonly step: string;
  readonly kind: string;
  readonly bar: boolean;
}

/** Steps of a route map of sale, or of all of them: as the newest version known at K has each. */
async function stepsOf(context: QueryContext, routeMap: string | null): Promise<readonly MapStep[]> {
  const statement = new Statement(context);
  const one = routeMap === null ? '' : `AND s.route_map_id = ${statement.bind(routeMap, 'text')}`;
  return await statement.rows<MapStep>(`SELECT DISTINCT ON (s.route_map_id, s.step) s.route_map_id AS "routeMap", s.step,
      s.kind, s.rank IS NOT NULL AS bar
    FROM route_map_steps s JOIN route_maps m ON m.route_map_id = s.route_map_id AND m.version = s.version
    WHERE ${statement.known('s')} AND ${statement.known('m')} AND m.purpose = 'sale' ${one}
    ORDER BY s.route_map_id, s.step, s.version DESC`);
}

/** The one step that an indicator of steps counts; null if it counts several, or something else. */
function stepCounted(definition: IndicatorDocument, steps: readonly MapStep[]): MapStep | null {
  if (definition.measure !== 'steps') return null;
  const { routeMaps, steps: codes, stepKinds, ...narrower } = definition.filters;
  if (Object.keys(narrower).length > 0) return null;
  const counted = steps.filter(
    ({ routeMap, step, kind }) =>
      (routeMaps?.includes(routeMap) ?? true) &&
      (codes?.includes(step) ?? true) &&
      ((stepKinds as readonly string[] | undefined)?.includes(kind) ?? true),
  );
  return counted.length === 1 ? (counted[0] ?? null) : null;
}

/** Which bar each indicator counts, and which indicator counts each bar. */
export interface StepIndicators {
  /** The bar that an indicator counts, and nothing else; null for any other indicator. */
  barOf(indicator: string): { readonly routeMap: string; readonly step: string } | null;
  /** The indicator that counts a bar, each deal once; of several the first by code. Null: there is none. */
  counting(step: string): string | null;
}

/** Indicators in use, as they hold on a day. Those of one route map, or of all. */
export async function stepIndicators(
  context: QueryContext,
  { day, routeMap }: { readonly day: string; readonly routeMap: string | null },
): Promise<StepIndicators> {
  const steps = await stepsOf(context, routeMap);
  const statement = new Statement(context);
  const codes = await statement.rows<{ code: string }>(
    `SELECT i.code FROM indicators i WHERE ${statement.known('i')} AND NOT i.retired ORDER BY i.code`,
  );
  const versions = await versionsOf(
    context,
    codes.map(({ code }) => code),
  );
  const bars = new Map<string, MapStep>();
  const once = new Map<string, string>();
  for (const { code } of codes) {
    const definition = definitionOn(versions, code, day);
    const step = definition === null ? null : stepCounted(definition, steps);
    if (step === null || !step.bar) continue;
    bars.set(code, step);
    const isOnce = definition?.measure === 'steps' && definition.counting === 'first';
    if (isOnce && !once.has(step.step)) once.set(step.step, code);
  }
  return { barOf: (indicator) => bars.get(indicator) ?? null, counting: (step) => once.get(step) ?? null };
}

function definitionOn(versions: Versions, code: string, day: string): IndicatorDocument | null {
  return versionOn(versions.get(code) ?? [], day)?.definition ?? null;
}

/** Deals of an owner, as the analyses of the funnel are cut. */
export function filtersOfOwner({ kind, id }: PlanOwner): Filters {
  if (kind === 'company') return {};
  return kind === 'employee' ? { owner: [id] } : { department: [id] };
}

export interface DepartmentPlan {
  readonly indicator: string;
  readonly department: string;
  readonly period: string;
  /** So much for each … */
  readonly each?: number | undefined;
  /** … or in all, in equal parts: of equal remainders the smaller id gets one more. */
  readonly total?: number | undefined;
  readonly proration?: 'none' | 'workingDays' | undefined;
}

export interface PlannedCell {
  readonly indicator: string;
  readonly owner: PlanOwner;
  readonly period: string;
  readonly value: number;
  readonly proration?: 'none' | 'workingDays';
}

/** Personal cells, to be assigned, for those whose last place in the period is the department. By employee. */
export async function departmentCells(context: QueryContext, plan: DepartmentPlan): Promise<readonly PlannedCell[]> {
  const { indicator, department, each, total, proration } = plan;
  const period = parsePeriod(plan.period);
  const places = await placesAt(context, period, null);
  const people = places.employees(period).filter((id) => places.lastIn(id, period)?.departmentId === department);
  const parts =
    total === undefined || people.length === 0
      ? people.map(() => BigInt(each ?? 0))
      : distribute(
          BigInt(total),
          people.map(() => 1n),
        );
  return people.map((id, index) => ({
    ...{ indicator, owner: { kind: 'employee', id }, period: period.key, value: Number(parts[index] ?? 0n) },
    ...(proration === undefined ? {} : { proration }),
  }));
}
