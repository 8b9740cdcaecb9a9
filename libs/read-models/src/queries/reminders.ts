import type { Instant } from '@voronka/kernel';
import { dueAfter } from '@voronka/sales/walk';
import { calendarAt } from './calendar.js';
import type { QueryContext } from './context.js';
import { standingAt } from './deal.js';
import type { Page } from './page.js';
import { list, type ReferenceAnswer } from './reference.js';
import { type Scope, withinScope } from './scope.js';
import { Statement } from './sql.js';

export interface ReminderItem {
  readonly reminderId: string;
  readonly subject: 'deal' | 'serviceCase';
  readonly subjectId: string;
  readonly about: 'step' | 'activity';
  readonly step: string | null;
  readonly activityId: string | null;
  readonly dueAt: Instant;
  readonly level: 'performer' | 'head';
  readonly employeeId: string | null;
  readonly raisedAt: Instant;
  readonly eventId: string;
}

type Row = Omit<ReminderItem, 'dueAt' | 'raisedAt'> & { readonly due: Date; readonly raised: Date };

/** Reminders within a scope raised by T, the latest first. @throws DomainError PAGE_INVALID */
export async function remindersList(
  context: QueryContext,
  scope: Scope,
  page: Page = {},
): Promise<ReferenceAnswer<ReminderItem>> {
  const { items, ...answer } = await list<Row>(context, page, {
    columns: `r.reminder_id AS "reminderId", r.subject, r.deal_id AS "subjectId", r.about, r.step,
      r.activity_id AS "activityId", r.due_at AS due, r.level, r.employee_id AS "employeeId", r.occurred_at AS raised,
      r.event_id::text AS "eventId"`,
    from: (statement) => `reminders r WHERE ${statement.known('r')} AND r.occurred_at <= ${statement.now}
      AND ${withinScope(statement, scope, { employee: 'r.employee_id', at: () => 'r.occurred_at' })}`,
    order: 'r.occurred_at DESC, r.position DESC',
  });
  return {
    ...answer,
    items: items.map(({ due, raised, ...item }) => ({
      ...item,
      dueAt: due.toISOString(),
      raisedAt: raised.toISOString(),
    })),
  };
}

/** Something that is overdue and of which not everybody was reminded yet. */
export interface Overdue {
  readonly about: 'step' | 'activity';
  readonly dealId: string;
  readonly step: string | null;
  readonly activityId: string | null;
  readonly causeId: string;
  /** Since when a step waits; null for an activity. */
  readonly since: Instant | null;
  /** By the calendar in force. */
  readonly dueAt: Instant;
  /** By the calendar known when the waiting began: whatever was published since, it is the same waiting. */
  readonly firstDueAt: Instant;
  readonly performerId: string | null;
  /**
   * Head of the department that whoever should have done it works in, or worked in last: of that or the nearest above that
   * somebody else heads; himself where nobody else does.
   */
  readonly headId: string | null;
  readonly performerReminded: boolean;
}

type OverdueRow = Omit<Overdue, 'since' | 'dueAt' | 'firstDueAt'> & {
  readonly began: Date | null;
  readonly norm: number | null;
  readonly due: Date;
};

/**
 * What is known of a waiting may begin otherwise than when it was reminded of: a prerequisite was corrected, or an earlier
 * version told when steps begin to wait by other rules. A reminder that no waiting bears out any more was of the one that
 * went on then.
 */
function raisedWithin(statement: Statement): string {
  return `u.about = 'step' AND r.occurred_at >= u.began AND NOT EXISTS (SELECT FROM waiting x
      WHERE x.deal_id = u."dealId" AND x.step = u.step AND x.began_event_id = r.cause_event_id
        AND x.due_at = r.first_due_at AND ${statement.known('x')})`;
}

/** Looked through at once, those first that were due first; what was raised makes room for the next. */
const MOST = 5_000;

/**
 * Steps and planned activities of open deals (of service cases, where the snapshot is theirs) that are overdue at T and
 * that no head was reminded of. Of steps the table knows when they were due by the calendar of when the waiting began;
 * days off that were published since put that off, and working days bring it forward, so that all are looked at whose
 * norm has passed by the clock: by no calendar does it pass sooner. What was overdue before the log learned of its deal,
 * by what the table knows, is history, and left alone.
 */
export async function overdueUnreminded(context: QueryContext, subject: ReminderItem['subject']): Promise<Overdue[]> {
  const statement = new Statement(context);
  const { now } = statement;
  const reminded = (level: string): string => `EXISTS (SELECT FROM reminders r WHERE r.deal_id = u."dealId"
    AND r.subject = ${statement.bind(subject, 'text')} AND r.about = u.about AND r.step IS NOT DISTINCT FROM u.step
    AND r.level = '${level}' AND ${statement.known('r')}
    AND (r.cause_event_id = u."causeId" AND r.first_due_at = u.due OR ${raisedWithin(statement)}))`;
  const rows = await statement.rows<OverdueRow>(`WITH RECURSIVE open AS (
      SELECT d.deal_id, d.recorded_at, o.owner_id FROM deals d
      JOIN deal_states s ON s.deal_id = d.deal_id AND s.status = 'open' AND ${statement.holds('s', now)}
      LEFT JOIN deal_owners o ON o.deal_id = d.deal_id AND ${statement.holds('o', now)}
      WHERE ${statement.known('d')}
    ), u AS (
      SELECT 'step' AS about, w.deal_id AS "dealId", w.step, NULL AS "activityId", w.began_event_id AS "causeId",
        w.began_at AS began, m.norm_minutes AS norm, w.due_at AS due, o.owner_id AS "performerId"
      FROM open o JOIN waiting w ON w.deal_id = o.deal_id AND ${statement.known('w')}
      JOIN route_map_steps m ON m.route_map_id = w.route_map_id AND m.version = w.route_map_version AND m.step = w.step
        AND ${statement.known('m')} AND w.began_at + make_interval(mins => m.norm_minutes) < ${now}
      WHERE w.due_at >= o.recorded_at AND (w.ended_at IS NULL OR w.ended_at > ${now})
      UNION ALL
      SELECT 'activity', a.deal_id, a.step, a.activity_id, a.event_id, NULL, NULL, a.due_at,
        coalesce(a.performer_id, o.owner_id)
      FROM open o JOIN planned_activities a ON a.deal_id = o.deal_id AND ${statement.known('a')}
      WHERE a.due_at >= o.recorded_at AND a.occurred_at <= ${now} AND ${standingAt(statement, 'a')} = 'missed'
    ), above AS (
      SELECT d.department_id, d.department_id AS headed_id, d.parent_id, 0 AS height FROM departments d
      WHERE ${statement.known('d')}
      UNION ALL
      SELECT b.department_id, d.department_id, d.parent_id, b.height + 1 FROM above b
      JOIN departments d ON d.department_id = b.parent_id AND ${statement.known('d')}
    ), heads AS (
      SELECT b.department_id, b.height, dh.employee_id FROM above b
      JOIN department_heads dh ON dh.department_id = b.headed_id AND ${statement.holds('dh', now)}
    )
    SELECT u.about, u."dealId", u.step, u."activityId", u."causeId"::text AS "causeId", u.began, u.norm, u.due,
      u."performerId",
      h.employee_id AS "headId", ${reminded('performer')} AS "performerReminded"
    FROM u
    LEFT JOIN LATERAL (SELECT a.department_id FROM employee_assignments a WHERE a.employee_id = u."performerId"
        AND ${statement.known('a')} AND a.valid_from < a.valid_to AND a.valid_from <= ${now}
      ORDER BY a.valid_from DESC LIMIT 1) ea ON true
    LEFT JOIN LATERAL (SELECT h.employee_id FROM heads h WHERE h.department_id = ea.department_id
      ORDER BY h.employee_id = u."performerId", h.height LIMIT 1) h ON true
    WHERE NOT ${reminded('head')}
    ORDER BY u.due, u."dealId", u.about, u.step LIMIT ${MOST}`);
  const time = { calendar: await calendarAt(context), zone: context.zone };
  return rows.flatMap(({ began, norm, due, ...row }) => {
    const [since, firstDueAt] = [began?.toISOString() ?? null, due.toISOString()];
    const dueAt = since === null ? firstDueAt : dueAfter(norm, since, time);
    return dueAt === null || dueAt >= context.at ? [] : [{ ...row, since, dueAt, firstDueAt }];
  });
}
