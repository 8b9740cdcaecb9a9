import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { MasterKeyError, parseMasterKey } from '@voronka/event-log';
import { type Settings, SettingsError } from './settings.js';

/**
 * The key that wraps all data keys: the given one, else the one in the data directory, made on the first start.
 * @throws SettingsError when it is malformed, when it is missing beside data, or when the stores are elsewhere and none
 *   is given.
 */
export function masterKeyOf(settings: Settings): Uint8Array {
  if (settings.masterKey !== null) return parsed(settings.masterKey, 'VORONKA_MASTER_KEY');
  if (settings.databaseUrl !== null) {
    throw new SettingsError([
      'VORONKA_MASTER_KEY is needed with DATABASE_URL: every program that shares the database must have the same one',
    ]);
  }
  const file = path.join(settings.dataDir, 'master.key');
  mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 });
  const known = readIfThere(file);
  if (known !== null) return parsed(known.trim(), file);
  if (existsSync(path.join(settings.dataDir, 'postgres'))) {
    throw new SettingsError([
      `${file} is not there, though the data are: put it back, or set VORONKA_MASTER_KEY as it was at the first start`,
    ]);
  }
  createOnce(file, `${randomBytes(32).toString('hex')}\n`);
  return parsed(readFileSync(file, 'utf8').trim(), file);
}

function parsed(text: string, where: string): Uint8Array {
  try {
    return parseMasterKey(text);
  } catch (error) {
    if (error instanceof MasterKeyError) throw new SettingsError([`${where}: ${error.message}`]);
    throw error;
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whole or not at all, and only if nobody was quicker. */
function createOnce(file: string, text: string): void {
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  const handle = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  try {
    linkSync(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  // Without it nothing personal can be read again: its name must be on disk before the first thing it protects.
  syncDirectory(path.dirname(file));
}

function syncDirectory(directory: string): void {
  // Windows opens no directories.
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
