import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ProposedEvent } from './append-request.js';

/** Ticks of 100 ns in a millisecond: the unit in which the store tells when an event was created. */
const TICKS = 10_000n;
/** A stored value tells the type's length in sixteen bits. */
export const LONGEST_EVENT_TYPE_BYTES = 65_535;

export interface Placed {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  readonly createdMs: number;
}

/**
 * A stored value: two lengths, stream name, event type, then the event as the wire carries it, so that a reply is
 * spliced together from stored bytes and a filter need not parse them.
 */
export function encodeRecord(event: ProposedEvent, placed: Placed): Buffer {
  const record = new streams.ReadResp.ReadEvent.RecordedEvent();
  const id = new shared.UUID();
  id.setString(event.id);
  record.setId(id);
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(placed.stream, 'utf8'));
  record.setStreamIdentifier(identifier);
  record.setStreamRevision(String(placed.revision));
  record.setCommitPosition(String(placed.position));
  record.setPreparePosition(String(placed.position));
  const metadata = record.getMetadataMap();
  metadata.set('type', event.type);
  metadata.set('content-type', event.json ? 'application/json' : 'application/octet-stream');
  metadata.set('created', String(BigInt(placed.createdMs) * TICKS));
  record.setData(event.data);
  record.setCustomMetadata(event.metadata);
  const stream = Buffer.from(placed.stream, 'utf8');
  const type = Buffer.from(event.type, 'utf8');
  const head = Buffer.alloc(4);
  head.writeUInt16BE(stream.length, 0);
  head.writeUInt16BE(type.length, 2);
  return Buffer.concat([head, stream, type, record.serializeBinary()]);
}

export function streamOf(value: Buffer): string {
  return value.toString('utf8', 4, 4 + value.readUInt16BE(0));
}

export function typeOf(value: Buffer): string {
  const from = 4 + value.readUInt16BE(0);
  return value.toString('utf8', from, from + value.readUInt16BE(2));
}

/** These three parse the event, so they are for checks, not for reading. */
export const idOf = (value: Buffer): string => parse(value).getId()?.getString() ?? '';

export const createdMsOf = (value: Buffer): number =>
  Number(BigInt(parse(value).getMetadataMap().get('created') ?? '0') / TICKS);

export const placeIn = (value: Buffer): { stream: string; revision: number } => ({
  stream: streamOf(value),
  revision: Number(parse(value).getStreamRevision()),
});

function parse(value: Buffer) {
  return streams.ReadResp.ReadEvent.RecordedEvent.deserializeBinary(wireBytes(value));
}

/** `ReadResp { event: ReadEvent { event: <stored>, commit_position } }` around the stored bytes. */
export function eventReply(value: Buffer, position: number): Buffer {
  const stored = wireBytes(value);
  const place = varint(position);
  const length = varint(stored.length);
  const inner = 1 + length.length + stored.length + 1 + place.length;
  const total = varint(inner);
  const reply = Buffer.allocUnsafe(1 + total.length + inner);
  let at = 0;
  reply[at++] = 0x0a;
  at += total.copy(reply, at);
  reply[at++] = 0x0a;
  at += length.copy(reply, at);
  at += stored.copy(reply, at);
  reply[at++] = 0x18;
  place.copy(reply, at);
  return reply;
}

function wireBytes(value: Buffer): Buffer {
  return value.subarray(4 + value.readUInt16BE(0) + value.readUInt16BE(2));
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
