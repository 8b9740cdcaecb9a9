import type { AppendOutcome, AppendRequest } from './append-request.js';

/** Appends of several clients that are made durable together at the most. */
const LARGEST_GROUP = 512;
/** Bytes after which a group is closed, so that a few huge appends do not hold up everybody. */
const GROUP_BYTES = 8 * 1_048_576;

/** The node takes no more appends. */
export class StoppingError extends Error {
  override readonly name = 'StoppingError';
  constructor() {
    super('the node is stopping');
  }
}

interface Waiting {
  readonly request: AppendRequest;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** An append that could not be carried out while the others of its group were. */
export interface Failed {
  readonly kind: 'failed';
  readonly error: unknown;
}

/**
 * The one writer. Appends are taken in the order of their arrival; those that come while a commit is under way make up
 * the next one.
 */
export class AppendQueue {
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;
  private closed = false;

  /** `commit` resolves when the whole group is on disk, and rejects when none of it is. */
  constructor(private readonly commit: (group: readonly AppendRequest[]) => Promise<(AppendOutcome | Failed)[]>) {}

  /** @throws StoppingError (as a rejection) once closed. */
  add(request: AppendRequest): Promise<AppendOutcome> {
    return new Promise((resolve, reject) => {
      if (this.closed) {
        reject(new StoppingError());
        return;
      }
      this.waiting.push({ request, resolve, reject });
      this.writing ??= this.write();
    });
  }

  /** Takes no more appends; resolves when those taken have their answers. */
  async close(): Promise<void> {
    this.closed = true;
    await this.writing;
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0, this.groupLength());
      try {
        const outcomes = await this.commit(group.map(({ request }) => request));
        for (const [index, { resolve, reject }] of group.entries()) {
          const outcome = outcomes[index];
          if (outcome === undefined) reject(new Error('the append got no answer'));
          else if (outcome.kind === 'failed') reject(outcome.error);
          else resolve(outcome);
        }
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.writing = null;
  }

  private groupLength(): number {
    let bytes = 0;
    let length = 0;
    for (const { request } of this.waiting) {
      if (length === LARGEST_GROUP || bytes > GROUP_BYTES) break;
      bytes += request.events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
      length += 1;
    }
    return length;
  }
}
