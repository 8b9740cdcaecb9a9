import { randomUUID } from 'node:crypto';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { invalid, serviceError } from './errors.js';
import { status } from '@grpc/grpc-js';
import { type Filter, filterOf } from './filters.js';
import type { LogStore, StoredEvent } from './log-store.js';
import { eventReply } from './record.js';
import { caughtUpReply, checkpointReply, confirmationReply, type ReplyStream } from './reply-stream.js';
import { text } from './wire.js';

const PAGE = 256;

/** What the node has open, for its own figures and for stopping. */
export interface NodeActivity {
  reads: number;
  readonly subscriptions: Set<ReplyStream>;
  stopping: boolean;
}

/** One cursor over the log: sends what is there at the client's pace, then waits for more. Nothing is lost between. */
export async function subscribe(
  store: LogStore,
  replies: ReplyStream,
  options: ReadReq.Options,
  activity: NodeActivity,
): Promise<void> {
  if (options.getReadDirection() !== 0) throw invalid('a subscription reads forwards');
  const filter = filterIn(options);
  const next = options.hasStream() ? streamPages(store, options) : allPages(store, options);
  await replies.write(confirmationReply(randomUUID()));
  activity.subscriptions.add(replies);
  const stopListening = store.onAppended(() => replies.wake());
  try {
    await deliver(replies, next, filter);
    if (activity.stopping) throw serviceError(status.CANCELLED, 'the node is stopping');
  } finally {
    stopListening();
    activity.subscriptions.delete(replies);
  }
}

/** Sends a filtered subscriber where it stands, so that what it skips is not read again. */
class Checkpoints {
  private considered = 0;
  private told = 0;

  constructor(
    private readonly replies: ReplyStream,
    private readonly filter: Filter | null,
  ) {}

  get due(): boolean {
    return this.filter !== null && this.considered > 0;
  }

  async passed(position: number): Promise<void> {
    this.considered += 1;
    if (this.filter !== null && this.considered >= this.filter.checkpointEvery) await this.tell(position);
  }

  async tell(position: number): Promise<void> {
    this.considered = 0;
    if (this.filter === null || position === this.told) return;
    this.told = position;
    await this.replies.write(checkpointReply(position));
  }
}

async function deliver(replies: ReplyStream, next: () => StoredEvent[], filter: Filter | null): Promise<void> {
  const checkpoints = new Checkpoints(replies, filter);
  let live = false;
  let position = 0;
  while (replies.open) {
    const page = next();
    for (const event of page) {
      if (!replies.open) return;
      position = event.position;
      if (filter === null || filter.matches(event.value)) await replies.write(eventReply(event.value, position));
      await checkpoints.passed(position);
    }
    if (page.length > 0) continue;
    if (!live) {
      live = true;
      // So that a filter that matches nothing, or a quiet log, does not leave the reader far behind. Only what was
      // looked at counts: an append that came since the empty page is still to be looked at.
      await checkpoints.tell(position);
      await replies.write(caughtUpReply());
    } else if (checkpoints.due) {
      await checkpoints.tell(position);
    } else {
      // Nothing was awaited since the page was found empty, so no append can have slipped in between.
      await replies.untilWoken();
    }
  }
}

function filterIn(options: ReadReq.Options): Filter | null {
  const filter = options.getFilter();
  return filter === undefined ? null : filterOf(filter);
}

/** Starts are exclusive: the event at the revision or position has been seen. */
function streamPages(store: LogStore, options: ReadReq.Options): () => StoredEvent[] {
  const from = options.getStream();
  const name = text(from?.getStreamIdentifier()?.getStreamName_asU8());
  let next = 0;
  if (from?.hasRevision() === true) next = Number(from.getRevision()) + 1;
  else if (from?.hasEnd() === true) next = store.currentRevision(name) + 1;
  return () => {
    const page = store.readStream(name, next, PAGE);
    next += page.length;
    return page;
  };
}

function allPages(store: LogStore, options: ReadReq.Options): () => StoredEvent[] {
  const all = options.getAll();
  if (all === undefined) throw invalid('the subscription names neither a stream nor $all');
  let after = 0;
  if (all.hasEnd()) after = store.lastPosition;
  else if (all.hasPosition()) after = Number(all.getPosition()?.getCommitPosition() ?? '0');
  return () => {
    const page = store.readAll(after, PAGE);
    after = page.at(-1)?.position ?? after;
    return page;
  };
}
