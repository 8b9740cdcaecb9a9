import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import type { ReadProgress, SourceCase } from './source.js';

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
    yield { attributes: row.fields, records: [{ fields: row.fields, ordinal: row.line }] };
  }
}

export async function* readCsvRows(
  file: string,
  delimiter: string,
  progress?: ReadProgress,
): AsyncIterable<{ fields: Record<string, string>; line: number }> {
  if (progress !== undefined) progress.bytesTotal = (await stat(file)).size;
  const bytes = createReadStream(file);
  bytes.on('data', (chunk) => {
    if (progress !== undefined) progress.bytesRead += chunk.length;
  });
  const parser = parse({ columns: true, bom: true, delimiter, skip_empty_lines: true, info: true, trim: true });
  const source = file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  bytes.on('error', (error) => parser.destroy(error));
  source.on('error', (error: Error) => parser.destroy(error));
  for await (const item of source.pipe(parser)) {
    const { record, info } = item as { record: Record<string, string>; info: { lines: number } };
    yield { fields: record, line: info.lines };
  }
}
