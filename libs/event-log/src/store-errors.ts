import { ErrorType } from '@eventstore/db-client';
import { Metadata } from '@grpc/grpc-js';
import { AppendTooLargeError, CorruptEventError, LogUnavailableError, WrongRevisionError } from './errors.js';
import type { ExpectedRevision } from './event-log.port.js';

/** gRPC status codes that say the message was too large, or that the call never was carried out. */
const RESOURCE_EXHAUSTED = 8;
const UNAVAILABLE = 14;

/** Why a read or a subscription ended; everything but a corrupt event means "the store is away". */
export function readFailure(error: unknown): Error {
  if (error instanceof CorruptEventError || error instanceof LogUnavailableError) return error;
  return new LogUnavailableError(`The event store does not answer: ${reasonOf(error)}`, { cause: error });
}

/** What a rejected append tells for certain: an error to give up with, or null when its outcome is unknown. */
export function certainAppendFailure(stream: string, expected: ExpectedRevision, error: unknown): Error | null {
  switch (memberOf(error, 'type')) {
    case ErrorType.WRONG_EXPECTED_VERSION:
      return new WrongRevisionError(stream, expected, actualRevision(error));
    case ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED:
      return tooLarge(stream, error);
    case ErrorType.ACCESS_DENIED:
    case ErrorType.STREAM_DELETED:
      return new LogUnavailableError(`The event store refuses to write ${stream}: ${reasonOf(error)}`, {
        cause: error,
      });
    default:
      return isTooLarge(error) ? tooLarge(stream, error) : null;
  }
}

/** True when the call found no connection at all: nothing was sent, so nothing can have landed. */
export function wasNeverSent(error: unknown): boolean {
  return memberOf(error, 'code') === UNAVAILABLE && reasonOf(error).includes('No connection established');
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isTooLarge(error: unknown): boolean {
  if (memberOf(error, 'code') === RESOURCE_EXHAUSTED) return true;
  // The limit on a single event came with a name that this client does not know yet.
  const metadata = memberOf(memberOf(error, '_raw'), 'metadata');
  return metadata instanceof Metadata && metadata.get('exception')[0] === 'maximum-append-event-size-exceeded';
}

function tooLarge(stream: string, error: unknown): AppendTooLargeError {
  return new AppendTooLargeError(`The append to ${stream} is larger than the store takes: ${reasonOf(error)}`, {
    cause: error,
  });
}

function actualRevision(error: unknown): number | 'noStream' | 'unknown' {
  const actual = memberOf(error, 'actualVersion');
  if (actual === 'no_stream') return 'noStream';
  if (typeof actual !== 'bigint') return 'unknown';
  return actual < 0n ? 'noStream' : Number(actual);
}

function memberOf(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
}
