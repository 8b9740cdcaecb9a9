import type { StatementDocument } from './payroll.document.js';

/** What a row of an export stands for. `carried` moves what is below zero to the next month's statement. */
export type ExportKind = 'bonus' | 'adjustment' | 'manual' | 'brought' | 'carried';

/** One amount of a statement, for a payroll program. */
export interface ExportRow {
  readonly employeeId: string;
  /** Month that is paid, `YYYY-MM`. */
  readonly period: string;
  readonly version: number;
  /** Month in which it was earned; null for an adjustment by hand that settles none, and for what is carried. */
  readonly origin: string | null;
  readonly kind: ExportKind;
  /** Code of the rule, or id of the adjustment by hand. */
  readonly code: string | null;
  readonly amountKopecks: number;
}

/** Amounts of a statement, adding up to what it pays out; lines of nothing are left out. In the statement's order. */
export function exportRowsOf(document: StatementDocument): readonly ExportRow[] {
  const { employeeId, period, version, lines, adjustments, manual, totals } = document;
  const row = (kind: ExportKind, origin: string | null, code: string | null, amountKopecks: number): ExportRow => ({
    employeeId,
    period,
    version,
    origin,
    kind,
    code,
    amountKopecks,
  });
  const { broughtKopecks, carriedKopecks } = totals;
  return [
    ...lines.map(({ rule, amountKopecks }) => row('bonus', period, rule, amountKopecks)),
    ...adjustments.flatMap(({ origin, postings }) =>
      postings.map(({ rule, kopecks }) => row('adjustment', origin, rule, kopecks)),
    ),
    ...manual.map(({ adjustmentId, settles, amountKopecks }) => row('manual', settles, adjustmentId, amountKopecks)),
    row('brought', null, null, broughtKopecks),
    row('carried', null, null, carriedKopecks === 0 ? 0 : -carriedKopecks),
  ].filter(({ amountKopecks }) => amountKopecks !== 0);
}
