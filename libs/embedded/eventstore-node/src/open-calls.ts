import type { ReplyStream } from './reply-stream.js';
import { cancelled } from './errors.js';

/** The calls that a node has open, for its own figures and so that it can stop. */
export class OpenCalls {
  readonly reads = new Set<ReplyStream>();
  readonly subscriptions = new Set<ReplyStream>();
  /** What ends a stream of appends, after its last answer. */
  readonly appendStreams = new Set<() => void>();
  private isStopping = false;

  get stopping(): boolean {
    return this.isStopping;
  }

  /** Nothing may read the log any more; a subscription never ends as if all was well. */
  cancelReads(): void {
    this.isStopping = true;
    for (const replies of [...this.reads, ...this.subscriptions]) replies.fail(cancelled());
  }

  cancelAppends(): void {
    for (const end of this.appendStreams) end();
  }
}
