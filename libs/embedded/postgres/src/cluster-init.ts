import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { ClusterPlace } from './cluster-location.js';
import { flushDirectory, readIfThere, writeWhole } from '../../shared/src/durable-file.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import type { Programs } from './native-package.js';
import { credentials, isRoot, plainEnvironment } from './os-user.js';
import { lastLines } from './server-log.js';

/** The role that owns everything in an embedded cluster. */
export const SUPERUSER = 'postgres';

const PASSWORD_FILE = 'password';
const STAGING_PREFIX = '.initdb-';

/** The password kept in a data directory, in a file that only we can read. */
export function readPassword(directory: string): string | undefined {
  return readIfThere(path.join(directory, PASSWORD_FILE))?.trim() || undefined;
}

/** A new random password, not kept yet. */
export function makePassword(): string {
  return randomBytes(24).toString('base64url');
}

/** Keeps a password in the data directory, mode 0600. */
export function keepPassword(directory: string, password: string): void {
  const file = path.join(directory, PASSWORD_FILE);
  writeWhole(file, `${password}\n`);
  // Root may have been asked once to start what belongs to somebody else, who wants to start it again.
  if (isRoot()) fs.chownSync(file, fs.statSync(directory).uid, fs.statSync(directory).gid);
}

export interface InitOptions {
  readonly programs: Programs;
  readonly place: ClusterPlace;
  readonly password: string;
  readonly durable: boolean;
}

/**
 * Creates the cluster: UTF-8, the built-in C.UTF-8 locale (the same order on every machine and version), passwords by
 * SCRAM. It is made in a staging directory and renamed, so a crash on the way leaves no half cluster; what an earlier
 * crash left behind is removed.
 *
 * @throws EmbeddedPostgresError `server` with initdb's last words
 */
export async function initCluster({ programs, place, password, durable }: InitOptions): Promise<void> {
  await removeStaging(place.home);
  const staging = path.join(place.home, STAGING_PREFIX + randomBytes(6).toString('hex'));
  const [data, passwordFile] = [path.join(staging, 'data'), path.join(staging, 'password')];
  try {
    fs.mkdirSync(staging, { mode: 0o700 });
    // initdb runs as the server's user, who cannot read our own password file.
    fs.writeFileSync(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
    if (place.user) {
      for (const name of [passwordFile, staging]) fs.chownSync(name, place.user.uid, place.user.gid);
    }
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const access = [`--username=${SUPERUSER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    // A cluster that is thrown away soon writes little: most of a new one would be its first segment of 16 MB.
    const speed = durable ? [] : ['--no-sync', '--wal-segsize=1'];
    await run(programs.initdb, ['-D', data, ...access, ...locale, '--no-instructions', ...speed], { place });
    fs.renameSync(data, place.cluster);
    if (durable) flushDirectory(place.home);
  } finally {
    fs.rmSync(staging, { recursive: true, force: true });
  }
}

/**
 * Gives an existing cluster a new password, in single-user mode: for a data directory whose password file was lost.
 *
 * @throws EmbeddedPostgresError `server`
 */
export async function resetPassword({ programs, place, password }: Omit<InitOptions, 'durable'>): Promise<void> {
  const statement = `ALTER ROLE ${SUPERUSER} PASSWORD '${password.replaceAll("'", "''")}'\n`;
  await run(programs.postgres, ['--single', '-D', place.cluster, 'postgres'], { place, input: statement });
}

/**
 * Checks that a cluster on disk is whole and made by this major version.
 *
 * @throws EmbeddedPostgresError `cluster`
 */
export function checkCluster(cluster: string, major: string): void {
  const found = readIfThere(path.join(cluster, 'PG_VERSION'))?.trim();
  if (found === major) return;
  throw new EmbeddedPostgresError(
    'cluster',
    found === undefined
      ? `${cluster} is not a PostgreSQL cluster (it has no PG_VERSION). Restore it from a backup, or move it away.`
      : `The cluster ${cluster} was made by PostgreSQL ${found}, and this is PostgreSQL ${major}. ` +
          'Start it with the earlier release and move the data over, or rebuild it in a new data directory.',
  );
}

/**
 * Removes the remains of a start that was killed. Its initdb may still be at work: once its directory bears another
 * name it fails and ends, and until then the removal is tried again.
 */
async function removeStaging(home: string): Promise<void> {
  for (const name of fs.readdirSync(home).filter((entry) => entry.startsWith(STAGING_PREFIX))) {
    const doomed = path.join(home, `${STAGING_PREFIX}${randomBytes(6).toString('hex')}`);
    fs.renameSync(path.join(home, name), doomed);
    await fs.promises.rm(doomed, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

function run(
  program: string,
  args: string[],
  { place, input }: { place: ClusterPlace; input?: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...credentials(place.user),
      cwd: path.parse(process.execPath).root,
      env: plainEnvironment(),
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)));
    const fail = (how: string): void =>
      reject(new EmbeddedPostgresError('server', `${path.basename(program)} ${how}:\n${lastLines(output)}`));
    child.on('error', (error) => fail(`could not be started (${error.message})`));
    child.on('close', (code, signal) => (code === 0 ? resolve() : fail(`ended with ${signal ?? code}`)));
    // A program that died at once closes the pipe; its exit code tells the story.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}
