import { status } from '@grpc/grpc-js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { invalid, serviceError } from './errors.js';
import type { LogStore, StoredEvent } from './log-store.js';
import { eventReply } from './record.js';
import { type ReadCall, ReplyStream, streamNotFoundReply } from './reply-stream.js';
import { type NodeActivity, subscribe } from './subscribe.js';
import { text } from './wire.js';

const PAGE = 256;
const BACKWARDS = 1;

/** A page of events and how to go on after it. */
export type Cursor = (limit: number) => StoredEvent[];

/** Read: a stream or $all, forwards or backwards, once or as a subscription. */
export function readMethod(store: LogStore, activity: NodeActivity) {
  return (call: ReadCall): void => {
    const replies = new ReplyStream(call);
    const options = call.request.getOptions();
    const work = async (): Promise<void> => {
      if (options === undefined || !options.hasUuidOption())
        throw invalid('the read says no options or no UUID option');
      if (options.hasSubscription()) await subscribe(store, replies, options, activity);
      else await readOnce(store, replies, options, activity);
    };
    work().catch((error: unknown) =>
      replies.fail(isServiceError(error) ? error : serviceError(status.UNKNOWN, String(error))),
    );
  };
}

function isServiceError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && 'metadata' in error;
}

async function readOnce(
  store: LogStore,
  replies: ReplyStream,
  options: ReadReq.Options,
  activity: NodeActivity,
): Promise<void> {
  let left = Number(options.getCount());
  if (left <= 0) throw serviceError(status.UNKNOWN, 'maxCount must be positive');
  const cursor = cursorOf(store, options);
  if (cursor === null) {
    await replies.write(streamNotFoundReply(streamNameIn(options)));
    replies.end();
    return;
  }
  activity.reads += 1;
  try {
    while (replies.open && left > 0) {
      const page = cursor(Math.min(PAGE, left));
      for (const { value, position } of page) {
        if (!replies.open) return;
        await replies.write(eventReply(value, position));
      }
      left -= page.length;
      if (page.length === 0) break;
    }
    replies.end();
  } finally {
    activity.reads -= 1;
  }
}

export function streamNameIn(options: ReadReq.Options): string {
  return text(options.getStream()?.getStreamIdentifier()?.getStreamName_asU8());
}

/** Null for a stream that does not exist. */
function cursorOf(store: LogStore, options: ReadReq.Options): Cursor | null {
  const backwards = options.getReadDirection() === BACKWARDS;
  const stream = options.getStream();
  if (stream !== undefined) return streamCursor(store, options, backwards);
  const all = options.getAll();
  if (all === undefined) throw invalid('the read names neither a stream nor $all');
  return allCursor(store, startOfAll(all, backwards), backwards);
}

function streamCursor(store: LogStore, options: ReadReq.Options, backwards: boolean): Cursor | null {
  const from = options.getStream();
  const name = streamNameIn(options);
  const last = store.currentRevision(name);
  if (last < 0) return null;
  if (!backwards && from?.hasEnd() === true) {
    throw serviceError(status.UNKNOWN, 'Unexpected ReadStreamResult: Error');
  }
  let next = from?.hasRevision() === true ? Number(from.getRevision()) : 0;
  if (backwards) next = from?.hasStart() === true ? 0 : Math.min(last, from?.hasEnd() === true ? last : next);
  return (limit) => {
    if (next < 0) return [];
    const page = store.readStream(name, next, limit, backwards);
    next += backwards ? -page.length : page.length;
    if (page.length === 0) next = backwards ? -1 : next;
    return page;
  };
}

/** Forwards a position is included, backwards it is not; both become the bound of `readAll`. */
function startOfAll(all: ReadReq.Options.AllOptions, backwards: boolean): number {
  if (all.hasStart()) return 0;
  if (all.hasEnd()) return Number.MAX_SAFE_INTEGER;
  const position = all.getPosition();
  const commit = BigInt(position?.getCommitPosition() ?? '0');
  if (commit < BigInt(position?.getPreparePosition() ?? '0'))
    throw invalid('the commit position is before the prepare position');
  const bound = commit > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(commit);
  return backwards ? bound : bound - 1;
}

function allCursor(store: LogStore, start: number, backwards: boolean): Cursor {
  let bound = start;
  return (limit) => {
    if (backwards ? bound <= 0 : bound >= Number.MAX_SAFE_INTEGER) return [];
    const page = store.readAll(bound, limit, backwards);
    bound = page.at(-1)?.position ?? bound;
    return page;
  };
}
