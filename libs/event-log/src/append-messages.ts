import { createRequire } from 'node:module';
import shared, { type UUID } from '@eventstore/db-client/generated/shared_pb.js';
import streams, { type BatchAppendReq, type BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { StoredEvent } from './codec.js';
import { AppendTooLargeError, LogUnavailableError, WrongRevisionError } from './errors.js';
import type { ExpectedRevision } from './event-log.port.js';

// The client's messages only take parts made by the very protobuf library that it brings along.
const requireOfClient = createRequire(createRequire(import.meta.url).resolve('@eventstore/db-client'));
const { Timestamp } = requireOfClient(
  'google-protobuf/google/protobuf/timestamp_pb.js',
) as typeof import('google-protobuf/google/protobuf/timestamp_pb.js');

/**
 * The store takes an instant, not a span, as an append's deadline, and has a shorter bound of its own: an hour ahead
 * says "yours" even when the two clocks disagree.
 */
const DEADLINE_AHEAD_MS = 3_600_000;

/** One append: all its events or none. */
export interface AppendOrder {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly StoredEvent[];
}

/** What the store says to an append that it carried out, or had carried out before. */
export interface AppendAnswer {
  /** Of the last event. */
  readonly revision: number;
  /** Of the last event; absent in some answers to a repeated append. */
  readonly position: bigint | null;
}

export function appendRequest(order: AppendOrder, correlation: string): BatchAppendReq {
  const request = new streams.BatchAppendReq();
  request.setCorrelationId(uuid(correlation));
  request.setOptions(optionsOf(order));
  for (const event of order.events) request.addProposedMessages(proposed(event));
  request.setIsFinal(true);
  return request;
}

function optionsOf({ stream, expected }: AppendOrder): BatchAppendReq.Options {
  const options = new streams.BatchAppendReq.Options();
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream, 'utf8'));
  options.setStreamIdentifier(identifier);
  const deadline = new Timestamp();
  deadline.setSeconds(Math.floor((Date.now() + DEADLINE_AHEAD_MS) / 1_000));
  options.setDeadline(deadline);
  if (typeof expected === 'number') options.setStreamPosition(String(expected));
  else if (expected === 'noStream') options.setNoStream(new shared.Empty());
  else options.setAny(new shared.Empty());
  return options;
}

function proposed(event: StoredEvent): BatchAppendReq.ProposedMessage {
  const message = new streams.BatchAppendReq.ProposedMessage();
  message.setId(uuid(event.id));
  message.getMetadataMap().set('type', event.type);
  message.getMetadataMap().set('content-type', 'application/json');
  message.setData(event.data);
  message.setCustomMetadata(event.metadata);
  return message;
}

function uuid(text: string): UUID {
  const id = new shared.UUID();
  id.setString(text);
  return id;
}

/** Whose answer it is; servers send the id as text or as two halves. */
export function correlationOf(answer: BatchAppendResp): string {
  const id = answer.getCorrelationId();
  const halves = id?.getStructured();
  if (halves === undefined) return id?.getString() ?? '';
  const hex = [halves.getMostSignificantBits(), halves.getLeastSignificantBits()]
    .map((half) => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0'))
    .join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The answer of an append that was carried out; null for a refusal. */
export function successIn(answer: BatchAppendResp): AppendAnswer | null {
  const success = answer.getSuccess();
  if (success === undefined) return null;
  const position = success.getPosition();
  return {
    revision: Number(success.getCurrentRevision()),
    position: position === undefined ? null : BigInt(position.getCommitPosition()),
  };
}

/** Why the store refused: one of our errors when that is certain, a plain one when the append may yet land. */
export function refusalIn(answer: BatchAppendResp, { stream, expected }: AppendOrder): Error {
  const status = answer.getError();
  const details = status?.getDetails();
  const reason = status?.getMessage() ?? 'no reason given';
  if (details === undefined) return new Error(`the store failed: ${reason}`);
  switch (details.getTypeName()) {
    case 'event_store.client.WrongExpectedVersion': {
      const wrong = shared.WrongExpectedVersion.deserializeBinary(details.getValue_asU8());
      const actual = wrong.hasCurrentStreamRevision() ? Number(wrong.getCurrentStreamRevision()) : 'noStream';
      return new WrongRevisionError(stream, expected, actual);
    }
    case 'event_store.client.MaximumAppendSizeExceeded':
    case 'event_store.client.MaximumAppendEventSizeExceeded':
      return new AppendTooLargeError(`The append to ${stream} is larger than the store takes: ${reason}`);
    case 'event_store.client.AccessDenied':
    case 'event_store.client.StreamDeleted':
    case 'event_store.client.BadRequest':
      return new LogUnavailableError(`The event store refuses to write ${stream}: ${reason}`);
    default:
      return new Error(`the store failed: ${reason}`);
  }
}
