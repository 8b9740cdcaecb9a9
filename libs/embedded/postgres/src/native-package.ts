import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { EmbeddedPostgresError, errnoOf, reasonOf } from './embedded-postgres.error.js';
import { credentials, plainEnvironment } from './os-user.js';
import type { OsUser } from './os-user.js';

/** A tree of PostgreSQL's programs: `bin`, `lib` and `share` below one root. */
export interface NativeTree {
  readonly root: string;
  /** The version of the npm package that holds the tree. */
  readonly version: string;
}

/** Absolute paths of the programs we run. */
export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

const SUFFIX = process.platform === 'win32' ? '.exe' : '';

/** Where the programs of a tree lie. */
export function programsOf(tree: NativeTree): Programs {
  const program = (name: string): string => path.join(tree.root, 'bin', name + SUFFIX);
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
}

/**
 * Finds the binaries that npm installed for this platform.
 *
 * @throws EmbeddedPostgresError `binaries` when there are none
 */
export function findNativeTree(): NativeTree {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const ours = createRequire(import.meta.url);
    // The platform package belongs to embedded-postgres and may lie below it.
    const theirs = createRequire(ours.resolve('embedded-postgres'));
    const home = path.resolve(path.dirname(theirs.resolve(name)), '..');
    const manifest: unknown = JSON.parse(fs.readFileSync(path.join(home, 'package.json'), 'utf8'));
    const version = typeof manifest === 'object' && manifest && 'version' in manifest ? String(manifest.version) : '0';
    return { root: path.join(home, 'native'), version };
  } catch (error) {
    throw new EmbeddedPostgresError(
      'binaries',
      `There are no PostgreSQL binaries for ${platform}-${process.arch}: the package ${name} is not installed. ` +
        'Install without --omit=optional on a supported platform, or set DATABASE_URL to use your own PostgreSQL.',
      { cause: error },
    );
  }
}

/**
 * Does what the package's install script would have done had npm run it: creates the links between libraries and
 * makes the programs executable. Cheap and harmless when nothing is missing, and safe to run twice at once.
 *
 * @throws EmbeddedPostgresError `binaries` when something is missing and the tree cannot be written
 */
export function healNativeTree(tree: NativeTree): void {
  try {
    for (const link of readLinks(tree)) restoreLink(link);
    if (process.platform === 'win32') return;
    for (const program of Object.values(programsOf(tree))) {
      const { mode } = fs.statSync(program);
      if ((mode & 0o100) === 0) fs.chmodSync(program, mode | 0o755);
    }
  } catch (error) {
    throw new EmbeddedPostgresError(
      'binaries',
      `The PostgreSQL binaries in ${tree.root} are incomplete and could not be repaired (${reasonOf(error)}). ` +
        'Run npm ci again as the user who owns that directory.',
      { cause: error },
    );
  }
}

/** Runs `postgres --version` as the given user: proves that programs and libraries can be reached and loaded. */
export function tryPrograms(tree: NativeTree, user: OsUser | undefined): { works: boolean; reason: string } {
  const { postgres } = programsOf(tree);
  const result = spawnSync(postgres, ['--version'], {
    ...credentials(user),
    cwd: path.parse(process.execPath).root,
    env: plainEnvironment(),
    encoding: 'utf8',
  });
  if (result.status === 0) return { works: true, reason: '' };
  return { works: false, reason: result.error ? reasonOf(result.error) : (result.stderr ?? '').trim() };
}

/** The major version that the tree's share files are for, to compare with a cluster's PG_VERSION. */
export function majorVersion(tree: NativeTree): string {
  return tree.version.split('.')[0] ?? '';
}

interface Link {
  readonly at: string;
  readonly to: string;
}

function readLinks(tree: NativeTree): Link[] {
  let listed: unknown;
  try {
    listed = JSON.parse(fs.readFileSync(path.join(tree.root, 'pg-symlinks.json'), 'utf8'));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
  const home = path.dirname(tree.root);
  const links: Link[] = [];
  for (const entry of Array.isArray(listed) ? (listed as unknown[]) : []) {
    if (typeof entry !== 'object' || entry === null || !('source' in entry) || !('target' in entry)) continue;
    const [at, source] = [path.resolve(home, String(entry.target)), path.resolve(home, String(entry.source))];
    links.push({ at, to: path.relative(path.dirname(at), source) });
  }
  return links;
}

function restoreLink({ at, to }: Link): void {
  if (fs.existsSync(at)) return;
  try {
    // existsSync follows links: what is still here is one that leads nowhere.
    fs.rmSync(at, { force: true });
    fs.symlinkSync(to, at);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}
