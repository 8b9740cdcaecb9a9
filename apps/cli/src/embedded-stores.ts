import path from 'node:path';
import { keepEmbeddedPostgres } from '@voronka/embedded-postgres';
import { keepEventStoreNode, type SharedClock, startEventStoreThread } from '@voronka/eventstore-node';
import { takeOwnership } from '../../../libs/embedded/shared/src/owner-lock.js';
import type { Endpoints, Settings } from '@voronka/runtime';
import { Undo } from './undo.js';

/** The stores that a program runs on, wherever they are. */
export interface RunningStores {
  readonly endpoints: Endpoints;
  /** Resolves with the store's name when one that was started here has ended for good. */
  readonly lost: Promise<string>;
  /** Stops what was started here; stores elsewhere go on. */
  stop(): Promise<void>;
}

export interface StoreOptions {
  readonly log: (line: string) => void;
  /** Runs the node in a thread of this process on this clock, instead of as a child on the machine's. */
  readonly clock?: SharedClock;
}

/** Brings up the embedded event store and PostgreSQL of a data directory, unless the settings name others. */
export async function startStores(settings: Settings, options: StoreOptions): Promise<RunningStores> {
  const { log } = options;
  const undo = new Undo();
  const endings: Promise<string>[] = [];
  try {
    let eventStore = settings.eventStoreUrl;
    if (eventStore === null) {
      const node = await startNode(path.join(settings.dataDir, 'eventstore'), options);
      undo.add(() => node.stop());
      endings.push(node.exited.then(() => 'the event store'));
      eventStore = node.endpoint;
    }
    let { databaseUrl } = settings;
    if (databaseUrl === null) {
      const postgres = await keepEmbeddedPostgres({ directory: path.join(settings.dataDir, 'postgres'), log });
      undo.add(() => postgres.stop());
      endings.push(postgres.exited.then(() => 'PostgreSQL'));
      databaseUrl = postgres.url;
    }
    return { endpoints: { eventStore, databaseUrl }, lost: Promise.race(endings), stop: () => undo.run() };
  } catch (error) {
    await undo.run().catch(() => undefined);
    throw error;
  }
}

interface Node {
  readonly endpoint: string;
  readonly exited: Promise<unknown>;
  stop(): Promise<void>;
}

async function startNode(directory: string, { log, clock }: StoreOptions): Promise<Node> {
  try {
    if (clock !== undefined) return await startEventStoreThread({ directory, log, clock });
    return await keepEventStoreNode({ directory, log });
  } catch (error) {
    // The other program could only say why in words: a directory that is held has an exit code of its own.
    takeOwnership(directory).release();
    throw error;
  }
}
