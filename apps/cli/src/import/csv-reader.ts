import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { fileBytes } from './file-bytes.js';
import type { ReadProgress, SourceCase, SourceRecord } from './source.js';

/**
 * Reads a CSV file with a heading, row by row; each row is one deal. Ordinals are line numbers of the file.
 * @throws Error naming the line where the file stops being CSV.
 */
export async function* readCsvCases(
  file: string,
  delimiter: string,
  progress?: ReadProgress,
): AsyncIterable<SourceCase> {
  for await (const row of readCsvRows(file, delimiter, progress)) {
    if (row.fault === null) yield { attributes: row.fields, records: [{ fields: row.fields, ordinal: row.line }] };
    else yield broken(row.line, row.fault);
  }
}

/**
 * Reads a CSV event log: a row is one event, `caseColumn` says of which deal. Deals come in the order of their first
 * rows, events in the order of the file. Rows of one deal may lie apart, so the file is held in memory, as text only.
 * @throws Error naming the line where the file stops being CSV or a row is broken, or the column that it does not have.
 */
export async function* readCsvEvents(
  file: string,
  { delimiter, caseColumn }: { readonly delimiter: string; readonly caseColumn: string },
  progress?: ReadProgress,
): AsyncIterable<SourceCase> {
  const cases = new Map<string, SourceRecord[]>();
  for await (const { fields, line, fault } of readCsvRows(file, delimiter, progress)) {
    // Left out, it would make the rest of its deal wrong for good: others would take its place and its reference.
    if (fault !== null) throw new Error(`${file}, line ${line}: ${fault}; nothing of the file was read`);
    const name = fields[caseColumn];
    if (name === undefined) throw new Error(`${file} has no column ${caseColumn}, which caseColumn names`);
    const records = cases.get(name) ?? [];
    // Within its deal, as in XES: lines of the file move when rows of other deals are added.
    records.push({ fields, ordinal: records.length + 1 });
    cases.set(name, records);
  }
  for (const [name, records] of cases) {
    cases.delete(name);
    yield { attributes: records[0]?.fields ?? {}, records };
  }
}

function broken(line: number, detail: string): SourceCase {
  return { attributes: {}, records: [], fault: { line, detail } };
}

interface CsvRow {
  readonly fields: Record<string, string>;
  readonly line: number;
  /** Why the fields cannot be trusted: the row has more of them than the heading, or fewer. */
  readonly fault: string | null;
}

export async function* readCsvRows(file: string, delimiter: string, progress?: ReadProgress): AsyncIterable<CsvRow> {
  const shape = { columns: true, relax_column_count: true, skip_empty_lines: true } as const;
  const parser = parse({ ...shape, bom: true, delimiter, info: true, trim: true });
  // Each end is told of the other's: a fault of the file reaches whoever reads the rows, and whoever leaves closes it.
  pipeline(Readable.from(fileBytes(file, progress)), parser, () => undefined);
  try {
    for await (const item of parser) {
      const { record, info } = item as { record: Record<string, string>; info: RowInfo };
      yield { fields: record, line: info.lines, fault: faultOf(info) };
    }
  } catch (error) {
    throw error instanceof CsvError ? new Error(`${file} is not well-formed CSV: ${error.message}`) : error;
  }
}

interface RowInfo {
  readonly lines: number;
  readonly columns: readonly unknown[];
  readonly error?: { readonly record?: readonly unknown[] };
}

function faultOf({ columns, error }: RowInfo): string | null {
  if (error === undefined) return null;
  return `the row has ${error.record?.length ?? 'another number of'} fields, the heading ${columns.length}: give it as many`;
}
