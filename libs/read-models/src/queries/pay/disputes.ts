import type { StatementDocument } from '@voronka/pay/events';
import type { QueryContext } from '../context.js';
import { Statement } from '../sql.js';

/** A dispute as it is shown beside what it doubts. */
export interface ShownDispute {
  readonly disputeId: string;
  readonly employeeId: string;
  readonly period: string;
  /** How it ended, or that it has not. */
  readonly status: 'open' | 'upheld' | 'dismissed';
  /** Position at which the figures in doubt are pinned: ask `asOf` it. */
  readonly openedAt: string;
  /** Codes of the rules in doubt; empty: the whole statement. */
  readonly rules: readonly string[];
  readonly openedBy: string;
  readonly reason: string;
  /** Why it ended so; null while it is open. */
  readonly answer: string | null;
}

export interface DisputesQuestion {
  readonly periods?: readonly string[];
  readonly employees?: readonly string[];
  readonly isOpen?: boolean;
}

/** Disputes as known at K, in the order in which they were opened. */
export async function disputesOf(
  context: QueryContext,
  { periods, employees, isOpen = false }: DisputesQuestion,
): Promise<readonly ShownDispute[]> {
  const statement = new Statement(context);
  const conditions = [
    statement.known('d'),
    ...(periods === undefined ? [] : [`d.period = ANY(${statement.bind(periods, 'text[]')})`]),
    ...(employees === undefined ? [] : [`d.employee_id = ANY(${statement.bind(employees, 'text[]')})`]),
    ...(isOpen ? [`d.status = 'open'`] : []),
  ];
  return await statement.rows<ShownDispute>(`SELECT d.dispute_id AS "disputeId", d.employee_id AS "employeeId",
      d.period, d.status, d.opened_at::text AS "openedAt", d.data->'rules' AS rules, d.data->>'openedBy' AS "openedBy",
      d.data->>'reason' AS reason, d.data->>'answer' AS answer
    FROM disputes d WHERE ${conditions.join(' AND ')} ORDER BY d.opened_at, d.dispute_id`);
}

/** Does the dispute doubt this line? */
export function doubts({ rules }: Pick<ShownDispute, 'rules'>, rule: string): boolean {
  return rules.length === 0 || rules.includes(rule);
}

/** Statements with the disputes about each beside it; the document itself, which is hashed, stays as it is. */
export async function withDisputes<Shown extends { readonly document: StatementDocument }>(
  context: QueryContext,
  shown: readonly Shown[],
): Promise<readonly (Shown & { readonly disputes: readonly ShownDispute[] })[]> {
  if (shown.length === 0) return [];
  const found = await disputesOf(context, {
    periods: [...new Set(shown.map(({ document }) => document.period))],
    employees: [...new Set(shown.map(({ document }) => document.employeeId))],
  });
  return shown.map((one) => {
    const { period, employeeId } = one.document;
    return { ...one, disputes: found.filter((it) => it.period === period && it.employeeId === employeeId) };
  });
}
