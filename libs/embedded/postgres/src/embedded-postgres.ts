import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  SUPERUSER,
  checkCluster,
  initCluster,
  keepPassword,
  makePassword,
  readPassword,
  resetPassword,
} from './cluster-init.js';
import { placeCluster } from './cluster-location.js';
import type { ClusterPlace } from './cluster-location.js';
import { connectionUrl, ensureDatabase } from './database.js';
import { EmbeddedPostgresError, reasonOf } from './embedded-postgres.error.js';
import { HOST, findFreePort } from './free-port.js';
import { findNativeTree, majorVersion, programsOf } from './native-package.js';
import type { NativeTree, Programs } from './native-package.js';
import { endStrayBackends, stopOrphan } from './orphan.js';
import { isRoot } from './os-user.js';
import { type OwnerLock, OwnerLockError, takeOwnership } from '../../shared/src/owner-lock.js';
import { reachableBinaries } from './reachable-binaries.js';
import { lastLines, prepareLog } from './server-log.js';
import type { ServerLog } from './server-log.js';
import { ServerProcess } from './server-process.js';
import type { ServerExit } from './server-process.js';
import { settingArguments } from './settings.js';
import type { PostgresSettings } from './settings.js';
import { SYSTEM_DIRECTORY } from './system-directory.js';

export interface EmbeddedPostgresOptions {
  /** The data directory; created if missing. Cluster, password, log and owner's lock live here. */
  readonly directory: string;
  /** Receives lines worth telling an operator; silent by default. */
  readonly log?: (line: string) => void;
  /** PostgreSQL parameters over our defaults. */
  readonly settings?: PostgresSettings;
  /** `false` trades safety for speed, for tests: nothing is flushed to disk. */
  readonly durable?: boolean;
  /** Database to have; created if missing. Default `voronka`. */
  readonly database?: string;
  /** Port to take if it is free (for a restart under the same address); another one otherwise. */
  readonly port?: number;
  /** Where root keeps what the server's user cannot reach otherwise. Default `/var/lib/voronka`. */
  readonly systemDirectory?: string;
}

/** A running server. */
export interface EmbeddedPostgres {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Connection string, password included: not for logs. */
  readonly url: string;
  readonly pid: number;
  readonly watchdogPid: number | undefined;
  /** Settles when the server has ended: by `stop`, or on its own, which the owner should then act upon. */
  readonly exited: Promise<ServerExit>;
  /** Ends connections and stops the server; drain your own work first. Harmless when repeated. */
  stop(): Promise<void>;
}

const DEFAULT_DATABASE = 'voronka';
/** Crash recovery reads all WAL since the last checkpoint; that can take minutes on a slow disk. */
const READY_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_MS = 20_000;
const PORT_TRIES = 8;
const SHARED_MEMORY_TRIES = 40;

/**
 * Starts PostgreSQL on a data directory, making the cluster first if there is none, and waits until it serves. The
 * server lives no longer than this process, however that ends; one left by an earlier process is stopped first.
 *
 * @throws EmbeddedPostgresError with a code and a message that says what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? ((): void => undefined);
  const durable = options.durable ?? true;
  const database = options.database ?? DEFAULT_DATABASE;
  const settings = settingArguments(options.settings ?? {}, durable);
  const directory = makeDirectory(options.directory);
  const lock = own(directory);
  let server: ServerProcess | undefined;
  try {
    const systemDirectory = options.systemDirectory ?? SYSTEM_DIRECTORY;
    const place = placeCluster({ directory, systemDirectory, log });
    const tree = await reachableBinaries({ tree: findNativeTree(), user: place.user, systemDirectory, log });
    const programs = programsOf(tree);
    if (place.exists) await stopOrphan(fs.realpathSync(place.cluster), log);
    const password = await prepareCluster({ directory, place, tree, programs, durable });
    const serverLog = prepareLog(directory);
    const started = await launch({ programs, place, log: serverLog, settings, wantedPort: options.port, tell: log });
    server = started.server;
    const connection = { port: started.port, password, database };
    await ensureDatabase(connection);
    return handle(server, lock, connection);
  } catch (error) {
    await server?.stop(STOP_TIMEOUT_MS);
    lock.release();
    throw error;
  }
}

function handle(
  server: ServerProcess,
  lock: OwnerLock,
  connection: { port: number; password: string; database: string },
): EmbeddedPostgres {
  void server.exited.then(() => lock.release());
  let stopping: Promise<void> | undefined;
  return {
    ...connection,
    host: HOST,
    user: SUPERUSER,
    url: connectionUrl(connection),
    pid: server.pid,
    get watchdogPid() {
      return server.watchdogPid;
    },
    exited: server.exited,
    stop: () => (stopping ??= server.stop(STOP_TIMEOUT_MS).then(() => lock.release())),
  };
}

/** Creates the data directory if need be; levels that exist keep their modes, whatever they are. */
function makeDirectory(directory: string): string {
  try {
    // As root, let the server's user pass through what we create ourselves; the files inside have modes of their own.
    fs.mkdirSync(directory, { recursive: true, mode: isRoot() ? 0o711 : 0o700 });
    return fs.realpathSync(directory);
  } catch (error) {
    throw new EmbeddedPostgresError(
      'unreachable',
      `The data directory ${path.resolve(directory)} cannot be created (${reasonOf(error)}). Choose one you may write.`,
      { cause: error },
    );
  }
}

interface PrepareOptions {
  readonly directory: string;
  readonly place: ClusterPlace;
  readonly tree: NativeTree;
  readonly programs: Programs;
  readonly durable: boolean;
}

/** Makes the cluster, or checks the one that is there. Returns the password that it answers to. */
async function prepareCluster({ directory, place, tree, programs, durable }: PrepareOptions): Promise<string> {
  const kept = readPassword(directory);
  const password = kept ?? makePassword();
  if (!place.exists) {
    if (kept === undefined) keepPassword(directory, password);
    await initCluster({ programs, place, password, durable });
    return password;
  }
  checkCluster(place.cluster, majorVersion(tree));
  if (kept === undefined) {
    await resetPassword({ programs, place, password });
    keepPassword(directory, password);
  }
  return password;
}

interface StartOptions {
  readonly programs: Programs;
  readonly place: ClusterPlace;
  readonly log: ServerLog;
  readonly settings: readonly string[];
  readonly wantedPort: number | undefined;
  readonly tell: (line: string) => void;
}

/** Starts the server, again and again while what stops it is a port just taken or the remains of a killed one. */
async function launch(options: StartOptions): Promise<{ server: ServerProcess; port: number }> {
  const { log, place, tell } = options;
  let [portsTried, memoryTried] = [0, 0];
  for (;;) {
    const port = (portsTried === 0 ? options.wantedPort : undefined) ?? (await findFreePort());
    const before = log.size();
    const server = new ServerProcess({ ...options, port });
    const outcome = await server.ready(READY_TIMEOUT_MS);
    if (outcome === 'ready') return { server, port };
    await server.stop(STOP_TIMEOUT_MS);
    const said = log.since(before);
    if (/could not bind|could not create any TCP\/IP sockets/.test(said) && portsTried < PORT_TRIES) {
      portsTried += 1;
      tell(`port ${port} is taken, trying another`);
    } else if (/pre-existing shared memory block/.test(said) && memoryTried < SHARED_MEMORY_TRIES) {
      memoryTried += 1;
      await endStrayBackends(place.cluster, tell);
      await sleep(250);
    } else {
      throw startError(outcome, said, log);
    }
  }
}

function startError(outcome: 'ended' | 'late', said: string, log: ServerLog): EmbeddedPostgresError {
  const what =
    outcome === 'ended'
      ? 'PostgreSQL ended while starting'
      : `PostgreSQL was not ready in ${READY_TIMEOUT_MS / 1000} s`;
  return new EmbeddedPostgresError(
    'server',
    `${what}. ${adviceFor(said)}Its log, ${log.file}, ends with:\n${lastLines(said)}`,
  );
}

function adviceFor(said: string): string {
  if (/No space left on device/i.test(said)) return 'The disk is full: make room and start again. ';
  if (/unrecognized configuration parameter|invalid value for parameter/i.test(said)) return 'Correct `settings`. ';
  if (/could not map anonymous shared memory|Cannot allocate memory/i.test(said)) {
    return 'There is too little memory: lower `shared_buffers` in `settings`. ';
  }
  if (/lock file .* already exists/i.test(said)) return 'Another PostgreSQL uses this cluster: stop it first. ';
  if (/Permission denied/i.test(said)) return 'The cluster must belong, whole, to the user who runs the server. ';
  return '';
}

function own(directory: string): OwnerLock {
  try {
    return takeOwnership(directory);
  } catch (error) {
    if (error instanceof OwnerLockError) throw new EmbeddedPostgresError(error.code, error.message, { cause: error });
    throw error;
  }
}
