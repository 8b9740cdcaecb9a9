import type { Instant } from '@voronka/kernel';
import { answerHead, type Answer, type QueryContext } from './context.js';
import { standingAt } from './deal.js';
import { type FactTable, factOf, select } from './facts.js';
import { type SilentCustomer, silentCustomers } from './silent-customers.js';
import type { Filters } from './slices.js';
import { Statement } from './sql.js';
import { STANDING_SINCE } from './standing.js';

export interface WorklistParams {
  readonly filters?: Filters | undefined;
  /** A deal is stuck that has stood at its bar for longer; 30 if left out. */
  readonly stuckDays?: number | undefined;
  /** A customer is silent of whom nothing was recorded for longer; 30 if left out. */
  readonly silentDays?: number | undefined;
}

export interface WaitingForVerification {
  readonly dealId: string;
  readonly step: string;
  readonly completionId: string;
  readonly performerId: string | null;
  readonly ownerId: string | null;
  readonly since: Instant;
}

export interface StuckDeal {
  readonly dealId: string;
  readonly ownerId: string | null;
  readonly step: string | null;
  readonly since: Instant;
  readonly days: number;
}

export interface MissedActivity {
  readonly dealId: string;
  readonly ownerId: string | null;
  readonly activityId: string;
  readonly kind: string;
  readonly topic: string | null;
  readonly performerId: string | null;
  readonly dueAt: Instant;
}

/** Nobody has planned anything that is still to be done. */
export interface IdleDeal {
  readonly dealId: string;
  readonly ownerId: string | null;
  readonly step: string | null;
  readonly openedAt: Instant;
}

export interface WorklistAnswer extends Answer<WorklistParams> {
  readonly awaiting: readonly WaitingForVerification[];
  readonly stuck: readonly StuckDeal[];
  /** Those in work come first, and then those whose deals are all closed. */
  readonly silent: readonly SilentCustomer[];
  /** Planned activities whose time has passed. */
  readonly missed: readonly MissedActivity[];
  readonly withoutNextActivity: readonly IdleDeal[];
}

const DAYS = 30;
/** Of each list, the oldest. */
const MOST = 500;

/** What a head looks at: the oldest first, of open deals by whoever owns them at T; silent customers of closed ones, too. */
export async function worklist(context: QueryContext, params: WorklistParams): Promise<WorklistAnswer> {
  return {
    ...answerHead(context, params, true),
    awaiting: await awaiting(context, params),
    stuck: await stuck(context, params),
    silent: await silentCustomers(context, params, MOST),
    missed: await missed(context, params),
    withoutNextActivity: await withoutNextActivity(context, params),
  };
}

interface Row {
  readonly deal: string;
  readonly owner: string | null;
  readonly at: Date | null;
}

interface AwaitingRow extends Omit<Row, 'owner'> {
  readonly step: string;
  readonly completion: string;
  readonly performer: string | null;
  /** The owner at T. */
  readonly s0: string | null;
}

async function awaiting(context: QueryContext, { filters }: WorklistParams): Promise<WaitingForVerification[]> {
  const statement = new Statement(context);
  const { now } = statement;
  // What was judged after T waited then.
  const waited = `(f.status = 'awaiting' OR f.judged_at > ${now})`;
  // Whoever owns the deal at T answers for it, and his head may judge it; the owner of back then may be gone.
  const credit = { performer: 'f.performer_id', credited: 'owner', ownerAt: now, instant: now } as const;
  const steps: FactTable = { ...factOf('steps'), ...credit, period: 'f.occurred_at' };
  const { columns, body } = select(statement, steps, { slices: ['owner'], filters }, [waited]);
  const rows = await statement.rows<AwaitingRow>(
    `SELECT f.deal_id AS deal, f.step, f.event_id AS completion, f.performer_id AS performer, f.occurred_at AS at${columns}
    ${body} ORDER BY f.occurred_at, f.event_id LIMIT ${MOST}`,
  );
  return rows.map(({ deal, step, completion, performer, s0: owner, at }) => ({
    ...{ dealId: deal, step, completionId: completion, performerId: performer, ownerId: owner },
    since: at?.toISOString() ?? context.at,
  }));
}

/** Open deals with where they stand and who owns them, all at T. */
function openAt(statement: Statement): FactTable {
  const now = statement.now;
  return {
    table: `(SELECT d.*, p.step, ${STANDING_SINCE} AS since, o.owner_id FROM deals d
      JOIN deal_states s ON s.deal_id = d.deal_id AND s.status = 'open' AND ${statement.holds('s', now)}
      JOIN deal_positions p ON p.deal_id = d.deal_id AND ${statement.holds('p', now)}
      LEFT JOIN deal_owners o ON o.deal_id = d.deal_id AND ${statement.holds('o', now)})`,
    ...{ performer: null, credited: 'owner', instant: now, period: 'f.occurred_at', localDate: 'f.local_date' },
    own: { step: 'f.step' },
  };
}

async function stuck(context: QueryContext, { filters, stuckDays = DAYS }: WorklistParams): Promise<StuckDeal[]> {
  const statement = new Statement(context);
  const days = `make_interval(days => ${statement.bind(stuckDays, 'integer')})`;
  const long = `f.since < ${statement.now} - ${days}`;
  const { body } = select(statement, openAt(statement), { slices: [], filters }, [long]);
  const rows = await statement.rows<Row & { step: string | null; days: number }>(
    `SELECT f.deal_id AS deal, f.step, f.owner_id AS owner, f.since AS at,
      extract(day FROM ${statement.now} - f.since)::int AS days ${body} ORDER BY f.since, f.deal_id LIMIT ${MOST}`,
  );
  return rows.map(({ deal, step, owner, at, days: stood }) => ({
    ...{ dealId: deal, ownerId: owner, step, days: stood },
    since: at?.toISOString() ?? context.at,
  }));
}

async function missed(context: QueryContext, { filters }: WorklistParams): Promise<MissedActivity[]> {
  const statement = new Statement(context);
  const { body } = select(statement, openAt(statement), { slices: [], filters });
  const rows = await statement.rows<Row & Omit<MissedActivity, 'dealId' | 'ownerId' | 'dueAt'>>(
    `SELECT o.deal_id AS deal, o.owner_id AS owner, a.activity_id AS "activityId", a.kind, a.topic,
      a.performer_id AS "performerId", a.due_at AS at
    FROM (SELECT f.deal_id, f.owner_id ${body}) o JOIN planned_activities a ON a.deal_id = o.deal_id
      AND ${statement.known('a')} AND a.occurred_at <= ${statement.now} AND ${standingAt(statement, 'a')} = 'missed'
    ORDER BY a.due_at, a.event_id LIMIT ${MOST}`,
  );
  return rows.map(({ deal, owner, at, ...activity }) => ({
    ...{ dealId: deal, ownerId: owner, ...activity },
    dueAt: at?.toISOString() ?? context.at,
  }));
}

async function withoutNextActivity(context: QueryContext, { filters }: WorklistParams): Promise<IdleDeal[]> {
  const statement = new Statement(context);
  const planned = `EXISTS (SELECT FROM planned_activities a WHERE a.deal_id = f.deal_id AND ${statement.known('a')}
    AND a.occurred_at <= ${statement.now} AND ${standingAt(statement, 'a')} IN ('due', 'missed'))`;
  const { body } = select(statement, openAt(statement), { slices: [], filters }, [`NOT ${planned}`]);
  const rows = await statement.rows<Row & { step: string | null }>(
    `SELECT f.deal_id AS deal, f.owner_id AS owner, f.step, f.occurred_at AS at ${body}
    ORDER BY f.occurred_at, f.deal_id LIMIT ${MOST}`,
  );
  return rows.map(({ deal, owner, step, at }) => ({
    ...{ dealId: deal, ownerId: owner, step },
    openedAt: at?.toISOString() ?? context.at,
  }));
}

/** Deals on which a step may be overdue, and how far that is all of them. */
export interface DealsWithNorms {
  /** Those first whose norm passes first. */
  readonly ids: readonly string[];
  readonly openDeals: number;
  /** Of the open deals, all but those that were too many. */
  readonly lookedAt: number;
}

/**
 * Open deals at T, by whoever owns them then, on which a step with a norm waits. The due times of the tables go by the
 * calendar of when the waiting began: they tell where to look first, not yet what is overdue. Nor does it matter when it
 * began, since what was done once more later began it anew.
 */
export async function dealsWithNorms(
  context: QueryContext,
  filters: Filters | undefined,
  most: number,
): Promise<DealsWithNorms> {
  const statement = new Statement(context);
  const { body } = select(statement, openAt(statement), { slices: [], filters });
  const [row] = await statement.rows<{ ids: string[]; open: number; due: number }>(`WITH open AS (
      SELECT f.deal_id ${body}
    ), due AS (
      SELECT o.deal_id, min(w.due_at) AS due_at FROM open o JOIN waiting w ON w.deal_id = o.deal_id
        AND ${statement.known('w')} AND w.due_at IS NOT NULL AND (w.ended_at IS NULL OR w.ended_at > ${statement.now})
      GROUP BY o.deal_id)
    SELECT (SELECT count(*) FROM open)::int AS open, (SELECT count(*) FROM due)::int AS due,
      ARRAY(SELECT deal_id FROM due ORDER BY due_at, deal_id LIMIT ${most}) AS ids`);
  const { ids, open, due } = row ?? { ids: [], open: 0, due: 0 };
  return { ids, openDeals: open, lookedAt: open - (due - ids.length) };
}
