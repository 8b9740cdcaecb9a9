import { refuse } from '@voronka/kernel';
import { ENGINE } from '@voronka/pay/calculation';
import { type Answer, answerHead, type QueryContext, zoneAt } from '../context.js';
import { Statement } from '../sql.js';
import type { IssuedStatement } from './payroll.js';
import { compareStatements, type StatementComparison } from './statement-comparison.js';
import { type Draft, draftsOf, hashOf, hashOfLines } from './statements.js';

/** A closing that issued statements, or was carried to its end. */
export interface ClosingToAudit {
  readonly period: string;
  readonly version: number;
  /** K₀ and the event there; null where no closing of that version ever began. */
  readonly asOf: string | null;
  readonly asOfEventId: string | null;
  /** `replaced`: the month was opened again since. `unfinished`: given up, failed, or still under way. */
  readonly status: 'inForce' | 'replaced' | 'unfinished';
  /** By which it ended; what that says is there, and the hash over all of it. Null while it is unfinished. */
  readonly closedEventId: string | null;
  readonly countStated: number | null;
  readonly hashStated: string | null;
}

/** One statement: as issued, and as it comes out anew. */
export interface AuditedStatement extends StatementComparison {
  readonly employeeId: string;
  /** By which it was issued; null: it should have been, and was not. */
  readonly eventId: string | null;
  readonly engine: string | null;
  readonly hashStated: string | null;
  /** Null: nothing calls for a statement. */
  readonly hashRecomputed: string | null;
}

export interface AuditTotals {
  /** Those that were issued, and those that should have been. */
  readonly statements: number;
  readonly same: number;
  readonly sameFigures: number;
  readonly different: number;
  /** Closings whose own count or hash is not that of their statements. */
  readonly closingsDifferent: number;
}

export interface AuditedClosing extends ClosingToAudit {
  /** Of the statements found, as the closing counts them. */
  readonly countFound: number;
  readonly hashFound: string;
  readonly totals: AuditTotals;
  readonly statements: readonly AuditedStatement[];
}

export interface AuditPage {
  /** Closings, from 1 to 100. */
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

export interface PayrollAudit extends Answer<{ readonly period?: string | undefined }> {
  /** By which statements were worked out anew. */
  readonly engine: string;
  /** Closings in all; those of this page follow. */
  readonly count: number;
  readonly totals: AuditTotals;
  readonly closings: readonly AuditedClosing[];
}

/** A closing is worked out whole: a year of them at once, unless more are asked for. */
const CLOSINGS_AT_ONCE = 12;

/**
 * Every statement known at K, worked out anew as of its own K₀ by the function that issued it.
 * @throws DomainError PERIOD_NOT_CLOSED for a month that no closing has issued statements for
 */
export async function payrollAuditOf(
  context: QueryContext,
  period: string | undefined,
  { limit = CLOSINGS_AT_ONCE, offset = 0 }: AuditPage = {},
): Promise<PayrollAudit> {
  const all = await closingsToAudit(context, period);
  const closings: AuditedClosing[] = [];
  for (const closing of all.slice(offset, offset + limit)) closings.push(await auditClosing(context, closing));
  return {
    ...answerHead(context, { period }, true),
    engine: ENGINE,
    count: all.length,
    totals: auditTotals(closings.map(({ totals }) => totals)),
    closings,
  };
}

/** By month and version. @throws DomainError PERIOD_NOT_CLOSED */
export async function closingsToAudit(
  context: QueryContext,
  period: string | undefined,
): Promise<readonly ClosingToAudit[]> {
  const statement = new Statement(context);
  const known = statement.bind(String(context.k), 'bigint');
  const only = period === undefined ? '' : `WHERE period = ${statement.bind(period, 'text')}`;
  const closings = await statement.rows<ClosingToAudit>(`WITH begun AS (
      SELECT DISTINCT ON (period, version) period, version, known_from, event_id FROM payroll_periods
      WHERE status = 'closing' AND known_from <= ${known} ORDER BY period, version, known_from),
    closed AS (
      SELECT DISTINCT ON (period, version) period, version, data, event_id FROM payroll_periods
      WHERE status = 'closed' AND known_from <= ${known} ORDER BY period, version, known_from),
    issued AS (SELECT DISTINCT s.period, s.version FROM statements s WHERE ${statement.known('s')}),
    audited AS (SELECT period, version FROM closed UNION SELECT period, version FROM issued)
    SELECT period, version, begun.known_from::text AS "asOf", begun.event_id AS "asOfEventId",
      CASE WHEN closed.event_id IS NULL THEN 'unfinished'
        WHEN EXISTS (SELECT FROM payroll_periods p WHERE ${statement.known('p')} AND p.period = audited.period
          AND p.version = audited.version AND p.status IN ('closed', 'paid')) THEN 'inForce'
        ELSE 'replaced' END AS status,
      closed.event_id AS "closedEventId", (closed.data->>'statements')::integer AS "countStated",
      closed.data->>'hash' AS "hashStated"
    FROM audited LEFT JOIN begun USING (period, version) LEFT JOIN closed USING (period, version)
    ${only} ORDER BY period, version`);
  if (closings.length > 0 || period === undefined) return closings;
  throw refuse.rule('PERIOD_NOT_CLOSED', 'only what was closed has statements to look at: close it first', { period });
}

/** The statements of one closing. */
export async function auditClosing(context: QueryContext, closing: ClosingToAudit): Promise<AuditedClosing> {
  const issued = new Map((await statementsOf(context, closing)).map((one) => [one.employeeId, one]));
  const drafts = new Map((await draftsThen(context, closing)).map((one) => [one.document.employeeId, one]));
  // What an unfinished closing did not come to is not missing.
  const called = closing.closedEventId === null ? [] : [...drafts.keys()];
  const people = [...new Set([...issued.keys(), ...called])].sort();
  const statements = people.map((id) => audited(id, issued.get(id) ?? null, drafts.get(id) ?? null));
  const hashFound = hashOfLines([...issued.keys()].sort().map((id) => issued.get(id)?.hash ?? ''));
  const isWhole =
    closing.closedEventId === null || (closing.hashStated === hashFound && closing.countStated === issued.size);
  const count = (outcome: string): number => statements.filter((one) => one.outcome === outcome).length;
  const totals: AuditTotals = {
    statements: statements.length,
    same: count('same'),
    sameFigures: count('sameFigures'),
    different: count('different'),
    closingsDifferent: isWhole ? 0 : 1,
  };
  return { ...closing, countFound: issued.size, hashFound, totals, statements };
}

export function auditTotals(parts: readonly AuditTotals[]): AuditTotals {
  const sum = (pick: (one: AuditTotals) => number): number => parts.reduce((total, one) => total + pick(one), 0);
  return {
    statements: sum(({ statements }) => statements),
    same: sum(({ same }) => same),
    sameFigures: sum(({ sameFigures }) => sameFigures),
    different: sum(({ different }) => different),
    closingsDifferent: sum(({ closingsDifferent }) => closingsDifferent),
  };
}

function audited(employeeId: string, stated: IssuedStatement | null, draft: Draft | null): AuditedStatement {
  return {
    employeeId,
    eventId: stated?.eventId ?? null,
    engine: stated?.document.engine ?? null,
    hashStated: stated?.hash ?? null,
    hashRecomputed: draft?.hash ?? null,
    ...compareStatements(stated, draft, stated === null ? null : hashOf(stated.document)),
  };
}

async function statementsOf(
  context: QueryContext,
  { period, version }: ClosingToAudit,
): Promise<readonly (IssuedStatement & { readonly employeeId: string })[]> {
  const statement = new Statement(context);
  return await statement.rows<IssuedStatement & { readonly employeeId: string }>(`SELECT s.document, s.hash,
      s.event_id AS "eventId", s.employee_id AS "employeeId"
    FROM statements s WHERE ${statement.known('s')} AND s.period = ${statement.bind(period, 'text')}
      AND s.version = ${statement.bind(version, 'integer')} ORDER BY s.employee_id`);
}

/** What the closing would have issued, as of its own K₀ and in the zone of then. */
async function draftsThen(context: QueryContext, { period, asOf }: ClosingToAudit): Promise<readonly Draft[]> {
  if (asOf === null) return [];
  const k = BigInt(asOf);
  const then = { ...context, k, zone: await zoneAt(context.client, k) };
  return (await draftsOf(then, period, null)).drafts;
}
