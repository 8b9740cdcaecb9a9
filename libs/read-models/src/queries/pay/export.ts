import { refuse, sumKopecks } from '@voronka/kernel';
import { type ExportRow, exportRowsOf } from '@voronka/pay/events';
import { type Answer, answerHead, type QueryContext } from '../context.js';
import { isClosedMonth, issuedAt, payrollAt } from './payroll.js';

export interface ExportedTotal {
  readonly employeeId: string;
  readonly version: number;
  readonly payableKopecks: number;
  /** Hash of the statement that the rows are of. */
  readonly hash: string;
}

export interface PayrollExport extends Answer<{ readonly period: string }> {
  readonly payableKopecks: number;
  readonly totals: readonly ExportedTotal[];
  readonly rows: readonly ExportRow[];
}

/**
 * A closed month for a payroll program: the last version of each statement, amount by amount. Rows of an employee add
 * up to what is paid out to him.
 * @throws DomainError PERIOD_NOT_CLOSED
 */
export async function payrollExportOf(context: QueryContext, period: string): Promise<PayrollExport> {
  const payroll = await payrollAt(context);
  if (!isClosedMonth(payroll, period)) {
    throw refuse.rule('PERIOD_NOT_CLOSED', 'only closed months are exported: close it first', { period });
  }
  const issued = (await issuedAt(context, payroll, null)).filter(({ document }) => document.period === period);
  const totals = issued.map(({ document, hash }): ExportedTotal => {
    const { employeeId, version } = document;
    return { employeeId, version, payableKopecks: document.totals.payableKopecks, hash };
  });
  return {
    ...answerHead(context, { period }, true),
    payableKopecks: sumKopecks(totals.map(({ payableKopecks }) => payableKopecks)),
    totals,
    rows: issued.flatMap(({ document }) => exportRowsOf(document)),
  };
}
