import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { type sendUnaryData, Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { takeOwnership } from '../../shared/src/owner-lock.js';
import { appendMethod } from './append.js';
import { batchAppendMethod } from './batch-append.js';
import { serviceError, unimplemented } from './errors.js';
import { status } from '@grpc/grpc-js';
import { clusterOfOne, supportedMethods } from './features.js';
import { LogStore } from './log-store.js';
import { readMethod } from './read.js';
import { socketPlace } from './socket-place.js';
import type { NodeActivity } from './subscribe.js';

const DEFAULT_MAXIMUM_APPEND_BYTES = 1_048_576;
/** Above the append limit, so that the node and not the transport refuses. */
const LARGEST_MESSAGE_BYTES = 17 * 1_048_576;

export interface EventStoreNodeOptions {
  /** Holds the log; made if missing, readable by its owner only. */
  readonly directory: string;
  /** Milliseconds since 1970, for the events' recording times; the machine's clock unless given. */
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
    store = LogStore.open(path.join(options.directory, 'log'), options.clock ?? Date.now);
    const activity: NodeActivity = { reads: 0, subscriptions: new Set(), stopping: false };
    const { server, endpoint } = await listen(store, activity, options);
    return running({ store, activity, server, endpoint, release: () => lock.release() });
  } catch (error) {
    await store?.close();
    lock.release();
    throw error;
  }
}

interface Parts {
  readonly store: LogStore;
  readonly activity: NodeActivity;
  readonly server: Server;
  readonly endpoint: string;
  readonly release: () => void;
}

function running({ store, activity, server, endpoint, release }: Parts): EventStoreNode {
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    activity.stopping = true;
    for (const replies of activity.subscriptions) replies.fail(serviceError(status.CANCELLED, 'the node is stopping'));
    await store.close();
    server.forceShutdown();
    release();
  };
  return {
    endpoint,
    stats: () => ({
      activeReads: activity.reads,
      activeSubscriptions: activity.subscriptions.size,
      lastPosition: store.lastPosition,
    }),
    backup: (directory) => store.backup(path.join(directory, 'log')),
    stop: () => (stopped ??= stop()),
  };
}

async function listen(store: LogStore, activity: NodeActivity, options: EventStoreNodeOptions) {
  const server = new Server({ 'grpc.max_receive_message_length': LARGEST_MESSAGE_BYTES });
  const instanceId = randomUUID();
  const maximum = options.maxAppendSizeBytes ?? DEFAULT_MAXIMUM_APPEND_BYTES;
  const refuse = (method: string) => (_call: unknown, reply: sendUnaryData<never>) => reply(unimplemented(method));
  const { StreamsService } = streamsService;
  // Replies of Read are bytes already.
  const read = { ...StreamsService.read, responseSerialize: (reply: unknown) => reply as Buffer };
  const streams: UntypedServiceImplementation = {
    read: readMethod(store, activity) as never,
    append: appendMethod(store, maximum) as never,
    batchAppend: batchAppendMethod(store, maximum) as never,
    delete: refuse('Delete') as never,
    tombstone: refuse('Tombstone') as never,
  };
  server.addService({ ...StreamsService, read } as never, streams);
  server.addService(featuresService.ServerFeaturesService as never, {
    getSupportedMethods: (_call: unknown, reply: sendUnaryData<unknown>) =>
      reply(null, supportedMethods(options.advertiseBatchAppend !== false)),
  });
  let port = 0;
  server.addService(gossipService.GossipService as never, {
    read: (_call: unknown, reply: sendUnaryData<unknown>) => reply(null, clusterOfOne('127.0.0.1', port, instanceId)),
  });
  const address = options.tcpPort === undefined ? unixAddress(options.directory) : `127.0.0.1:${options.tcpPort}`;
  port = await bind(server, address);
  if (options.tcpPort === undefined) return { server, endpoint: address };
  options.log?.(`the event store listens on 127.0.0.1:${port} without credentials: every local user can write to it`);
  return { server, endpoint: `127.0.0.1:${port}` };
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
