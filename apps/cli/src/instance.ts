import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type OwnerLock, takeOwnership } from '../../../libs/embedded/shared/src/owner-lock.js';

/** What a running `voronka start` or `demo` tells other commands on the same data directory. */
export interface Instance {
  readonly pid: number;
  readonly eventStore: string;
  readonly databaseUrl: string;
  readonly apiUrl: string | null;
}

const FILE = 'instance.json';

/** Takes the data directory for this process. @throws an error with code `held` while another living process has it */
export function ownDataDirectory(dataDir: string): OwnerLock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return takeOwnership(dataDir);
}

/** Only its owner can read it: it holds the password of the embedded database. */
export function writeInstance(dataDir: string, instance: Instance): void {
  const file = path.join(dataDir, FILE);
  writeFileSync(`${file}.tmp`, JSON.stringify(instance), { mode: 0o600 });
  renameSync(`${file}.tmp`, file);
}

export function removeInstance(dataDir: string): void {
  rmSync(path.join(dataDir, FILE), { force: true });
}

/** The instance on this directory, if its process lives. */
export function runningInstance(dataDir: string): Instance | null {
  try {
    const instance = JSON.parse(readFileSync(path.join(dataDir, FILE), 'utf8')) as Instance;
    process.kill(instance.pid, 0);
    return instance;
  } catch {
    return null;
  }
}
