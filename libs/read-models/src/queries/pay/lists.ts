import type { StatementDocument } from '@voronka/pay/events';
import { type Answer, answerHead, type QueryContext } from '../context.js';
import { type Page, pageOf } from '../page.js';
import { Statement } from '../sql.js';
import { disputesOf, type ShownDispute, withDisputes } from './disputes.js';
import { earliestOpen, type Payroll, payrollAt } from './payroll.js';

export interface Proposal {
  readonly kind: 'plan' | 'regulation' | 'reopening' | 'manual';
  readonly proposal: string;
  readonly status: 'proposed' | 'approved' | 'rejected';
  readonly data: object;
}

export interface PayrollAnswer extends Answer<object>, Payroll {
  /** Earliest month that is not closed. */
  readonly open: string;
  /** What waits for a second person. */
  readonly pending: readonly Proposal[];
  readonly disputes: readonly ShownDispute[];
}

/** Months, what waits for a second person, and disputes that are open. */
export async function payrollOf(context: QueryContext): Promise<PayrollAnswer> {
  const payroll = await payrollAt(context);
  const statement = new Statement(context);
  const pending = await statement.rows<Proposal>(`SELECT p.kind, p.proposal, p.status, p.data FROM pay_proposals p
    WHERE ${statement.known('p')} AND p.status = 'proposed' ORDER BY p.known_from`);
  const disputes = await disputesOf(context, { isOpen: true });
  return { ...answerHead(context, {}, true), ...payroll, open: earliestOpen(payroll), pending, disputes };
}

export interface StatementsParams {
  readonly period?: string | undefined;
  readonly employees?: readonly string[] | undefined;
}

export interface ListedStatement {
  readonly document: StatementDocument;
  readonly hash: string;
  readonly eventId: string;
  readonly disputes: readonly ShownDispute[];
}

export interface StatementsAnswer extends Answer<StatementsParams> {
  readonly count: number;
  readonly items: readonly ListedStatement[];
}

/**
 * Issued statements, every version whose closing came to its end. By month, employee and version. `held`: only of these
 * people by month; null: of everybody.
 */
export async function statementsList(
  context: QueryContext,
  params: StatementsParams,
  page: Page,
  held: ReadonlyMap<string, readonly string[]> | null = null,
): Promise<StatementsAnswer> {
  const statement = new Statement(context);
  const conditions = [
    statement.known('s'),
    // A closing that stopped half-way issued nothing, though some of its statements are in the log.
    `EXISTS (SELECT FROM payroll_periods p WHERE p.period = s.period AND p.version = s.version
      AND p.status = 'closed' AND p.known_from <= ${statement.bind(String(context.k), 'bigint')})`,
    ...(params.period === undefined ? [] : [`s.period = ${statement.bind(params.period, 'text')}`]),
    ...(params.employees === undefined ? [] : [`s.employee_id = ANY(${statement.bind(params.employees, 'text[]')})`]),
    ...(held === null ? [] : [heldSql(statement, held)]),
  ].join(' AND ');
  const { limit, offset } = pageOf(page);
  const [total] = await statement.rows<{ count: string }>(
    `SELECT count(*) AS count FROM statements s WHERE ${conditions}`,
  );
  const items = await statement.rows<
    Omit<ListedStatement, 'disputes'>
  >(`SELECT s.document, s.hash, s.event_id AS "eventId"
    FROM statements s WHERE ${conditions} ORDER BY s.period, s.employee_id, s.version
    LIMIT ${limit} OFFSET ${offset}`);
  return {
    ...answerHead(context, params, true),
    count: Number(total?.count ?? 0),
    items: await withDisputes(context, items),
  };
}

/** Condition: the statement is of somebody held in its month. */
function heldSql(statement: Statement, held: ReadonlyMap<string, readonly string[]>): string {
  const pairs = [...held].flatMap(([month, people]) => people.map((id) => ({ month, id })));
  const months = statement.bind(
    pairs.map(({ month }) => month),
    'text[]',
  );
  const ids = statement.bind(
    pairs.map(({ id }) => id),
    'text[]',
  );
  return `(s.period, s.employee_id) IN (SELECT * FROM unnest(${months}, ${ids}))`;
}

export interface RegulationRow {
  readonly regulation: string;
  readonly version: number;
  readonly effectiveFrom: string;
  readonly document: object | null;
  readonly eventId: string;
}

/** Every version of every pay regulation. */
export async function regulationsList(context: QueryContext): Promise<Answer<object> & { items: RegulationRow[] }> {
  const statement = new Statement(context);
  const items = await statement.rows<RegulationRow>(`SELECT r.regulation, r.version,
      r.effective_from::text AS "effectiveFrom", r.document, r.event_id AS "eventId"
    FROM pay_regulation_versions r WHERE ${statement.known('r')} ORDER BY r.regulation, r.version`);
  return { ...answerHead(context, {}, true), items };
}
