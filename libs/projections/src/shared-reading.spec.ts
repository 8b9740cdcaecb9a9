import type { EventBatch, EventLog } from '@voronka/event-log';
import { SharedReading } from './shared-reading.js';

const BATCHES = 20;

/** A log of which only the reads of all count: how many were begun, how far they went, and how many ended. */
class CountedLog {
  begun = 0;
  ended = 0;
  given = 0;

  constructor(private readonly failsAt = Number.POSITIVE_INFINITY) {}

  async *readAll({ after }: { readonly after: bigint | null }): AsyncGenerator<EventBatch> {
    this.begun += 1;
    try {
      for (let position = (after ?? 0n) + 1n; position <= BATCHES; position += 1n) {
        if (position >= this.failsAt) throw new Error('the store is away');
        this.given += 1;
        yield { events: [], position, caughtUp: position === BigInt(BATCHES) };
      }
    } finally {
      this.ended += 1;
    }
  }
}

function shared(log: CountedLog): SharedReading {
  return new SharedReading(log as unknown as EventLog);
}

const FROM_START = { after: null, batchSize: 500 };

async function positions(source: AsyncIterable<EventBatch>): Promise<number[]> {
  const found: number[] = [];
  for await (const { position } of source) found.push(Number(position));
  return found;
}

const all = Array.from({ length: BATCHES }, (_, index) => index + 1);

/** Everything that could happen by now has happened. */
const quiet = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('reads of the whole log at the same time', () => {
  it('are one read, of which everybody gets everything', async () => {
    const log = new CountedLog();
    const reading = shared(log);
    const readers = [reading.announce(), reading.announce(), reading.announce()];
    expect(await Promise.all(readers.map((reader) => positions(reader.read(FROM_START))))).toEqual([all, all, all]);
    expect(log).toMatchObject({ begun: 1, ended: 1, given: BATCHES });
  });

  it('begin when everybody announced has begun or left', async () => {
    const log = new CountedLog();
    const reading = shared(log);
    const [first, second, third] = [reading.announce(), reading.announce(), reading.announce()];
    const found = positions(first.read(FROM_START));
    await quiet();
    expect(log.given).toBe(0);
    second.leave();
    await quiet();
    expect(log.given).toBe(0);
    expect(await Promise.all([found, positions(third.read(FROM_START))])).toEqual([all, all]);
    expect(log.begun).toBe(1);
  });

  it('do not run further ahead of the slowest than a few batches', async () => {
    const log = new CountedLog();
    const reading = shared(log);
    const [fast, slow] = [reading.announce(), reading.announce()];
    const atOnce = positions(fast.read(FROM_START));
    const slowly = slow.read(FROM_START);
    await slowly.next();
    await quiet();
    expect(log.given).toBe(5);
    await slowly.next();
    await quiet();
    expect(log.given).toBe(6);
    expect(await positions(slowly)).toEqual(all.slice(2));
    expect(await atOnce).toEqual(all);
  });

  it('go on without one who gives up', async () => {
    const log = new CountedLog();
    const reading = shared(log);
    const [steady, brief] = [reading.announce(), reading.announce()];
    const found = positions(steady.read(FROM_START));
    for await (const { position } of brief.read(FROM_START)) if (position === 2n) break;
    expect(await found).toEqual(all);
    expect(log).toMatchObject({ begun: 1, ended: 1 });
  });

  it('are cancelled when the last one gives up', async () => {
    const log = new CountedLog();
    const reader = shared(log).announce();
    for await (const { position } of reader.read(FROM_START)) if (position === 2n) break;
    expect(log).toMatchObject({ begun: 1, ended: 1, given: 2 });
  });

  it('fail for everybody, at the same place', async () => {
    const reading = shared(new CountedLog(3));
    const outcomes = [reading.announce(), reading.announce()].map(async (reader) => {
      const found: bigint[] = [];
      try {
        for await (const { position } of reader.read(FROM_START)) found.push(position);
      } catch (error) {
        return [found, String(error)];
      }
      return [found, 'ended'];
    });
    const failed = [[1n, 2n], 'Error: the store is away'];
    expect(await Promise.all(outcomes)).toEqual([failed, failed]);
  });

  it.each([
    ['another place', { after: 7n, batchSize: 500 }, all.slice(7)],
    ['other batches', { after: null, batchSize: 100 }, all],
  ])('are two when one asks for %s', async (_, request, expected) => {
    const log = new CountedLog();
    const reading = shared(log);
    const [one, other] = [reading.announce(), reading.announce()];
    const found = await Promise.all([positions(one.read(FROM_START)), positions(other.read(request))]);
    expect(found).toEqual([all, expected]);
    expect(log.begun).toBe(2);
  });

  it('are two when one comes when the other is under way or over', async () => {
    const log = new CountedLog();
    const reading = shared(log);
    const first = reading.announce().read(FROM_START);
    await first.next();
    expect(await positions(reading.announce().read(FROM_START))).toEqual(all);
    expect(await positions(first)).toEqual(all.slice(1));
    expect(await positions(reading.announce().read(FROM_START))).toEqual(all);
    expect(log).toMatchObject({ begun: 3, ended: 3 });
  });
});
