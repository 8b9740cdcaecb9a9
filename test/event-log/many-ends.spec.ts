import { randomUUID } from 'node:crypto';
import type { EventLog } from '@voronka/event-log';
import { metadataAt } from '../../libs/kernel/src/testing.js';
import { startTestNode, type TestNode } from './support/test-log.js';

// Servers close an HTTP/2 connection on which a client resets many calls; a read that is left before its end is one.
describe('asking for the end of the log again and again', () => {
  let node: TestNode;
  let log: EventLog;

  beforeAll(async () => {
    node = await startTestNode();
    log = node.open();
    const metadata = metadataAt('2009-08-03T08:00:00.000Z', { schemaVersion: 3 });
    await log.append('counter-1', 'noStream', [
      { eventId: randomUUID(), type: 'CounterRaised', data: { by: 1 }, metadata },
    ]);
  });

  afterAll(async () => {
    await node.stop();
  });

  it('resets no calls, so the connection stays', async () => {
    const ask = async (): Promise<Set<bigint | null>> => {
      const found = new Set<bigint | null>();
      for (let number = 0; number < 90; number += 1) found.add(await log.end());
      return found;
    };
    const found = await Promise.all(Array.from({ length: 16 }, ask));
    expect(found).toEqual(Array.from({ length: 16 }, () => new Set([1n])));
  }, 60_000);
});
