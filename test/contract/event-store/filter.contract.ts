import {
  END,
  type EventStoreDBClient,
  eventTypeFilter,
  excludeSystemEvents,
  type Filter,
  jsonEvent,
  type Position,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { Listener, numbersOf } from './support/collect.js';
import { counted, countedUpTo, type StoreUnderTest, uniqueName } from './support/store-under-test.js';

/** Filters of subscriptions to all, and the checkpoints by which their readers go on. */
export function filterContract(store: () => StoreUnderTest): void {
  let client: EventStoreDBClient;
  let mark: string;
  let begin: Position;
  let listeners: Listener[];

  beforeEach(async () => {
    client = store().connect();
    mark = uniqueName('f');
    listeners = [];
    const { position } = await client.appendToStream(uniqueName(), counted(0));
    if (position === undefined) throw new Error('the append told no position');
    begin = position;
  });
  afterEach(async () => {
    for (const listener of listeners) await listener.stop();
  });

  const listen = (filter: Filter, fromPosition: Position | typeof START | typeof END = begin): Listener => {
    const listener = new Listener(client.subscribeToAll({ fromPosition, filter }));
    listeners.push(listener);
    return listener;
  };
  const typed = (type: string, n: number) => jsonEvent({ type, data: { n } });
  const append = (name: string, ...events: Parameters<EventStoreDBClient['appendToStream']>[1][]) =>
    client.appendToStream(name, events.flat());

  describe('let through', () => {
    beforeEach(async () => {
      await append(`${mark}-deal-1`, typed(`${mark}Opened`, 1), typed(`${mark}Won`, 2));
      await append(`${mark}-staff-1`, typed(`${mark}Hired`, 3));
      await append(`${mark}-Сделка-2`, typed(`${mark}Opened`, 4));
      await append(`${mark}-deal-3`, typed(`${mark}Lost`, 5));
    });

    it.each<[string, (own: string) => Filter, number[]]>([
      ['a prefix of stream names', (own) => streamNameFilter({ prefixes: [`${own}-deal`] }), [1, 2, 5]],
      [
        'several prefixes of stream names',
        (own) => streamNameFilter({ prefixes: [`${own}-Сделка`, `${own}-staff`] }),
        [3, 4],
      ],
      ['an expression for stream names', (own) => streamNameFilter({ regex: `^${own}-.*-[13]$` }), [1, 2, 3, 5]],
      ['an expression with an escaped hyphen', (own) => streamNameFilter({ regex: `^${own}\\-deal\\-` }), [1, 2, 5]],
      ['an expression anywhere in the name', (own) => streamNameFilter({ regex: `${own}.(staff|Сделка)` }), [3, 4]],
      ['a prefix of event types', (own) => eventTypeFilter({ prefixes: [`${own}Op`] }), [1, 4]],
      ['several prefixes of event types', (own) => eventTypeFilter({ prefixes: [`${own}W`, `${own}L`] }), [2, 5]],
      ['an expression for event types', (own) => eventTypeFilter({ regex: `^${own}(Won|Hired)$` }), [2, 3]],
    ])('by %s is what matches, old and new', async (_name, filter, expected) => {
      const listener = listen(filter(mark));
      await listener.heard('caughtUp');
      expect(numbersOf(listener.events)).toEqual(expected);
      await append(`${mark}-none-2`, typed(`${mark}None`, 8));
      await append(`${mark}-deal-1`, typed(`${mark}Won`, 6));
      await append(`${mark}-staff-1`, typed(`${mark}Hired`, 7));
      const all = [...expected, ...(expected.includes(2) ? [6] : []), ...(expected.includes(3) ? [7] : [])];
      await listener.received(all.length);
      expect(numbersOf(listener.events)).toEqual(all);
    });

    it('by excludeSystemEvents is all that is not the store’s own', async () => {
      const listener = listen(excludeSystemEvents());
      await listener.heard('caughtUp');
      expect(numbersOf(listener.events)).toEqual([1, 2, 3, 4, 5]);
    });
  });

  it('refuse an expression that cannot be read', async () => {
    const listener = listen(streamNameFilter({ regex: '(' }));
    await expect(listener.error).resolves.toBeInstanceOf(Error);
    expect(listener.said).not.toContain('event');
  });

  describe('checkpoints', () => {
    interface Told {
      readonly position: Position;
      /** How many events had come before it. */
      readonly after: number;
    }
    /** A listener that writes down each checkpoint. */
    const follow = (prefix: string, checkpointInterval: number, fromPosition: Position | typeof END = begin) => {
      const told: Told[] = [];
      const listener: Listener = listen(
        streamNameFilter({
          prefixes: [prefix],
          checkpointInterval,
          checkpointReached: (_subscription, position) => {
            told.push({ position, after: listener.events.length });
            listener.note('checkpoint');
          },
        }),
        fromPosition,
      );
      return { listener, told };
    };

    it('come while a filter passes over history that it does not want', async () => {
      await append(uniqueName(), countedUpTo(200));
      const { listener, told } = follow(mark, 1);
      await listener.heard('caughtUp');
      expect(told.length).toBeGreaterThanOrEqual(200 / 32 - 1);
      expect(listener.events).toEqual([]);
    });

    it('are rarer with a larger interval', async () => {
      await append(uniqueName(), countedUpTo(400));
      const often = follow(mark, 1);
      const seldom = follow(mark, 5);
      await Promise.all([often.listener.heard('caughtUp'), seldom.listener.heard('caughtUp')]);
      expect(seldom.told.length).toBeLessThan(often.told.length);
      expect(seldom.told.length).toBeGreaterThanOrEqual(1);
    });

    it('come once on going live, so that a quiet store leaves nobody behind', async () => {
      const { position } = await append(uniqueName(), countedUpTo(5));
      const { listener, told } = follow(mark, 1);
      await listener.heard('caughtUp');
      await listener.heard('checkpoint');
      expect(told.at(-1)?.position).toEqual(position);
    });

    it('come live, while a filter passes over what it does not want', async () => {
      const { listener, told } = follow(mark, 1);
      await listener.heard('caughtUp');
      const before = told.length;
      for (let n = 0; n < 3; n += 1) await append(uniqueName(), countedUpTo(40));
      await listener.until(() => told.length > before);
      expect(listener.events).toEqual([]);
    });

    it('never pass an event that was not delivered: going on from any of them loses nothing', async () => {
      for (let round = 0; round < 12; round += 1) {
        await append(`${mark}-${round % 3}`, counted(round));
        await append(uniqueName(), countedUpTo(25));
      }
      const { listener, told } = follow(mark, 1);
      await listener.heard('caughtUp');
      await append(`${mark}-live`, counted(12));
      await append(uniqueName(), countedUpTo(70));
      const everything = await listener.received(13);
      await listener.until(() => (told.at(-1)?.position.commit ?? 0n) > (everything[12]?.commitPosition ?? 0n));
      expect(told.length).toBeGreaterThan(5);
      for (const { position, after } of told) {
        const next = everything[after]?.commitPosition;
        if (next !== undefined) expect(position.commit).toBeLessThan(next);
        const again = listen(streamNameFilter({ prefixes: [mark] }), position);
        await again.heard('caughtUp');
        expect(numbersOf(again.events)).toEqual(numbersOf(everything.slice(after)));
        await again.stop();
      }
    });

    it('only move forwards', async () => {
      await append(uniqueName(), countedUpTo(150));
      const { listener, told } = follow(mark, 1);
      await listener.heard('caughtUp');
      await append(uniqueName(), countedUpTo(100));
      await append(`${mark}-1`, counted(1));
      await listener.received(1);
      const commits = told.map(({ position }) => position.commit);
      expect(commits).toEqual(commits.toSorted((a, b) => (a < b ? -1 : 1)));
      expect(new Set(commits).size).toBe(commits.length);
    });
  });
}
