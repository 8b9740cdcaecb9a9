import { ANY, NO_STREAM } from '@eventstore/db-client';
import type { StoredEvent } from './codec.js';
import { LogUnavailableError, OutcomeUnknownError } from './errors.js';
import type { Appended, EventToAppend, ExpectedRevision } from './event-log.port.js';
import { type Reader, readPosition } from './reading.js';
import { certainAppendFailure, reasonOf, wasNeverSent } from './store-errors.js';

/** What appending needs; `appendMs` bounds each of the two tries. */
export interface Appender extends Reader {
  readonly appendMs: number;
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
  const stored = await appender.codec.encode(stream, events);
  const first = await attempt(appender, stream, expected, stored);
  if (first.done) return first.appended;
  const second = await attempt(appender, stream, expected, stored);
  if (second.done) return second.appended;
  if (first.neverSent && second.neverSent) {
    throw new LogUnavailableError(`The event store cannot be reached: ${reasonOf(second.error)}`, {
      cause: second.error,
    });
  }
  throw new OutcomeUnknownError(`The append to ${stream} may or may not have landed: ${reasonOf(second.error)}`, {
    cause: second.error,
  });
}

type Attempt =
  | { readonly done: true; readonly appended: Appended }
  | { readonly done: false; readonly error: unknown; readonly neverSent: boolean };

/** One try. Throws only what is certain; anything else may have landed. */
async function attempt(
  appender: Appender,
  stream: string,
  expected: ExpectedRevision,
  stored: StoredEvent[],
): Promise<Attempt> {
  try {
    const result = await appender.client.appendToStream(stream, stored, {
      expectedRevision: typeof expected === 'number' ? BigInt(expected) : expected === 'noStream' ? NO_STREAM : ANY,
      deadline: appender.appendMs,
    });
    const revision = Number(result.nextExpectedRevision);
    const position = result.position?.commit ?? (await readPosition(appender, stream, revision));
    return { done: true, appended: { revision, position } };
  } catch (error) {
    const certain = certainAppendFailure(stream, expected, error);
    if (certain !== null) throw certain;
    return { done: false, error, neverSent: wasNeverSent(error) };
  }
}
