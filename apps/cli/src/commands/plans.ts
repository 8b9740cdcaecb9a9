import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type CommandPreview, previewCommand } from '@voronka/api';
import type { CommandRequest } from '@voronka/event-log';
import { canonicalJson, formatKopecks, refuse, toPlain, validateBody } from '@voronka/kernel';
import { departmentCells } from '@voronka/read-models';
import { type LoadedSettings, things } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { json, print, say, table } from '../output.js';
import {
  type FileCell,
  type FileRow,
  faultsByLine,
  planFileFrom,
  type LineFault,
  PlanFileError,
} from '../plans/plan-csv.js';
import { type OpenStores, withStores } from '../with-stores.js';
import { withContext } from './report-question.js';

export interface AssignOptions {
  readonly id?: string;
  readonly reason: string;
  readonly as?: string;
  readonly preview?: boolean;
  readonly propose?: boolean;
  readonly expect?: string;
  readonly json?: boolean;
}

interface PlacedCell {
  readonly line: number;
  readonly cell: FileCell;
}

/** A change of plans from a CSV file, as one: shown (`--preview`), recorded, or proposed for closed months. */
export async function assignPlans({ settings }: LoadedSettings, options: AssignOptions, file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CliError(EXIT.usage, `${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
  const { propose, preview, expect, as } = options;
  if (propose === true && (as === undefined || (preview !== true && expect === undefined))) {
    throw new CliError(EXIT.usage, '--propose takes --as (who proposes) and --expect (the hash that --preview showed)');
  }
  await withStores(settings, async (stores) => {
    await stores.caughtUp(undefined, ['core']);
    await carryOut(stores, options, { text, digest: digestOf(text) }).catch((error: unknown) => {
      throw error instanceof PlanFileError ? new CliError(EXIT.usage, `${file}: ${error.message}`) : error;
    });
  });
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

async function carryOut(
  stores: OpenStores,
  options: AssignOptions,
  { text, digest }: { readonly text: string; readonly digest: string },
): Promise<void> {
  const { rows, faults } = planFileFrom(text);
  const placed = await placedCells(stores, rows);
  const lines = placed.cells.map(({ line }) => line);
  const cells = placed.cells.map(({ cell }) => cell);
  const id = options.id ?? `csv-${digest}`;
  const request = cells.length === 0 ? null : requestOf(cells, { ...options, id, digest });
  const preview =
    request === null ? null : await previewed(stores, request, { lines, others: [...faults, ...placed.faults] });
  if (faults.length + placed.faults.length > 0) throw new PlanFileError([...faults, ...placed.faults]);
  if (request === null) throw new PlanFileError([{ line: 1, field: '', detail: 'it names no cell' }]);
  if (options.preview === true) return showPreview(preview, options);
  if (options.expect !== undefined && preview !== null && preview.hash !== options.expect) {
    throw refuse.conflict('PREVIEW_STALE', 'what the preview rests on has changed: look at it again', {});
  }
  const { events } = await stores.handle(request);
  say(`${cells.length} cells, plan ${id}: ${events.map(({ type }) => type).join(', ') || 'said that already'}`);
}

/** Lines for the people of a department become a cell for each. */
async function placedCells(
  stores: OpenStores,
  rows: readonly FileRow[],
): Promise<{ readonly cells: readonly PlacedCell[]; readonly faults: readonly LineFault[] }> {
  const cells: PlacedCell[] = [];
  const faults: LineFault[] = [];
  await withContext(stores, {}, async (context) => {
    for (const { line, cell, isForMembers } of rows) {
      const { indicator, owner, period } = cell;
      if (!isForMembers) {
        cells.push({ line, cell });
        continue;
      }
      const members = await departmentCells(context, { indicator, department: owner.id, period, each: 0 });
      if (members.length === 0) faults.push({ line, field: 'owner', detail: `nobody works in ${owner.id} then` });
      cells.push(...members.map((member) => ({ line, cell: { ...cell, owner: member.owner } })));
    }
  });
  return { cells, faults };
}

function requestOf(
  cells: readonly FileCell[],
  options: AssignOptions & { readonly id: string; readonly digest: string },
): CommandRequest {
  const { id, digest, reason, as, propose, expect } = options;
  const isAssignment = cells.every(({ change }) => change === 'replace');
  const type = propose === true ? 'ProposePlanChange' : isAssignment ? 'AssignPlan' : 'RevisePlan';
  const definition = things.find(({ category }) => category === 'plan')?.commands.find((one) => one.type === type);
  if (definition === undefined) throw new TypeError(`plans have no command ${type}`);
  const said = type === 'AssignPlan' ? cells.map(withoutChange) : cells;
  const hash = propose === true && expect !== undefined ? { previewHash: expect } : {};
  const body = { cells: said, reason, ...hash };
  return {
    ...{ category: 'plan', id, type, actor: 'plans', person: as ?? null, roles: ['admin'] as const },
    body: validateBody(definition.body, body),
    // Sent again in the same words, it is the same command.
    commandId: `plans:${type}:${digestOf(canonicalJson({ digest, as, body }))}`,
  };
}

/** What is assigned says no change. */
function withoutChange(cell: FileCell): Partial<FileCell> {
  return toPlain({ ...cell, change: undefined });
}

/** Null: it was recorded before. @throws PlanFileError with the faults of every line */
async function previewed(
  stores: OpenStores,
  request: CommandRequest,
  { lines, others }: { readonly lines: readonly number[]; readonly others: readonly LineFault[] },
): Promise<CommandPreview | null> {
  try {
    return await previewCommand(stores, request);
  } catch (error) {
    const faults = faultsByLine(error, lines);
    if (faults !== null) throw new PlanFileError([...others, ...faults]);
    if (others.length > 0) throw new PlanFileError(others);
    throw error;
  }
}

function showPreview(preview: CommandPreview | null, { json: asJson }: AssignOptions): void {
  if (preview === null) return say('This file was recorded before: nothing would change.');
  if (asJson === true) return print(json(preview));
  const rows = preview.people.flatMap(({ employeeId, months }) =>
    months.flatMap(({ month, closed, rules }) =>
      rules.map(({ rule, before, after }) => [
        ...[employeeId, closed ? `${month}, closed` : month, rule, before?.target ?? null, after?.target ?? null],
        ...[before, after].map((side) => (side === null ? null : formatKopecks(side.amountKopecks))),
      ]),
    ),
  );
  print(table(['Employee', 'Month', 'Rule', 'Plan', 'becomes', 'Pays', 'becomes'], rows));
  const { beforeKopecks, afterKopecks } = preview.totals;
  say(`Nothing was recorded. In all ${formatKopecks(beforeKopecks)}, then ${formatKopecks(afterKopecks)}.`);
  say(`Preview ${preview.hash}, as of position ${preview.k}`);
}
