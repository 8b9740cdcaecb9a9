import fs from 'node:fs';
import path from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { flushDirectory } from '../../shared/src/durable-file.js';
import { AppendQueue, type Failed } from './append-queue.js';
import type { AppendOutcome, AppendRequest } from './append-request.js';
import { checkCommit, type StreamView } from './commit-check.js';
import { idKey, isStorableName, positionKey, positionOf, revisionOf, streamKey } from './keys.js';
import { createdMsOf, encodeRecord, idOf, placeIn } from './record.js';

const FIRST_POSITION = 1;
/** A page ends after this much, however few events it then has: events may be large. */
const PAGE_BYTES = 1_048_576;

export interface StoredEvent {
  readonly position: number;
  readonly value: Buffer;
}

type Keyed = Database<Buffer, Buffer>;

/** Where the log ends. */
interface End {
  readonly position: number;
  readonly createdMs: number;
}

/**
 * The log on LMDB: `events` by position, `streams` from stream and revision to position, `ids` from event id to the
 * position where it was appended last. Positions count events from 1 without gaps, revisions those of a stream from 0.
 * An append resolves once it is on disk.
 */
export class LogStore {
  private readonly events: Keyed;
  private readonly streams: Keyed;
  private readonly ids: Keyed;
  private readonly listeners = new Set<() => void>();
  private readonly queue = new AppendQueue((group) => this.commitGroup(group));
  /** As committed; a write transaction works on a copy. */
  private end: End;

  private constructor(
    private readonly root: RootDatabase,
    private readonly clock: () => number,
  ) {
    const binary = { keyEncoding: 'binary', encoding: 'binary' } as const;
    this.events = root.openDB<Buffer, Buffer>({ name: 'events', ...binary });
    this.streams = root.openDB<Buffer, Buffer>({ name: 'streams', ...binary });
    this.ids = root.openDB<Buffer, Buffer>({ name: 'ids', ...binary });
    this.indexIdsOfAnOlderLog();
    this.end = this.findEnd();
  }

  /** @param clock milliseconds since 1970, for the events' creation times */
  static open(directory: string, clock: () => number): LogStore {
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    // Without overlapping, a commit's promise resolves only after its data are flushed.
    return new LogStore(open({ path: directory, maxDbs: 4, compression: false, overlappingSync: false }), clock);
  }

  /** Position of the last event on disk, which is also their number; 0 for an empty log. */
  get lastPosition(): number {
    return this.end.position;
  }

  /** Resolves when the events are on disk. Rejects with StoppingError, or with what kept LMDB from writing. */
  append(request: AppendRequest): Promise<AppendOutcome> {
    return this.queue.add(request);
  }

  /** Revision of the stream's last event; -1 for none. */
  currentRevision(stream: string): number {
    if (!isStorableName(stream)) return -1;
    const bounds = { start: streamKey(stream, Number.MAX_SAFE_INTEGER), end: streamKey(stream, -1) };
    for (const key of this.streams.getKeys({ ...bounds, reverse: true, limit: 1 })) return revisionOf(key);
    return -1;
  }

  /** Events of the whole log after (or, backwards, before) a position; fewer than `limit` when they are large. */
  readAll(bound: number, limit: number, backwards = false): StoredEvent[] {
    if (backwards && bound <= FIRST_POSITION) return [];
    const range = backwards
      ? { start: positionKey(bound - 1), end: positionKey(0), reverse: true, limit }
      : { start: positionKey(Math.min(bound, Number.MAX_SAFE_INTEGER - 1) + 1), limit };
    const page: StoredEvent[] = [];
    let bytes = 0;
    for (const { key, value } of this.events.getRange(range)) {
      page.push({ position: positionOf(key), value });
      bytes += value.length;
      if (bytes >= PAGE_BYTES) break;
    }
    return page;
  }

  /** Events of a stream from a revision on, downwards when backwards; fewer than `limit` when they are large. */
  readStream(stream: string, from: number, limit: number, backwards = false): StoredEvent[] {
    if (!isStorableName(stream)) return [];
    const range = backwards
      ? { start: streamKey(stream, from), end: streamKey(stream, -1), reverse: true, limit }
      : { start: streamKey(stream, from), end: streamKey(stream, Number.MAX_SAFE_INTEGER), limit };
    const page: StoredEvent[] = [];
    let bytes = 0;
    for (const { value: key } of this.streams.getRange(range)) {
      const value = this.events.get(key);
      if (value === undefined) throw new Error(`the log is damaged: no event at position ${positionOf(key)}`);
      page.push({ position: positionOf(key), value });
      bytes += value.length;
      if (bytes >= PAGE_BYTES) break;
    }
    return page;
  }

  /** Calls back after every commit, until the returned function is called. */
  onAppended(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** A consistent copy, made while the log goes on. */
  backup(directory: string): Promise<void> {
    return copyRoot(this.root, directory);
  }

  /** Finishes the appends it has taken, then closes the files; nothing may be read any more. */
  async close(): Promise<void> {
    await this.queue.close();
    await this.root.close();
  }

  private async commitGroup(group: readonly AppendRequest[]): Promise<(AppendOutcome | Failed)[]> {
    const before = this.end.position;
    let end = this.end;
    try {
      // What may fail fails before the first put: a callback that throws does not take back what was put before it.
      const outcomes = await this.root.transaction(() =>
        group.map((request): AppendOutcome | Failed => {
          const view = this.viewOf(request.stream);
          const done = this.decide(request, view, end);
          if (done.kind !== 'put') return done;
          end = this.put(request, done.records, end);
          const revision = view.current + done.records.length;
          return { kind: 'appended', revision, position: end.position };
        }),
      );
      this.end = end;
      return outcomes;
    } catch (error) {
      this.root.resetReadTxn();
      this.end = this.findEnd();
      throw error;
    } finally {
      // Readers may hold a view from before the commit; those who are told now must see it.
      this.root.resetReadTxn();
      if (this.end.position > before) for (const listener of this.listeners) listener();
    }
  }

  /** Everything that may fail for one append alone happens here, before anything is put. */
  private decide(
    request: AppendRequest,
    view: StreamView,
    end: End,
  ): AppendOutcome | Failed | { readonly kind: 'put'; readonly records: StampedRecord[] } {
    const verdict = checkCommit(request, view);
    const { current } = view;
    switch (verdict.kind) {
      case 'wrong':
        return { kind: 'wrongRevision', current: current < 0 ? null : current };
      case 'repeat': {
        const key = this.streams.get(streamKey(request.stream, verdict.revision));
        return { kind: 'appended', revision: verdict.revision, position: key === undefined ? null : positionOf(key) };
      }
      case 'append':
        if (request.events.length === 0)
          return { kind: 'appended', revision: current < 0 ? null : current, position: null };
        try {
          return { kind: 'put', records: this.encode(request, current, end) };
        } catch (error) {
          return { kind: 'failed', error };
        }
      default:
        return verdict satisfies never;
    }
  }

  private encode({ stream, events }: AppendRequest, current: number, end: End): StampedRecord[] {
    // A clock that is set back must not make the log's times run backwards.
    const createdMs = Math.max(Math.floor(this.clock()), end.createdMs);
    return events.map((event, index) => {
      const revision = current + 1 + index;
      const position = end.position + 1 + index;
      return { revision, createdMs, value: encodeRecord(event, { stream, revision, position, createdMs }) };
    });
  }

  private put({ stream, events }: AppendRequest, records: readonly StampedRecord[], end: End): End {
    let last = end;
    for (const [index, { revision, createdMs, value }] of records.entries()) {
      last = { position: last.position + 1, createdMs };
      const key = positionKey(last.position);
      this.events.putSync(key, value, { append: true });
      this.streams.putSync(streamKey(stream, revision), key);
      this.ids.putSync(idKey(events[index]?.id ?? ''), key);
    }
    return last;
  }

  private findEnd(): End {
    for (const { key, value } of this.events.getRange({ reverse: true, limit: 1 })) {
      return { position: positionOf(key), createdMs: createdMsOf(value) };
    }
    return { position: FIRST_POSITION - 1, createdMs: 0 };
  }

  /** Logs written before there was an index of ids get it once, whole or not at all. */
  private indexIdsOfAnOlderLog(): void {
    for (const _id of this.ids.getKeys({ limit: 1 })) return;
    this.root.transactionSync(() => {
      for (const { key, value } of this.events.getRange()) this.ids.putSync(idKey(idOf(value)), key);
    });
  }

  private viewOf(stream: string): StreamView {
    const valueAt = (key: Buffer | undefined) => (key === undefined ? undefined : this.events.get(key));
    return {
      current: this.currentRevision(stream),
      idAt: (revision) => {
        const value = valueAt(this.streams.get(streamKey(stream, revision)));
        return value === undefined ? undefined : idOf(value);
      },
      placeOf: (id) => {
        const value = valueAt(this.ids.get(idKey(id)));
        return value === undefined ? undefined : placeIn(value);
      },
    };
  }
}

interface StampedRecord {
  readonly revision: number;
  readonly createdMs: number;
  readonly value: Buffer;
}

/** Copies the log of a node's directory into another one, also while the node runs in another process. */
export async function copyLog(directory: string, target: string): Promise<void> {
  const root = open({ path: directory, maxDbs: 4, readOnly: true });
  try {
    await copyRoot(root, target);
  } finally {
    await root.close();
  }
}

async function copyRoot(root: RootDatabase, target: string): Promise<void> {
  fs.mkdirSync(target, { recursive: true, mode: 0o700 });
  if (fs.readdirSync(target).length > 0)
    throw new Error(`${target} is not empty: a copy of the log needs a new directory`);
  await root.backup(target, true);
  for (const name of fs.readdirSync(target)) {
    const file = fs.openSync(path.join(target, name), 'r+');
    fs.fchmodSync(file, 0o600);
    fs.fsyncSync(file);
    fs.closeSync(file);
  }
  flushDirectory(target);
}
