import type { AppendLine } from './append-line.js';
import { NotConnectedError } from './append-line.js';
import type { AppendOrder } from './append-messages.js';
import { AppendTooLargeError, LogUnavailableError, OutcomeUnknownError, WrongRevisionError } from './errors.js';
import type { Appended, EventToAppend, ExpectedRevision } from './event-log.port.js';
import { type Reader, readPosition } from './reading.js';
import { reasonOf } from './store-errors.js';

/** Largest append in bytes of payload and metadata; stores allow 1 MiB by default, a gRPC message 16 MiB. */
const MOST_BYTES = 8 * 1024 * 1024;

const UNAVAILABLE = 14;

export interface Appender extends Reader {
  readonly line: AppendLine;
}

/** Appends all events or none; see `EventLog.append`. */
export async function append(
  appender: Appender,
  stream: string,
  expected: ExpectedRevision,
  events: readonly EventToAppend[],
): Promise<Appended> {
  if (events.length === 0) throw new TypeError(`nothing to append to ${stream}`);
  // Encoded once: the second try must be the same to the last byte, and a sealed field never seals alike twice.
  const order = { stream, expected, events: await appender.codec.encode(stream, events) };
  refuseTooLarge(order);
  const first = await attempt(appender, order);
  if (first.done) return first.appended;
  const second = await attempt(appender, order);
  if (second.done) return second.appended;
  const reason = reasonOf(second.error);
  if (wasNeverSent(first.error) && wasNeverSent(second.error)) {
    throw new LogUnavailableError(`The event store cannot be reached: ${reason}`, { cause: second.error });
  }
  throw new OutcomeUnknownError(`The append to ${stream} may or may not have landed: ${reason}`, {
    cause: second.error,
  });
}

type Attempt = { readonly done: true; readonly appended: Appended } | { readonly done: false; readonly error: unknown };

/** One try. Throws only what is certain; anything else may have landed. */
async function attempt(appender: Appender, order: AppendOrder): Promise<Attempt> {
  const tried = await appender.line.send(order).catch((error: unknown) => ({ error }));
  if ('error' in tried) {
    if (isCertain(tried.error)) throw tried.error;
    return { done: false, error: tried.error };
  }
  const { revision, position } = tried;
  if (position !== null) return { done: true, appended: { revision, position } };
  // It has landed, but without its position there is no answer to give: to the caller its outcome is open.
  const found = await readPosition(appender, order.stream, revision).catch((error: unknown) => ({ error }));
  return typeof found === 'bigint'
    ? { done: true, appended: { revision, position: found } }
    : { done: false, ...found };
}

function isCertain(error: unknown): boolean {
  return (
    error instanceof WrongRevisionError || error instanceof AppendTooLargeError || error instanceof LogUnavailableError
  );
}

/** True when the append found no connection at all: nothing was sent, so nothing can have landed. */
function wasNeverSent(error: unknown): boolean {
  if (error instanceof NotConnectedError) return true;
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return code === UNAVAILABLE && reasonOf(error).includes('No connection established');
}

function refuseTooLarge({ stream, events }: AppendOrder): void {
  const bytes = events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
  if (bytes > MOST_BYTES) throw new AppendTooLargeError(`The append to ${stream} has ${bytes} bytes`);
}
