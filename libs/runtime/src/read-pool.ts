import pg from 'pg';

const MOST_CONNECTIONS = 12;
const LONGEST_CONNECTING_MS = 5_000;

/** Connections that the read models are asked by. The loss of one is told by its next query, and by nothing else. */
export function openReadPool(databaseUrl: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: LONGEST_CONNECTING_MS,
    application_name: 'voronka read',
  });
  // An idle connection that breaks is replaced on the next use; it must not end the program.
  pool.on('error', () => undefined);
  // Nor must one that breaks in somebody's hands, between two queries: there the pool listens no more.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}
