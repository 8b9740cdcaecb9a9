import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { status } from '@grpc/grpc-js';
import { invalid, serviceError, unavailable } from './errors.js';
import { boundOf, isStorableName } from './keys.js';
import type { LogStore, StoredEvent } from './log-store.js';
import type { OpenCalls } from './open-calls.js';
import { STREAM_NAME_RULE } from './proposals.js';
import { eventReply } from './record.js';
import { type ReadCall, ReplyStream, streamNotFoundReply } from './reply-stream.js';
import { subscribe } from './subscribe.js';
import { text } from './wire.js';

const PAGE = 256;
const BACKWARDS = 1;

/** The next events; none at the end. */
type Cursor = (limit: number) => StoredEvent[];

/** Read: a stream or $all, forwards or backwards, once or as a subscription. */
export function readMethod(store: LogStore, calls: OpenCalls) {
  return (call: ReadCall): void => {
    const replies = new ReplyStream(call);
    const work = async (): Promise<void> => {
      if (calls.stopping) throw unavailable('the node is stopping');
      const options = call.request.getOptions();
      if (options?.hasUuidOption() !== true) throw invalid('the read says no options or no UUID option');
      if (options.hasStream() && !isStorableName(streamNameIn(options))) throw invalid(STREAM_NAME_RULE);
      const open = options.hasSubscription() ? calls.subscriptions : calls.reads;
      open.add(replies);
      try {
        if (options.hasSubscription()) await subscribe(store, replies, options, streamNameIn(options));
        else await readOnce(store, replies, options);
      } finally {
        open.delete(replies);
      }
    };
    work().catch((error: unknown) =>
      replies.fail(isServiceError(error) ? error : serviceError(status.UNKNOWN, String(error))),
    );
  };
}

function isServiceError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && 'metadata' in error;
}

async function readOnce(store: LogStore, replies: ReplyStream, options: ReadReq.Options): Promise<void> {
  let left = boundOf(options.getCount());
  if (left <= 0) throw serviceError(status.UNKNOWN, 'maxCount must be positive');
  if (options.hasFilter()) throw invalid('only subscriptions take a filter here');
  const cursor = cursorOf(store, options);
  if (cursor === null) replies.write(streamNotFoundReply(streamNameIn(options)));
  while (cursor !== null && replies.open && left > 0) {
    const page = cursor(Math.min(PAGE, left));
    for (const { value, position } of page) {
      replies.write(eventReply(value, position));
      if (replies.full) await replies.drained();
      if (!replies.open) return;
    }
    left -= page.length;
    if (page.length === 0) break;
  }
  replies.end();
}

/** Empty for none, and for what is not text. */
function streamNameIn(options: ReadReq.Options): string {
  return text(options.getStream()?.getStreamIdentifier()?.getStreamName_asU8()) ?? '';
}

/** Null for a stream that does not exist. */
function cursorOf(store: LogStore, options: ReadReq.Options): Cursor | null {
  const backwards = options.getReadDirection() === BACKWARDS;
  const stream = options.getStream();
  if (stream !== undefined) return streamCursor(store, streamNameIn(options), stream, backwards);
  const all = options.getAll();
  if (all === undefined) throw invalid('the read names neither a stream nor $all');
  return allCursor(store, startOfAll(all, backwards), backwards);
}

function streamCursor(
  store: LogStore,
  name: string,
  from: ReadReq.Options.StreamOptions,
  backwards: boolean,
): Cursor | null {
  const last = store.currentRevision(name);
  if (last < 0) return null;
  if (!backwards && from.hasEnd()) throw serviceError(status.UNKNOWN, 'Unexpected ReadStreamResult: Error');
  let next = from.hasRevision() ? boundOf(from.getRevision()) : 0;
  if (backwards) next = from.hasEnd() ? last : Math.min(last, next);
  return (limit) => {
    if (next < 0) return [];
    const page = store.readStream(name, next, limit, backwards);
    next += backwards ? -page.length : page.length;
    return page;
  };
}

/** Forwards a position is included, backwards it is not; both become the bound of `readAll`. */
function startOfAll(all: ReadReq.Options.AllOptions, backwards: boolean): number {
  if (all.hasStart()) return 0;
  if (all.hasEnd()) return Number.MAX_SAFE_INTEGER;
  const position = all.getPosition();
  const commit = boundOf(position?.getCommitPosition());
  if (commit < boundOf(position?.getPreparePosition())) {
    throw invalid('the commit position is before the prepare position');
  }
  return backwards ? commit : commit - 1;
}

function allCursor(store: LogStore, start: number, backwards: boolean): Cursor {
  let bound = start;
  return (limit) => {
    if (!backwards && bound >= store.lastPosition) return [];
    const page = store.readAll(bound, limit, backwards);
    bound = page.at(-1)?.position ?? bound;
    return page;
  };
}
