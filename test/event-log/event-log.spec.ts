import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EventBatch,
  type EventLog,
  type EventToAppend,
  type FollowState,
  WrongRevisionError,
} from '@voronka/event-log';
import { ERASED, type Recorded } from '@voronka/kernel';
import { metadataAt } from '../../libs/kernel/src/testing.js';
import { startTestNode, type TestNode } from './support/test-log.js';

let node: TestNode;
let log: EventLog;
let streams = 0;

beforeEach(async () => {
  node = await startTestNode();
  log = node.open();
});
afterEach(() => node.stop());

const raised = (by: number, note?: string): EventToAppend => ({
  eventId: randomUUID(),
  type: 'CounterRaised',
  data: note === undefined ? { by } : { by, note },
  metadata: metadataAt('2009-08-03T08:00:00.000Z', { schemaVersion: 3 }),
});

const newStream = (): string => `counter-${(streams += 1)}`;

/** Appends `count` events to a stream of its own, `perAppend` at a time, and gives back their positions. */
async function fill(count: number, perAppend = 50): Promise<bigint[]> {
  const stream = newStream();
  for (let done = 0; done < count; done += perAppend) {
    const events = Array.from({ length: Math.min(perAppend, count - done) }, (_unused, index) => raised(done + index));
    await log.append(stream, done === 0 ? 'noStream' : done - 1, events);
  }
  const positions: bigint[] = [];
  for await (const { position } of log.readStream(stream)) positions.push(position);
  return positions;
}

async function eventsOf(stream: string, from?: number): Promise<Recorded[]> {
  const events: Recorded[] = [];
  for await (const event of log.readStream(stream, from)) events.push(event);
  return events;
}

async function batchesOf(batches: AsyncIterable<EventBatch>): Promise<EventBatch[]> {
  const all: EventBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

const positionsOf = (batches: readonly EventBatch[]): bigint[] =>
  batches.flatMap(({ events }) => events.map(({ position }) => position));

describe('append and readStream', () => {
  it('give back what was appended, in order, decrypted, with the place in stream and log', async () => {
    const stream = newStream();
    const given = [raised(1, 'для Ады'), raised(2)];
    const appended = await log.append(stream, 'noStream', given);
    const events = await eventsOf(stream);
    expect(events.map(({ eventId, type, data, metadata }) => ({ eventId, type, data, metadata }))).toEqual(given);
    expect(events.map(({ revision }) => revision)).toEqual([0, 1]);
    expect(appended).toEqual({ revision: 1, position: events[1]?.position });
    expect(await eventsOf(stream, 1)).toEqual([events[1]]);
    expect(await eventsOf(stream, 2)).toEqual([]);
    expect(await eventsOf('counter-nowhere')).toEqual([]);
    node.keys.erase(`owner-of-${stream}`);
    expect((await eventsOf(stream)).map(({ data }) => data)).toEqual([{ by: 1, note: ERASED }, { by: 2 }]);
  });

  it('refuse another revision than the one expected, naming the one that is there', async () => {
    const stream = newStream();
    await log.append(stream, 'noStream', [raised(1)]);
    for (const [expected, actual] of [
      ['noStream', 0],
      [4, 0],
    ] as const) {
      const error: unknown = await log.append(stream, expected, [raised(1)]).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(WrongRevisionError);
      expect(error).toMatchObject({ stream, expected, actual });
    }
    await expect(log.append(newStream(), 3, [raised(1)])).rejects.toMatchObject({ actual: 'noStream' });
  });

  it('take a repeated append for the first one', async () => {
    const stream = newStream();
    const events = [raised(1), raised(1)];
    const first = await log.append(stream, 'noStream', events);
    await log.append(stream, 1, [raised(1)]);
    expect(await log.append(stream, 'noStream', events)).toEqual(first);
    expect(await eventsOf(stream)).toHaveLength(3);
  });

  it('let one of many writers through at each revision', async () => {
    const stream = newStream();
    const results = await Promise.allSettled(
      Array.from({ length: 16 }, () => log.append(stream, 'noStream', [raised(1)])),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('readAll', () => {
  it('of an empty log is empty', async () => {
    expect(positionsOf(await batchesOf(log.readAll({ after: null })))).toEqual([]);
  });

  it('gives everything in order, in batches, and says when it has come to the end', async () => {
    const positions = await fill(230);
    const batches = await batchesOf(log.readAll({ after: null, batchSize: 100 }));
    expect(positionsOf(batches)).toEqual(positions);
    expect(batches.map(({ caughtUp }) => caughtUp)).toEqual([false, false, true]);
    expect(batches.at(-1)?.position).toBe(await log.end());
  });

  it('goes on behind a position, without it, in either direction', async () => {
    const positions = await fill(20);
    const after = positions[7] ?? 0n;
    expect(positionsOf(await batchesOf(log.readAll({ after })))).toEqual(positions.slice(8));
    expect(positionsOf(await batchesOf(log.readAll({ after, direction: 'backwards' })))).toEqual(
      positions.slice(0, 7).reverse(),
    );
    expect(positionsOf(await batchesOf(log.readAll({ after: null, direction: 'backwards', maxCount: 3 })))).toEqual(
      positions.slice(-3).reverse(),
    );
  });

  it('does not depend on the size of the batches', async () => {
    const positions = await fill(64);
    for (const batchSize of [1, 3, 16, 64, 65]) {
      const batches = await batchesOf(log.readAll({ after: null, batchSize }));
      expect(positionsOf(batches)).toEqual(positions);
      expect(batches.at(-1)?.caughtUp).toBe(true);
      expect(batches.every(({ events }) => events.length <= batchSize)).toBe(true);
    }
  });
});

describe('follow', () => {
  it('catches up, then is given what comes, alone and at once or in runs', async () => {
    const before = await fill(120);
    const stop = new AbortController();
    const seen: EventBatch[] = [];
    const states: FollowState['status'][] = [];
    let after: bigint[] = [];
    const feed = async (): Promise<void> => {
      after = [...(await fill(1)), ...(await fill(90))];
    };
    let feeding: Promise<void> | undefined;
    for await (const batch of log.follow({
      after: null,
      batchSize: 50,
      signal: stop.signal,
      onState: ({ status }) => states.push(status),
    })) {
      seen.push(batch);
      if (seen.length === 1) await sleep(1_000);
      if (batch.caughtUp) feeding ??= feed();
      if (positionsOf(seen).length === 211) stop.abort();
    }
    await feeding;
    expect(positionsOf(seen)).toEqual([...before, ...after]);
    // What comes first depends on the network's packets; what waits behind a consumer at work comes in full batches.
    const sizes = seen.map(({ events }) => events.length);
    expect(Math.max(...sizes)).toBe(50);
    expect(sizes[1]).toBe(50);
    expect(states).toEqual(['connecting', 'catchingUp', 'live']);
  });

  it('gives only events of the types that are wanted, and comes forward past the others', async () => {
    await fill(40);
    const stop = new AbortController();
    const opened: EventToAppend = { ...raised(0), type: 'CounterOpened', data: { owner: null, limit: 9 } };
    const { position } = await log.append(newStream(), 'noStream', [
      { ...opened, metadata: metadataAt('2009-08-03T08:00:00.000Z') },
    ]);
    const passed = await fill(2_100);
    const seen: EventBatch[] = [];
    for await (const batch of log.follow({ after: null, types: ['CounterOpened'], signal: stop.signal })) {
      seen.push(batch);
      if (batch.position > (passed[0] ?? 0n)) stop.abort();
    }
    expect(positionsOf(seen)).toEqual([position]);
  });

  it('delivers an event that comes alone within a moment', async () => {
    const stop = new AbortController();
    await fill(1);
    const delays: number[] = [];
    let sent = 0;
    let sending: Promise<unknown> = Promise.resolve();
    for await (const batch of log.follow({ after: null, signal: stop.signal })) {
      if (sent > 0) delays.push(performance.now() - sent);
      if (delays.length === 5) stop.abort();
      if (!batch.caughtUp || stop.signal.aborted) continue;
      setTimeout(() => {
        sent = performance.now();
        sending = fill(1);
      }, 5);
    }
    await sending;
    // The median, because a machine may be busy with something else for once.
    expect(delays.toSorted((a, b) => a - b)[2]).toBeLessThan(100);
  });

  it('never runs ahead of its consumer, and then makes up for it in full batches', async () => {
    const stop = new AbortController();
    const sizes: number[] = [];
    await fill(1);
    let total = 0;
    for await (const batch of log.follow({ after: null, batchSize: 100, signal: stop.signal })) {
      total += batch.events.length;
      sizes.push(batch.events.length);
      if (total === 1) await fill(400);
      // At work long enough for a busy machine to bring over what waits, each time.
      await sleep(500);
      if (total === 401) stop.abort();
    }
    expect(sizes.filter((size) => size === 100).length).toBeGreaterThanOrEqual(3);
  });

  it('goes on after the node was restarted, with nothing lost and nothing doubled', async () => {
    const expected = await fill(300);
    const stop = new AbortController();
    const seen: bigint[] = [];
    const waited: FollowState[] = [];
    const following = (async () => {
      const onState = (state: FollowState): void => void (state.status === 'waiting' && waited.push(state));
      for await (const batch of log.follow({ after: null, batchSize: 40, signal: stop.signal, onState })) {
        seen.push(...positionsOf([batch]));
        await sleep(5);
      }
    })();
    for (let round = 0; round < 3; round += 1) {
      await node.restart();
      log = node.open();
      expected.push(...(await fill(100)));
    }
    for (let tries = 0; seen.length < expected.length && tries < 1_000; tries += 1) await sleep(10);
    await sleep(50);
    stop.abort();
    await following;
    expect(seen).toEqual(expected);
    expect(waited.length).toBeGreaterThan(0);
  });
});
