import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from './embedded-postgres.js';
import { EmbeddedPostgresError, reasonOf } from './embedded-postgres.error.js';
import type { ServerExit } from './server-process.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
const TRIES = 10;

/**
 * As `startEmbeddedPostgres`, and starts the server again, under the same port and password, should it end on its own
 * (killed, out of memory). Clients see broken connections meanwhile and reconnect. `pid` is the present server's;
 * `exited` settles after `stop`, or when ten attempts in a row have failed (about half a minute).
 *
 * @throws EmbeddedPostgresError as `startEmbeddedPostgres`, for the first start
 */
export async function keepEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? ((): void => undefined);
  let current = await startEmbeddedPostgres(options);
  const { port } = current;
  const stopping = new AbortController();

  /** Watches one server after another; returns how the last of them ended. */
  const watch = async (): Promise<ServerExit> => {
    for (;;) {
      const exit = await current.exited;
      if (stopping.signal.aborted) return exit;
      log(`PostgreSQL (pid ${current.pid}) ended by ${exit.signal ?? `exit code ${exit.code}`}: starting it again`);
      const next = await startAgain({ ...options, port }, stopping.signal);
      if (!next) return exit;
      current = next;
      if (stopping.signal.aborted) await current.stop();
      else log(`PostgreSQL runs again (pid ${current.pid})`);
    }
  };
  const exited = watch();

  return {
    ...current,
    get pid() {
      return current.pid;
    },
    get watchdogPid() {
      return current.watchdogPid;
    },
    exited,
    stop: async () => {
      stopping.abort();
      await current.stop();
      await exited;
    },
  };
}

/** Tries until it runs, we are stopped, or it is hopeless; `undefined` in the latter cases. */
async function startAgain(
  options: EmbeddedPostgresOptions & { readonly port: number },
  stopping: AbortSignal,
): Promise<EmbeddedPostgres | undefined> {
  let pause = FIRST_PAUSE_MS;
  for (let attempt = 1; attempt <= TRIES && !stopping.aborted; attempt += 1) {
    try {
      const server = await startEmbeddedPostgres(options);
      if (server.port === options.port) return server;
      await server.stop();
      throw new EmbeddedPostgresError('server', `port ${options.port} is taken by another process`);
    } catch (error) {
      options.log?.(`PostgreSQL does not start (attempt ${attempt} of ${TRIES}): ${reasonOf(error)}`);
    }
    await sleep(pause, undefined, { signal: stopping }).catch(() => undefined);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
  return undefined;
}
