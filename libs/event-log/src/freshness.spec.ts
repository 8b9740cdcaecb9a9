import type { Recorded } from '@voronka/kernel';
import { CorruptEventError, LogUnavailableError } from './errors.js';
import type { EventBatch, ReadAllOptions } from './event-log.port.js';
import { Freshness } from './freshness.js';

/** A log of so many events, whose reads are answered when the test says so. */
class SlowLog {
  count = 0;
  failure: Error | null = null;
  readonly reads: ReadAllOptions[] = [];
  readonly waiting: (() => void)[] = [];

  async *readAll(options: ReadAllOptions): AsyncGenerator<EventBatch> {
    this.reads.push(options);
    const from = Number(options.after ?? 0);
    const to = Math.min(this.count, from + (options.maxCount ?? 0));
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    if (this.failure !== null) throw this.failure;
    const events = Array.from({ length: to - from }, (_unused, index) => ({ position: BigInt(from + index + 1) }));
    if (events.length > 0) yield { events: events as Recorded[], position: BigInt(to), caughtUp: true };
  }

  end(): Promise<bigint | null> {
    return Promise.resolve(this.count === 0 ? null : BigInt(this.count));
  }
}

function house() {
  const log = new SlowLog();
  const told: string[] = [];
  const freshness = new Freshness(log, {
    onEvents: (events) => told.push(...events.map(({ position }) => String(position))),
    onGap: () => told.push('gap'),
  });
  const settle = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    for (const answer of log.waiting.splice(0)) answer();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { log, told, freshness, settle };
}

describe('freshness', () => {
  it('begins at the end of the log, then tells each event once', async () => {
    const { log, told, freshness, settle } = house();
    log.count = 7;
    await freshness.refresh();
    log.count = 9;
    const second = freshness.refresh();
    await settle();
    await second;
    const third = freshness.refresh();
    await settle();
    await third;
    expect(told).toEqual(['gap', '8', '9']);
  });

  it('shares a read among those who ask before it begins, but not one that has begun', async () => {
    const { log, told, freshness, settle } = house();
    await freshness.refresh();
    const first = freshness.refresh();
    log.count = 1;
    const later = [freshness.refresh(), freshness.refresh(), freshness.refresh()];
    await settle();
    await first;
    expect(told).toEqual(['gap']);
    await settle();
    await Promise.all(later);
    expect([told, log.reads.length]).toEqual([['gap', '1'], 2]);
  });

  it.each([
    ['so many events', (log: SlowLog) => (log.count = 1_000)],
    ['an event that cannot be read', (log: SlowLog) => (log.failure = new CorruptEventError(1n, 'T', 'id', 'torn'))],
  ])('says that there is a gap after %s, and goes on behind it', async (_what, happen) => {
    const { log, told, freshness, settle } = house();
    await freshness.refresh();
    happen(log);
    const refreshed = freshness.refresh();
    await settle();
    await refreshed;
    expect(told.filter((one) => one === 'gap')).toHaveLength(2);
    expect(told.at(-1)).toBe('gap');
    log.failure = null;
    const before = log.count;
    log.count += 1;
    const again = freshness.refresh();
    await settle();
    await again;
    expect(told.at(-1)).toBe(String(before + 1));
  });

  // A bug: events of other programs were read without end before one command could be decided.
  it('says that there is a gap after much that is not ours', async () => {
    let read = 0;
    const log = {
      end: () => Promise.resolve(9_000n),
      async *readAll(): AsyncGenerator<EventBatch> {
        for (; read < 50; read += 1)
          yield await Promise.resolve({ events: [], position: BigInt(read), caughtUp: false });
      },
    };
    const told: string[] = [];
    const freshness = new Freshness(log, { onEvents: () => undefined, onGap: () => told.push('gap') });
    await freshness.refresh();
    await freshness.refresh();
    expect([told, read < 10]).toEqual([['gap', 'gap'], true]);
  });

  it('fails with the store, for all who asked, and tells what it owes the next time', async () => {
    const { log, told, freshness, settle } = house();
    await freshness.refresh();
    log.count = 2;
    log.failure = new LogUnavailableError('away');
    const failed = Promise.allSettled([freshness.refresh(), freshness.refresh()]);
    await settle();
    await settle();
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    log.failure = null;
    const again = freshness.refresh();
    await settle();
    await again;
    expect(told).toEqual(['gap', '1', '2']);
  });
});
