import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { payrollTable } from '@voronka/api';
import { validateBody } from '@voronka/kernel';
import { PAYROLL_ID } from '@voronka/pay';
import { createProcessProgram } from '@voronka/projector';
import { type PayrollAnswer, payrollExportOf, payrollOf, type PayrollPeriod } from '@voronka/read-models';
import { createLogger, type LoadedSettings, type Settings, things } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { json, print, say, table } from '../output.js';
import { type OpenStores, withStores } from '../with-stores.js';
import { withContext } from './report-question.js';

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const LONGEST_CLOSING_MS = 600_000;
const LOOK_EVERY_MS = 200;

interface Common {
  readonly json?: boolean;
}

/** Prints the months of payroll, what waits for a second person, and open disputes. */
export async function payrollStatus(
  { settings }: LoadedSettings,
  options: Common & { readonly asOf?: string },
): Promise<void> {
  const answer = await withStores(settings, async (stores) => {
    await stores.caughtUp(undefined, ['core']);
    return await withContext(stores, options, payrollOf);
  });
  if (options.json === true) print(json(answer));
  else for (const line of statusLines(answer)) print(line);
}

function statusLines({ first, open, periods, pending, disputes }: PayrollAnswer): readonly string[] {
  const months = periods.map(({ period, status, version, data }) => [period, status, version, noteOf(data)]);
  return [
    table(['Month', 'Status', 'Version', ''], months),
    `payroll since ${first}; the next month to close is ${open}`,
    ...pending.map(({ kind, proposal }) => `waits for a second person: ${kind} ${proposal}`),
    ...disputes.map(
      ({ disputeId, employeeId, period, rules, reason }) =>
        `open dispute ${disputeId}: ${employeeId} ${period} ${rules.join(' ')} ${reason}`,
    ),
  ];
}

/** Of a month: what was issued, or what stands in the way. */
function noteOf(data: PayrollPeriod['data']): string {
  const { statements, items, at, code, reason } = data as {
    readonly statements?: number;
    readonly items?: readonly { readonly code: string; readonly count: number; readonly examples: readonly string[] }[];
    readonly at?: string;
    readonly code?: string;
    readonly reason?: string;
  };
  if (statements !== undefined) return `${statements} statements`;
  if (items !== undefined) return items.map((item) => `${item.code} ${item.count}: ${item.examples[0]}`).join('; ');
  return [at, code, reason].filter((part) => part !== undefined).join(': ');
}

/** Writes a closed month for a payroll program. */
export async function payrollExport(
  { settings }: LoadedSettings,
  { format, out }: { readonly format: 'csv' | 'json'; readonly out?: string },
  month: string,
): Promise<void> {
  assertMonth(month);
  const answer = await withStores(settings, async (stores) => {
    await stores.caughtUp(undefined, ['core']);
    return await withContext(stores, {}, (context) => payrollExportOf(context, month));
  });
  const text = format === 'csv' ? payrollTable(answer).text : `${json(answer)}\n`;
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(out, text, { mode: 0o600 });
  say(`${answer.totals.length} statements of ${month}, ${answer.rows.length} amounts`);
}

/** Closes a month and waits for the outcome. */
export async function closeMonth(
  { settings }: LoadedSettings,
  options: Common & { readonly accept?: string },
  month: string,
): Promise<void> {
  const accept = options.accept?.split(',').map((code) => code.trim());
  await closing(settings, options, { month, type: 'ClosePeriod', more: accept === undefined ? {} : { accept } });
}

/** Goes on with a closing that failed. */
export async function resumeClosing({ settings }: LoadedSettings, options: Common, month: string): Promise<void> {
  await closing(settings, options, { month, type: 'ResumeClosing', more: {} });
}

export async function abandonClosing(
  { settings }: LoadedSettings,
  { reason }: { readonly reason: string },
  month: string,
): Promise<void> {
  await onMonth(settings, 'AbandonClosing', { period: month, reason });
  say(`${month} is open again`);
}

export async function markPaid(
  { settings }: LoadedSettings,
  { on }: { readonly on: string },
  month: string,
): Promise<void> {
  await onMonth(settings, 'MarkPaid', { period: month, paidOn: on });
  say(`${month} is paid`);
}

interface OnMonth {
  readonly period: string;
  readonly reason?: string;
  readonly paidOn?: string;
}

interface Acting {
  readonly as: string;
}

/** Asks for the last closed month to be opened again; nothing happens before somebody else approves. */
export async function reopenMonth(
  { settings }: LoadedSettings,
  { as, reason }: Acting & { readonly reason: string },
  month: string,
): Promise<void> {
  await onMonth(settings, 'ReopenPeriod', { period: month, reason }, as);
  say(`${month} waits for somebody else: voronka payroll approve-reopening ${month} --as <employee>`);
}

export async function approveReopening({ settings }: LoadedSettings, { as }: Acting, month: string): Promise<void> {
  await onMonth(settings, 'ApproveReopening', { period: month }, as);
  say(`${month} is open again`);
}

export async function rejectReopening(
  { settings }: LoadedSettings,
  { as, reason }: Acting & { readonly reason: string },
  month: string,
): Promise<void> {
  await onMonth(settings, 'RejectReopening', { period: month, reason }, as);
  say(`${month} stays closed`);
}

async function onMonth(settings: Settings, type: string, body: OnMonth, person?: string): Promise<void> {
  assertMonth(body.period);
  await withStores(settings, (stores) => send(stores, type, body, person));
}

interface Closing {
  readonly month: string;
  readonly type: 'ClosePeriod' | 'ResumeClosing';
  readonly more: object;
}

async function closing(settings: Settings, options: Common, { month, type, more }: Closing): Promise<void> {
  assertMonth(month);
  const found = await withStores(settings, async (stores) => {
    const position = await send(stores, type, { period: month, ...more });
    // Where no program runs the processes, this one does; where one does, it stands by.
    const processes = createProcessProgram(stores, createLogger('warn'));
    if (!stores.isAttended) processes.start();
    try {
      return await outcome(stores, month, position);
    } finally {
      await processes.stop();
    }
  });
  if (options.json === true) print(json(found));
  if (found.status !== 'closed') {
    throw new CliError(EXIT.failed, `${month} is not closed: ${found.status}: ${noteOf(found.data)}`);
  }
  if (options.json !== true) print(`${month} is closed: ${noteOf(found.data)}, version ${found.version}`);
}

/** What came of a closing once it is no longer under way. */
async function outcome(stores: OpenStores, month: string, position: bigint): Promise<PayrollPeriod> {
  const deadline = Date.now() + LONGEST_CLOSING_MS;
  while (Date.now() < deadline) {
    await stores.caughtUp(position, ['core']);
    const { periods } = await withContext(stores, {}, payrollOf);
    const found = periods.find(({ period }) => period === month);
    if (found !== undefined && found.status !== 'closing') return found;
    await sleep(LOOK_EVERY_MS);
  }
  throw new CliError(EXIT.failed, `${month} is still being closed: see \`voronka payroll status\``);
}

async function send(
  { handle }: OpenStores,
  type: string,
  plain: object,
  person: string | null = null,
): Promise<bigint> {
  const command = things
    .find(({ category }) => category === 'payroll')
    ?.commands.find((definition) => definition.type === type);
  if (command === undefined) throw new TypeError(`payroll has no command ${type}`);
  const { position } = await handle({
    ...{ category: 'payroll', id: PAYROLL_ID, type, body: validateBody(command.body, plain) },
    ...{ commandId: `payroll:${randomUUID()}`, actor: 'operator', person, roles: ['admin'] },
  });
  return position;
}

function assertMonth(month: string): void {
  if (!MONTH.test(month)) throw new CliError(EXIT.usage, 'the month is written as 2009-08');
}
