import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Server, ServerCredentials } from '@grpc/grpc-js';
import { takeOwnership } from '../../shared/src/owner-lock.js';
import { LogStore } from './log-store.js';
import { OpenCalls } from './open-calls.js';
import { serverFor } from './services.js';
import { socketPlace } from './socket-place.js';

const DEFAULT_MAXIMUM_APPEND_BYTES = 1_048_576;
/** What the last answers get to reach the clients before the streams that carry them end. */
const LAST_ANSWERS_MS = 20;
/** How long clients may take to hear the last answers when the node stops. */
const LONGEST_FAREWELL_MS = 1_000;

export interface EventStoreNodeOptions {
  /** Holds the log; made if missing, readable by its owner only. */
  readonly directory: string;
  /**
   * Milliseconds since 1970, for the events' recording times; the machine's clock unless given. When it is behind the
   * last event of the log, that event's time is taken, so that recording times never run backwards.
   */
  readonly clock?: () => number;
  /** A TCP port of the loopback interface (0 for a free one) instead of a unix socket: any local user can then write. */
  readonly tcpPort?: number;
  readonly maxAppendSizeBytes?: number;
  /** False makes clients of the fuller kind fall back to the plain append. */
  readonly advertiseBatchAppend?: boolean;
  readonly log?: (line: string) => void;
}

export interface EventStoreNode {
  /** `unix:/…/node.sock` or `127.0.0.1:2113`, as the client takes it. */
  readonly endpoint: string;
  /** `esdb://…` for a node on TCP; null on a unix socket, which connection strings cannot name. */
  readonly connectionString: string | null;
  stats(): { activeReads: number; activeSubscriptions: number; lastPosition: number };
  /** Copies the log as it stands into an empty directory, while it goes on; the copy is a node's directory. */
  backup(directory: string): Promise<void>;
  /** Ends subscriptions as cancelled, finishes the appends it has taken, closes the log. */
  stop(): Promise<void>;
}

/**
 * Starts a node that speaks the part of EventStoreDB's protocol which the product uses.
 * @throws OwnerLockError when a living process holds the directory.
 */
export async function startEventStoreNode(options: EventStoreNodeOptions): Promise<EventStoreNode> {
  fs.mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  const lock = takeOwnership(options.directory);
  let store: LogStore | undefined;
  try {
    // A directory that was there before may be open to others; whoever can enter it could reach the socket.
    fs.chmodSync(options.directory, 0o700);
    store = LogStore.open(path.join(options.directory, 'log'), options.clock ?? Date.now);
    const calls = new OpenCalls();
    const { server, endpoint, port } = await listen(store, calls, options);
    return running({ store, calls, server, endpoint, port, release: () => lock.release() });
  } catch (error) {
    await store?.close();
    lock.release();
    throw error;
  }
}

interface Parts {
  readonly store: LogStore;
  readonly calls: OpenCalls;
  readonly server: Server;
  readonly endpoint: string;
  readonly port: number | null;
  readonly release: () => void;
}

function running(parts: Parts): EventStoreNode {
  const { store, calls, endpoint, port } = parts;
  let stopped: Promise<void> | undefined;
  return {
    endpoint,
    connectionString: port === null ? null : `esdb://127.0.0.1:${port}?tls=false`,
    stats: () => ({
      activeReads: calls.reads.size,
      activeSubscriptions: calls.subscriptions.size,
      lastPosition: store.lastPosition,
    }),
    backup: (directory) => store.backup(path.join(directory, 'log')),
    stop: () => (stopped ??= stop(parts)),
  };
}

async function stop({ store, calls, server, release }: Parts): Promise<void> {
  calls.cancelReads();
  await store.close();
  // The client fails all its pending appends when any of its streams ends, and breaks on an answer that comes after.
  await sleep(LAST_ANSWERS_MS);
  calls.cancelAppends();
  const ended = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  await Promise.race([ended, sleep(LONGEST_FAREWELL_MS, undefined, { ref: false })]);
  server.forceShutdown();
  release();
}

async function listen(store: LogStore, calls: OpenCalls, options: EventStoreNodeOptions) {
  let port = 0;
  const server = serverFor(store, calls, {
    maxAppendSizeBytes: options.maxAppendSizeBytes ?? DEFAULT_MAXIMUM_APPEND_BYTES,
    advertiseBatchAppend: options.advertiseBatchAppend !== false,
    port: () => port,
  });
  // Windows has no unix sockets that gRPC could use.
  const tcpPort = options.tcpPort ?? (process.platform === 'win32' ? 0 : undefined);
  if (tcpPort === undefined) {
    const address = unixAddress(options.directory);
    await bind(server, address);
    return { server, endpoint: address, port: null };
  }
  port = await bind(server, `127.0.0.1:${tcpPort}`);
  options.log?.(`the event store listens on 127.0.0.1:${port} without credentials: every local user can write to it`);
  return { server, endpoint: `127.0.0.1:${port}`, port };
}

/** A socket file that a killed node left is in nobody's use: the directory is ours. */
function unixAddress(directory: string): string {
  const socket = socketPlace(directory);
  fs.rmSync(socket, { force: true });
  return `unix:${socket}`;
}

function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(new Error(`the event store cannot listen on ${address}: ${error.message}`));
    });
  });
}
