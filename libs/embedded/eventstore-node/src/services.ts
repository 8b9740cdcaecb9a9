import { randomUUID } from 'node:crypto';
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { type sendUnaryData, Server, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { appendMethod } from './append.js';
import { batchAppendMethod } from './batch-append.js';
import { unimplemented } from './errors.js';
import { clusterOfOne, supportedMethods } from './features.js';
import type { LogStore } from './log-store.js';
import type { OpenCalls } from './open-calls.js';
import { readMethod } from './read.js';
import { requireOfClient } from './wire.js';

/** Above the append limit, so that the node and not the transport refuses. */
const LARGEST_MESSAGE_BYTES = 17 * 1_048_576;

interface Settings {
  readonly maxAppendSizeBytes: number;
  readonly advertiseBatchAppend: boolean;
  /** The TCP port once it is known; 0 on a unix socket. */
  readonly port: () => number;
}

type Service = Record<string, { readonly responseStream: boolean }>;

// What the store has and the product does not use.
const REFUSED: readonly (readonly [file: string, service: string])[] = [
  ['persistent', 'PersistentSubscriptionsService'],
  ['projections', 'ProjectionsService'],
  ['users', 'UsersService'],
  ['operations', 'OperationsService'],
  ['monitoring', 'MonitoringService'],
];

/** The gRPC server with all its methods, not listening yet. */
export function serverFor(store: LogStore, calls: OpenCalls, settings: Settings): Server {
  const server = new Server({ 'grpc.max_receive_message_length': LARGEST_MESSAGE_BYTES });
  addStreams(server, store, calls, settings);
  server.addService(featuresService.ServerFeaturesService as never, {
    getSupportedMethods: (_call: unknown, reply: sendUnaryData<unknown>) =>
      reply(null, supportedMethods(settings.advertiseBatchAppend)),
  });
  const instanceId = randomUUID();
  server.addService(gossipService.GossipService as never, {
    read: (_call: unknown, reply: sendUnaryData<unknown>) =>
      reply(null, clusterOfOne('127.0.0.1', settings.port(), instanceId)),
  });
  for (const [file, name] of REFUSED) {
    const module = requireOfClient(`@eventstore/db-client/generated/${file}_grpc_pb.js`) as Record<string, Service>;
    const service = module[name];
    if (service !== undefined) server.addService(service as unknown as ServiceDefinition, refusing(service));
  }
  return server;
}

function addStreams(server: Server, store: LogStore, calls: OpenCalls, settings: Settings): void {
  const { StreamsService } = streamsService;
  const { read, delete: remove, tombstone } = StreamsService;
  const methods: UntypedServiceImplementation = {
    ...refusing({ delete: remove, tombstone }),
    read: readMethod(store, calls) as never,
    append: appendMethod(store, settings.maxAppendSizeBytes) as never,
    batchAppend: batchAppendMethod(store, settings.maxAppendSizeBytes, calls) as never,
  };
  // Replies of Read are bytes already.
  const readAsBytes = { ...read, responseSerialize: (reply: unknown) => reply as Buffer };
  server.addService({ ...StreamsService, read: readAsBytes } as never, methods);
}

function refusing(service: Service): UntypedServiceImplementation {
  return Object.fromEntries(
    Object.entries(service).map(([name, { responseStream }]) => [
      name,
      responseStream
        ? (call: { emit(event: 'error', error: Error): void }) => call.emit('error', unimplemented(name))
        : (_call: unknown, reply: sendUnaryData<never>) => reply(unimplemented(name)),
    ]),
  ) as UntypedServiceImplementation;
}
