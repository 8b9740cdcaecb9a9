import type { Instant } from '@voronka/kernel';
import { ratio } from '@voronka/pay/figures';
import { DEVIATION_KINDS, type DeviationKind } from '@voronka/sales/walk';
import { type ShownSample, shownSample } from './analysis/shown.js';
import { answerHead, type Answer, type InstantPeriod, type QueryContext } from './context.js';
import { select } from './facts.js';
import { deviations as deviationFacts } from './indicators/fact-sql.js';
import { type Page, pageOf } from './page.js';
import { percent } from './ratio.js';
import type { Filters } from './slices.js';
import { Statement } from './sql.js';

export { DEVIATION_KINDS } from '@voronka/sales/walk';

export interface ConformanceParams {
  readonly routeMap: string;
  /** When the deviations happened. */
  readonly period?: InstantPeriod | undefined;
  readonly filters?: Filters | undefined;
}

/** Deviations of one kind from one step by one person. */
export interface ConformanceRow {
  readonly kind: DeviationKind;
  readonly step: string;
  /** Who did it, skipped it or accepted it; of a step passed over without a word, its owner. Null: nobody is known. */
  readonly performerId: string | null;
  readonly performerName: string | null;
  readonly deviations: number;
  readonly deals: number;
}

/** How often a step was done, and how often it was left. */
export interface ConformanceStep {
  readonly step: string;
  /** Times it was done. */
  readonly done: number;
  readonly deviations: number;
}

export interface DeviatingDeal {
  readonly dealId: string;
  readonly ownerId: string | null;
  readonly deviations: number;
  readonly kinds: readonly DeviationKind[];
}

export interface ConformanceAnswer extends Answer<ConformanceParams> {
  readonly kinds: readonly { readonly kind: DeviationKind; readonly deviations: number; readonly deals: number }[];
  readonly steps: readonly ConformanceStep[];
  /** The most frequent first. */
  readonly rows: readonly ConformanceRow[];
  /** The ten deals that left the map most often. */
  readonly worst: readonly DeviatingDeal[];
  /** Deals on which a step was done in the period, and how many of them left the map in it. */
  readonly deals: ShownSample & {
    readonly worked: number;
    readonly deviating: number;
    readonly percent: string | null;
  };
}

export interface DeviationItem {
  readonly dealId: string;
  readonly kind: DeviationKind;
  readonly step: string;
  /** The event that deviates; of a step passed over without a word, the one that passed it over. */
  readonly eventId: string;
  readonly position: string;
  readonly occurredAt: Instant;
  /** Null where nobody is known, or nobody said a word: it is counted to the owner then. */
  readonly performerId: string | null;
  readonly ownerId: string | null;
  /** Of what was late: when it was due. */
  readonly dueAt: Instant | null;
}

export interface DeviationsAnswer extends Answer<DeviationsParams> {
  readonly count: number;
  /** The latest first. */
  readonly items: readonly DeviationItem[];
}

export interface DeviationsParams extends ConformanceParams {
  readonly kind?: DeviationKind | undefined;
  readonly step?: string | undefined;
}

const WORST = 10;

/** Where deals of a route map left it, by kind, step and person, beside how often the steps were done. */
export async function conformance(context: QueryContext, params: ConformanceParams): Promise<ConformanceAnswer> {
  // One after another: they share the connection of the snapshot.
  const rows = await rowsOf(context, params);
  const worst = await worstOf(context, params);
  const done = await doneOf(context, params);
  const byKind = await dealsBy(context, params);
  const sum = (of: (row: ConformanceRow) => boolean): number =>
    rows.filter(of).reduce((total, { deviations }) => total + deviations, 0);
  const codes = [...new Set([...done.steps.keys(), ...rows.map(({ step }) => step)])].toSorted();
  const deviating = byKind.get(null) ?? 0;
  return {
    ...answerHead(context, params, true),
    kinds: DEVIATION_KINDS.map((kind) => ({
      kind,
      deviations: sum((row) => row.kind === kind),
      deals: byKind.get(kind) ?? 0,
    })),
    steps: codes.map((step) => ({
      step,
      done: done.steps.get(step) ?? 0,
      deviations: sum((row) => row.step === step),
    })),
    rows,
    worst,
    deals: {
      ...{ worked: done.deals, deviating, percent: percent(deviating, done.deals) },
      ...shownSample(ratio(deviating, done.deals)),
    },
  };
}

/** The deviations themselves. @throws DomainError PAGE_INVALID */
export async function deviationItems(
  context: QueryContext,
  params: DeviationsParams,
  page: Page = {},
): Promise<DeviationsAnswer> {
  const { limit, offset } = pageOf(page);
  const statement = new Statement(context);
  const { kind, step } = params;
  const more = [
    ...(kind === undefined ? [] : [`f.kind = ${statement.bind(kind, 'text')}`]),
    ...(step === undefined ? [] : [`f.step = ${statement.bind(step, 'text')}`]),
  ];
  const { body } = select(statement, deviationFacts, cutOf(params), [...onMap(statement, params), ...more]);
  type Row = Omit<DeviationItem, 'occurredAt' | 'dueAt'> & {
    readonly n: number;
    readonly at: Date;
    readonly due: Date | null;
  };
  const rows = await statement.rows<Row>(`SELECT f.deal_id AS "dealId", f.kind, f.step, f.event_id AS "eventId",
      f.position::text AS position, f.performer_id AS "performerId", f.owner_id AS "ownerId", f.occurred_at AS at,
      f.due_at AS due, count(*) OVER ()::int AS n ${body}
    ORDER BY f.occurred_at DESC, f.position DESC, f.kind, f.step LIMIT ${limit} OFFSET ${offset}`);
  return {
    ...answerHead(context, params, true),
    count: rows[0]?.n ?? 0,
    items: rows.map(({ n: _n, at, due, ...item }) => ({
      ...item,
      occurredAt: at.toISOString(),
      dueAt: due?.toISOString() ?? null,
    })),
  };
}

const cutOf = ({ period, filters }: ConformanceParams) => ({ slices: [], period, filters });

function onMap(statement: Statement, { routeMap }: ConformanceParams): readonly string[] {
  return [`f.route_map_id = ${statement.bind(routeMap, 'text')}`];
}

async function rowsOf(context: QueryContext, params: ConformanceParams): Promise<ConformanceRow[]> {
  const statement = new Statement(context);
  const { body } = select(statement, deviationFacts, cutOf(params), onMap(statement, params));
  return await statement.rows<ConformanceRow>(`SELECT g.kind, g.step, g.performer AS "performerId",
      e.name AS "performerName", g.deviations, g.deals
    FROM (SELECT f.kind, f.step, ${deviationFacts.performer} AS performer, count(*)::int AS deviations,
      count(DISTINCT f.deal_id)::int AS deals ${body} GROUP BY 1, 2, 3) g
    LEFT JOIN employees e ON e.employee_id = g.performer AND ${statement.known('e')}
    ORDER BY g.deviations DESC, g.kind, g.step, g.performer`);
}

async function worstOf(context: QueryContext, params: ConformanceParams): Promise<DeviatingDeal[]> {
  const statement = new Statement(context);
  const { body } = select(statement, deviationFacts, cutOf(params), onMap(statement, params));
  return await statement.rows<DeviatingDeal>(`SELECT f.deal_id AS "dealId",
      (array_agg(f.owner_id ORDER BY f.occurred_at DESC, f.position DESC))[1] AS "ownerId",
      count(*)::int AS deviations, array_agg(DISTINCT f.kind ORDER BY f.kind) AS kinds ${body}
    GROUP BY f.deal_id ORDER BY 3 DESC, 1 LIMIT ${WORST}`);
}

/** Deals by kind; by null those with any. */
async function dealsBy(
  context: QueryContext,
  params: ConformanceParams,
): Promise<ReadonlyMap<DeviationKind | null, number>> {
  const statement = new Statement(context);
  const { body } = select(statement, deviationFacts, cutOf(params), onMap(statement, params));
  const rows = await statement.rows<{ kind: DeviationKind | null; deals: number }>(
    `SELECT f.kind, count(DISTINCT f.deal_id)::int AS deals ${body} GROUP BY ROLLUP (f.kind)`,
  );
  return new Map(rows.map(({ kind, deals }) => [kind, deals]));
}

async function doneOf(context: QueryContext, params: ConformanceParams) {
  const statement = new Statement(context);
  const conditions = [...onMap(statement, params), "f.status = 'done'"];
  const { body } = select(statement, 'steps', cutOf(params), conditions);
  const rows = await statement.rows<{ step: string | null; done: number; deals: number }>(
    `SELECT f.step, count(*)::int AS done, count(DISTINCT f.deal_id)::int AS deals ${body} GROUP BY ROLLUP (f.step)`,
  );
  return {
    steps: new Map(rows.flatMap(({ step, done }) => (step === null ? [] : [[step, done] as const]))),
    deals: rows.find(({ step }) => step === null)?.deals ?? 0,
  };
}
