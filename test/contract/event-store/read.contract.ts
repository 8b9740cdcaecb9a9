import {
  type AllStreamResolvedEvent,
  BACKWARDS,
  END,
  type EventStoreDBClient,
  FORWARDS,
  jsonEvent,
  START,
  StreamNotFoundError,
} from '@eventstore/db-client';
import { skipped } from './append.contract.js';
import { all, eventually, idsOf, numbersOf } from './support/collect.js';
import { counted, countedUpTo, type StoreUnderTest, uniqueName } from './support/store-under-test.js';

/** Reads of a stream and of all streams: both directions, where they begin, what they leave out. */
export function readContract(store: () => StoreUnderTest): void {
  let client: EventStoreDBClient;
  let stream: string;

  beforeEach(() => {
    client = store().connect();
    stream = uniqueName();
  });

  describe('a stream', () => {
    beforeEach(() => client.appendToStream(stream, countedUpTo(10)));
    const read = async (options: Parameters<EventStoreDBClient['readStream']>[1]) =>
      numbersOf(await all(client.readStream(stream, options)));

    it('forwards begins at START, or at a revision with that one', async () => {
      expect(await read({ fromRevision: START })).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(await read({ fromRevision: 7n })).toEqual([7, 8, 9]);
      expect(await read({ fromRevision: 3n, maxCount: 2 })).toEqual([3, 4]);
    });

    it('forwards from beyond its end is empty', async () => {
      expect(await read({ fromRevision: 10n })).toEqual([]);
      expect(await read({ fromRevision: 2n ** 63n - 1n })).toEqual([]);
    });

    it('forwards from END is an error', async () => {
      await expect(read({ fromRevision: END, direction: FORWARDS })).rejects.toThrow();
    });

    it('backwards begins at END, or at a revision with that one', async () => {
      expect(await read({ direction: BACKWARDS, fromRevision: END, maxCount: 3 })).toEqual([9, 8, 7]);
      expect(await read({ direction: BACKWARDS, fromRevision: 2n })).toEqual([2, 1, 0]);
    });

    it('backwards from beyond its end begins at the last event', async () => {
      expect(await read({ direction: BACKWARDS, fromRevision: 50n, maxCount: 2 })).toEqual([9, 8]);
    });

    it('backwards from START is its first event alone', async () => {
      expect(await read({ direction: BACKWARDS, fromRevision: START })).toEqual([0]);
    });

    it('of no events at all cannot be asked for', async () => {
      await expect(read({ maxCount: 0 })).rejects.toThrow();
    });

    it('does not mix with streams whose names begin alike', async () => {
      await client.appendToStream(`${stream}0`, counted(90));
      await client.appendToStream(stream.slice(0, -1), counted(91));
      expect(await read({})).toHaveLength(10);
    });
  });

  it.each(['absent', 'нет такого', '없음 🤷'])(
    'a stream that is not there (%s) is an error that names it',
    async (name) => {
      const missing = `${stream} ${name}`;
      const error: unknown = await all(client.readStream(missing)).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(StreamNotFoundError);
      expect((error as StreamNotFoundError).streamName).toBe(missing);
      await expect(all(client.readStream(missing, { direction: BACKWARDS, fromRevision: END }))).rejects.toBeInstanceOf(
        StreamNotFoundError,
      );
    },
  );

  it('the metadata of a stream that has none are empty', async () => {
    await client.appendToStream(stream, counted(1));
    expect(await client.getStreamMetadata(stream)).toEqual({ streamName: stream });
  });

  it('a long stream comes whole, both ways', async () => {
    for (let from = 0; from < 3_000; from += 1_000) await client.appendToStream(stream, countedUpTo(1_000, from));
    const expected = Array.from({ length: 3_000 }, (_, n) => n);
    expect(numbersOf(await all(client.readStream(stream)))).toEqual(expected);
    const back = client.readStream(stream, { direction: BACKWARDS, fromRevision: END });
    expect(numbersOf(await all(back))).toEqual(expected.toReversed());
    const middle = client.readStream(stream, { fromRevision: 900n, maxCount: 1_111 });
    expect(numbersOf(await all(middle))).toEqual(expected.slice(900, 2_011));
  });

  it('large events come whole', async () => {
    for (let n = 0; n < 8; n += 1) {
      await client.appendToStream(stream, jsonEvent({ type: 'Large', data: { n, text: 'ж'.repeat(300_000) } }));
    }
    const events = await all(client.readStream(stream));
    expect(numbersOf(events)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(events.every(({ event }) => (event?.data as { text: string } | undefined)?.text.length === 300_000)).toBe(
      true,
    );
  });

  describe('everything', () => {
    let ours: AllStreamResolvedEvent[];
    /** From the first event of this test on, whatever else the store holds. */
    beforeEach(async () => {
      const { position } = await client.appendToStream(stream, counted(0));
      await client.appendToStream(uniqueName(), counted(1));
      await client.appendToStream(stream, countedUpTo(2, 2));
      if (position === undefined) throw new Error('the append told no position');
      ours = await all(client.readAll({ fromPosition: position }));
    });
    const positionOf = (index: number) => {
      const position = ours[index]?.event?.position;
      if (position === undefined) throw new Error('the event told no position');
      return position;
    };

    it('comes in the order of its recording, streams mixed', () => {
      expect(numbersOf(ours)).toEqual([0, 1, 2, 3]);
      const commits = ours.map(({ event }) => event?.position.commit ?? 0n);
      expect(commits).toEqual(commits.toSorted((a, b) => (a < b ? -1 : 1)));
      expect(new Set(commits).size).toBe(4);
      expect(ours.every(({ event }) => event?.position.commit === event?.position.prepare)).toBe(true);
    });

    it('forwards from a position includes the event there', async () => {
      const found = await all(client.readAll({ fromPosition: positionOf(2), maxCount: 2 }));
      expect(idsOf(found)).toEqual(idsOf(ours.slice(2)));
    });

    it('backwards from a position excludes the event there', async () => {
      const back = client.readAll({ direction: BACKWARDS, fromPosition: positionOf(2), maxCount: 2 });
      expect(numbersOf(await all(back))).toEqual([1, 0]);
    });

    it('backwards from END begins with the last event', async () => {
      const back = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 4 });
      expect(idsOf(await all(back))).toEqual(idsOf(ours).toReversed());
    });

    it('from the wrong end is empty', async () => {
      expect(await all(client.readAll({ fromPosition: END, maxCount: 5 }))).toEqual([]);
      expect(await all(client.readAll({ direction: BACKWARDS, fromPosition: START, maxCount: 5 }))).toEqual([]);
    });

    it('from START includes all that was ever recorded', async () => {
      const found = new Set(idsOf(await all(client.readAll({ fromPosition: START }))));
      expect(idsOf(ours).every((id) => found.has(id))).toBe(true);
    });

    it('is refused from a commit before its prepare', async () => {
      const { commit } = positionOf(2);
      await expect(all(client.readAll({ fromPosition: { commit: commit - 1n, prepare: commit } }))).rejects.toThrow();
    });
  });

  describe('a reader that does not read on', () => {
    beforeEach(async () => {
      // More than what both ends and the connection keep ready, by number and by size.
      const large = () => jsonEvent({ type: 'Large', data: { text: 'x'.repeat(25_000) } });
      for (let n = 0; n < 10; n += 1) await client.appendToStream(stream, Array.from({ length: 40 }, large));
    });

    it('is not sent more than it takes, and holds nobody up', async () => {
      const { own } = store();
      if (own === null) return skipped('a server elsewhere does not tell what it has under way');
      const reading = client.readStream(stream);
      const first = await reading[Symbol.asyncIterator]().next();
      expect(first.done).toBe(false);
      for (let turn = 0; turn < 20; turn += 1) await client.appendToStream(uniqueName(), counted(turn));
      expect(own.stats().activeReads).toBe(1);
      await reading.cancel();
      await eventually(() => own.stats().activeReads === 0);
    });

    it('frees the server when it cancels early', async () => {
      const { own } = store();
      if (own === null) return skipped('a server elsewhere does not tell what it has under way');
      for (let times = 0; times < 20; times += 1) {
        const reading = client.readStream(stream);
        for await (const { event } of reading) {
          expect(event?.revision).toBe(0n);
          break;
        }
        await reading.cancel();
      }
      await eventually(() => own.stats().activeReads === 0);
    });
  });
}
