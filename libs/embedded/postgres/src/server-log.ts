import fs from 'node:fs';
import path from 'node:path';
import { isRoot } from './os-user.js';

const ROTATE_AT_BYTES = 10 * 1024 * 1024;
const TAIL_BYTES = 64 * 1024;

/** The server's log file in the data directory. */
export interface ServerLog {
  readonly file: string;
  /** An open descriptor for the server's output; the opener closes it. */
  open(): number;
  /** Size now, to read later only what came after. */
  size(): number;
  /** Up to 64 KB of text written after `offset` bytes. */
  since(offset: number): string;
}

/** Opens the log of a data directory; one larger than 10 MB is renamed to `postgres.log.1`, replacing the last such. */
export function prepareLog(directory: string): ServerLog {
  const file = path.join(directory, 'postgres.log');
  const size = (): number => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size() > ROTATE_AT_BYTES) fs.renameSync(file, `${file}.1`);
  // Never through a link: root must not be led to append to a file of somebody else's choice.
  const flags = fs.constants.O_APPEND | fs.constants.O_CREAT | fs.constants.O_WRONLY | (fs.constants.O_NOFOLLOW ?? 0);
  const open = (): number => {
    const handle = fs.openSync(file, flags, 0o600);
    // As root, leave it to whom the directory belongs.
    if (isRoot()) fs.fchownSync(handle, fs.statSync(directory).uid, fs.statSync(directory).gid);
    return handle;
  };
  return { file, open, size, since: (offset) => readFrom(file, offset, size()) };
}

/** The last lines of a text, indented, for an error message. */
export function lastLines(text: string, count = 15): string {
  const lines = text.trimEnd().split('\n').slice(-count);
  return lines.map((line) => `  | ${line}`).join('\n');
}

function readFrom(file: string, offset: number, end: number): string {
  const start = Math.max(offset, end - TAIL_BYTES);
  if (end <= start) return '';
  const handle = fs.openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(end - start);
    const read = fs.readSync(handle, buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, read);
  } finally {
    fs.closeSync(handle);
  }
}
