import { masterKeyCheckOf } from '@voronka/app-store';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type LoadedSettings, masterKeyOf, openStores, type Settings } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { startStores } from '../embedded-stores.js';
import { ownDataDirectory } from '../instance.js';
import { say } from '../output.js';
import { Undo } from '../undo.js';
import { withStores } from '../with-stores.js';
import { FORMAT, hashesOf, LOG, MANIFEST, type Manifest, readRows } from './backup-files.js';

/** Fills a data directory that holds the backup's master key at the most, then builds the read models. */
export async function restore({ settings }: LoadedSettings, _options: object, directory: string): Promise<void> {
  if (settings.eventStoreUrl !== null || settings.databaseUrl !== null) {
    throw new CliError(
      EXIT.usage,
      'a backup is restored into the embedded stores: unset EVENTSTORE_URL and DATABASE_URL',
    );
  }
  const manifest = await checked(directory);
  assertEmpty(settings.dataDir);
  assertMasterKey(settings, manifest);
  const undo = new Undo();
  try {
    const lock = ownDataDirectory(settings.dataDir);
    undo.add(() => lock.release());
    const log = path.join(settings.dataDir, 'eventstore', 'log');
    mkdirSync(path.dirname(log), { mode: 0o700 });
    cpSync(path.join(directory, LOG), log, { recursive: true });
    const running = await startStores(settings, { log: say });
    undo.add(() => running.stop());
    const stores = await openStores({ endpoints: running.endpoints, masterKey: masterKeyOf(settings) });
    undo.add(() => stores.close());
    await stores.appStore.importRows(readRows(directory));
  } finally {
    await undo.run();
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

/** Told before anything is written, rather than when somebody looks at a customer. */
function assertMasterKey(settings: Settings, { masterKeyCheck }: Manifest): void {
  const isThere = settings.masterKey !== null || existsSync(path.join(settings.dataDir, 'master.key'));
  if (isThere && masterKeyCheckOf(masterKeyOf(settings)) === masterKeyCheck) return;
  const what = isThere ? 'the master key is not the one of the backup' : 'the backup needs its master key';
  throw new CliError(
    EXIT.usage,
    `${what}: put its master.key into ${settings.dataDir}, or set VORONKA_MASTER_KEY, and restore again`,
  );
}
