import { DomainError, validateBody } from '@voronka/kernel';
import { things } from '@voronka/runtime';
import { parse } from 'csv-parse/sync';

const COLUMNS = ['indicator', 'ownerKind', 'owner', 'period', 'value'] as const;
const FURTHER = ['change', 'from', 'proration'] as const;
type Column = (typeof COLUMNS)[number] | (typeof FURTHER)[number];
type Line = Readonly<Partial<Record<Column, string>>>;

/** A cell of `RevisePlan`'s body. */
export interface FileCell {
  readonly indicator: string;
  readonly owner: { readonly kind: string; readonly id: string };
  readonly period: string;
  readonly change: string;
  readonly value?: number;
  readonly from?: string;
  readonly proration?: string;
}

/** A line of the file; of `members` the owner is a department, and the cell stands for each of its people. */
export interface FileRow {
  readonly line: number;
  readonly cell: FileCell;
  readonly isForMembers: boolean;
}

/** What is wrong, where. */
export interface LineFault {
  readonly line: number;
  readonly field: string;
  readonly detail: string;
}

export interface PlanFile {
  readonly rows: readonly FileRow[];
  readonly faults: readonly LineFault[];
}

/** Every line that says nothing sensible, each with its number, the field, and what to do. */
export class PlanFileError extends Error {
  override readonly name = 'PlanFileError';

  constructor(readonly faults: readonly LineFault[]) {
    const lines = faults
      .toSorted((a, b) => a.line - b.line)
      .map(({ line, field, detail }) => `line ${line}${field === '' ? '' : `, ${field}`}: ${detail}`);
    super(`nothing was recorded; mend these lines:\n  ${lines.join('\n  ')}`);
  }
}

/**
 * Reads a change of plans from CSV with the columns indicator, ownerKind, owner, period, value, and if wanted change
 * (replace unless it is said), from, proration. Faults of form are listed, sound lines kept.
 * @throws PlanFileError for a file that is no such table
 */
export function planFileFrom(csv: string): PlanFile {
  const rows: FileRow[] = [];
  const faults: LineFault[] = [];
  for (const { record, info } of linesOf(csv)) {
    const row = rowFrom(record, info.lines);
    const found = [...badNumber(record, info.lines), ...formFaults(row)];
    if (found.length === 0) rows.push(row);
    else faults.push(...found);
  }
  if (rows.length + faults.length === 0) throw wrongFile('there is no line below the head');
  return { rows, faults };
}

function wrongFile(detail: string): PlanFileError {
  return new PlanFileError([{ line: 1, field: '', detail }]);
}

function linesOf(csv: string): readonly { readonly record: Line; readonly info: { readonly lines: number } }[] {
  let lines: readonly { record: Line; info: { lines: number } }[];
  try {
    const options = { bom: true, columns: true, info: true, skip_empty_lines: true, trim: true } as const;
    lines = parse(csv, options) as unknown as typeof lines;
  } catch (error) {
    throw wrongFile(error instanceof Error ? error.message : String(error));
  }
  const [first] = lines;
  const head = Object.keys(first?.record ?? {});
  const missing = COLUMNS.filter((name) => first !== undefined && !head.includes(name));
  if (missing.length > 0) throw wrongFile(`there is no column ${missing.join(', ')}`);
  const strange = head.filter((name) => ![...COLUMNS, ...FURTHER].some((known) => known === name));
  if (strange.length > 0) throw wrongFile(`no column is called ${strange.join(', ')}`);
  return lines;
}

function rowFrom(record: Line, line: number): FileRow {
  const text = (column: Column): string => record[column] ?? '';
  const isForMembers = text('ownerKind') === 'members';
  const said = (column: Column): Partial<FileCell> => (text(column) === '' ? {} : { [column]: text(column) });
  const cell: FileCell = {
    indicator: text('indicator'),
    owner: { kind: isForMembers ? 'employee' : text('ownerKind'), id: text('owner') },
    period: text('period'),
    change: 'replace',
    ...said('change'),
    ...(NUMBER.test(text('value')) ? { value: Number(text('value')) } : {}),
    ...said('from'),
    ...said('proration'),
  };
  return { line, cell, isForMembers };
}

const NUMBER = /^-?\d{1,16}$/;

function badNumber({ value = '' }: Line, line: number): readonly LineFault[] {
  if (value === '' || NUMBER.test(value)) return [];
  const detail = `"${value}" is no whole number in the smallest unit (kopecks, basis points, minutes)`;
  return [{ line, field: 'value', detail }];
}

const REVISE = things.find(({ category }) => category === 'plan')?.commands.find(({ type }) => type === 'RevisePlan');

/** What the command's own form says of the cell. */
function formFaults({ line, cell }: FileRow): readonly LineFault[] {
  if (REVISE === undefined) throw new TypeError('plans have no command RevisePlan');
  try {
    validateBody(REVISE.body, { cells: [cell], reason: 'x' });
    return [];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const errors = (error.data['errors'] ?? []) as readonly { readonly pointer: string; readonly detail: string }[];
    return errors.map(({ pointer, detail }) => ({ line, field: fieldOf(pointer), detail }));
  }
}

/** The column that a pointer into the body means. */
export function fieldOf(pointer: string): string {
  const [, , , field = '', part] = pointer.split('/');
  if (field !== 'owner') return field;
  return part === 'kind' ? 'ownerKind' : 'owner';
}

/** Faults that a decision found in the cells of a body, by the lines that the cells come from. */
export function faultsByLine(error: unknown, lines: readonly number[]): readonly LineFault[] | null {
  if (!(error instanceof DomainError)) return null;
  const { faults, cell } = error.data;
  if (Array.isArray(faults)) {
    return (faults as readonly { readonly pointer: string; readonly detail: string }[]).map(({ pointer, detail }) => ({
      line: lines[Number(pointer.split('/')[2])] ?? 0,
      field: fieldOf(pointer),
      detail,
    }));
  }
  return typeof cell === 'number' ? [{ line: lines[cell] ?? 0, field: '', detail: error.detail }] : null;
}
