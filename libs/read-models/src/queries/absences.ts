import type { LocalDate } from '@voronka/kernel';
import type { QueryContext } from './context.js';
import type { Page } from './page.js';
import { list, type ReferenceAnswer } from './reference.js';
import { type Scope, withinScope } from './scope.js';
import type { Statement } from './sql.js';

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
export function absencesList(
  context: QueryContext,
  scope: Scope,
  page: Page = {},
): Promise<ReferenceAnswer<AbsenceItem>> {
  const today = (statement: Statement): string =>
    `(${statement.now} AT TIME ZONE ${statement.bind(context.zone, 'text')})::date`;
  return list(context, page, {
    columns: (statement) => `a.employee_id AS "employeeId", a.absence_id AS "absenceId", a.kind,
      a.first_day::text AS "firstDay", a.last_day::text AS "lastDay",
      ${today(statement)} BETWEEN a.first_day AND a.last_day AS now`,
    from: (statement) => `absences a WHERE ${statement.known('a')}
      AND ${withinScope(statement, scope, { employee: 'a.employee_id', at: () => statement.now })}`,
    order: 'a.first_day DESC, a.employee_id, a.absence_id',
  });
}
