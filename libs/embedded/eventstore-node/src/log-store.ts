import { type Database, open, type RootDatabase } from 'lmdb';
import type { AppendOutcome, AppendRequest } from './append-request.js';
import { checkCommit, type StreamView } from './commit-check.js';
import { detailsOf, encodeRecord, streamOf } from './record.js';

/** LMDB's longest key is 1,978 bytes; a key is a stream name, a zero and eight bytes of revision. */
export const LONGEST_STREAM_NAME_BYTES = 1_900;
/** Appends of several clients that are made durable together at the most. */
const LARGEST_GROUP = 512;
/** Ids of the latest events, by which an append at any revision is recognised as a repetition. */
const REMEMBERED_IDS = 50_000;
const FIRST_POSITION = 1;

export interface StoredEvent {
  readonly position: number;
  readonly value: Buffer;
}

interface Waiting {
  readonly request: AppendRequest;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: unknown) => void;
}

type Keyed = Database<Buffer, Buffer>;

/**
 * The log on LMDB. Positions count events from 1, revisions count those of a stream from 0.
 * One writer takes appends in the order of their arrival; an append resolves once it is on disk.
 */
export class LogStore {
  private readonly events: Keyed;
  private readonly streams: Keyed;
  private readonly places = new Map<string, { stream: string; revision: number }>();
  private readonly listeners = new Set<() => void>();
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;
  private last: number;
  private lastCreatedMs: number;
  private closed = false;

  private constructor(
    private readonly root: RootDatabase,
    private readonly clock: () => number,
  ) {
    const binary = { keyEncoding: 'binary', encoding: 'binary' } as const;
    this.events = root.openDB<Buffer, Buffer>({ name: 'events', ...binary });
    this.streams = root.openDB<Buffer, Buffer>({ name: 'streams', ...binary });
    const newest = [...this.events.getRange({ reverse: true, limit: 1 })][0];
    this.last = newest === undefined ? FIRST_POSITION - 1 : positionOf(newest.key);
    this.lastCreatedMs = newest === undefined ? 0 : detailsOf(newest.value).createdMs;
    this.recallIds();
  }

  static open(directory: string, clock: () => number): LogStore {
    return new LogStore(open({ path: directory, maxDbs: 4, compression: false, overlappingSync: false }), clock);
  }

  /** Position of the last event; 0 for an empty log. */
  get lastPosition(): number {
    return this.last;
  }

  append(request: AppendRequest): Promise<AppendOutcome> {
    return new Promise((resolve, reject) => {
      if (this.closed) {
        reject(new Error('the node is stopping'));
        return;
      }
      this.waiting.push({ request, resolve, reject });
      this.writing ??= this.write();
    });
  }

  /** Revision of the stream's last event; -1 for none. */
  currentRevision(stream: string): number {
    const bounds = { start: streamKey(stream, Number.MAX_SAFE_INTEGER), end: streamKey(stream, -1) };
    const range = this.streams.getRange({ ...bounds, reverse: true, limit: 1 });
    const found = [...range][0];
    return found === undefined ? -1 : revisionOf(found.key);
  }

  /** Events of the whole log after (or, backwards, before) a position. */
  readAll(after: number, limit: number, backwards = false): StoredEvent[] {
    const range = backwards
      ? { start: positionKey(after - 1), end: positionKey(0), reverse: true, limit }
      : { start: positionKey(after + 1), limit };
    if (backwards && after <= FIRST_POSITION) return [];
    return [...this.events.getRange(range)].map(({ key, value }) => ({ position: positionOf(key), value }));
  }

  /** Events of a stream from a revision on, downwards when backwards. */
  readStream(stream: string, from: number, limit: number, backwards = false): StoredEvent[] {
    const range = backwards
      ? { start: streamKey(stream, from), end: streamKey(stream, -1), reverse: true, limit }
      : { start: streamKey(stream, from), end: streamKey(stream, Number.MAX_SAFE_INTEGER), limit };
    return [...this.streams.getRange(range)].flatMap(({ value }) => {
      const found = this.events.get(value);
      return found === undefined ? [] : [{ position: positionOf(value), value: found }];
    });
  }

  /** Calls back after every commit, until the returned function is called. */
  onAppended(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** A consistent copy, made while the log goes on. */
  async backup(directory: string): Promise<void> {
    await this.root.backup(directory, true);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.writing;
    await this.root.close();
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0, LARGEST_GROUP);
      const before = { last: this.last, createdMs: this.lastCreatedMs };
      try {
        const outcomes = await this.root.transaction(() => group.map(({ request }) => this.commit(request)));
        group.forEach(({ resolve }, index) => resolve(outcomes[index] as AppendOutcome));
        for (const listener of this.listeners) listener();
      } catch (error) {
        this.last = before.last;
        this.lastCreatedMs = before.createdMs;
        this.places.clear();
        this.recallIds();
        for (const { reject } of group) reject(error);
      }
    }
    this.writing = null;
  }

  /** Runs inside the write transaction, so that what it sees is what it changes. */
  private commit(request: AppendRequest): AppendOutcome {
    const current = this.currentRevision(request.stream);
    const view: StreamView = {
      current,
      idAt: (revision) => this.idAt(request.stream, revision),
      placeOf: (id) => this.places.get(id),
    };
    const verdict = checkCommit(request, view);
    switch (verdict.kind) {
      case 'wrong':
        return { kind: 'wrongRevision', current: current < 0 ? null : current };
      case 'repeat': {
        const position = this.positionAt(request.stream, verdict.revision);
        return { kind: 'appended', revision: verdict.revision, position };
      }
      case 'append':
        return this.put(request, current);
      default:
        return verdict satisfies never;
    }
  }

  private put({ stream, events }: AppendRequest, current: number): AppendOutcome {
    if (events.length === 0) {
      return { kind: 'appended', revision: current < 0 ? null : current, position: null };
    }
    let revision = current;
    // A clock that is set back must not make the log's times run backwards.
    const createdMs = Math.max(this.clock(), this.lastCreatedMs);
    for (const event of events) {
      revision += 1;
      const position = this.last + 1;
      const key = positionKey(position);
      void this.events.put(key, encodeRecord(event, { stream, revision, position, createdMs }));
      void this.streams.put(streamKey(stream, revision), key);
      this.last = position;
      this.remember(event.id, stream, revision);
    }
    this.lastCreatedMs = createdMs;
    return { kind: 'appended', revision, position: this.last };
  }

  private idAt(stream: string, revision: number): string | undefined {
    const key = this.streams.get(streamKey(stream, revision));
    const value = key === undefined ? undefined : this.events.get(key);
    return value === undefined ? undefined : detailsOf(value).id;
  }

  private positionAt(stream: string, revision: number): number | null {
    const key = this.streams.get(streamKey(stream, revision));
    return key === undefined ? null : positionOf(key);
  }

  private remember(id: string, stream: string, revision: number): void {
    this.places.delete(id);
    this.places.set(id, { stream, revision });
    if (this.places.size > REMEMBERED_IDS) this.places.delete(this.places.keys().next().value ?? '');
  }

  private recallIds(): void {
    for (const { value } of this.readAll(Math.max(0, this.last - REMEMBERED_IDS), REMEMBERED_IDS)) {
      const { id, revision } = detailsOf(value);
      this.remember(id, streamOf(value), revision);
    }
  }
}

/** Copies the log of a node's directory into another one, also while the node runs in another process. */
export async function copyLog(directory: string, target: string): Promise<void> {
  const root = open({ path: directory, maxDbs: 4, readOnly: true });
  try {
    await root.backup(target, true);
  } finally {
    await root.close();
  }
}

function positionKey(position: number): Buffer {
  const key = Buffer.alloc(8);
  key.writeBigUInt64BE(BigInt(position));
  return key;
}

function positionOf(key: Buffer): number {
  return Number(key.readBigUInt64BE(0));
}

function streamKey(stream: string, revision: number): Buffer {
  const name = Buffer.from(stream, 'utf8');
  const key = Buffer.alloc(name.length + 9);
  name.copy(key);
  // One more than the revision, so that a bound below the first one can be written.
  key.writeBigUInt64BE(BigInt(revision) + 1n, name.length + 1);
  return key;
}

function revisionOf(key: Buffer): number {
  return Number(key.readBigUInt64BE(key.length - 8)) - 1;
}
