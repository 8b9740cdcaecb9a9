import fs from 'node:fs';
import path from 'node:path';
import type { EventToAppend } from '@voronka/event-log';
import { type Codec, createCodec } from '../../../libs/event-log/src/codec.js';
import { LogStore } from '../../../libs/embedded/eventstore-node/src/log-store.js';
import { things } from '@voronka/runtime';
import { BEGIN_MS, benchCompany, END_MS } from './company.js';
import { foundingCommands } from './founding.js';
import { dealHistory, dealsFor } from './history.js';
import { type Decision, MemoryWorld } from './memory-world.js';
import { SeededKeys } from './seeded-keys.js';
import type { StoryCommand } from './story-command.js';

const DAY_MS = 86_400_000;
/** Events that are worth a flush to disk of their own. */
const FULL_SLICE = 400;

export interface WrittenLog {
  /** The event store node's directory. */
  readonly directory: string;
  readonly seed: number;
  readonly deals: number;
  readonly events: number;
  /** Everybody whose personal data it holds: there must be a key for each. */
  readonly subjects: readonly string[];
}

export interface WriteOptions {
  /** Empty or missing. */
  readonly directory: string;
  readonly seed: number;
  /** About how many. */
  readonly events: number;
  readonly onProgress: (events: number, total: number) => void;
}

/**
 * Writes the history into an event store node's directory: decided by the product's own deciders, encoded by its own
 * codec, stored by the node's own store, but without the wire between them. Recording times are the history's.
 */
export async function writeLog(options: WriteOptions): Promise<WrittenLog> {
  const { directory, seed, events, onProgress } = options;
  const deals = dealsFor(events);
  const company = benchCompany(seed);
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const writer = new SliceWriter(path.join(directory, 'log'));
  const world = new MemoryWorld(things);
  const founding = [...foundingCommands(company)];
  const found = async (beforeMs: number): Promise<void> => {
    while (founding[0] !== undefined && founding[0].atMs < beforeMs) {
      await enter(world, writer, founding.shift());
    }
  };
  let flushedMs = BEGIN_MS;
  try {
    for (const { endMs, stories } of dealHistory({ seed, deals, company })) {
      // What changes in the company comes before the deals of the same hour.
      await found(endMs);
      for (const { dealId, commands, isOver } of stories) {
        for (const command of commands) await enter(world, writer, command);
        if (isOver) world.forget('deal', dealId);
      }
      if (writer.gathered >= FULL_SLICE || endMs - flushedMs >= DAY_MS) {
        await writer.flush(endMs);
        flushedMs = endMs;
      }
      onProgress(writer.events, events);
    }
    await writer.flush(END_MS);
    await writer.written();
    return { directory, seed, deals, events: writer.events, subjects: writer.subjects };
  } finally {
    await writer.close();
  }
}

async function enter(world: MemoryWorld, writer: SliceWriter, command: StoryCommand | undefined): Promise<void> {
  if (command !== undefined) writer.add(await world.carryOut(command));
}

interface Append {
  readonly revision: number;
  readonly events: EventToAppend[];
}

/** Gathers what happens within some hours, and appends it stream by stream while the next ones are being decided. */
class SliceWriter {
  readonly #store: LogStore;
  readonly #keys = new SeededKeys();
  readonly #codec: Codec = createCodec(things, this.#keys);
  #slice = new Map<string, Append>();
  #writing: Promise<void> = Promise.resolve();
  #clockMs = 0;
  events = 0;
  /** Events of the slice that is being gathered. */
  gathered = 0;

  constructor(directory: string) {
    this.#store = LogStore.open(directory, () => this.#clockMs);
  }

  get subjects(): readonly string[] {
    return [...this.#keys.subjects];
  }

  add({ stream, revision, events }: Decision): void {
    const append = this.#slice.get(stream);
    if (append === undefined) this.#slice.set(stream, { revision, events: [...events] });
    else append.events.push(...events);
    this.events += events.length;
    this.gathered += events.length;
  }

  async flush(endMs: number): Promise<void> {
    const slice = this.#slice;
    this.#slice = new Map();
    this.gathered = 0;
    await this.#writing;
    this.#writing = this.#write(slice, endMs);
    // Whoever waits for it hears of a failure; until then nobody does.
    this.#writing.catch(() => undefined);
  }

  written(): Promise<void> {
    return this.#writing;
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  async #write(slice: ReadonlyMap<string, Append>, endMs: number): Promise<void> {
    this.#clockMs = endMs;
    const appends = await Promise.all(
      [...slice].map(async ([stream, { revision, events }]) => {
        const encoded = await this.#codec.encode(stream, events);
        return { stream, revision, events: encoded.map((event) => ({ ...event, json: true })) };
      }),
    );
    const outcomes = await Promise.all(
      appends.map(({ stream, revision, events }) => {
        const expected =
          revision < 0 ? { kind: 'noStream' as const } : { kind: 'revision' as const, revision: BigInt(revision) };
        return this.#store.append({ stream, expected, events });
      }),
    );
    const refused = outcomes.find(({ kind }) => kind !== 'appended');
    if (refused !== undefined) throw new Error(`the log refused an append: ${refused.kind}`);
  }
}
