import path from 'node:path';
import { keepEmbeddedPostgres } from '@voronka/embedded-postgres';
import { keepEventStoreNode, startEventStoreNode } from '@voronka/eventstore-node';
import type { Endpoints, Settings } from '@voronka/runtime';

/** The stores that a program runs on, wherever they are. */
export interface RunningStores {
  readonly endpoints: Endpoints;
  /** Stops what was started here; stores elsewhere go on. */
  stop(): Promise<void>;
}

export interface StoreOptions {
  readonly log: (line: string) => void;
  /** Runs the node in this process on this clock (milliseconds since 1970), instead of as a child on the machine's. */
  readonly clock?: () => number;
}

/** Brings up the embedded event store and PostgreSQL of a data directory, unless the settings name others. */
export async function startStores(settings: Settings, { log, clock }: StoreOptions): Promise<RunningStores> {
  const running: { stop(): Promise<void> }[] = [];
  try {
    let eventStore = settings.eventStoreUrl;
    if (eventStore === null) {
      const directory = path.join(settings.dataDir, 'eventstore');
      const node =
        clock === undefined
          ? await keepEventStoreNode({ directory, log })
          : await startEventStoreNode({ directory, log, clock });
      running.push(node);
      eventStore = node.endpoint;
    }
    let { databaseUrl } = settings;
    if (databaseUrl === null) {
      const postgres = await keepEmbeddedPostgres({ directory: path.join(settings.dataDir, 'postgres'), log });
      running.push(postgres);
      databaseUrl = postgres.url;
    }
    return { endpoints: { eventStore, databaseUrl }, stop: () => stopAll(running) };
  } catch (error) {
    await stopAll(running);
    throw error;
  }
}

async function stopAll(running: readonly { stop(): Promise<void> }[]): Promise<void> {
  for (const store of running.toReversed()) await store.stop();
}
