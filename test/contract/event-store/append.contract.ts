import { randomUUID } from 'node:crypto';
import {
  ANY,
  binaryEvent,
  END,
  type EventData,
  type EventStoreDBClient,
  jsonEvent,
  MaxAppendSizeExceededError,
  NO_STREAM,
  STREAM_EXISTS,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { all, idsOf, numbersOf } from './support/collect.js';
import {
  type Append,
  appendBy,
  type AppendMethod,
  counted,
  countedUpTo,
  type StoreUnderTest,
  uniqueName,
} from './support/store-under-test.js';

/** What an append does, by either of the protocol's methods: expected revisions, repetitions, limits. */
export function appendContract(method: AppendMethod, store: () => StoreUnderTest): void {
  let client: EventStoreDBClient;
  let append: Append;
  let stream: string;

  beforeEach(() => {
    client = store().connect();
    append = appendBy(method, client);
    stream = uniqueName();
  });

  const wrong = async (appending: Promise<unknown>): Promise<WrongExpectedVersionError> => {
    const error: unknown = await appending.then(
      () => new Error('the append was accepted'),
      (reason: unknown) => reason,
    );
    if (!(error instanceof WrongExpectedVersionError)) throw error;
    return error;
  };
  const stored = (name = stream) => all(client.readStream(name));

  describe('expected revision', () => {
    it('NO_STREAM begins a stream at revision 0; the answer is the last revision and its position', async () => {
      const result = await append(stream, countedUpTo(3), { expectedRevision: NO_STREAM });
      const events = await stored();
      expect(result).toMatchObject({ success: true, nextExpectedRevision: 2n });
      expect(events.map(({ event }) => event?.revision)).toEqual([0n, 1n, 2n]);
      expect(events.at(-1)?.event?.position).toEqual(result.position);
    });

    it('NO_STREAM is wrong for a stream that is there', async () => {
      await append(stream, countedUpTo(2), { expectedRevision: NO_STREAM });
      const error = await wrong(append(stream, counted(9), { expectedRevision: NO_STREAM }));
      expect(error).toMatchObject({ streamName: stream, expectedVersion: 'no_stream', actualVersion: 1n });
      expect(numbersOf(await stored())).toEqual([0, 1]);
    });

    it('a revision goes on where the stream stands', async () => {
      await append(stream, countedUpTo(2));
      const result = await append(stream, countedUpTo(2, 2), { expectedRevision: 1n });
      expect(result.nextExpectedRevision).toBe(3n);
      expect(numbersOf(await stored())).toEqual([0, 1, 2, 3]);
    });

    it('a revision behind is wrong for other events, and names both revisions', async () => {
      await append(stream, countedUpTo(3));
      const error = await wrong(append(stream, counted(9), { expectedRevision: 0n }));
      expect(error).toMatchObject({ streamName: stream, expectedVersion: 0n, actualVersion: 2n });
      expect(await stored()).toHaveLength(3);
    });

    it.each([5n, 2n ** 63n - 1n])('revision %s, ahead of the stream, is wrong', async (expectedRevision) => {
      await append(stream, countedUpTo(3));
      const error = await wrong(append(stream, counted(9), { expectedRevision }));
      expect(error).toMatchObject({ expectedVersion: expectedRevision, actualVersion: 2n });
    });

    it('a revision is wrong for a stream that is not there', async () => {
      const error = await wrong(append(stream, counted(0), { expectedRevision: 0n }));
      expect(error).toMatchObject({ expectedVersion: 0n, actualVersion: 'no_stream' });
    });

    it('STREAM_EXISTS is wrong before the first event and right after it', async () => {
      const error = await wrong(append(stream, counted(0), { expectedRevision: STREAM_EXISTS }));
      expect(error).toMatchObject({ expectedVersion: 'stream_exists', actualVersion: 'no_stream' });
      await append(stream, counted(0));
      const result = await append(stream, counted(1), { expectedRevision: STREAM_EXISTS });
      expect(result.nextExpectedRevision).toBe(1n);
    });

    it('ANY takes a stream as it is', async () => {
      expect((await append(stream, counted(0), { expectedRevision: ANY })).nextExpectedRevision).toBe(0n);
      expect((await append(stream, counted(1), { expectedRevision: ANY })).nextExpectedRevision).toBe(1n);
    });

    it('is told without an exception when the client asks for that', async () => {
      await append(stream, countedUpTo(8));
      const quiet = appendBy(method, store().connect({ throwOnAppendFailure: false }));
      const result = await quiet(stream, counted(9), { expectedRevision: 3n });
      // By BatchAppend the client reports 1 whatever the revision is.
      expect(result).toMatchObject({ success: false, nextExpectedRevision: method === 'Append' ? 7n : 1n });
    });

    it('lets one of several writers through', async () => {
      await append(stream, counted(0));
      const racing = Array.from({ length: 12 }, (_, n) => append(stream, counted(n + 1), { expectedRevision: 0n }));
      const outcomes = await Promise.allSettled(racing);
      const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as Error] : []));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(lost.every((error) => error instanceof WrongExpectedVersionError)).toBe(true);
      expect(await stored()).toHaveLength(2);
    });
  });

  describe('a repeated append', () => {
    let events: EventData[];
    beforeEach(() => (events = countedUpTo(4)));

    it.each([NO_STREAM, ANY] as const)(
      'with %s is answered as the first one was, and stored once',
      async (expectedRevision) => {
        const first = await append(stream, events, { expectedRevision });
        await append(stream, counted(9));
        const again = await append(stream, events, { expectedRevision });
        expect(again).toEqual(first);
        expect(await stored()).toHaveLength(5);
      },
    );

    it('with STREAM_EXISTS is answered as the first one was', async () => {
      await append(stream, counted(7));
      const first = await append(stream, events, { expectedRevision: STREAM_EXISTS });
      await append(stream, counted(9));
      expect(await append(stream, events, { expectedRevision: STREAM_EXISTS })).toEqual(first);
      expect(await stored()).toHaveLength(6);
    });

    it('at a revision in the middle is recognised there', async () => {
      await append(stream, countedUpTo(2));
      const first = await append(stream, events, { expectedRevision: 1n });
      await append(stream, counted(9));
      expect(await append(stream, events, { expectedRevision: 1n })).toEqual(first);
      expect(await stored()).toHaveLength(7);
    });

    it('of only the beginning is answered with where that ends', async () => {
      await append(stream, events, { expectedRevision: NO_STREAM });
      const again = await append(stream, events.slice(0, 2), { expectedRevision: NO_STREAM });
      const second = (await stored())[1]?.event;
      expect(again).toMatchObject({ nextExpectedRevision: 1n, position: second?.position });
    });

    it('with one more event than is there is wrong', async () => {
      await append(stream, events, { expectedRevision: NO_STREAM });
      await wrong(append(stream, [...events, counted(4)], { expectedRevision: NO_STREAM }));
      expect(await stored()).toHaveLength(4);
    });

    it('in which one event is another is wrong', async () => {
      await append(stream, events, { expectedRevision: NO_STREAM });
      const changed = events.map((event, index) => (index === 2 ? counted(2) : event));
      await wrong(append(stream, changed, { expectedRevision: NO_STREAM }));
      await wrong(append(stream, events.toReversed(), { expectedRevision: NO_STREAM }));
    });

    it('with ANY is wrong when a later event is unknown, and appended when the first one is', async () => {
      await append(stream, events, { expectedRevision: ANY });
      await wrong(append(stream, [...events, counted(4)], { expectedRevision: ANY }));
      const result = await append(stream, [counted(8), ...events], { expectedRevision: ANY });
      expect(result.nextExpectedRevision).toBe(8n);
    });

    it('at the current revision is a new append: no ids are looked at', async () => {
      const first = await append(stream, events, { expectedRevision: NO_STREAM });
      await append(stream, events, { expectedRevision: first.nextExpectedRevision });
      const ids = idsOf(await stored());
      expect(ids.slice(4)).toEqual(ids.slice(0, 4));
    });

    it.each([ANY, NO_STREAM] as const)('to another stream is a new append (%s)', async (expectedRevision) => {
      const other = uniqueName();
      await append(stream, events, { expectedRevision });
      const result = await append(other, events, { expectedRevision });
      expect(result.nextExpectedRevision).toBe(3n);
      expect(idsOf(await stored(other))).toEqual(idsOf(await stored()));
    });
  });

  describe('without events', () => {
    it('checks the revision and adds nothing', async () => {
      await append(stream, countedUpTo(2));
      await append(stream, [], { expectedRevision: 1n });
      await append(stream, [], { expectedRevision: STREAM_EXISTS });
      expect(await stored()).toHaveLength(2);
    });

    it('is wrong at another revision, and where no stream is', async () => {
      await append(stream, countedUpTo(2));
      await wrong(append(stream, [], { expectedRevision: 0n }));
      await wrong(append(stream, [], { expectedRevision: 7n }));
      await wrong(append(uniqueName(), [], { expectedRevision: STREAM_EXISTS }));
    });
  });

  describe('an event', () => {
    it('comes back with its id, type, data and metadata, and the time of its recording', async () => {
      const id = randomUUID();
      const begun = Date.now();
      const data = { text: 'Договор № 7 ✓', amount: 12, none: null, list: [1, { a: 'б' }] };
      await append(stream, jsonEvent({ id, type: 'Подписан', data, metadata: { by: 'employee-1' } }));
      const event = (await stored())[0]?.event;
      expect(event).toMatchObject({ id, type: 'Подписан', isJson: true, data, metadata: { by: 'employee-1' } });
      expect(event?.streamId).toBe(stream);
      expect(Math.abs((event?.created.getTime() ?? 0) - begun)).toBeLessThan(60_000);
    });

    it('may be of bytes, all of them', async () => {
      const data = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      await append(stream, binaryEvent({ type: 'Scanned', data, metadata: data.toReversed() }));
      const event = (await stored())[0]?.event;
      expect(event?.isJson).toBe(false);
      expect(Buffer.from(event?.data as Uint8Array)).toEqual(Buffer.from(data));
      expect(Buffer.from(event?.metadata as Uint8Array)).toEqual(Buffer.from(data.toReversed()));
    });

    it('without metadata has none', async () => {
      await append(stream, counted(1));
      expect((await stored())[0]?.event?.metadata).toBeUndefined();
    });

    it.each(['сделка', 'ข้อตกลง', '거래', '🤝 deal', 'a b/c?d=e&f%25', '"quoted"'])(
      'may be in a stream called %s',
      async (name) => {
        const unusual = `${uniqueName()} ${name}`;
        await append(unusual, countedUpTo(2), { expectedRevision: NO_STREAM });
        expect(numbersOf(await stored(unusual))).toEqual([0, 1]);
        const error = await wrong(append(unusual, counted(9), { expectedRevision: 7n }));
        expect(error.streamName).toBe(unusual);
      },
    );

    it('without a type is refused', async () => {
      await expect(append(stream, jsonEvent({ type: '', data: {} }))).rejects.toThrow();
      await expect(stored()).rejects.toThrow(/not found/i);
    });
  });

  it('keeps the events of one append together among those of many writers', async () => {
    const streams = Array.from({ length: 4 }, () => uniqueName());
    const rounds = Array.from({ length: 20 }, (_, round) =>
      streams.map((name) => append(name, countedUpTo(5, round * 5), { expectedRevision: ANY })),
    );
    await Promise.all(rounds.flat());
    for (const name of streams) {
      const numbers = numbersOf(await stored(name)) as number[];
      expect(numbers).toHaveLength(100);
      for (let at = 0; at < 100; at += 5) {
        const first = numbers[at] ?? -1;
        expect(numbers.slice(at, at + 5)).toEqual([0, 1, 2, 3, 4].map((step) => first + step));
      }
    }
  });

  it('gives every event a position of its own, higher than all before', async () => {
    const results = [];
    for (let n = 0; n < 5; n += 1) results.push(await append(n % 2 === 0 ? stream : uniqueName(), countedUpTo(2)));
    const commits = results.map(({ position }) => position?.commit ?? 0n);
    expect(commits).toEqual(commits.toSorted((a, b) => (a < b ? -1 : 1)));
    const [last] = await all(client.readStream(stream, { direction: 'backwards', fromRevision: END, maxCount: 1 }));
    expect(last?.event?.position).toEqual(results.at(-1)?.position);
  });

  it('of more than is allowed is refused whole, with the limit', async () => {
    if (store().own === null) return skipped('the limit of a server elsewhere is its own');
    const half = () => jsonEvent({ type: 'Long', data: { text: 'x'.repeat(520_000) } });
    const error: unknown = await append(stream, [half(), half(), half()]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MaxAppendSizeExceededError);
    expect((error as MaxAppendSizeExceededError).maxAppendSize).toBe(1_048_576);
    await expect(stored()).rejects.toThrow(/not found/i);
    await append(stream, [half(), half()]);
    expect(await stored()).toHaveLength(2);
  });
}

/** Says in the output why a case shows nothing here. */
export function skipped(why: string): void {
  console.info(`left out: ${why}`);
}
