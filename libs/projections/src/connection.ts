import pg from 'pg';

/** How to reach PostgreSQL: a connection string, or what `pg` takes. */
export type Database = string | pg.ClientConfig;

const CONNECT_TIMEOUT_MS = 10_000;

/** Opens one connection. A connection that breaks is reported by the query under way or by the next one. */
export async function connect(database: Database, purpose: string): Promise<pg.Client> {
  const config = typeof database === 'string' ? { connectionString: database } : database;
  const client = new pg.Client({
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: `voronka ${purpose}`,
    ...config,
  });
  client.on('error', () => undefined);
  await client.connect();
  // Dates and numbers must come out and go in alike whatever the server's defaults are.
  await client.query(`set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set client_min_messages = warning;
    set idle_in_transaction_session_timeout = 0; set statement_timeout = 0`);
  return client;
}

/** Gives back the locks first: the server would do so only a moment after the connection is gone. */
export async function disconnect(client: pg.Client | null): Promise<void> {
  await client?.query('select pg_advisory_unlock_all()').catch(() => undefined);
  await client?.end().catch(() => undefined);
}

/** Takes the lock that makes this connection the only one doing `work` on a set; false when another has it. */
export async function tryLock(client: pg.Client, set: string, work: 'tail' | 'rebuild'): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(
    'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken',
    [`voronka.projection.${work}.${set}`],
  );
  return rows[0]?.taken === true;
}
