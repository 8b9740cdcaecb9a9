import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { errnoOf } from './thrown.js';

/** Writes a whole file or nothing: a temporary file beside it, flushed, then renamed over. Mode 0600 unless told. */
export function writeWhole(file: string, text: string, mode = 0o600): void {
  const temporary = writeTemporary(file, text, mode);
  fs.renameSync(temporary, file);
  flushDirectory(path.dirname(file));
}

/** As `writeWhole`, but only if the file is not there yet; returns whether we created it. Never seen half written. */
export function createWhole(file: string, text: string): boolean {
  const temporary = writeTemporary(file, text, 0o600);
  try {
    fs.linkSync(temporary, file);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

/** The file's text, or `undefined` when there is no such file. */
export function readIfThere(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Makes renames inside a directory survive a power cut, where the system allows flushing a directory. */
export function flushDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const handle = fs.openSync(directory, 'r');
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

function writeTemporary(file: string, text: string, mode: number): string {
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  const handle = fs.openSync(temporary, 'wx', mode);
  try {
    fs.writeSync(handle, text);
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
  return temporary;
}
