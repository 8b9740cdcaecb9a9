import { createHmac } from 'node:crypto';
import { MasterKeyError, unwrapSubjectKey } from '@voronka/event-log';
import { type DataSource, IsNull, Not } from 'typeorm';
import { InstallationRow, SubjectKeyRow } from './entities.js';

/** Row of `app.installation`. A backup has a check of its own, so this one stays out of it. */
export const MASTER_KEY_CHECK = 'masterKey.check';

/** Tells one master key from another. 32 random bytes cannot be found from it. */
export function masterKeyCheckOf(masterKey: Uint8Array): string {
  return createHmac('sha256', masterKey).update('voronka backup').digest('hex').slice(0, 16);
}

/**
 * What is written under another key can be read by neither: so the first key counts, and any other is refused before
 * anything is written. @throws MasterKeyError
 */
export async function assertMasterKey(source: DataSource, masterKey: Uint8Array): Promise<void> {
  const installation = source.getRepository(InstallationRow);
  const check = { name: MASTER_KEY_CHECK, value: masterKeyCheckOf(masterKey) };
  if ((await installation.findOneBy({ name: MASTER_KEY_CHECK })) === null) {
    await assertFitsOldKeys(source, masterKey);
    // Another program may start at this moment: whichever is there first counts.
    await installation.createQueryBuilder().insert().values(check).orIgnore().execute();
  }
  const kept = await installation.findOneBy({ name: MASTER_KEY_CHECK });
  if (kept?.value === check.value) return;
  throw new MasterKeyError(
    'The master key is not the one that this installation began with: set VORONKA_MASTER_KEY, or put master.key into ' +
      'the data directory, as it was at the first start',
  );
}

/** Installations that began before there was a check: any key that was wrapped says as much. */
async function assertFitsOldKeys(source: DataSource, masterKey: Uint8Array): Promise<void> {
  const row = await source.getRepository(SubjectKeyRow).findOneBy({ wrappedKey: Not(IsNull()) });
  if (row?.wrappedKey) unwrapSubjectKey(masterKey, row.subject, row.wrappedKey);
}
