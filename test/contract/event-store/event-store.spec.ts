import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { startEventStoreNode } from '@voronka/eventstore-node';
import { eventStoreContract } from './event-store.contract.js';
import type { StoreUnderTest } from './support/store-under-test.js';

async function embedded(): Promise<StoreUnderTest> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'contract-'));
  const clients: EventStoreDBClient[] = [];
  let node = await startEventStoreNode({ directory });
  return {
    connect: (options = {}) => {
      const client = new EventStoreDBClient({ endpoint: node.endpoint, ...options }, { insecure: true });
      clients.push(client);
      return client;
    },
    own: {
      restart: async () => {
        await node.stop();
        node = await startEventStoreNode({ directory });
      },
      stats: () => node.stats(),
    },
    stop: async () => {
      for (const client of clients) await client.dispose();
      await node.stop();
      await rm(directory, { recursive: true });
    },
  };
}

/** A server elsewhere, by its connection string; it may hold events already and be used by others. */
async function elsewhere(url: string): Promise<StoreUnderTest> {
  const clients: EventStoreDBClient[] = [];
  return {
    connect: ({ throwOnAppendFailure = true } = {}) => {
      const separator = url.includes('?') ? '&' : '?';
      const client = EventStoreDBClient.connectionString(
        `${url}${separator}throwOnAppendFailure=${throwOnAppendFailure}`,
      );
      clients.push(client);
      return client;
    },
    own: null,
    stop: async () => {
      for (const client of clients) await client.dispose();
    },
  };
}

eventStoreContract('the embedded node', embedded, { restartable: true });

const url = process.env['EVENTSTORE_URL'];
if (url !== undefined) eventStoreContract(`the server at ${url}`, () => elsewhere(url), { restartable: false });
