import { on } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Connection, KeepAlive } from './connect.js';
import { LogUnavailableError } from './errors.js';
import { recordsOfText } from './record-text.js';
import type { RecordBatch, RecordRequest, RecordSource } from './records.js';

/** Batches that the thread may be ahead. */
const AHEAD = 4;

/** What the thread is given. */
export interface ThreadTask extends ApartOptions {
  readonly silenceMs: number;
  readonly request: RecordRequest;
  readonly ahead: number;
}

export type ThreadTold =
  | { readonly kind: 'batch'; readonly records: string; readonly isLast: boolean }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'end' };

export interface ApartOptions {
  readonly connection: Connection;
  readonly keepAlive: KeepAlive;
}

/** The compiled program of the thread; null where only the sources are, as in tests. */
export function threadProgram(): string | null {
  const beside = path.join(import.meta.dirname, 'read-thread.js');
  return existsSync(beside) ? beside : null;
}

/**
 * As `readRecords`, with a connection of its own, in a thread of its own: to fetch an event costs about as much as to
 * fold it, and both can be done at once. @throws LogUnavailableError
 */
export async function* readApart(
  { silenceMs, closing }: Omit<RecordSource, 'client'>,
  { program, connection, keepAlive }: ApartOptions & { readonly program: string },
  request: RecordRequest,
): AsyncGenerator<RecordBatch> {
  const task: ThreadTask = { connection, keepAlive, silenceMs, request, ahead: AHEAD };
  const worker = new Worker(program, { workerData: task });
  try {
    for await (const [told] of on(worker, 'message', { signal: closing, close: ['exit'] }) as AsyncIterable<
      [ThreadTold]
    >) {
      if (told.kind === 'end') return;
      if (told.kind === 'failed') throw new LogUnavailableError(told.reason);
      yield { records: recordsOfText(told.records), isLast: told.isLast };
      worker.postMessage('taken');
    }
    throw new LogUnavailableError('The thread that reads the event log ended before the log did');
  } catch (error) {
    if (closing.aborted) throw new LogUnavailableError('The event log was closed');
    throw error;
  } finally {
    await worker.terminate();
  }
}
