import type { ClientBase, Pool, PoolClient } from 'pg';
import { variantSchema } from './build-schema.js';
import { activeBuild, type Build } from './control.js';
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
 * In a variant of the set, names stand for the tables that it gives them.
 * @throws SetNotBuiltError (a build without the variant is none), errors of the database and of `work`
 */
export async function withSnapshot<T>(
  pool: Pool,
  setName: string,
  work: (snapshot: Snapshot) => Promise<T>,
  variant: string | null = null,
): Promise<T> {
  const read = async (client: PoolClient): Promise<T> => {
    await client.query('begin isolation level repeatable read read only');
    const result = await work(await openSnapshot(client, setName, variant));
    await client.query('commit');
    return result;
  };
  return await withConnection(pool, read);
}

/** Lends a connection; what goes wrong is rolled back. */
export async function withConnection<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    return await work(client);
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * Turns a transaction that has just begun into a look at a set; for those who write elsewhere in the same transaction.
 * @throws SetNotBuiltError
 */
export async function lookInto(client: ClientBase, setName: string): Promise<Snapshot> {
  return await openSnapshot(client, setName, null);
}

/** The active build, and the snapshot of it, in the transaction that was begun. */
export async function openSnapshot(
  client: ClientBase,
  setName: string,
  variant: string | null,
): Promise<Snapshot & { readonly build: Build }> {
  try {
    const build = await activeBuild(client, setName);
    if (build === null) throw new SetNotBuiltError(setName);
    const own = quoteName(build.schema);
    const first = variant === null ? '' : `${await existing(client, variantSchema(build.schema, variant), setName)}, `;
    await client.query(`set local search_path = ${first}${own}, read`);
    return { client, build, k: build.checkpoint, checkpointRecordedAt: build.last?.recordedAt ?? null };
  } catch (error) {
    throw isNothingThere(error) ? new SetNotBuiltError(setName) : error;
  }
}

/** A search path passes over a schema that is not there: the answer would be that of the set itself. */
async function existing(client: ClientBase, schema: string, setName: string): Promise<string> {
  const { rowCount } = await client.query('select 1 from pg_namespace where nspname = $1', [schema]);
  if (rowCount === 0) throw new SetNotBuiltError(setName);
  return quoteName(schema);
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

/** Takes away what `grantReaders` gave. @throws errors of the database: no such role, no right to revoke */
export async function revokeReaders(
  db: Pick<ClientBase, 'query'>,
  role: string,
  schemas: readonly string[],
): Promise<void> {
  const reader = quoteName(role);
  for (const schema of schemas) {
    const name = quoteName(schema);
    await db.query(`alter default privileges in schema ${name} revoke select on tables from ${reader}`);
    await db.query(`revoke all on all tables in schema ${name} from ${reader}`);
    await db.query(`revoke usage on schema ${name} from ${reader}`);
  }
}
