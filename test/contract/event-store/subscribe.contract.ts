import { END, type EventStoreDBClient, type Position, START } from '@eventstore/db-client';
import { skipped } from './append.contract.js';
import { eventually, idsOf, Listener, numbersOf } from './support/collect.js';
import { counted, countedUpTo, type StoreUnderTest, uniqueName } from './support/store-under-test.js';

/** Subscriptions to a stream and to all: where they begin, that nothing is lost or doubled, how they end. */
export function subscribeContract(store: () => StoreUnderTest): void {
  let client: EventStoreDBClient;
  let stream: string;
  let listeners: Listener[];

  beforeEach(() => {
    client = store().connect();
    stream = uniqueName();
    listeners = [];
  });
  afterEach(async () => {
    for (const listener of listeners) await listener.stop();
  });

  const listen = (subscription: ConstructorParameters<typeof Listener>[0]): Listener => {
    const listener = new Listener(subscription);
    listeners.push(listener);
    return listener;
  };
  const append = async (count: number, from = 0, name = stream): Promise<Position> => {
    const { position } = await client.appendToStream(name, countedUpTo(count, from));
    if (position === undefined) throw new Error('the append told no position');
    return position;
  };

  describe('to a stream', () => {
    it('from START gives what is there, says once that it has caught up, and goes on', async () => {
      await append(40);
      const listener = listen(client.subscribeToStream(stream, { fromRevision: START }));
      await listener.heard('caughtUp');
      expect(listener.events).toHaveLength(40);
      await append(3, 40);
      expect(numbersOf(await listener.received(43))).toEqual(Array.from({ length: 43 }, (_, n) => n));
      expect(listener.said[0]).toBe('confirmed');
      expect([listener.count('confirmed'), listener.count('caughtUp')]).toEqual([1, 1]);
    });

    it('from a revision begins behind it', async () => {
      await append(5);
      const listener = listen(client.subscribeToStream(stream, { fromRevision: 2n }));
      await append(1, 5);
      expect(numbersOf(await listener.received(3))).toEqual([3, 4, 5]);
    });

    it('from END gives only what comes', async () => {
      await append(5);
      const listener = listen(client.subscribeToStream(stream, { fromRevision: END }));
      await listener.heard('caughtUp');
      await append(2, 5);
      expect(numbersOf(await listener.received(2))).toEqual([5, 6]);
    });

    it('that is not there yet waits for it', async () => {
      const listener = listen(client.subscribeToStream(stream, { fromRevision: START }));
      await listener.heard('caughtUp');
      await append(2);
      expect(numbersOf(await listener.received(2))).toEqual([0, 1]);
    });

    it('sees nothing of other streams', async () => {
      const listener = listen(client.subscribeToStream(stream, { fromRevision: START }));
      await append(3, 50, `${stream}0`);
      await append(1, 0);
      await append(3, 60, `${stream}1`);
      await append(1, 1);
      expect(numbersOf(await listener.received(2))).toEqual([0, 1]);
    });

    it('beyond its end waits until it gets there', async () => {
      await append(2);
      const listener = listen(client.subscribeToStream(stream, { fromRevision: 3n }));
      await listener.heard('caughtUp');
      await append(4, 2);
      expect(numbersOf(await listener.received(2))).toEqual([4, 5]);
    });
  });

  describe('to all', () => {
    it('from a position begins behind it', async () => {
      await append(1);
      const position = await append(1, 1);
      const listener = listen(client.subscribeToAll({ fromPosition: position }));
      await append(1, 2);
      expect(numbersOf(await listener.received(1))).toEqual([2]);
    });

    it('from END gives only what comes', async () => {
      await append(3);
      const listener = listen(client.subscribeToAll({ fromPosition: END }));
      await listener.heard('caughtUp');
      await append(2, 3);
      expect(numbersOf(await listener.received(2))).toEqual([3, 4]);
    });

    it('from START gives all that was ever recorded', async () => {
      await append(2);
      const listener = listen(client.subscribeToAll({ fromPosition: START }));
      await listener.heard('caughtUp');
      const found = listener.events.filter(({ event }) => event?.streamId === stream);
      expect(numbersOf(found)).toEqual([0, 1]);
    });

    it('loses and doubles nothing while it catches up with writers at work', async () => {
      const before = await append(1);
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        const name = uniqueName();
        for (let n = 0; n < 150; n += 1) await client.appendToStream(name, counted(writer * 1_000 + n));
      });
      const early = listen(client.subscribeToAll({ fromPosition: before }));
      await early.received(100);
      const late = listen(client.subscribeToAll({ fromPosition: before }));
      await Promise.all(writers);
      const seen = await early.received(600);
      expect(idsOf(await late.received(600))).toEqual(idsOf(seen));
      expect(new Set(idsOf(seen)).size).toBe(600);
      const commits = seen.map(({ commitPosition }) => commitPosition ?? 0n);
      expect(commits).toEqual(commits.toSorted((a, b) => (a < b ? -1 : 1)));
    });

    it('waits for a subscriber that is slow, and then gives it everything in order', async () => {
      const before = await append(1);
      const slow = client.subscribeToAll({ fromPosition: before }, { highWaterMark: 4 });
      await new Promise<void>((resolve) => slow.once('confirmation', () => resolve()));
      for (let from = 0; from < 3_000; from += 500) await append(500, from);
      const numbers: unknown[] = [];
      for await (const resolved of slow) {
        numbers.push(...numbersOf([resolved]));
        if (numbers.length % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
        if (numbers.length === 3_000) break;
      }
      await slow.unsubscribe();
      expect(numbers).toEqual(Array.from({ length: 3_000 }, (_, n) => n));
    });
  });

  it('is free on the server when it is ended', async () => {
    const { own } = store();
    if (own === null) return skipped('a server elsewhere does not tell what it has under way');
    await append(3);
    const subscriptions = [
      listen(client.subscribeToStream(stream)),
      listen(client.subscribeToAll()),
      listen(client.subscribeToStream(uniqueName())),
    ];
    await Promise.all(subscriptions.map((listener) => listener.heard('caughtUp')));
    expect(own.stats().activeSubscriptions).toBe(3);
    await Promise.all(subscriptions.map((listener) => listener.stop()));
    await eventually(() => own.stats().activeSubscriptions === 0);
  });
}
