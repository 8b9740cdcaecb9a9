import { wrapSubjectKey } from '@voronka/event-log';
import { openAppStore, type AppStore } from '@voronka/app-store';
import pg from 'pg';
import { keyOf } from './seeded-keys.js';

/** What the data keys of the bench are wrapped with. */
export const MASTER_KEY = Buffer.alloc(32, 'bench');

/** Schema `app` of the bench's database, as the programs open it. */
export async function openBenchAppStore(databaseUrl: string): Promise<AppStore> {
  return await openAppStore({ databaseUrl, masterKey: MASTER_KEY });
}

/** Puts the keys that a log was written with where the product looks them up. */
export async function keepDataKeys(databaseUrl: string, subjects: readonly string[]): Promise<void> {
  const store = await openBenchAppStore(databaseUrl);
  await store.close();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const wrapped = subjects.map((subject) => Buffer.from(wrapSubjectKey(MASTER_KEY, subject, keyOf(subject))));
    await client.query(
      `insert into app.subject_keys (subject, wrapped_key, created_at, destroyed_at)
       select subject, wrapped_key, now(), null from unnest($1::text[], $2::bytea[]) as given (subject, wrapped_key)`,
      [subjects, wrapped],
    );
  } finally {
    await client.end();
  }
}
