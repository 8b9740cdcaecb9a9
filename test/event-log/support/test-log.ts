import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type EventLog, openEventLog, type Timeouts } from '@voronka/event-log';
import { startEventStoreNode } from '@voronka/eventstore-node';
import { InMemorySubjectKeys } from '../../../libs/event-log/src/testing.js';
import { counterThing } from './counter.thing.js';

/** An embedded node of a test's own, that can be stopped and started on the same data. */
export interface TestNode {
  readonly endpoint: () => string;
  readonly open: (endpoint?: string, timeouts?: Timeouts) => EventLog;
  readonly keys: InMemorySubjectKeys;
  readonly restart: (whileDown?: () => Promise<void>) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function startTestNode(): Promise<TestNode> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'log-'));
  const keys = new InMemorySubjectKeys();
  const logs: EventLog[] = [];
  let node = await startEventStoreNode({ directory });
  return {
    endpoint: () => node.endpoint,
    keys,
    open: (endpoint = node.endpoint, timeouts = {}) => {
      const log = openEventLog({ connection: { endpoint }, things: [counterThing], keys, timeouts });
      logs.push(log);
      return log;
    },
    restart: async (whileDown) => {
      await node.stop();
      await whileDown?.();
      node = await startEventStoreNode({ directory });
    },
    stop: async () => {
      for (const log of logs) await log.close();
      await node.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
