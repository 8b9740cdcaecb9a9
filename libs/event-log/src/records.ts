import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type AllStreamRecordedEvent,
  type AllStreamResolvedEvent,
  BACKWARDS,
  END,
  type EventStoreDBClient,
  FORWARDS,
  START,
} from '@eventstore/db-client';
import type { ReadAllOptions } from './event-log.port.js';
import { Tap } from './tap.js';

/** Records of the whole log as the store gives them, not yet understood. */
export interface RecordBatch {
  readonly records: readonly AllStreamRecordedEvent[];
  /** Nothing more was in the log as these were handed out. */
  readonly isLast: boolean;
}

export interface RecordRequest {
  readonly after: bigint | null;
  readonly direction?: ReadAllOptions['direction'];
  /** Records per batch. */
  readonly batchSize: number;
  /** Most events that are wanted; about as many are fetched. */
  readonly maxCount?: number;
}

/** How a read of records is made. */
export interface RecordSource {
  readonly client: EventStoreDBClient;
  /** Longest silence of the store in the middle of a read, in milliseconds. */
  readonly silenceMs: number;
  /** Aborted when the log is closed. */
  readonly closing: AbortSignal;
}

/** A finite read of the whole log; leaving the loop early cancels it. @throws errors of the client */
export async function* readRecords(source: RecordSource, request: RecordRequest): AsyncGenerator<RecordBatch> {
  const { after, batchSize } = request;
  const read = open(source.client, request);
  const tap = new Tap<AllStreamResolvedEvent>(read, source.closing);
  try {
    while (!tap.isDone) {
      const records = await fill(tap, batchSize, source.silenceMs);
      yield { records: records.filter(({ position }) => position.commit !== after), isLast: tap.isDone };
    }
  } finally {
    tap.release(() => read.cancel());
  }
}

function open(client: EventStoreDBClient, { after, direction, batchSize, maxCount }: RecordRequest) {
  const backwards = direction === 'backwards';
  const start = backwards ? END : START;
  const fromPosition = after === null ? start : { commit: after, prepare: after };
  const highWaterMark = Math.min(batchSize, (maxCount ?? batchSize) + 1);
  return client.readAll({ direction: backwards ? BACKWARDS : FORWARDS, fromPosition }, { highWaterMark });
}

/** A full batch, or what is left; returns only when it is known whether more will come. */
async function fill(tap: Tap<AllStreamResolvedEvent>, batchSize: number, silenceMs: number) {
  const records: AllStreamRecordedEvent[] = [];
  do {
    await tap.readyWithin(silenceMs);
    // Items come one by one; a turn of the event loop later there are many, for the price of one.
    await nextTurn();
    records.push(...recordsOf(tap.take(batchSize - records.length)));
  } while (records.length < batchSize && !tap.isDone);
  await tap.readyWithin(silenceMs);
  return records;
}

/** The records of resolved events; we never follow links, so the event itself is always there. */
export function recordsOf<E>(resolved: readonly { readonly event?: E }[]): E[] {
  const records: E[] = [];
  for (const { event } of resolved) if (event !== undefined) records.push(event);
  return records;
}
