import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type OwnerLock, takeOwnership } from '../../../libs/embedded/shared/src/owner-lock.js';
import { identify, isAlive, type ProcessIdentity } from '../../../libs/embedded/shared/src/process-identity.js';

/** What a running `voronka start` or `demo` tells other commands on the same data directory. */
export interface Instance extends ProcessIdentity {
  /** Endpoint of the event store, or its connection string. */
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
export function writeInstance(dataDir: string, instance: Omit<Instance, keyof ProcessIdentity>): void {
  const file = path.join(dataDir, FILE);
  const whole: Instance = { ...(identify(process.pid) ?? { pid: process.pid }), ...instance };
  writeFileSync(`${file}.tmp`, JSON.stringify(whole), { mode: 0o600 });
  renameSync(`${file}.tmp`, file);
}

export function removeInstance(dataDir: string): void {
  rmSync(path.join(dataDir, FILE), { force: true });
}

/** The instance on this directory, if its process lives: a file that a killed one left behind counts for nothing. */
export function runningInstance(dataDir: string): Instance | null {
  let text: string;
  try {
    text = readFileSync(path.join(dataDir, FILE), 'utf8');
  } catch {
    return null;
  }
  const instance = JSON.parse(text) as Instance;
  return isAlive(instance) ? instance : null;
}
