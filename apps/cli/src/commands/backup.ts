import { masterKeyCheckOf } from '@voronka/app-store';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { copyLog } from '@voronka/eventstore-node';
import { type LoadedSettings, masterKeyOf } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { say } from '../output.js';
import { withStores } from '../with-stores.js';
import { FORMAT, hashesOf, LOG, MANIFEST, type Manifest, writeRows } from './backup-files.js';

/** Log first, keys after: a key is made before the first event that needs it, so the copy has all it needs. */
export async function backup({ settings }: LoadedSettings, _options: object, directory: string): Promise<void> {
  if (settings.eventStoreUrl !== null) {
    throw new CliError(
      EXIT.usage,
      'an EventStoreDB of your own is backed up by its own means; unset EVENTSTORE_URL to back up the embedded one',
    );
  }
  if (existsSync(directory) && readdirSync(directory).length > 0) {
    throw new CliError(EXIT.usage, `${directory} is not empty: name a new directory`);
  }
  const manifest = await withStores(settings, async ({ log, appStore }): Promise<Manifest> => {
    const position = await log.end();
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    await copyLog(path.join(settings.dataDir, 'eventstore', 'log'), path.join(directory, LOG));
    writeRows(directory, await appStore.exportRows());
    return {
      format: FORMAT,
      madeAt: new Date().toISOString(),
      position: position === null ? null : String(position),
      masterKeyCheck: masterKeyCheckOf(masterKeyOf(settings)),
      files: await hashesOf(directory),
    };
  });
  writeFileSync(path.join(directory, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  say(`Backed up to ${directory}, up to position ${manifest.position ?? '–'}.`);
  say(
    'The master key is not in it: keep master.key, or VORONKA_MASTER_KEY, in another safe place. Without it personal data cannot be read.',
  );
}
