import type { ClientBase, Pool, PoolClient } from 'pg';
import { activeBuild } from './control.js';
import { codeOf, SetNotBuiltError } from './errors.js';
import { quoteName } from './sql-text.js';
import { isNothingThere } from './status.js';

/** One consistent look at the read models of a set. */
export interface Snapshot {
  /** Read only; unqualified table names are those of the set. Not to be used after the callback has returned. */
  readonly client: ClientBase;
  /** Log position up to which everything is in the tables; null: no event was handled yet. */
  readonly k: bigint | null;
  /** When the log learned of the last event handled. */
  readonly checkpointRecordedAt: string | null;
}

/**
 * Runs queries in one REPEATABLE READ transaction. Names resolve to the tables of the build whose checkpoint is `k`,
 * and not to the views: a swap in the middle would turn those to another build, behind the snapshot's back.
 * @throws SetNotBuiltError, errors of the database and of `work`
 */
export async function withSnapshot<T>(
  pool: Pool,
  setName: string,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin isolation level repeatable read read only');
    const snapshot = await openSnapshot(client, setName);
    const result = await work(snapshot);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

async function openSnapshot(client: PoolClient, setName: string): Promise<Snapshot> {
  try {
    const build = await activeBuild(client, setName);
    if (build === null) throw new SetNotBuiltError(setName);
    await client.query(`set local search_path = ${quoteName(build.schema)}, read`);
    return { client, k: build.checkpoint, checkpointRecordedAt: build.last?.recordedAt ?? null };
  } catch (error) {
    throw isNothingThere(error) ? new SetNotBuiltError(setName) : error;
  }
}

/**
 * Lets a role read the views, those of later swaps included. Schemas that do not exist are passed over.
 * @throws errors of the database: no such role, no right to grant
 */
export async function grantReaders(
  db: Pick<ClientBase, 'query'>,
  role: string,
  schemas: readonly string[] = ['read', 'bi'],
): Promise<void> {
  for (const schema of schemas) {
    const name = quoteName(schema);
    try {
      await db.query(`grant usage on schema ${name} to ${quoteName(role)}`);
    } catch (error) {
      if (codeOf(error) === '3F000') continue;
      throw error;
    }
    await db.query(`grant select on all tables in schema ${name} to ${quoteName(role)}`);
    await db.query(`alter default privileges in schema ${name} grant select on tables to ${quoteName(role)}`);
  }
}
