import type { EventLog } from '@voronka/event-log';
import { startTestNode, type TestNode } from './support/test-log.js';

// Servers close an HTTP/2 connection on which a client resets many calls; a cancelled answer "no such stream" is one.
describe('reading many streams that do not exist', () => {
  let node: TestNode;
  let log: EventLog;

  beforeAll(async () => {
    node = await startTestNode();
    log = node.open();
  });

  afterAll(async () => {
    await node.stop();
  });

  it('resets no calls, so the connection stays', async () => {
    const read = async (worker: number): Promise<number> => {
      let events = 0;
      for (let number = 0; number < 90; number += 1) {
        for await (const _event of log.readStream(`counter-none-${worker}-${number}`)) events += 1;
      }
      return events;
    };
    const found = await Promise.all(Array.from({ length: 16 }, (_, worker) => read(worker)));
    expect(found).toEqual(Array.from({ length: 16 }, () => 0));
  }, 60_000);
});
