import { setMaxListeners } from 'node:events';
import type { Thing } from '@voronka/kernel';
import { AppendLine } from './append-line.js';
import { append } from './appending.js';
import { createCodec } from './codec.js';
import { connect, type Connection } from './connect.js';
import { LogUnavailableError } from './errors.js';
import type { EventLog, SubjectKeys } from './event-log.port.js';
import { follow } from './follow.js';
import { threadProgram } from './read-apart.js';
import { readAll, readEnd, readStream } from './reading.js';

export type { Connection } from './connect.js';

/** Bounds on waiting, in milliseconds. */
export interface Timeouts {
  /** One try of an append; there are at most two. Default 5,000. */
  readonly append?: number;
  /** Silence of the store in the middle of a read or before a subscription is confirmed. Default 10,000. */
  readonly silence?: number;
  /** `end()`. Default 5,000. */
  readonly end?: number;
  /**
   * A frozen store is noticed by a ping that is not answered: every `ping` (default and least 10,000) one is sent and
   * `pong` (default 10,000) waited for. For a connection string, its own keepAlive options hold.
   */
  readonly ping?: number;
  readonly pong?: number;
}

/** The thread that long reads go on in. */
export interface ReadThread {
  /** By default the compiled `read-thread.js` beside this file. TypeScript sources have none, and need none. */
  readonly program?: string;
  /** Records after which a read is long, and worth the thread's start. Default 10,000. */
  readonly after?: number;
}

export interface OpenEventLogOptions {
  readonly connection: Connection;
  /** The things whose events the log holds; other streams are passed over. */
  readonly things: readonly Thing[];
  readonly keys: SubjectKeys;
  readonly timeouts?: Timeouts;
  readonly readThread?: ReadThread;
}

const LONG_READ = 10_000;

/**
 * The log in an EventStoreDB (or in the embedded node). Connects with the first call, not here.
 * @throws TypeError when things claim the same category or event type, Error for a malformed connection string.
 */
export function openEventLog(options: OpenEventLogOptions): EventLog {
  const { connection, timeouts = {}, readThread = {} } = options;
  const keepAlive = { ping: timeouts.ping ?? 10_000, pong: timeouts.pong ?? 10_000 };
  const client = connect(connection, keepAlive);
  const codec = createCodec(options.things, options.keys);
  const closing = new AbortController();
  // Every read that is under way listens to it, and there may be hundreds.
  setMaxListeners(0, closing.signal);
  const { program = threadProgram(), after = LONG_READ } = readThread;
  const apart = program === null ? null : { program, longAfter: after, connection, keepAlive };
  const reader = { client, codec, silenceMs: timeouts.silence ?? 10_000, closing: closing.signal, apart };
  const appender = { ...reader, line: new AppendLine(client, timeouts.append ?? 5_000) };
  const open = (): void => {
    if (closing.signal.aborted) throw new LogUnavailableError('The event log was closed');
  };
  return {
    append: async (stream, expected, events) => (open(), append(appender, stream, expected, events)),
    readStream: (stream, fromRevision = 0) => (open(), readStream(reader, stream, fromRevision)),
    readAll: (range) => (open(), readAll(reader, range)),
    follow: (from) => (open(), follow(reader, { ...from, signal: AbortSignal.any([from.signal, closing.signal]) })),
    end: async () => (open(), readEnd({ ...reader, silenceMs: timeouts.end ?? 5_000 })),
    close: async () => {
      closing.abort();
      await client.dispose();
    },
  };
}
