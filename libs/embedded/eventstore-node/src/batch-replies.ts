import shared, { type StreamIdentifier, type UUID } from '@eventstore/db-client/generated/shared_pb.js';
import statusMessages from '@eventstore/db-client/generated/status_pb.js';
import streams, { type BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { status } from '@grpc/grpc-js';
import type { AppendOutcome, Expected } from './append-request.js';
import { type Refusal, RefusedAppend, refusalText } from './errors.js';
import { Any, GoogleEmpty } from './wire.js';

/** By what the client knows an answer. */
export interface Addressee {
  readonly correlation: UUID | undefined;
  readonly identifier: StreamIdentifier | undefined;
}

export class TimedOut extends Error {}

/** The answer to an append that the log has judged. */
export function responseTo(
  append: Addressee & { readonly expected: Expected },
  outcome: AppendOutcome,
): BatchAppendResp {
  if (outcome.kind === 'wrongRevision') {
    return failed(append, {
      code: status.ALREADY_EXISTS,
      kind: 'WrongExpectedVersion',
      message: 'WrongExpectedVersion',
      details: wrongDetails(append.expected, outcome.current),
    });
  }
  const success = new streams.BatchAppendResp.Success();
  if (outcome.revision === null) success.setNoStream(new GoogleEmpty());
  else success.setCurrentRevision(String(outcome.revision));
  if (outcome.position === null) success.setNoPosition(new GoogleEmpty());
  else {
    const position = new shared.AllStreamPosition();
    position.setCommitPosition(String(outcome.position));
    position.setPreparePosition(String(outcome.position));
    success.setPosition(position);
  }
  const response = answerTo(append.correlation, append.identifier);
  response.setSuccess(success);
  return response;
}

function wrongDetails(expected: Expected, current: number | null): Uint8Array {
  const wrong = new shared.WrongExpectedVersion();
  if (current === null) wrong.setCurrentNoStream(new GoogleEmpty());
  else wrong.setCurrentStreamRevision(String(current));
  if (expected.kind === 'revision') wrong.setExpectedStreamPosition(String(expected.revision));
  else if (expected.kind === 'any') wrong.setExpectedAny(new GoogleEmpty());
  else if (expected.kind === 'streamExists') wrong.setExpectedStreamExists(new GoogleEmpty());
  else wrong.setExpectedNoStream(new GoogleEmpty());
  return wrong.serializeBinary();
}

/** The answer to an append that the log was not asked about. */
export function refused(to: Addressee, error: unknown): BatchAppendResp {
  if (error instanceof TimedOut)
    return failed(to, { code: status.DEADLINE_EXCEEDED, kind: 'Timeout', message: error.message });
  if (!(error instanceof RefusedAppend))
    return failed(to, { code: status.UNKNOWN, kind: 'Unknown', message: String(error) });
  return failed(to, {
    code: status.INVALID_ARGUMENT,
    kind: kindOf(error.refusal),
    message: refusalText(error.refusal),
    details: detailsOf(error.refusal),
  });
}

function kindOf(refusal: Refusal): string {
  return refusal.kind === 'tooLarge' ? 'MaximumAppendSizeExceeded' : 'BadRequest';
}

function detailsOf(refusal: Refusal): Uint8Array {
  if (refusal.kind === 'tooLarge') {
    const exceeded = new shared.MaximumAppendSizeExceeded();
    exceeded.setMaxappendsize(refusal.maximumBytes);
    return exceeded.serializeBinary();
  }
  const bad = new shared.BadRequest();
  bad.setMessage(refusalText(refusal));
  return bad.serializeBinary();
}

interface Failure {
  readonly code: status;
  /** Message type of the details. */
  readonly kind: string;
  readonly message: string;
  readonly details?: Uint8Array;
}

/** The client looks into the details of every error, so there are always some. */
export function failed(to: Addressee, { code, kind, message, details = new Uint8Array(0) }: Failure): BatchAppendResp {
  const error = new statusMessages.Status();
  // The two packages number the codes alike.
  error.setCode(code as number);
  error.setMessage(message);
  const any = new Any();
  any.setTypeUrl(`type.googleapis.com/event_store.client.${kind}`);
  any.setValue(details);
  error.setDetails(any);
  const response = answerTo(to.correlation, to.identifier);
  response.setError(error);
  return response;
}

function answerTo(correlation: UUID | undefined, identifier: StreamIdentifier | undefined): BatchAppendResp {
  const response = new streams.BatchAppendResp();
  response.setCorrelationId(correlation);
  response.setStreamIdentifier(identifier ?? new shared.StreamIdentifier());
  return response;
}
