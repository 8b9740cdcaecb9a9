import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { removeDataDirectory } from './cluster-location.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from './embedded-postgres.js';
import { fillWithCluster } from './test-cluster.js';

/**
 * Starts a server for a test: empty, in a temporary directory, quick and not durable. `stop` removes everything.
 *
 * @throws EmbeddedPostgresError as `startEmbeddedPostgres`
 */
export async function startTestPostgres(
  options: Omit<EmbeddedPostgresOptions, 'directory'> = {},
): Promise<EmbeddedPostgres> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'voronka-pg-'));
  // mkdtemp shuts everybody out; as root the server runs as another user, who has to pass.
  fs.chmodSync(directory, 0o711);
  try {
    await fillWithCluster(directory);
    const settings = { shared_buffers: '32MB', ...options.settings };
    const server = await startEmbeddedPostgres({ durable: false, ...options, settings, directory });
    let stopping: Promise<void> | undefined;
    const stop = (): Promise<void> => (stopping ??= server.stop().then(() => removeDataDirectory(directory)));
    return { ...server, stop };
  } catch (error) {
    removeDataDirectory(directory);
    throw error;
  }
}
