import type { Grain } from '@voronka/kernel';
import { ratio } from '@voronka/pay/figures';
import { type ShownSample, shownSample } from './analysis/shown.js';
import { answerHead, type Answer, type InstantPeriod, type QueryContext } from './context.js';
import { passedBySql } from './conversion.js';
import { type Cut, select, type Selection } from './facts.js';
import type { Place } from './layout.js';
import { decimal, percent } from './ratio.js';
import { groupBy, isAdditive, report, type Report, type SumRow } from './report.js';
import { namedBy } from './route-map.js';
import type { Filters, SliceName } from './slices.js';
import { all, Statement } from './sql.js';

export interface ActivityParams {
  readonly routeMap?: string | undefined;
  readonly period?: InstantPeriod | undefined;
  /** Several slices are combined. `performer` if left out. */
  readonly groupBy?: readonly SliceName[] | undefined;
  readonly grain?: Grain | undefined;
  /** Only activities of these kinds. */
  readonly kinds?: readonly string[] | undefined;
  /** Only activities about these topics; null: about none. */
  readonly topics?: readonly (string | null)[] | undefined;
  readonly filters?: Filters | undefined;
  /** H of `followed`, in local calendar days; 30 if left out. */
  readonly horizonDays?: number | undefined;
}

/** How often work was followed by the deal's next rank within H; the sample is the facts whose H has passed. */
export interface Followed extends ShownSample {
  /** Facts whose H has passed at T and that were followed in time. */
  readonly followed: number;
  /** Facts whose H has passed at T. */
  readonly matured: number;
  /** Facts whose H has not passed. */
  readonly pending: number;
  /** followed ÷ matured, in percent; null if nothing has matured. */
  readonly percent: string | null;
}

export interface ActivityRow extends Place {
  /** Done activities. */
  readonly done: number;
  readonly next: Followed;
  /** Deals won in the period, credited to the owner. */
  readonly won: number;
  /** done ÷ won; null if nothing was won. */
  readonly activitiesPerWin: string | null;
  /** Activities ever done on the deals won in the period. */
  readonly doneOnWon: number;
  /** doneOnWon ÷ won; null if nothing was won. */
  readonly activitiesOnWon: string | null;
}

export interface ActivityAnswer extends Answer<ActivityParams>, Report<ActivityRow> {}

type Field = 'done' | 'matured' | 'followed' | 'won' | 'done_on_won';
const FIELDS: readonly Field[] = ['done', 'matured', 'followed', 'won', 'done_on_won'];
const DEFAULT_HORIZON_DAYS = 30;

/**
 * Done activities by the date they happened, credited to the performer, with their results beside.
 * @throws DomainError ANSWER_TOO_LARGE
 */
export async function activity(context: QueryContext, params: ActivityParams): Promise<ActivityAnswer> {
  const cut: Cut = { ...params, named: namedBy(params), slices: params.groupBy ?? ['performer'] };
  const figures = await report<Field, ActivityRow>(context, cut, {
    fields: FIELDS,
    count: async (asked) => [...(await countDone(context, params, asked)), ...(await countWon(context, params, asked))],
    row: (place, sums) => ({
      ...place,
      done: Number(sums.done),
      next: followedOf(sums),
      won: Number(sums.won),
      activitiesPerWin: decimal(sums.done, sums.won),
      doneOnWon: Number(sums.done_on_won),
      activitiesOnWon: decimal(sums.done_on_won, sums.won),
    }),
  });
  return { ...answerHead(context, params, isAdditive(cut)), ...figures };
}

/** The result beside a count of work. */
export function followedOf(sums: Readonly<Record<'done' | 'matured' | 'followed', bigint>>): Followed {
  return {
    followed: Number(sums.followed),
    matured: Number(sums.matured),
    pending: Number(sums.done - sums.matured),
    percent: percent(sums.followed, sums.matured),
    ...shownSample(ratio(sums.followed, sums.matured)),
  };
}

/** Conditions on activity `f`. */
export function activityConditions(statement: Statement, params: ActivityParams): string[] {
  const conditions: string[] = [];
  if (params.routeMap !== undefined) conditions.push(`f.route_map_id = ${statement.bind(params.routeMap, 'text')}`);
  if (params.kinds !== undefined) conditions.push(`f.kind = ANY(${statement.bind(params.kinds, 'text[]')})`);
  if (params.topics !== undefined) {
    const named = params.topics.filter((topic) => topic !== null);
    const among = `f.topic = ANY(${statement.bind(named, 'text[]')})`;
    conditions.push(params.topics.includes(null) ? `(${among} OR f.topic IS NULL)` : among);
  }
  return conditions;
}

async function countDone(context: QueryContext, params: ActivityParams, cut: Cut): Promise<SumRow<Field>[]> {
  const statement = new Statement(context);
  const chosen = select(statement, 'activities', cut, activityConditions(statement, params));
  return await statement.rows(countFollowed(statement, chosen, params));
}

/** Facts of work as `d`, with what followed them. */
interface WorkSql {
  readonly from: string;
  /** H has passed at T. Made on demand: a parameter that a statement binds must stand in its text. */
  readonly matured: () => string;
  /** The deal's next rank followed within H. */
  readonly followed: () => string;
}

/** What of a question decides how work is followed. */
export interface FollowedParams {
  readonly period?: InstantPeriod | undefined;
  readonly horizonDays?: number | undefined;
}

/**
 * The facts chosen, each with the moment of the deal's next rank: its next position of higher rank than the one it had
 * at that moment. Of one moment the order of the log decides: a contact and a demonstration told of the same minute are
 * a contact that a demonstration followed. `extra` are more columns of the fact.
 */
export function workSql(
  statement: Statement,
  chosen: Selection,
  { period, horizonDays = DEFAULT_HORIZON_DAYS }: FollowedParams,
  extra: readonly string[] = [],
): WorkSql {
  const columns = extra.map((column) => `, f.${column}`).join('');
  const done = `SELECT f.deal_id, f.occurred_at, f.position${columns}${chosen.columns} ${chosen.body}`;
  const positions = all([
    'p.deal_id = d.deal_id',
    statement.known('p'),
    '(p.valid_from, p.began_position) <= (d.occurred_at, d.position)',
    '(d.occurred_at, d.position) < (p.valid_to, p.ended_position)',
    ...usable(statement, period),
  ]);
  const passedBy = (moment: string): string => passedBySql(statement, 'd.occurred_at', horizonDays, moment);
  return {
    from: `(SELECT d.*, p.next_rank_at FROM (${done}) d LEFT JOIN deal_positions p ON ${positions}) d`,
    matured: () => passedBy(statement.now),
    followed: () => `d.next_rank_at <= ${statement.now} AND NOT ${passedBy('d.next_rank_at')}`,
  };
}

/** Positions that something can have followed, of those that facts of the period stand at: what they imply, said. */
function usable(statement: Statement, period: InstantPeriod | undefined): string[] {
  const followed = `p.next_rank_at <= ${statement.now}`;
  if (period === undefined) return [followed];
  const from = statement.bind(period.from, 'timestamptz');
  return [followed, `p.valid_to >= ${from}`, `p.valid_from < ${statement.bind(period.to, 'timestamptz')}`];
}

/** Counts facts as `done`, `matured` (their H has passed) and `followed` (of those) by their slices and `extra`. */
export function countFollowed(
  statement: Statement,
  chosen: Selection,
  params: FollowedParams,
  extra: readonly string[] = [],
): string {
  const { from, matured, followed } = workSql(statement, chosen, params, extra);
  const sums = [
    'count(*) AS done',
    `count(*) FILTER (WHERE ${matured()}) AS matured`,
    `count(*) FILTER (WHERE ${matured()} AND ${followed()}) AS followed`,
  ];
  const names = [...extra, ...chosen.names.split(', ').filter((name) => name !== '')].join(', ');
  return groupBy(names, sums, from);
}

/** Won deals of the period, and the activities ever done on them. A performer's wins are those of the deals he owns. */
async function countWon(context: QueryContext, params: ActivityParams, cut: Cut): Promise<SumRow<Field>[]> {
  const statement = new Statement(context);
  const { columns, names, body } = select(statement, 'closings', cut, [
    "f.outcome = 'won'",
    ...activityConditions(statement, { routeMap: params.routeMap }),
  ]);
  const worked = all([
    'f.deal_id = w.deal_id',
    statement.known('f'),
    `f.occurred_at <= ${statement.now}`,
    ...activityConditions(statement, params),
  ]);
  // Deal by deal: those that were won are few beside all that was ever worked on.
  const from = `(SELECT f.deal_id${columns} ${body}) w
    CROSS JOIN LATERAL (SELECT count(*) AS n FROM activities f WHERE ${worked}) a`;
  return await statement.rows(
    groupBy(names.slice(2), ['count(*) AS won', 'coalesce(sum(a.n), 0) AS done_on_won'], from),
  );
}
