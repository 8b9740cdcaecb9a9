import { parentPort, workerData } from 'node:worker_threads';
import { startEventStoreNode } from './node.js';
import { SharedClock } from './shared-clock.js';
import type { ThreadTask, ThreadTold } from './thread.js';

// The node as a thread of another program; it runs until it is told to stop.

const { directory, clock: memory } = workerData as ThreadTask;
const port = parentPort;
if (port === null) throw new Error('this program is a thread of another');
const tell = (told: ThreadTold): void => port.postMessage(told);

const clock = new SharedClock(memory);
const node = await startEventStoreNode({
  directory,
  clock: () => clock.now(),
  log: (line) => tell({ kind: 'said', line }),
});
port.once('message', () => {
  // With its port closed nothing keeps the thread.
  void node.stop().finally(() => port.close());
});
tell({ kind: 'listening', endpoint: node.endpoint });
