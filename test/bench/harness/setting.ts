import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnEventStoreNode } from '@voronka/eventstore-node';
import { startTestPostgres } from '../../../libs/embedded/postgres/src/test-postgres.js';
import { progress } from '../../../apps/cli/src/output.js';
import { keepDataKeys } from '../log/data-keys.js';
import { type WrittenLog, writeLog } from '../log/write-log.js';

/** Which invention a kept log follows: raised when the history changes, so that no old one is taken for it. */
const HISTORY = 'v2';

/** What the bench was asked for. */
export interface Options {
  readonly events: number;
  readonly runs: number;
  readonly seed: number;
  /** Where logs are kept for the next time; null: nowhere. */
  readonly keep: string | null;
}

/** A running event store node. */
export interface Node {
  readonly endpoint: string;
  readonly pid: number;
}

export interface Server {
  readonly url: string;
  readonly pid: number;
}

/** Where a measure works: everything it starts is stopped, and what is not to be kept is removed. */
export class Setting {
  readonly #undo: (() => Promise<void> | void)[] = [];
  readonly #scratch: string;

  constructor(readonly options: Options) {
    this.#scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'voronka-bench-'));
    this.#undo.push(() => fs.rmSync(this.#scratch, { recursive: true, force: true }));
  }

  /** A new empty directory. */
  directory(name: string): string {
    return fs.mkdtempSync(path.join(this.#scratch, `${name}-`));
  }

  /** The history of about so many events: a kept one if there is one. */
  async log(events: number): Promise<WrittenLog> {
    const { keep, seed } = this.options;
    const directory = path.join(keep ?? this.#scratch, `log-${HISTORY}-${seed}-${events}`);
    const summary = path.join(directory, 'written.json');
    if (fs.existsSync(summary)) return { ...(JSON.parse(fs.readFileSync(summary, 'utf8')) as WrittenLog), directory };
    // Without a summary it was not finished.
    fs.rmSync(directory, { recursive: true, force: true });
    const shown = progress('writing the log');
    const written = await writeLog({
      directory,
      seed,
      events,
      onProgress: (done, total) => shown.update(done, Math.max(done, total)),
    });
    shown.stop();
    fs.writeFileSync(summary, JSON.stringify(written));
    return written;
  }

  /** A node as `voronka start` runs it: a process of its own. */
  async node(directory: string): Promise<Node> {
    const node = await spawnEventStoreNode({ directory });
    this.#undo.push(() => node.stop());
    return { endpoint: node.endpoint, pid: node.pid };
  }

  /** A new empty PostgreSQL with the settings of `voronka start`, and the data keys of a log. */
  async postgres(log: WrittenLog): Promise<Server> {
    const server = await startTestPostgres({ durable: true, settings: { shared_buffers: '256MB' } });
    this.#undo.push(() => server.stop());
    await keepDataKeys(server.url, log.subjects);
    return { url: server.url, pid: server.pid };
  }

  /** Runs work, then stops what it started. */
  async within<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#undo.length;
    try {
      return await work();
    } finally {
      await this.#unwind(before);
    }
  }

  async end(): Promise<void> {
    await this.#unwind(0);
  }

  async #unwind(to: number): Promise<void> {
    while (this.#undo.length > to) await this.#undo.pop()?.();
  }
}
