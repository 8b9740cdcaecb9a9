import { type Period, periodBounds } from '@voronka/kernel';
import { type QueryContext } from './context.js';
import type { Filters, SliceName } from './slices.js';
import { Statement } from './sql.js';

/** What of the company somebody may look at; null: all of it. Departments count as they were at the event. */
export type Scope = { readonly employee: string } | { readonly departments: readonly string[] } | null;

/** The departments that an employee heads at T, and all below them, as known at K. */
export async function departmentsHeadedBy(context: QueryContext, employeeId: string): Promise<readonly string[]> {
  const statement = new Statement(context);
  const rows = await statement.rows<{ id: string }>(`WITH RECURSIVE headed AS (
      SELECT h.department_id FROM department_heads h
      WHERE h.employee_id = ${statement.bind(employeeId, 'text')} AND ${statement.holds('h', statement.now)}
      UNION
      SELECT d.department_id FROM departments d JOIN headed h ON d.parent_id = h.department_id
      WHERE ${statement.known('d')})
    SELECT department_id AS id FROM headed ORDER BY 1`);
  return rows.map(({ id }) => id);
}

/** The slice by which a scope narrows figures: people by whom the figure credits. */
export function scopeFilter(scope: Scope, person: 'owner' | 'performer' | 'employee'): Filters {
  if (scope === null) return {};
  return 'employee' in scope ? { [person]: [scope.employee] } : { department: scope.departments };
}

/** Values asked for that a scope does not hold. */
export function beyondScope(
  scope: Filters,
  asked: Filters,
): { readonly slice: SliceName; readonly value: string | null } | null {
  for (const [slice, allowed] of Object.entries(scope) as [SliceName, readonly (string | null)[]][]) {
    const stranger = asked[slice]?.find((value) => !allowed.includes(value));
    if (stranger !== undefined) return { slice, value: stranger };
  }
  return null;
}

/** Whether a deal was ever, as known at K, in the hands of somebody inside the scope. */
export async function isDealInScope(context: QueryContext, dealId: string, scope: Scope): Promise<boolean> {
  if (scope === null) return true;
  const statement = new Statement(context);
  const deal = statement.bind(dealId, 'text');
  const owners = `FROM deal_owners o WHERE o.deal_id = ${deal} AND ${statement.known('o')}`;
  const inside =
    'employee' in scope
      ? `EXISTS (SELECT ${owners} AND o.owner_id = ${statement.bind(scope.employee, 'text')})
         OR EXISTS (SELECT FROM steps s WHERE s.deal_id = ${deal} AND ${statement.known('s')}
           AND s.performer_id = ${statement.bind(scope.employee, 'text')})
         OR EXISTS (SELECT FROM activities a WHERE a.deal_id = ${deal} AND ${statement.known('a')}
           AND a.performer_id = ${statement.bind(scope.employee, 'text')})`
      : `EXISTS (SELECT ${owners} AND EXISTS (SELECT FROM employee_assignments a
          WHERE a.employee_id = o.owner_id AND ${statement.known('a')} AND a.valid_from < o.valid_to
            AND o.valid_from < a.valid_to AND a.department_id = ANY(${statement.bind(scope.departments, 'text[]')})))`;
  const [found] = await statement.rows<{ inside: boolean }>(`SELECT ${inside} AS inside`);
  return found?.inside === true;
}

/** Condition: somebody, given as SQL, is within a scope at an instant, given as SQL. */
export function withinScope(
  statement: Statement,
  scope: Scope,
  { employee, at }: { readonly employee: string; readonly at: () => string },
) {
  if (scope === null) return 'true';
  if ('employee' in scope) return `${employee} = ${statement.bind(scope.employee, 'text')}`;
  return `EXISTS (SELECT FROM employee_assignments wa WHERE wa.employee_id = ${employee} AND ${statement.holds('wa', at())}
    AND wa.department_id = ANY(${statement.bind(scope.departments, 'text[]')}))`;
}

/** The people a scope holds, now or before, as known at K; null: everybody. */
export async function peopleOf(context: QueryContext, scope: Scope): Promise<readonly string[] | null> {
  if (scope === null) return null;
  if ('employee' in scope) return [scope.employee];
  const statement = new Statement(context);
  const rows = await statement.rows<{ id: string }>(`SELECT DISTINCT a.employee_id AS id FROM employee_assignments a
    WHERE ${statement.known('a')} AND a.valid_from < a.valid_to
      AND a.department_id = ANY(${statement.bind(scope.departments, 'text[]')}) ORDER BY 1`);
  return rows.map(({ id }) => id);
}

/**
 * The people a scope holds in each of these periods, by key, as known at K; null: everybody. The last place that somebody
 * had by the end of the period decides, as it does for his pay: so who has left stays with the department he left.
 */
export async function peopleByPeriod(
  context: QueryContext,
  scope: Scope,
  periods: readonly Period[],
): Promise<ReadonlyMap<string, readonly string[]> | null> {
  if (scope === null) return null;
  if ('employee' in scope) return new Map(periods.map(({ key }) => [key, [scope.employee]]));
  const statement = new Statement(context);
  const keys = statement.bind(
    periods.map(({ key }) => key),
    'text[]',
  );
  const ends = statement.bind(
    periods.map((period) => periodBounds(period, context.zone).to),
    'text[]',
  );
  const rows = await statement.rows<{ key: string; people: string[] }>(`SELECT p.key,
      array_agg(l.employee_id ORDER BY l.employee_id) AS people
    FROM unnest(${keys}, ${ends}::timestamptz[]) AS p (key, ends)
    CROSS JOIN LATERAL (SELECT DISTINCT ON (a.employee_id) a.employee_id, a.department_id FROM employee_assignments a
      WHERE ${statement.known('a')} AND a.valid_from < a.valid_to AND a.valid_from < p.ends
      ORDER BY a.employee_id, a.valid_from DESC) l
    WHERE l.department_id = ANY(${statement.bind(scope.departments, 'text[]')}) GROUP BY p.key`);
  const found = new Map(rows.map(({ key, people }) => [key, people]));
  return new Map(periods.map(({ key }) => [key, found.get(key) ?? []]));
}
