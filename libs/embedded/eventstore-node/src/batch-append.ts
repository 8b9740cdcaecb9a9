import shared, { type StreamIdentifier, type UUID } from '@eventstore/db-client/generated/shared_pb.js';
import statusMessages from '@eventstore/db-client/generated/status_pb.js';
import streams, { type BatchAppendReq, type BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { type ServerDuplexStream, status } from '@grpc/grpc-js';
import type { AppendOutcome, Expected } from './append-request.js';
import { type Refusal, RefusedAppend, refusalText } from './errors.js';
import type { LogStore } from './log-store.js';
import { Proposals, streamNameOf } from './proposals.js';
import { Any, GoogleEmpty, uuidText } from './wire.js';

/** One append among those that share the call; its chunks come between those of others. */
interface Begun {
  readonly correlation: UUID | undefined;
  readonly identifier: StreamIdentifier | undefined;
  readonly stream: string;
  readonly expected: Expected;
  readonly proposals: Proposals;
}

type Call = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

/** BatchAppend: one long call of a client, many appends, answered as each is durable. */
export function batchAppendMethod(store: LogStore, maximumBytes: number) {
  return (call: Call): void => {
    const begun = new Map<string, Begun>();
    let underWay = 0;
    let halfClosed = false;
    const endWhenDone = (): void => {
      if (halfClosed && underWay === 0) call.end();
    };
    const finish = (append: Begun): void => {
      underWay += 1;
      store
        .append({ stream: append.stream, expected: append.expected, events: append.proposals.events })
        .then((outcome) => call.write(responseTo(append, outcome)))
        .catch((error: unknown) =>
          call.write(failed(append, { code: status.UNKNOWN, kind: 'Unknown', message: String(error) })),
        )
        .finally(() => {
          underWay -= 1;
          endWhenDone();
        });
    };
    call.on('error', () => undefined);
    call.on('data', (chunk: BatchAppendReq) => {
      const key = uuidText(chunk.getCorrelationId()) ?? '';
      try {
        const append = begun.get(key) ?? begin(chunk, maximumBytes);
        if (append === null) return;
        begun.set(key, append);
        for (const message of chunk.getProposedMessagesList()) append.proposals.add(message);
        if (!chunk.getIsFinal()) return;
        begun.delete(key);
        finish(append);
      } catch (error) {
        // Later chunks of a refused append find no beginning and are dropped.
        begun.delete(key);
        call.write(refused(chunk, error));
      }
    });
    call.on('end', () => {
      halfClosed = true;
      endWhenDone();
    });
  };
}

/** Null for a chunk of an append that was dropped. @throws RefusedAppend, TimedOut */
function begin(chunk: BatchAppendReq, maximumBytes: number): Begun | null {
  const options = chunk.getOptions();
  if (options === undefined) return null;
  const deadline = options.getDeadline();
  if (deadline !== undefined && deadline.getSeconds() * 1_000 + deadline.getNanos() / 1e6 <= Date.now()) {
    throw new TimedOut('the deadline had passed when the append came');
  }
  const identifier = options.getStreamIdentifier();
  return {
    correlation: chunk.getCorrelationId(),
    identifier,
    stream: streamNameOf(identifier?.getStreamName_asU8()),
    expected: expectedOf(options),
    proposals: new Proposals(maximumBytes),
  };
}

class TimedOut extends Error {}

function expectedOf(options: BatchAppendReq.Options): Expected {
  if (options.hasNoStream()) return { kind: 'noStream' };
  if (options.hasAny()) return { kind: 'any' };
  if (options.hasStreamExists()) return { kind: 'streamExists' };
  if (options.getExpectedStreamPositionCase() === 0) {
    throw new RefusedAppend({ kind: 'invalid', reason: 'the append says no expected revision' });
  }
  return { kind: 'revision', revision: Number(options.getStreamPosition()) };
}

function responseTo(append: Begun, outcome: AppendOutcome): BatchAppendResp {
  if (outcome.kind === 'wrongRevision') {
    return failed(append, {
      code: status.ALREADY_EXISTS,
      kind: 'WrongExpectedVersion',
      message: 'WrongExpectedVersion',
      details: wrongDetails(append, outcome.current),
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

function wrongDetails({ expected }: Begun, current: number | null): Uint8Array {
  const wrong = new shared.WrongExpectedVersion();
  if (current === null) wrong.setCurrentNoStream(new GoogleEmpty());
  else wrong.setCurrentStreamRevision(String(current));
  if (expected.kind === 'revision') wrong.setExpectedStreamPosition(String(expected.revision));
  else if (expected.kind === 'any') wrong.setExpectedAny(new GoogleEmpty());
  else if (expected.kind === 'streamExists') wrong.setExpectedStreamExists(new GoogleEmpty());
  else wrong.setExpectedNoStream(new GoogleEmpty());
  return wrong.serializeBinary();
}

function refused(chunk: BatchAppendReq, error: unknown): BatchAppendResp {
  const to = { correlation: chunk.getCorrelationId(), identifier: chunk.getOptions()?.getStreamIdentifier() };
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
function failed(
  to: { readonly correlation: UUID | undefined; readonly identifier: StreamIdentifier | undefined },
  { code, kind, message, details = new Uint8Array(0) }: Failure,
): BatchAppendResp {
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
