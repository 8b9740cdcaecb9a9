import type { LocalDate } from '@voronka/kernel';
import { answerHead, type QueryContext } from './context.js';
import { type Page, pageOf } from './page.js';
import type { ReferenceAnswer } from './reference.js';
import { type Scope, withinScope } from './scope.js';
import { Statement } from './sql.js';

export interface AbsenceItem {
  readonly employeeId: string;
  readonly absenceId: string;
  readonly kind: string;
  readonly firstDay: LocalDate;
  readonly lastDay: LocalDate;
  /** Not at work on the local date of T. */
  readonly now: boolean;
}

/** Absences of the people within a scope at T, the latest first. @throws DomainError PAGE_INVALID */
export async function absencesList(
  context: QueryContext,
  scope: Scope,
  page: Page = {},
): Promise<ReferenceAnswer<AbsenceItem>> {
  const { limit, offset } = pageOf(page);
  const statement = new Statement(context);
  const body = `absences a WHERE ${statement.known('a')}
    AND ${withinScope(statement, scope, { employee: 'a.employee_id', at: () => statement.now })}`;
  const [counted] = await statement.rows<{ n: number }>(`SELECT count(*)::int AS n FROM ${body}`);
  // Bound only now: a statement takes no parameter that its text does not name.
  const today = `(${statement.now} AT TIME ZONE ${statement.bind(context.zone, 'text')})::date`;
  const items = await statement.rows<AbsenceItem>(
    `SELECT a.employee_id AS "employeeId", a.absence_id AS "absenceId", a.kind, a.first_day::text AS "firstDay",
      a.last_day::text AS "lastDay", ${today} BETWEEN a.first_day AND a.last_day AS now
    FROM ${body} ORDER BY a.first_day DESC, a.employee_id, a.absence_id LIMIT ${limit} OFFSET ${offset}`,
  );
  return { ...answerHead(context, {}, true), count: counted?.n ?? 0, items };
}
