import {
  type AllStreamResolvedEvent,
  BACKWARDS,
  END,
  ErrorType,
  type EventStoreDBClient,
  type RecordedEvent,
  type ResolvedEvent,
} from '@eventstore/db-client';
import type { Recorded } from '@voronka/kernel';
import type { Codec, Decoded } from './codec.js';
import type { EventBatch, ReadAllOptions } from './event-log.port.js';
import { LogUnavailableError } from './errors.js';
import { type ApartOptions, readApart } from './read-apart.js';
import { type RecordBatch, readRecords, recordsOf } from './records.js';
import { readFailure } from './store-errors.js';
import { Tap } from './tap.js';

export const DEFAULT_BATCH_SIZE = 1_000;

/** What the readers need: where to ask, how to understand the answer, how long to wait for it. */
export interface Reader {
  readonly client: EventStoreDBClient;
  readonly codec: Codec;
  /** Longest silence of the store in the middle of a read, in milliseconds. */
  readonly silenceMs: number;
  /** Aborted when the log is closed. */
  readonly closing: AbortSignal;
  /** How long reads go on in a thread of their own; null where they cannot. */
  readonly apart: (ApartOptions & { readonly program: string; readonly longAfter: number }) | null;
}

/** All events of a stream from a revision on. */
export async function* readStream(reader: Reader, stream: string, fromRevision: number): AsyncGenerator<Recorded> {
  const read = reader.client.readStream(stream, { fromRevision: BigInt(fromRevision) });
  const tap = new Tap<ResolvedEvent>(read, reader.closing);
  let isOver = false;
  try {
    while (!tap.isDone) {
      await tap.readyWithin(reader.silenceMs);
      const { events, failure } = await reader.codec.decode(recordsOf(tap.take(DEFAULT_BATCH_SIZE)));
      yield* events;
      if (failure !== null) throw failure;
    }
  } catch (error) {
    // The store has ended the call with that answer. Cancelling it would reset the call, and servers close a
    // connection on which many calls are reset (HTTP/2 rapid reset).
    isOver = isStreamNotFound(error);
    if (!isOver) throw readFailure(error);
  } finally {
    tap.release(() => (isOver ? Promise.resolve() : read.cancel()));
  }
}

/** A finite read of the whole log. */
export async function* readAll(reader: Reader, options: ReadAllOptions): AsyncGenerator<EventBatch> {
  let left = options.maxCount ?? Number.POSITIVE_INFINITY;
  if (left <= 0) return;
  try {
    for await (const { records, isLast } of recordsFor(reader, options)) {
      const decoded = await reader.codec.decode(records);
      const events = decoded.events.slice(0, left);
      left -= events.length;
      const position = reached(records, decoded, events);
      const caughtUp = isLast && position === positionOf(records);
      if (position !== undefined) yield { events, position, caughtUp };
      if (left <= 0) return;
      if (decoded.failure !== null) throw decoded.failure;
    }
  } catch (error) {
    throw readFailure(error);
  }
}

/** A read that is said to be long begins here, and goes on in a thread of its own once it turns out to be. */
async function* recordsFor(reader: Reader, options: ReadAllOptions): AsyncGenerator<RecordBatch> {
  const { isLong, ...range } = options;
  const request = { ...range, batchSize: options.batchSize ?? DEFAULT_BATCH_SIZE };
  const apart = isLong === true ? reader.apart : null;
  let { after } = options;
  let left = apart?.longAfter ?? Number.POSITIVE_INFINITY;
  for await (const batch of readRecords(reader, request)) {
    yield batch;
    left -= batch.records.length;
    after = positionOf(batch.records) ?? after;
    if (batch.isLast) return;
    if (left <= 0) break;
  }
  if (apart !== null && left <= 0) yield* readApart(reader, apart, { ...request, after });
}

/** How far a batch goes: to the last record looked at, or, when it was cut short, to the last event in it. */
function reached(considered: readonly RecordedEvent[], decoded: Decoded, events: readonly Recorded[]) {
  const isWhole = decoded.failure === null && events.length === decoded.events.length;
  return isWhole ? positionOf(considered) : events.at(-1)?.position;
}

/** Position of the last of these records. */
function positionOf(records: readonly RecordedEvent[]): bigint | undefined {
  return records.at(-1)?.position?.commit;
}

/** Position of the log's last event of any kind. */
export async function readEnd(reader: Reader): Promise<bigint | null> {
  const read = reader.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 });
  const tap = new Tap<AllStreamResolvedEvent>(read, reader.closing);
  try {
    return positionOf(await theOne(tap, reader.silenceMs)) ?? null;
  } catch (error) {
    throw readFailure(error);
  } finally {
    tap.release(() => read.cancel());
  }
}

/** Position of one event: asked for when the store answered a repeated append without it. */
export async function readPosition(reader: Reader, stream: string, revision: number): Promise<bigint> {
  const read = reader.client.readStream(stream, { fromRevision: BigInt(revision), maxCount: 1 });
  const tap = new Tap<ResolvedEvent>(read, reader.closing);
  try {
    const position = (await theOne(tap, reader.silenceMs))[0]?.position;
    if (position === undefined)
      throw new LogUnavailableError(`The event store tells no position of ${stream}@${revision}`);
    return position.commit;
  } finally {
    tap.release(() => read.cancel());
  }
}

/**
 * All of an answer of one event at most, to its end: a call that is broken off is reset, and servers close a connection
 * on which many calls are reset (HTTP/2 rapid reset), with every other call on it.
 */
async function theOne<E extends RecordedEvent>(
  tap: Tap<{ readonly event?: E }>,
  silenceMs: number,
): Promise<readonly E[]> {
  const found: E[] = [];
  while (!tap.isDone) {
    await tap.readyWithin(silenceMs);
    found.push(...recordsOf(tap.take(1)));
  }
  return found;
}

function isStreamNotFound(error: unknown): boolean {
  return typeof error === 'object' && error !== null && Reflect.get(error, 'type') === ErrorType.STREAM_NOT_FOUND;
}
