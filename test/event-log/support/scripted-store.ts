import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { BatchAppendReq, BatchAppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import {
  AllStreamPosition,
  StreamIdentifier,
  UUID,
  WrongExpectedVersion,
} from '@eventstore/db-client/generated/shared_pb.js';
import { Status } from '@eventstore/db-client/generated/status_pb.js';
import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerWritableStream,
  type sendUnaryData,
} from '@grpc/grpc-js';

// The client's messages only take parts made by the very protobuf library that it brings along.
const requireOfClient = createRequire(createRequire(import.meta.url).resolve('@eventstore/db-client'));
const { Any } = requireOfClient(
  'google-protobuf/google/protobuf/any_pb.js',
) as typeof import('google-protobuf/google/protobuf/any_pb.js');

export type ReadCall = ServerWritableStream<ReadReq, ReadResp>;
export type AppendCall = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

/** What a scripted store does with each kind of call. */
export interface Script {
  readonly read?: (call: ReadCall) => void;
  /** Every append that comes, on the stream it came on. */
  readonly append?: (request: BatchAppendReq, call: AppendCall) => void;
}

/** A store that does what a test tells it, over the client's own service definitions. */
export interface ScriptedStore {
  readonly endpoint: string;
  /** Calls of Read that were begun and are still open. */
  readonly openReads: () => number;
  readonly begunReads: () => number;
  /** How often the client asked which methods there are; it never gets an answer. */
  readonly probes: () => number;
  readonly stop: () => Promise<void>;
}

export async function startScriptedStore(script: Script): Promise<ScriptedStore> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'scripted-'));
  const endpoint = `unix:${path.join(directory, 's.sock')}`;
  let begun = 0;
  let open = 0;
  let probes = 0;
  const server = new Server();
  const unimplemented = (_call: unknown, reply: sendUnaryData<never>): void => reply({ code: 12 });
  server.addService(StreamsService, {
    read: (call: ReadCall) => {
      begun += 1;
      open += 1;
      let counted = true;
      const over = (): void => {
        if (counted) open -= 1;
        counted = false;
      };
      call.on('cancelled', over);
      call.on('close', over);
      call.on('finish', over);
      if (script.read === undefined) call.end();
      else script.read(call);
    },
    append: unimplemented,
    delete: unimplemented,
    tombstone: unimplemented,
    batchAppend: (call: AppendCall) => {
      call.on('data', (request: BatchAppendReq) => script.append?.(request, call));
      call.on('error', () => undefined);
    },
  });
  server.addService(ServerFeaturesService, {
    getSupportedMethods: () => {
      probes += 1;
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(endpoint, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()));
  });
  return {
    endpoint,
    openReads: () => open,
    begunReads: () => begun,
    probes: () => probes,
    stop: async () => {
      server.forceShutdown();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** An event as a store sends it. */
export interface ScriptedEvent {
  readonly stream: string;
  readonly type: string;
  readonly position: number;
  readonly prepare?: number;
  readonly revision?: number;
  readonly id?: string;
  readonly data?: string;
  readonly metadata?: string;
}

/** The reply that carries one event. */
export function eventReply(event: ScriptedEvent): ReadResp {
  const record = new ReadResp.ReadEvent.RecordedEvent();
  const id = new UUID();
  id.setString(event.id ?? `00000000-0000-4000-8000-${String(event.position).padStart(12, '0')}`);
  record.setId(id);
  const stream = new StreamIdentifier();
  stream.setStreamName(Buffer.from(event.stream).toString('base64'));
  record.setStreamIdentifier(stream);
  record.setStreamRevision(String(event.revision ?? event.position));
  record.setCommitPosition(String(event.position));
  record.setPreparePosition(String(event.prepare ?? event.position));
  record.getMetadataMap().set('type', event.type);
  record.getMetadataMap().set('content-type', 'application/json');
  record.getMetadataMap().set('created', '12491712000000000');
  record.setData(Buffer.from(event.data ?? '{"by":1}').toString('base64'));
  record.setCustomMetadata(Buffer.from(event.metadata ?? goodMetadata()).toString('base64'));
  const resolved = new ReadResp.ReadEvent();
  resolved.setEvent(record);
  resolved.setCommitPosition(String(event.position));
  const reply = new ReadResp();
  reply.setEvent(resolved);
  return reply;
}

/** Metadata of a CounterRaised, as stored. */
export function goodMetadata(more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    occurredAt: '2009-08-03T08:00:00.000Z',
    actor: 'key-1',
    person: null,
    commandId: 'c-1',
    requestHash: 'h',
    $correlationId: 'c-1',
    schemaVersion: 3,
    imported: false,
    ...more,
  });
}

export function confirmationReply(): ReadResp {
  const reply = new ReadResp();
  const confirmation = new ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId('s-1');
  reply.setConfirmation(confirmation);
  return reply;
}

export function caughtUpReply(): ReadResp {
  const reply = new ReadResp();
  reply.setCaughtUp(new ReadResp.CaughtUp());
  return reply;
}

export function checkpointReply(position: number | bigint): ReadResp {
  const reply = new ReadResp();
  const checkpoint = new ReadResp.Checkpoint();
  checkpoint.setCommitPosition(String(position));
  checkpoint.setPreparePosition(String(position));
  reply.setCheckpoint(checkpoint);
  return reply;
}

/** The reply to an append that left the stream at this revision. */
export function appendedReply(request: BatchAppendReq, revision: number, position: number | null): BatchAppendResp {
  const success = new BatchAppendResp.Success();
  success.setCurrentRevision(String(revision));
  if (position !== null) {
    const at = new AllStreamPosition();
    at.setCommitPosition(String(position));
    at.setPreparePosition(String(position));
    success.setPosition(at);
  }
  const reply = replyTo(request);
  reply.setSuccess(success);
  return reply;
}

/** The reply to an append that the store refuses, with the kind of refusal and its particulars. */
export function refusedReply(
  request: BatchAppendReq,
  kind: string,
  particulars: Uint8Array = new Uint8Array(0),
): BatchAppendResp {
  const status = new Status();
  status.setCode(9);
  status.setMessage(kind);
  const details = new Any();
  details.setTypeUrl(`type.googleapis.com/event_store.client.${kind}`);
  details.setValue(particulars);
  status.setDetails(details);
  const reply = replyTo(request);
  reply.setError(status);
  return reply;
}

export function wrongRevision(actual: number): Uint8Array {
  const wrong = new WrongExpectedVersion();
  wrong.setCurrentStreamRevision(String(actual));
  return wrong.serializeBinary();
}

function replyTo(request: BatchAppendReq): BatchAppendResp {
  const reply = new BatchAppendResp();
  reply.setCorrelationId(request.getCorrelationId());
  reply.setStreamIdentifier(request.getOptions()?.getStreamIdentifier());
  return reply;
}
