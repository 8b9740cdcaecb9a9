import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { connect } from './connect.js';
import type { ThreadTask, ThreadTold } from './read-apart.js';
import { textOfRecords } from './record-text.js';
import { readRecords } from './records.js';
import { readFailure } from './store-errors.js';

// The thread of `readApart`: fetches records and hands them over as text, a few batches ahead of who takes them.

const { connection, keepAlive, silenceMs, request, ahead } = workerData as ThreadTask;
const port = parentPort;
if (port === null) throw new Error('this program is a thread of another');

let room = ahead;
port.on('message', () => (room += 1));

async function run(tell: (told: ThreadTold) => void): Promise<void> {
  const client = connect(connection, keepAlive);
  const source = { client, silenceMs, closing: new AbortController().signal };
  try {
    for await (const { records, isLast } of readRecords(source, request)) {
      tell({ kind: 'batch', records: textOfRecords(records), isLast });
      room -= 1;
      while (room <= 0) await once(port as NonNullable<typeof port>, 'message');
    }
    tell({ kind: 'end' });
  } catch (error) {
    tell({ kind: 'failed', reason: readFailure(error).message });
  } finally {
    await client.dispose();
    port?.close();
  }
}

await run((told) => port.postMessage(told));
