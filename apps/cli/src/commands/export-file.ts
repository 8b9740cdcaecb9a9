import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { CliError, EXIT } from '../cli-error.js';

const CHUNK_BYTES = 65_536;
const NEWLINE = 0x0a;

/**
 * Cuts off a last line that was written in part, and returns the position of the line before it; null for no line.
 * Reads from the end, so that the size of the file does not matter.
 * @throws CliError when the file is no export
 */
export function cutToWholeLines(file: string): bigint | null {
  const handle = openSync(file, 'r+');
  try {
    const size = fstatSync(handle).size;
    // Nothing is cut off a file that is none of ours.
    if (size > 0 && read(handle, 0, 1).toString() !== '{') throw noExport(file);
    const end = lastNewline(handle, size);
    const line = end < 0 ? null : read(handle, lastNewline(handle, end) + 1, end).toString();
    const position = line === null ? null : positionIn(line, file);
    ftruncateSync(handle, end + 1);
    return position;
  } finally {
    closeSync(handle);
  }
}

/** Where the last newline before `end` stands; -1 for none. */
function lastNewline(handle: number, end: number): number {
  for (let to = end; to > 0; to -= CHUNK_BYTES) {
    const from = Math.max(0, to - CHUNK_BYTES);
    const found = read(handle, from, to).lastIndexOf(NEWLINE);
    if (found >= 0) return from + found;
  }
  return -1;
}

function read(handle: number, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(to - from);
  readSync(handle, bytes, 0, bytes.length, from);
  return bytes;
}

function positionIn(line: string, file: string): bigint {
  try {
    return BigInt((JSON.parse(line) as { position: string }).position);
  } catch {
    throw noExport(file);
  }
}

function noExport(file: string): CliError {
  return new CliError(EXIT.usage, `${file} is no export of events: name another file with --out`);
}
