import pg from 'pg';
import type { EmbeddedPostgres } from '../../../libs/embedded/postgres/src/index.js';
import { startTestPostgres } from '../../../libs/embedded/postgres/src/test-postgres.js';

/** One server for a spec file, and an empty database for every test in it. */
export interface TestDatabases {
  /** Makes an empty database. @returns its connection string */
  fresh(): Promise<string>;
  /** A pool on a database, ended by `stop`. */
  pool(url: string): pg.Pool;
  stop(): Promise<void>;
}

export async function startDatabases(settings: Readonly<Record<string, string>> = {}): Promise<TestDatabases> {
  const server: EmbeddedPostgres = await startTestPostgres({ settings });
  const admin = new pg.Pool({ connectionString: server.url, max: 1 });
  // The server may close idle connections while it is being stopped.
  admin.on('error', () => undefined);
  const pools: pg.Pool[] = [admin];
  let count = 0;
  return {
    fresh: async () => {
      count += 1;
      await admin.query(`create database test_${count}`);
      const url = new URL(server.url);
      url.pathname = `/test_${count}`;
      return url.toString();
    },
    pool: (url) => {
      // Many short tests, each with a database of its own: connections nobody needs any more must not add up.
      const pool = new pg.Pool({ connectionString: url, max: 4, idleTimeoutMillis: 500 });
      pool.on('error', () => undefined);
      pools.push(pool);
      return pool;
    },
    stop: async () => {
      await Promise.all(pools.map((pool) => pool.end()));
      await server.stop();
    },
  };
}

/** Waits until something holds. @throws Error when it does not within ten seconds */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
