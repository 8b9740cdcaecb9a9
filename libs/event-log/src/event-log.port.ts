import type { Erased, EventMetadata, Recorded } from '@voronka/kernel';

/** The revision the writer saw. There is no default: forgetting it must not compile. */
export type ExpectedRevision = number | 'noStream' | 'any';

/** An event ready to be appended; `eventId` is derived by the caller so that a repeat is recognised. */
export interface EventToAppend {
  readonly eventId: string;
  readonly type: string;
  readonly data: object;
  readonly metadata: EventMetadata;
}

export interface Appended {
  /** Revision of the stream's last event after the append. */
  readonly revision: number;
  /** Position of the last event appended. */
  readonly position: bigint;
}

export interface ReadAllOptions {
  /** Events after this position (forwards) or before it (backwards); null: from the very start or end. */
  readonly after: bigint | null;
  readonly direction?: 'forwards' | 'backwards';
  readonly maxCount?: number;
  /** Events per yielded batch; default 1,000. */
  readonly batchSize?: number;
  /** Said of a forward read to the end that may be long: if it is, events are fetched in a thread of their own. */
  readonly isLong?: boolean;
}

/** A run of events in log order, decrypted and upcast. */
export interface EventBatch {
  readonly events: readonly Recorded[];
  /** Everything up to here was considered, system events included: a checkpoint may move to it. */
  readonly position: bigint;
  /** True when nothing more was in the log as this batch was handed out. */
  readonly caughtUp: boolean;
}

export interface FollowOptions {
  /** Last handled position; null from the very start. */
  readonly after: bigint | null;
  /** Most events per batch; default 1,000. */
  readonly batchSize?: number;
  /** Event types that are wanted, sifted by the store; all by default. Others whose names begin so may come too. */
  readonly types?: readonly string[];
  readonly signal: AbortSignal;
  readonly onState?: (state: FollowState) => void;
}

export type FollowState =
  | { readonly status: 'connecting'; readonly attempt: number }
  | { readonly status: 'catchingUp' | 'live'; readonly position: bigint | null }
  | { readonly status: 'waiting'; readonly retryInMilliseconds: number; readonly reason: string };

/**
 * The log, in five verbs. Every verb rejects with `LogUnavailableError` when the store is away and
 * with `CorruptEventError` (position, type, id) for an event of ours that cannot be read.
 */
export interface EventLog {
  /**
   * Appends all events or none, durably, when the stream is at `expected`.
   * Resolves only after the store has them on disk. A failure whose outcome is unknown is repeated once
   * with the same ids; the events land once. @throws WrongRevisionError, OutcomeUnknownError.
   */
  append(stream: string, expected: ExpectedRevision, events: readonly EventToAppend[]): Promise<Appended>;

  /** All events of a stream from `fromRevision` on, oldest first; empty for an unknown stream. */
  readStream(stream: string, fromRevision?: number): AsyncIterable<Recorded>;

  /** A finite read of the whole log; leaving the loop early cancels it. */
  readAll(options: ReadAllOptions): AsyncIterable<EventBatch>;

  /**
   * Endless: catches up, then waits for more. Reconnects by itself, with back-off, from the last batch
   * that the consumer came back from; ends only when `signal` is aborted.
   * A batch is never delivered before the one before it was handled.
   */
  follow(options: FollowOptions): AsyncIterable<EventBatch>;

  /** Position of the last event; null for an empty log. Bounded in time: also says whether the store answers. */
  end(): Promise<bigint | null>;

  close(): Promise<void>;
}

/** Keys that personal fields are encrypted with, one per subject; kept outside the log so they can be destroyed. */
export interface SubjectKeys {
  /** The subject's 32-byte key, made durable before it is returned; `erased` when it was destroyed. */
  forWriting(subject: string): Promise<Uint8Array | Erased>;
  /** Keys of several subjects in one go; `erased` for one destroyed, absent for one never made. */
  forReading(subjects: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | Erased>>;
  /** Destroys the keys for good: what is encrypted with them reads as erased from here on. Harmless when repeated. */
  destroy(subjects: readonly string[]): Promise<void>;
}
