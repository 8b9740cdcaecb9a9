import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { AppRows } from '@voronka/app-store';
import { type LoadedSettings, masterKeyOf, openStores } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { startStores } from '../embedded-stores.js';
import { ownDataDirectory } from '../instance.js';
import { say } from '../output.js';
import { withStores } from '../with-stores.js';
import { APP_ROWS, FORMAT, hashesOf, LOG, MANIFEST, type Manifest } from './backup-files.js';

/** Fills an empty data directory (it may hold the master key), then builds the read models. */
export async function restore({ settings }: LoadedSettings, _options: object, directory: string): Promise<void> {
  if (settings.eventStoreUrl !== null || settings.databaseUrl !== null) {
    throw new CliError(
      EXIT.usage,
      'a backup is restored into the embedded stores: unset EVENTSTORE_URL and DATABASE_URL',
    );
  }
  const manifest = await checked(directory);
  assertEmpty(settings.dataDir);
  const lock = ownDataDirectory(settings.dataDir);
  try {
    mkdirSync(path.join(settings.dataDir, 'eventstore'), { recursive: true, mode: 0o700 });
    cpSync(path.join(directory, LOG), path.join(settings.dataDir, 'eventstore', 'log'), { recursive: true });
    const running = await startStores(settings, { log: say });
    try {
      const stores = await openStores({ endpoints: running.endpoints, masterKey: masterKeyOf(settings) });
      const rows = JSON.parse(readFileSync(path.join(directory, APP_ROWS), 'utf8')) as AppRows;
      await stores.appStore.importRows(rows);
      await assertMasterKey(stores.appStore.subjectKeys, rows);
      await stores.close();
    } finally {
      await running.stop();
    }
  } finally {
    lock.release();
  }
  say('Log, data keys and schema app are back; building the read models.');
  await withStores(settings, (stores) => stores.caughtUp());
  say(`Restored into ${settings.dataDir}, up to position ${manifest.position ?? '–'}.`);
}

async function checked(directory: string): Promise<Manifest> {
  const file = path.join(directory, MANIFEST);
  if (!existsSync(file)) throw new CliError(EXIT.usage, `${directory} is no whole backup: it has no ${MANIFEST}`);
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  if (manifest.format !== FORMAT)
    throw new CliError(EXIT.usage, `the backup has format ${manifest.format}; this version reads ${FORMAT}`);
  const found = await hashesOf(directory);
  const damaged = Object.entries(manifest.files).filter(([name, hash]) => found[name] !== hash);
  if (damaged.length > 0)
    throw new CliError(EXIT.failed, `the backup is damaged: ${damaged.map(([name]) => name).join(', ')}`);
  return manifest;
}

function assertEmpty(dataDir: string): void {
  const there = existsSync(dataDir) ? readdirSync(dataDir).filter((name) => name !== 'master.key') : [];
  if (there.length > 0) throw new CliError(EXIT.usage, `${dataDir} is not empty: restore into a new --data-dir`);
}

/** Told now rather than when somebody looks at a customer. */
async function assertMasterKey(
  keys: { forReading(subjects: readonly string[]): Promise<unknown> },
  rows: AppRows,
): Promise<void> {
  const subjects = (rows['subject_keys'] ?? []) as readonly { subject: string; wrapped_key: string | null }[];
  const sample = subjects.find(({ wrapped_key: key }) => key !== null);
  if (sample === undefined) return;
  try {
    await keys.forReading([sample.subject]);
  } catch {
    throw new CliError(
      EXIT.usage,
      'the master key is not the one of the backup: put its master.key into the data directory, or set VORONKA_MASTER_KEY, and restore into an empty directory again',
    );
  }
}
