import { type LocalDate, parsePeriod } from '@voronka/kernel';
import type { PostedAdjustment, StatementDocument, StatementLeaving } from '@voronka/pay/events';
import type { QueryContext } from '../context.js';
import { Statement } from '../sql.js';
import type { IssuedStatement } from './payroll.js';

/** Last working days, as known at K, of those who had left by the end of a month and were not hired again. */
export async function lastDaysAt(context: QueryContext, month: string): Promise<ReadonlyMap<string, LocalDate>> {
  const statement = new Statement(context);
  const { to } = parsePeriod(month);
  const rows = await statement.rows<{ employee: string; day: LocalDate }>(`SELECT e.employee_id AS employee,
      e.dismissed_on::text AS day
    FROM employees e WHERE ${statement.known('e')} AND e.dismissed_on < ${statement.bind(to, 'date')}`);
  return new Map(rows.map(({ employee, day }) => [employee, day]));
}

/** The last statement issued to each, of closed months. `issued` is in the order of months. */
export function lastOf(issued: readonly IssuedStatement[]): ReadonlyMap<string, StatementDocument> {
  return new Map(issued.map(({ document }) => [document.employeeId, document]));
}

/**
 * What a statement says of somebody who has left: the first one since then is the final one, later ones add what came
 * to light. `before` is the statement before it, null if there is none.
 */
export function leavingOf(
  lastDay: LocalDate,
  document: Pick<StatementDocument, 'adjustments' | 'totals'>,
  before: StatementDocument | null,
): StatementLeaving {
  const sum = (amounts: readonly number[]): number => amounts.reduce((total, one) => total + one, 0);
  return {
    lastDay,
    isFinal: before?.leaving?.lastDay !== lastDay,
    owedKopecks: document.totals.carriedKopecks,
    notTakenKopecks: sum(document.adjustments.map(({ notTakenKopecks }) => notTakenKopecks)),
    waivedKopecks: sum(document.adjustments.map(({ waivedKopecks }) => waivedKopecks)),
  };
}

/**
 * Is somebody who did not work in the month to be told anything? Yes for pay of a longer period, something due, better
 * terms that are paid by now, an adjustment by hand, or what the statement before did not say yet. Those who worked always have a statement.
 */
export function isCalledFor(
  { place, lines, adjustments, manual }: StatementDocument,
  before: StatementDocument | null,
): boolean {
  if (place !== null || lines.length > 0 || manual.length > 0) return true;
  if (adjustments.some(({ dueKopecks, termDeltaKopecks }) => dueKopecks !== 0 || termDeltaKopecks > 0)) return true;
  return adjustments.length > 0 && standing(adjustments) !== standing(before?.adjustments ?? []);
}

/** What is waived, not taken and to be looked at, month by month. */
function standing(adjustments: readonly PostedAdjustment[]): string {
  const parts = adjustments
    .map((one) => [one.origin, one.waivedKopecks, one.notTakenKopecks, one.reviewKopecks ?? 0] as const)
    .filter(([, ...amounts]) => amounts.some((amount) => amount !== 0));
  return JSON.stringify(parts);
}
