import { randomUUID } from 'node:crypto';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { invalid } from './errors.js';
import { type Filter, filterOf } from './filters.js';
import { boundOf } from './keys.js';
import type { LogStore, StoredEvent } from './log-store.js';
import { eventReply } from './record.js';
import { caughtUpReply, checkpointReply, confirmationReply, type ReplyStream } from './reply-stream.js';

const PAGE = 256;

interface Source {
  /** The next events; none when all there are have been given. */
  readonly next: () => StoredEvent[];
  /** The subscriber has seen everything up to here. */
  readonly seen: number;
}

/** One cursor over the log: sends what is there at the client's pace, then waits for more. Nothing is lost between. */
export async function subscribe(
  store: LogStore,
  replies: ReplyStream,
  options: ReadReq.Options,
  stream: string,
): Promise<void> {
  if (options.getReadDirection() !== 0) throw invalid('a subscription reads forwards');
  const filterOptions = options.getFilter();
  const filter = filterOptions === undefined ? null : filterOf(filterOptions);
  const source = options.hasStream() ? streamSource(store, options, stream) : allSource(store, options);
  replies.write(confirmationReply(randomUUID()));
  const stopListening = store.onAppended(() => replies.wake());
  try {
    await deliver(replies, source, filter);
  } finally {
    stopListening();
  }
}

/** Tells a filtered subscriber where it stands, so that what it skips is not read again. */
class Checkpoints {
  private considered = 0;
  /** The subscriber knows of everything up to here, by an event or a checkpoint. */
  private known = 0;

  constructor(
    private readonly replies: ReplyStream,
    private readonly filter: Filter | null,
    private position: number,
  ) {}

  /** Called after the event, if it matched, was sent: a checkpoint never overtakes an event. */
  passed(position: number, sent: boolean): void {
    this.position = position;
    if (sent) this.known = position;
    this.considered += 1;
    if (this.filter !== null && this.considered >= this.filter.checkpointEvery) this.tell();
  }

  /** When there is nothing more to send for now: without this a filter that skips everything would tell nothing. */
  idle(): void {
    if (this.filter !== null && this.position > this.known) this.tell();
  }

  private tell(): void {
    this.considered = 0;
    this.known = this.position;
    this.replies.write(checkpointReply(this.position));
  }
}

async function deliver(replies: ReplyStream, source: Source, filter: Filter | null): Promise<void> {
  const checkpoints = new Checkpoints(replies, filter, source.seen);
  let live = false;
  while (replies.open) {
    const page = source.next();
    for (const { value, position } of page) {
      const wanted = filter === null || filter.matches(value);
      if (wanted) replies.write(eventReply(value, position));
      checkpoints.passed(position, wanted);
      if (replies.full) await replies.drained();
      if (!replies.open) return;
    }
    if (page.length > 0) continue;
    checkpoints.idle();
    if (!live) replies.write(caughtUpReply());
    live = true;
    // Nothing was awaited since the page was found empty, so no append can have slipped in between.
    await replies.untilWoken();
    await replies.drained();
  }
}

/** Starts are exclusive: the event at the revision or position has been seen. */
function streamSource(store: LogStore, options: ReadReq.Options, name: string): Source {
  const from = options.getStream();
  let next = 0;
  if (from?.hasRevision() === true) next = boundOf(from.getRevision()) + 1;
  else if (from?.hasEnd() === true) next = store.currentRevision(name) + 1;
  return {
    seen: 0,
    next: () => {
      const page = store.readStream(name, next, PAGE);
      next += page.length;
      return page;
    },
  };
}

function allSource(store: LogStore, options: ReadReq.Options): Source {
  const all = options.getAll();
  if (all === undefined) throw invalid('the subscription names neither a stream nor $all');
  let after = 0;
  if (all.hasEnd()) after = store.lastPosition;
  else if (all.hasPosition()) after = boundOf(all.getPosition()?.getCommitPosition());
  return {
    seen: Math.min(after, store.lastPosition),
    next: () => {
      const page = store.readAll(after, PAGE);
      after = page.at(-1)?.position ?? after;
      return page;
    },
  };
}
