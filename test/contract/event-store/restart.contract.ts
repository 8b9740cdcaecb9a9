import {
  ANY,
  CancelledError,
  type EventStoreDBClient,
  NO_STREAM,
  type Position,
  START,
  STREAM_EXISTS,
  streamNameFilter,
} from '@eventstore/db-client';
import { all, idsOf, Listener, numbersOf } from './support/collect.js';
import {
  type Append,
  appendBy,
  type AppendMethod,
  counted,
  countedUpTo,
  type OwnStore,
  type StoreUnderTest,
  uniqueName,
} from './support/store-under-test.js';

/** What must be as it was when the store comes back. Only for a store of our own. */
export function restartContract(store: () => StoreUnderTest): void {
  let client: EventStoreDBClient;
  let own: OwnStore;
  let stream: string;

  beforeEach(() => {
    client = store().connect();
    const owned = store().own;
    if (owned === null) throw new Error('a server elsewhere cannot be restarted');
    own = owned;
    stream = uniqueName();
  });
  /** A client that has never seen the store away. */
  const restarted = async (): Promise<EventStoreDBClient> => {
    await own.restart();
    client = store().connect();
    return client;
  };

  it('events, revisions and positions are the same', async () => {
    await client.appendToStream(stream, countedUpTo(5));
    const before = await all(client.readAll());
    await restarted();
    expect(await all(client.readAll())).toEqual(before);
    const result = await client.appendToStream(stream, counted(5), { expectedRevision: 4n });
    expect(result.position?.commit).toBeGreaterThan(before.at(-1)?.commitPosition ?? 0n);
  });

  describe.each<AppendMethod>(['BatchAppend', 'Append'])('a repeated append by %s', (method) => {
    let append: Append;
    beforeEach(() => (append = appendBy(method, client)));

    it.each([NO_STREAM, ANY] as const)('with %s is recognised', async (expectedRevision) => {
      const events = countedUpTo(3);
      const first = await append(stream, events, { expectedRevision });
      await append(stream, counted(9));
      append = appendBy(method, await restarted());
      expect(await append(stream, events, { expectedRevision })).toEqual(first);
      expect(await all(client.readStream(stream))).toHaveLength(4);
    });

    it('at a revision, or with STREAM_EXISTS, is recognised', async () => {
      await append(stream, counted(0));
      const events = countedUpTo(3, 1);
      const first = await append(stream, events, { expectedRevision: 0n });
      append = appendBy(method, await restarted());
      expect(await append(stream, events, { expectedRevision: 0n })).toEqual(first);
      expect(await append(stream, events, { expectedRevision: STREAM_EXISTS })).toEqual(first);
    });
  });

  it('subscriptions and reads were cancelled, and never ended as if all was well', async () => {
    await client.appendToStream(stream, countedUpTo(3));
    const listeners = [
      new Listener(client.subscribeToStream(stream)),
      new Listener(client.subscribeToAll()),
      new Listener(client.subscribeToAll({ filter: streamNameFilter({ prefixes: ['none'] }) })),
    ];
    await Promise.all(listeners.map((listener) => listener.heard('caughtUp')));
    await own.restart();
    for (const listener of listeners) {
      await expect(listener.error).resolves.toBeInstanceOf(CancelledError);
      expect(listener.said).not.toContain('end');
    }
  });

  it('a subscription goes on from its checkpoint, with nothing lost and nothing doubled', async () => {
    const checkpoints: Position[] = [];
    const filter = () =>
      streamNameFilter({
        prefixes: [stream],
        checkpointInterval: 1,
        checkpointReached: (_subscription, position) => {
          checkpoints.push(position);
        },
      });
    await client.appendToStream(`${stream}-a`, countedUpTo(10));
    await client.appendToStream(uniqueName(), countedUpTo(60));
    const before = new Listener(client.subscribeToAll({ fromPosition: START, filter: filter() }));
    await before.heard('caughtUp');
    await client.appendToStream(uniqueName(), countedUpTo(10));
    await before.until(() => checkpoints.length > 0);
    const from = checkpoints.at(-1);
    if (from === undefined) throw new Error('there was no checkpoint');
    await restarted();
    await client.appendToStream(`${stream}-b`, countedUpTo(5, 10));
    const after = new Listener(client.subscribeToAll({ fromPosition: from, filter: filter() }));
    await after.received(5);
    expect(numbersOf([...before.events, ...after.events])).toEqual(Array.from({ length: 15 }, (_, n) => n));
    await after.stop();
  });

  it('what was acknowledged while it stopped is there, once', async () => {
    const acknowledged: string[] = [];
    let begun = 0;
    const writing = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; ; n += 1) {
        const event = counted(writer * 10_000 + n);
        begun += 1;
        await client.appendToStream(`${stream}-${writer}`, event);
        acknowledged.push(event.id);
      }
    });
    const over = Promise.allSettled(writing);
    while (acknowledged.length < 100) await new Promise((resolve) => setTimeout(resolve, 5));
    await own.restart();
    const outcomes = await over;
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    client = store().connect();
    // Other cases leave events of their own in the same log.
    const written = await Promise.all(
      Array.from({ length: 8 }, (_, writer) => all(client.readStream(`${stream}-${writer}`))),
    );
    const ids = idsOf(written.flat());
    expect(new Set(ids).size).toBe(ids.length);
    expect(acknowledged.filter((id) => !ids.includes(id))).toEqual([]);
    expect(begun).toBeGreaterThanOrEqual(acknowledged.length);
  });
}
