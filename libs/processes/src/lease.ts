import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** The right to be the one program that runs the processes; lost when its connection breaks. */
export interface Lease {
  /** Aborted when the lease is lost. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const LOOK_MS = 2_000;

/** Takes the lease if nobody has it. @throws errors of the database */
export async function takeLease(databaseUrl: string, name: string): Promise<Lease | null> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: `voronka ${name}`,
  });
  const lost = new AbortController();
  client.on('error', () => lost.abort());
  client.on('end', () => lost.abort());
  await client.connect();
  const { rows } = await client.query<{ taken: boolean }>(
    'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken',
    [`voronka.${name}`],
  );
  if (rows[0]?.taken !== true) {
    await client.end();
    return null;
  }
  const released = new AbortController();
  void watch(client, lost, released.signal);
  return {
    lost: lost.signal,
    release: async () => {
      released.abort();
      await client.end().catch(() => undefined);
    },
  };
}

/** A connection may be gone without a word; only asking shows it. */
async function watch(client: pg.Client, lost: AbortController, released: AbortSignal): Promise<void> {
  while (!released.aborted && !lost.signal.aborted) {
    await sleep(LOOK_MS, undefined, { signal: released, ref: false }).catch(() => undefined);
    if (!released.aborted) await client.query('select 1').catch(() => lost.abort());
  }
}
