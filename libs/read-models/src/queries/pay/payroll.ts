import type { StatementDocument } from '@voronka/pay/events';
import type { QueryContext } from '../context.js';
import { Statement } from '../sql.js';

export interface PayrollPeriod {
  readonly period: string;
  readonly status: 'closing' | 'closed' | 'paid' | 'stopped' | 'failed' | 'abandoned' | 'reopened';
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
  /** Position of the event that put it into this status, and its id. */
  readonly since: string;
  readonly eventId: string;
}

export interface Payroll {
  /** First month of payroll, `YYYY-MM`. */
  readonly first: string;
  /** Months that were closed or began to be, in order. */
  readonly periods: readonly PayrollPeriod[];
}

/** What is known of payroll at K. */
export async function payrollAt(context: QueryContext): Promise<Payroll> {
  const statement = new Statement(context);
  const [company] = await statement.rows<{ first: string }>(
    `SELECT c.first_payroll_period AS first FROM company c WHERE ${statement.known('c')}`,
  );
  const periods = await statement.rows<PayrollPeriod>(`SELECT p.period, p.status, p.version, p.data,
      p.known_from::text AS since, p.event_id AS "eventId" FROM payroll_periods p WHERE ${statement.known('p')} ORDER BY p.period`);
  return { first: company?.first ?? '9999-12', periods };
}

const CLOSED: readonly string[] = ['closed', 'paid'];

export function isClosedMonth({ periods }: Payroll, month: string): boolean {
  return periods.some(({ period, status }) => period === month && CLOSED.includes(status));
}

/** The months that are closed, in order. */
export function closedMonths({ periods }: Payroll): readonly string[] {
  return periods.filter(({ status }) => CLOSED.includes(status)).map(({ period }) => period);
}

/** The earliest month of payroll that is not closed. */
export function earliestOpen(payroll: Payroll): string {
  const last = closedMonths(payroll).at(-1);
  return last === undefined ? payroll.first : nextMonth(last);
}

export function nextMonth(month: string): string {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5));
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

export interface IssuedStatement {
  readonly document: StatementDocument;
  readonly hash: string;
  readonly eventId: string;
}

/**
 * Statements of months that are closed at K, those of the closing that counts: an abandoned or undone one may have left
 * some of its own. Ordered by month and employee.
 */
export async function issuedAt(
  context: QueryContext,
  payroll: Payroll,
  employees: readonly string[] | null,
): Promise<readonly IssuedStatement[]> {
  const statement = new Statement(context);
  const only = employees === null ? '' : `AND s.employee_id = ANY(${statement.bind(employees, 'text[]')})`;
  return await statement.rows<IssuedStatement>(`SELECT s.document, s.hash, s.event_id AS "eventId"
    FROM statements s JOIN payroll_periods p ON p.period = s.period AND p.version = s.version AND ${statement.known('p')}
    WHERE ${statement.known('s')} AND s.period = ANY(${statement.bind(closedMonths(payroll), 'text[]')}) ${only}
    ORDER BY s.period, s.employee_id`);
}

export interface ManualRow {
  readonly adjustmentId: string;
  readonly employeeId: string;
  readonly period: string;
  readonly amountKopecks: number;
  readonly settles: string | null;
  /** The event that posted it. */
  readonly eventId: string;
}

/** Adjustments by hand that two people agreed on, for the statements of a month. */
export async function manualAt(context: QueryContext, month: string): Promise<readonly ManualRow[]> {
  const statement = new Statement(context);
  const rows = await statement.rows<{ data: Omit<ManualRow, 'eventId'>; eventId: string }>(`SELECT p.data,
      p.event_id AS "eventId" FROM pay_proposals p
    WHERE ${statement.known('p')} AND p.kind = 'manual' AND p.status = 'approved'
      AND p.data->>'period' = ${statement.bind(month, 'text')} ORDER BY p.proposal`);
  return rows.map(({ data, eventId }) => ({ ...data, eventId }));
}

/**
 * Adjustments by hand that two people agreed on and that settle a closed month, of this statement or a later one: what a
 * later statement is to carry must not be settled by an earlier one as well.
 */
export async function settlingFrom(
  context: QueryContext,
  month: string,
  employees: readonly string[] | null,
): Promise<readonly ManualRow[]> {
  const statement = new Statement(context);
  const only = employees === null ? '' : `AND p.data->>'employeeId' = ANY(${statement.bind(employees, 'text[]')})`;
  const rows = await statement.rows<{ data: ManualRow }>(`SELECT p.data FROM pay_proposals p
    WHERE ${statement.known('p')} AND p.kind = 'manual' AND p.status = 'approved' AND p.data->>'settles' IS NOT NULL
      AND p.data->>'period' >= ${statement.bind(month, 'text')} ${only} ORDER BY p.proposal`);
  return rows.map(({ data }) => data);
}
