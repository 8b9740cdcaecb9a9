import { createHash } from 'node:crypto';
import { createReadStream, readdirSync } from 'node:fs';
import path from 'node:path';

/** Written last: a directory without it is no backup. */
export const MANIFEST = 'manifest.json';
export const APP_ROWS = 'app.json';
export const LOG = 'log';
export const FORMAT = 1;

export interface Manifest {
  readonly format: number;
  readonly madeAt: string;
  /** Position of the last event when the backup was begun; the log may hold later ones. */
  readonly position: string | null;
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
