import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { EmbeddedPostgresError, errnoOf } from './embedded-postgres.error.js';
import { healNativeTree, tryPrograms } from './native-package.js';
import type { NativeTree } from './native-package.js';
import type { OsUser } from './os-user.js';
import { distrust, ensureSystemDirectory } from './system-directory.js';

export interface ReachableOptions {
  readonly tree: NativeTree;
  readonly user: OsUser | undefined;
  readonly systemDirectory: string;
  readonly log: (line: string) => void;
}

/**
 * A tree of binaries that the server's user can run: the installed one if it can, else a copy that root makes once
 * per version in the system directory.
 *
 * @throws EmbeddedPostgresError `binaries` or `unreachable`, saying what to do
 */
export async function reachableBinaries({ tree, user, systemDirectory, log }: ReachableOptions): Promise<NativeTree> {
  healNativeTree(tree);
  const installed = tryPrograms(tree, user);
  if (installed.works) return tree;
  if (!user) throw notRunnable(tree, installed.reason);

  const files = listTree(tree.root);
  const root = path.join(ensureSystemDirectory(systemDirectory), `postgres-${tree.version}-${fingerprint(files)}`);
  if (!isFaithfulCopy(root, files)) {
    await copyTree(tree.root, root, files);
    log(`user ${user.name} cannot enter ${tree.root}: copied the PostgreSQL binaries to ${root}`);
  }
  const copy = { root, version: tree.version };
  const copied = tryPrograms(copy, user);
  if (!copied.works) throw notRunnable(copy, copied.reason);
  return copy;
}

function notRunnable(tree: NativeTree, reason: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'binaries',
    `The PostgreSQL binaries in ${tree.root} do not run here: ${reason || 'no message'}. They need glibc (Alpine ` +
      'has another C library) and a file system that allows running programs. ' +
      'Set DATABASE_URL to use your own PostgreSQL instead.',
  );
}

/** One entry of a tree; size is -1 for directories, links are told by where they lead. */
interface TreeEntry {
  readonly name: string;
  readonly size: number;
  readonly link: string;
}

function listTree(root: string): TreeEntry[] {
  return fs
    .readdirSync(root, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const full = path.join(entry.parentPath, entry.name);
      return {
        name: path.relative(root, full),
        size: entry.isFile() ? fs.lstatSync(full).size : -1,
        link: entry.isSymbolicLink() ? fs.readlinkSync(full) : '',
      };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function fingerprint(files: TreeEntry[]): string {
  return createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 12);
}

/** Whether a copy is there, complete, and nobody but root could have changed it. */
function isFaithfulCopy(root: string, files: TreeEntry[]): boolean {
  const stat = fs.lstatSync(root, { throwIfNoEntry: false });
  if (!stat?.isDirectory() || distrust(stat)) return false;
  const found = listTree(root);
  if (JSON.stringify(found) !== JSON.stringify(files)) return false;
  return found.every(({ name, link }) => link !== '' || !distrust(fs.lstatSync(path.join(root, name))));
}

/** Copies beside the target and renames: whoever looks sees no copy or a whole one, however many copy at once. */
async function copyTree(source: string, target: string, files: TreeEntry[]): Promise<void> {
  const suffix = randomBytes(6).toString('hex');
  const staging = `${target}.${suffix}.tmp`;
  try {
    fs.mkdirSync(staging, { mode: 0o700 });
    await fs.promises.cp(source, staging, { recursive: true, verbatimSymlinks: true });
    openToAll(staging, files);
    putInPlace(staging, target, files, suffix);
  } finally {
    fs.rmSync(staging, { recursive: true, force: true });
  }
}

function putInPlace(staging: string, target: string, files: TreeEntry[], suffix: string): void {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      fs.renameSync(staging, target);
      return;
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errnoOf(error) ?? '')) throw error;
    }
    if (isFaithfulCopy(target, files)) return;
    const broken = `${target}.${suffix}-${attempt}.broken`;
    fs.renameSync(target, broken);
    fs.rmSync(broken, { recursive: true, force: true });
  }
  throw new EmbeddedPostgresError('binaries', `Could not replace the damaged copy of the binaries in ${target}.`);
}

/** Root's from top to bottom, readable by all; an installation under a strict umask is readable by its owner only. */
function openToAll(root: string, files: TreeEntry[]): void {
  for (const { name, size, link } of [{ name: '', size: -1, link: '' }, ...files]) {
    const full = path.join(root, name);
    fs.lchownSync(full, 0, 0);
    if (link !== '') continue;
    const executable = size < 0 || (fs.statSync(full).mode & 0o100) !== 0;
    fs.chmodSync(full, executable ? 0o755 : 0o644);
  }
}
