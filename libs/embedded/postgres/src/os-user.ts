import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';

/** The operating-system user that the server runs as when we are root. */
export interface OsUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/** Whether this process is root (never on Windows). */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * PostgreSQL refuses to run as root, so root lends it another user: `postgres` where the system has one, else
 * `nobody`. We never create users: that would change the host for good, needs tools that slim images lack, and
 * `nobody` has all that is needed, namely an entry in the user database (initdb looks its name up). The price is
 * that other services running as `nobody` could read the cluster; who minds creates a user `postgres`.
 *
 * @returns `undefined` when we are not root: then the server runs as ourselves
 * @throws EmbeddedPostgresError `unreachable` when there is no such user at all
 */
export function chooseOsUser(): OsUser | undefined {
  if (!isRoot()) return undefined;
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const found = userFromFile(name) ?? userFromSystem(name);
    if (found && found.uid !== 0) return found;
  }
  throw new EmbeddedPostgresError(
    'unreachable',
    'PostgreSQL does not run as root, and this system has neither a user "postgres" nor "nobody". ' +
      'Create one (useradd --system postgres), or start as an ordinary user.',
  );
}

/** Whether the user can enter a directory, asked of the kernel itself: that honours groups, ACLs and mounts. */
export function canEnter(user: OsUser, directory: string): boolean {
  const { status } = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', directory], {
    ...credentials(user),
    cwd: '/',
    env: {},
    stdio: 'ignore',
  });
  return status === 0;
}

/** The `uid` and `gid` options of spawn; none when the server runs as ourselves. */
export function credentials(user: OsUser | undefined): { uid?: number; gid?: number } {
  return user ? { uid: user.uid, gid: user.gid } : {};
}

/**
 * The environment of PostgreSQL's programs: only what they need, so that neither our secrets nor stray PG* variables
 * reach them.
 */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'SYSTEMROOT', 'TEMP', 'TMP', 'TMPDIR'];
  const environment: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC' };
  for (const name of kept) if (process.env[name] !== undefined) environment[name] = process.env[name];
  return environment;
}

function userFromFile(name: string): OsUser | undefined {
  let lines: string[];
  try {
    lines = fs.readFileSync('/etc/passwd', 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
  const [uid, gid] = [Number(fields?.[2] ?? NaN), Number(fields?.[3] ?? NaN)];
  return Number.isInteger(uid) && Number.isInteger(gid) ? { name, uid, gid } : undefined;
}

/** For users kept in a directory service. */
function userFromSystem(name: string): OsUser | undefined {
  try {
    const ask = (flag: string): number =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { name, uid: ask('-u'), gid: ask('-g') };
  } catch {
    return undefined;
  }
}
