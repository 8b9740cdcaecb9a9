import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fsyncSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { AppRows } from '@voronka/app-store';

/** Written last: a directory without it is no backup. */
export const MANIFEST = 'manifest.json';
export const APP_ROWS = 'app.ndjson';
export const LOG = 'log';
export const FORMAT = 1;

export interface Manifest {
  readonly format: number;
  readonly madeAt: string;
  /** Position of the last event when the backup was begun; the log may hold later ones. */
  readonly position: string | null;
  /** Tells the master key that this backup needs from others, without telling the key. */
  readonly masterKeyCheck: string;
  /** Path inside the backup → SHA-256. */
  readonly files: Readonly<Record<string, string>>;
}

/** SHA-256 of every file but the manifest, by its path inside the directory. */
export async function hashesOf(directory: string): Promise<Record<string, string>> {
  const files = readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((name) => name !== MANIFEST && !name.endsWith('lock.mdb'))
    .sort();
  const hashes: Record<string, string> = {};
  for (const name of files) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path.join(directory, name))) hash.update(chunk as Buffer);
    hashes[name] = hash.digest('hex');
  }
  return hashes;
}

/** Schema `app`, a row a line. */
export function writeRows(directory: string, rows: AppRows): void {
  const handle = openSync(path.join(directory, APP_ROWS), 'wx', 0o600);
  try {
    for (const [table, found] of Object.entries(rows)) {
      for (const row of found) writeSync(handle, `${JSON.stringify({ table, row })}\n`);
    }
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** What `writeRows` wrote. */
export function readRows(directory: string): AppRows {
  const rows: Record<string, unknown[]> = {};
  for (const line of readFileSync(path.join(directory, APP_ROWS), 'utf8').split('\n')) {
    if (line === '') continue;
    const { table, row } = JSON.parse(line) as { table: string; row: unknown };
    (rows[table] ??= []).push(row);
  }
  return rows;
}
