import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams, { type AppendReq, type AppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { Metadata, type sendUnaryData, type ServerReadableStream, status } from '@grpc/grpc-js';
import type { AppendOutcome, Expected } from './append-request.js';
import { notAppended, RefusedAppend, refusalError, serviceError } from './errors.js';
import type { LogStore } from './log-store.js';
import { Proposals, streamNameOf } from './proposals.js';

const LONGEST_DOUBT_MS = 500;

/** Append: options first, then an event a message; one answer when the writer has said all. */
export function appendMethod(store: LogStore, maximumBytes: number) {
  return (call: ServerReadableStream<AppendReq, AppendResp>, reply: sendUnaryData<AppendResp>): void => {
    const proposals = new Proposals(maximumBytes);
    let target: { stream: string; expected: Expected } | null = null;
    let answered = false;
    const tooLate = tooLateFor(call.getDeadline(), Date.now());
    const answer: sendUnaryData<AppendResp> = (error, response) => {
      if (!answered) reply(error, response);
      answered = true;
    };
    call.on('data', (message: AppendReq) => {
      if (answered) return;
      try {
        const options = message.getOptions();
        const proposed = message.getProposedMessage();
        if (options !== undefined) target = targetOf(options);
        else if (target === null) throw new Error('the first message of an append holds its options');
        else if (proposed !== undefined) proposals.add(proposed);
      } catch (error) {
        answer(
          error instanceof RefusedAppend ? refusalError(error.refusal) : serviceError(status.UNKNOWN, String(error)),
        );
      }
    });
    call.on('error', () => undefined);
    call.on('end', () => {
      // gRPC finds out whether the call was reset when it is made to look, and tells a turn later.
      call.sendMetadata(new Metadata());
      setImmediate(() => {
        if (answered || call.cancelled) return;
        if (Date.now() >= tooLate) {
          answer(serviceError(status.DEADLINE_EXCEEDED, 'the append was not complete before its deadline'));
        } else if (target === null) {
          answer(serviceError(status.UNKNOWN, 'the first message of an append holds its options'));
        } else {
          const { stream, expected } = target;
          store.append({ stream, expected, events: proposals.events }).then(
            (outcome) => answer(null, responseTo(outcome, expected)),
            (error: unknown) => answer(notAppended(error)),
          );
        }
      });
    });
  };
}

/**
 * A client whose deadline passes while it is still sending ends the call as if it had sent all, and only then resets
 * it; nothing else tells that events are missing. So a call that ends this close to its deadline is not believed.
 * @returns milliseconds since 1970
 */
function tooLateFor(deadline: Date | number, begun: number): number {
  const expires = Number(deadline);
  return expires - Math.min(LONGEST_DOUBT_MS, (expires - begun) / 2);
}

function targetOf(options: AppendReq.Options): { stream: string; expected: Expected } {
  const stream = streamNameOf(options.getStreamIdentifier()?.getStreamName_asU8());
  if (options.hasRevision()) return { stream, expected: { kind: 'revision', revision: BigInt(options.getRevision()) } };
  if (options.hasNoStream()) return { stream, expected: { kind: 'noStream' } };
  if (options.hasAny()) return { stream, expected: { kind: 'any' } };
  if (options.hasStreamExists()) return { stream, expected: { kind: 'streamExists' } };
  throw new RefusedAppend({ kind: 'invalid', reason: 'the append says no expected revision' });
}

function responseTo(outcome: AppendOutcome, expected: Expected): AppendResp {
  const response = new streams.AppendResp();
  if (outcome.kind === 'appended') {
    const success = new streams.AppendResp.Success();
    if (outcome.revision === null) success.setNoStream(new shared.Empty());
    else success.setCurrentRevision(String(outcome.revision));
    if (outcome.position === null) success.setNoPosition(new shared.Empty());
    else {
      const position = new streams.AppendResp.Position();
      position.setCommitPosition(String(outcome.position));
      position.setPreparePosition(String(outcome.position));
      success.setPosition(position);
    }
    response.setSuccess(success);
    return response;
  }
  // Not an error of the call: the answer itself says so.
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (outcome.current === null) wrong.setCurrentNoStream(new shared.Empty());
  else wrong.setCurrentRevision(String(outcome.current));
  setExpected(wrong, expected);
  response.setWrongExpectedVersion(wrong);
  return response;
}

function setExpected(wrong: AppendResp.WrongExpectedVersion, expected: Expected): void {
  switch (expected.kind) {
    case 'revision':
      wrong.setExpectedRevision(String(expected.revision));
      return;
    case 'noStream':
      wrong.setExpectedNoStream(new shared.Empty());
      return;
    case 'any':
      wrong.setExpectedAny(new shared.Empty());
      return;
    case 'streamExists':
      wrong.setExpectedStreamExists(new shared.Empty());
      return;
    default:
      throw new TypeError(`unknown expectation ${String(expected satisfies never)}`);
  }
}
