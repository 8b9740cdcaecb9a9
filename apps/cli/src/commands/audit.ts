import {
  type AuditedClosing,
  type AuditedStatement,
  auditClosing,
  auditTotals,
  type AuditTotals,
  closingsToAudit,
  ENGINE,
} from '@voronka/read-models';
import type { LoadedSettings } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { json, money, print, progress, table } from '../output.js';
import { withStores } from '../with-stores.js';
import { withContext } from './report-question.js';

export interface AuditOptions {
  readonly period?: string;
  readonly asOf?: string;
  readonly json?: boolean;
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

interface Audit {
  readonly k: string;
  readonly engine: string;
  readonly totals: AuditTotals;
  readonly closings: readonly AuditedClosing[];
}

/** Works statements out anew and prints what came of each month. @throws CliError where something differs */
export async function auditPay({ settings }: LoadedSettings, options: AuditOptions): Promise<void> {
  const { period } = options;
  if (period !== undefined && !MONTH.test(period)) {
    throw new CliError(EXIT.usage, '--period must be a month, such as 2009-08');
  }
  const shown = progress('Statements worked out anew');
  const audit = await withStores(settings, async (stores) => {
    await stores.caughtUp(undefined, ['core']);
    return await withContext(stores, options, async (context): Promise<Audit> => {
      const all = await closingsToAudit(context, period);
      const closings: AuditedClosing[] = [];
      for (const closing of all) {
        shown.update(closings.length, all.length, closing.period);
        closings.push(await auditClosing(context, closing));
      }
      const totals = auditTotals(closings.map((one) => one.totals));
      return { k: String(context.k), engine: ENGINE, totals, closings };
    });
  }).finally(() => shown.stop());
  if (options.json === true) print(json(audit));
  else for (const line of auditLines(audit)) print(line);
  const { statements, different, closingsDifferent } = audit.totals;
  if (different === 0 && closingsDifferent === 0) return;
  const closings = closingsDifferent === 0 ? '' : `, ${closingsDifferent} closings do not sum up theirs`;
  throw new CliError(
    EXIT.failed,
    `${different} of ${statements} statements do not come out as they were issued${closings}`,
  );
}

const STATUS = { inForce: 'in force', replaced: 'opened again since', unfinished: 'not finished' } as const;

/** The audit as it is printed, line by line. */
export function auditLines({ k, engine, totals, closings }: Audit): readonly string[] {
  const rows = closings.map(({ period, version, status, asOf, totals: own }) => [
    ...[period, version, STATUS[status], asOf],
    ...[own.statements, own.same, own.sameFigures, own.different],
  ]);
  const head = ['Month', 'Version', '', 'As of', 'Statements', 'Same', 'Same figures', 'Different'];
  const { statements, same, sameFigures, different } = totals;
  return [
    table(head, rows),
    ...closings.flatMap(closingLines),
    `${statements} statements: ${same} the same to the last bit, ${sameFigures} the same in every figure, ${different} different`,
    `as of position ${k}, worked out anew by ${engine}`,
  ];
}

function closingLines(closing: AuditedClosing): readonly string[] {
  const { period, version, closedEventId, countStated, countFound, totals, statements } = closing;
  const said = `${period} version ${version}: its closing, event ${closedEventId}, says ${countStated} statements`;
  const own = totals.closingsDifferent === 0 ? [] : [`${said} under a hash that is not of the ${countFound} there are`];
  return [...own, ...statements.flatMap((one) => statementLines(`${period} ${one.employeeId}`, one))];
}

function statementLines(name: string, one: AuditedStatement): readonly string[] {
  const { outcome, eventId, engine, hashStated, hashRecomputed, fields, amounts } = one;
  if (outcome === 'same') return [];
  if (outcome === 'sameFigures')
    return [`${name}: every figure as issued by ${engine}; otherwise told: ${fields.join(', ')}`];
  const amount = (kopecks: number | null): string => (kopecks === null ? 'none' : money(kopecks));
  return [
    `${name}: ${eventId === null ? 'was never issued' : `issued by ${engine}, event ${eventId}`}`,
    `  hash stated ${hashStated ?? 'none'}, recomputed ${hashRecomputed ?? 'none'}; different: ${fields.join(', ')}`,
    ...amounts.map(
      ({ part, of, statedKopecks, recomputedKopecks }) =>
        `  ${part} ${of}: stated ${amount(statedKopecks)}, recomputed ${amount(recomputedKopecks)}`,
    ),
  ];
}
