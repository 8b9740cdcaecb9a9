import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { removeDataDirectory } from './cluster-location.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import { findNativeTree } from './native-package.js';

const run = promisify(execFile);
/** What a data directory consists of that has been started and stopped once. */
const PARTS = ['cluster', 'password'];

/**
 * Fills an empty data directory with a copy of a cluster that was made once: copying takes a tenth of what making one
 * does. Where no copy can be kept the directory stays empty, and the server makes its cluster itself.
 */
export async function fillWithCluster(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const { root, version } = findNativeTree();
  const packages = root.slice(0, root.lastIndexOf('node_modules') + 'node_modules'.length);
  // Whoever runs the server owns its files.
  const kept = path.join(packages, '.cache/voronka', `cluster-${version}-${process.getuid?.() ?? ''}`);
  if (!fs.existsSync(kept) && !(await keepCluster(kept))) return;
  await copy(kept, directory);
}

/** @returns false where it cannot be kept, or lives elsewhere */
async function keepCluster(kept: string): Promise<boolean> {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'voronka-pg-'));
  const staging = `${kept}.${process.pid}`;
  try {
    fs.chmodSync(made, 0o711);
    await (await startEmbeddedPostgres({ directory: made, durable: false })).stop();
    if (!PARTS.every((part) => fs.existsSync(path.join(made, part)))) return false;
    fs.mkdirSync(staging, { recursive: true, mode: 0o711 });
    await copy(made, staging);
    fs.renameSync(staging, kept);
    return true;
  } catch {
    // Somebody else was faster, or may write here while we may not.
    return fs.existsSync(kept);
  } finally {
    fs.rmSync(staging, { recursive: true, force: true });
    removeDataDirectory(made);
  }
}

async function copy(from: string, to: string): Promise<void> {
  const sources = PARTS.map((part) => path.join(from, part));
  await run('cp', ['-a', ...sources, to]);
}
