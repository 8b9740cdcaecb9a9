import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { createWhole, readIfThere } from './durable-file.js';
import { errnoOf, reasonOf } from './thrown.js';
import { identify, isAlive } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';

const FILE = 'owner.json';
const TRIES = 20;

/** `held`: a living process owns the directory; `unreachable`: it cannot be written. The message says what to do. */
export class OwnerLockError extends Error {
  override readonly name = 'OwnerLockError';

  constructor(
    readonly code: 'held' | 'unreachable',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Proof that this process, and no other living one, supervises a data directory. */
export interface OwnerLock {
  /** Gives the directory free; harmless when repeated. */
  release(): void;
}

/**
 * Takes the directory for this process. A lock left by a dead process (pid gone, or given to another process since)
 * is replaced.
 *
 * @throws OwnerLockError `held`, naming the pid of the living owner; `unreachable` if we may not write there
 */
export function takeOwnership(directory: string): OwnerLock {
  const file = path.join(directory, FILE);
  // The nonce tells our lock from another one of this very process.
  const mine = JSON.stringify({
    ...(identify(process.pid) ?? { pid: process.pid }),
    nonce: randomBytes(6).toString('hex'),
  });
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (tryCreate(file, mine)) return { release: () => releaseIfOurs(file, mine) };
    const found = readIfThere(file);
    if (found === undefined) continue;
    const owner = parseOwner(found);
    if (owner && isAlive(owner)) throw heldError(directory, file, owner);
    setAside(file, found);
  }
  throw new OwnerLockError('held', `The data directory ${directory} is being fought over; try again in a moment.`);
}

function tryCreate(file: string, mine: string): boolean {
  try {
    return createWhole(file, mine);
  } catch (error) {
    throw new OwnerLockError(
      'unreachable',
      `The data directory ${path.dirname(file)} cannot be written (${reasonOf(error)}). Choose one that is yours.`,
      { cause: error },
    );
  }
}

function heldError(directory: string, file: string, owner: ProcessIdentity): OwnerLockError {
  const who = owner.pid === process.pid ? `this very process (pid ${owner.pid})` : `the running process ${owner.pid}`;
  return new OwnerLockError(
    'held',
    `The data directory ${directory} is in use by ${who}. Stop that process first, or choose another data directory. ` +
      `(If process ${owner.pid} has nothing to do with this directory, delete ${file}.)`,
  );
}

/** Removes a dead owner's lock; if another starter was quicker and it is theirs we hold, gives it back. */
function setAside(file: string, expected: string): void {
  const aside = `${file}.${randomBytes(6).toString('hex')}.old`;
  try {
    fs.renameSync(file, aside);
    if (readIfThere(aside) !== expected) fs.linkSync(aside, file);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(errnoOf(error) ?? '')) throw error;
  } finally {
    fs.rmSync(aside, { force: true });
  }
}

function releaseIfOurs(file: string, mine: string): void {
  try {
    if (readIfThere(file) === mine) fs.rmSync(file, { force: true });
  } catch (error) {
    // The whole directory may have been removed under us; then there is nothing to give free.
    if (errnoOf(error) !== 'ENOTDIR') throw error;
  }
}

function parseOwner(text: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number')
      return undefined;
    return { pid: value.pid, start: 'start' in value && typeof value.start === 'string' ? value.start : undefined };
  } catch {
    return undefined;
  }
}
