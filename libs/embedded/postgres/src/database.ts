import pg from 'pg';
import { SUPERUSER } from './cluster-init.js';
import { EmbeddedPostgresError, reasonOf } from './embedded-postgres.error.js';
import { HOST } from './free-port.js';

/** What is needed to reach a running embedded server. */
export interface Connection {
  readonly port: number;
  readonly password: string;
  readonly database: string;
}

/**
 * Connects once, which proves that the server serves, and creates the database if it is missing.
 *
 * @throws EmbeddedPostgresError `server`
 */
export async function ensureDatabase({ port, password, database }: Connection): Promise<void> {
  const client = new pg.Client({ host: HOST, port, user: SUPERUSER, password, database: 'postgres' });
  // A server that dies under the connection is reported by the query that fails.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
  } catch (error) {
    throw new EmbeddedPostgresError('server', `PostgreSQL runs but does not serve: ${reasonOf(error)}.`, {
      cause: error,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The connection string for `pg` and TypeORM. */
export function connectionUrl({ port, password, database }: Connection): string {
  const part = encodeURIComponent;
  return `postgresql://${SUPERUSER}:${part(password)}@${HOST}:${port}/${part(database)}`;
}
