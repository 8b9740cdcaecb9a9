import type { PayrollExport } from '@voronka/read-models';
import { CsvTable } from './csv.js';

/** A closed month as a payroll program takes it: a row per amount. */
export function payrollTable({ k, rows }: PayrollExport): CsvTable {
  const head = ['employee', 'period', 'version', 'origin', 'kind', 'code', 'amountKopecks', 'asOf'];
  return new CsvTable([
    head,
    ...rows.map((row) => [
      ...[row.employeeId, row.period, row.version, row.origin],
      ...[row.kind, row.code, row.amountKopecks, k],
    ]),
  ]);
}
