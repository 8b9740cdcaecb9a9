import { parsePeriod, refuse } from '@voronka/kernel';
import { payrollAt, peopleByPeriod, peopleOf, type PlansParams } from '@voronka/read-models';
import type { ScopedContext } from './query.definition.js';

// Whose pay and plans somebody may look at. Departments count as they were: see `peopleByPeriod`.

/**
 * People whose pay of a period the sender may look at, or of any period; null: everybody's.
 * @throws DomainError SCOPE_EXCEEDED
 */
export async function visible(
  context: ScopedContext,
  asked: readonly string[] | undefined,
  period: string | undefined,
): Promise<readonly string[] | null> {
  const allowed = await allowedIn(context, period);
  if (allowed === null) return asked ?? null;
  const stranger = asked?.find((id) => !allowed.includes(id));
  if (stranger === undefined) return asked ?? allowed;
  const detail = 'ask for your own pay, or for that of who was in a department you head';
  throw refuse.forbidden('SCOPE_EXCEEDED', detail, { employee: stranger });
}

async function allowedIn(context: ScopedContext, period: string | undefined): Promise<readonly string[] | null> {
  if (period === undefined) return await peopleOf(context, context.scope);
  const held = await peopleByPeriod(context, context.scope, [parsePeriod(period)]);
  return held === null ? null : (held.get(period) ?? []);
}

/** People whose statements of each month of payroll the sender may look at; null: everybody's. */
export async function heldByMonth(context: ScopedContext): Promise<ReadonlyMap<string, readonly string[]> | null> {
  const { periods } = await payrollAt(context);
  const months = periods.map(({ period }) => parsePeriod(period));
  return await peopleByPeriod(context, context.scope, months);
}

/**
 * Owners whose plans of a period the sender may look at: a head those of his people and of his departments.
 * @throws DomainError SCOPE_EXCEEDED
 */
export async function visibleOwners(
  context: ScopedContext,
  asked: readonly string[] | undefined,
  period: string,
): Promise<Pick<PlansParams, 'employees' | 'departments'>> {
  const { scope } = context;
  const employees = await visible(context, asked, period);
  if (employees === null) return {};
  const isWhole = asked === undefined && scope !== null && 'departments' in scope;
  return isWhole ? { employees, departments: scope.departments } : { employees };
}
