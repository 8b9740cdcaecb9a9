import {
  CorruptEventError,
  type EventBatch,
  type EventLog,
  type FollowState,
  LogUnavailableError,
  OutcomeUnknownError,
} from '@voronka/event-log';
import { closeAll, collect, endless, logOn, raised, toAppend, until } from './support/scripted-log.js';
import {
  caughtUpReply,
  checkpointReply,
  confirmationReply,
  eventReply,
  goodMetadata,
  type ReadCall,
  type Script,
} from './support/scripted-store.js';

afterEach(closeAll);

describe('reads that are left early', () => {
  it('cancel the call on the server, every time', async () => {
    const { log, store } = await logOn({ read: endless });
    for (let round = 0; round < 20; round += 1) {
      for await (const batch of log.readAll({ after: null, batchSize: 10 })) {
        expect(batch.events).toHaveLength(10);
        break;
      }
      for await (const event of log.readStream('counter-1')) {
        expect(event.revision).toBe(1);
        break;
      }
    }
    expect(store.begunReads()).toBe(40);
    await until(() => store.openReads() === 0, 'no read is open');
  });

  it('cancel the call when the consumer throws', async () => {
    const { log, store } = await logOn({ read: endless });
    const reading = (async () => {
      for await (const batch of log.readAll({ after: null })) throw new Error(`refused ${batch.events.length}`);
    })();
    await expect(reading).rejects.toThrow('refused 1000');
    await until(() => store.openReads() === 0, 'no read is open');
  });

  it('cancel the call when enough was read', async () => {
    const { log, store } = await logOn({ read: endless });
    const batches = await collect(log.readAll({ after: null, maxCount: 25, batchSize: 10 }));
    expect(batches.map(({ events }) => events.length)).toEqual([10, 10, 5]);
    expect(batches.at(-1)).toMatchObject({ position: 25n, caughtUp: false });
    await until(() => store.openReads() === 0, 'no read is open');
  });

  it('cancel a subscription promptly when aborted in the middle of silence', async () => {
    const { log, store } = await logOn({ read: (call) => void call.write(confirmationReply()) });
    const stop = new AbortController();
    const states: string[] = [];
    const following = collect(
      log.follow({ after: 5n, signal: stop.signal, onState: ({ status }) => states.push(status) }),
    );
    await until(() => states.includes('catchingUp'), 'the subscription stands');
    expect(store.openReads()).toBe(1);
    const before = performance.now();
    stop.abort();
    expect(await following).toEqual([]);
    expect(performance.now() - before).toBeLessThan(500);
    await until(() => store.openReads() === 0, 'no read is open');
  });
});

describe('checkpoints of a subscription', () => {
  it('move the position of a log without events of ours, and a callback that throws cannot stall it', async () => {
    let call: ReadCall | undefined;
    const { log } = await logOn({
      read: (asked) => {
        call = asked;
        asked.write(confirmationReply());
        asked.write(raised(10));
        asked.write(checkpointReply(40));
        asked.write(caughtUpReply());
      },
    });
    const stop = new AbortController();
    const seen: (readonly [number, bigint, boolean])[] = [];
    const throwing = (state: FollowState): void => {
      if (state.status === 'live') throw new Error('a callback that throws');
    };
    for await (const batch of log.follow({ after: null, signal: stop.signal, onState: throwing })) {
      seen.push([batch.events.length, batch.position, batch.caughtUp]);
      if (seen.length === 1) {
        // After going live: a checkpoint of its own, a burst of checkpoints behind an event.
        for (const position of [1_000, 2_000]) call?.write(checkpointReply(position));
        call?.write(raised(2_001));
      }
      if (batch.position === 2_001n) break;
    }
    expect(seen[0]).toEqual([1, 40n, true]);
    expect(seen.at(-1)?.slice(1)).toEqual([2_001n, true]);
    expect(seen.reduce((sum, [events]) => sum + events, 0)).toBe(2);
  });

  it('at the largest number there is, as servers before 24.10.5 say them of a short log without a match, do not', async () => {
    const { log } = await logOn({
      read: (call) => {
        call.write(confirmationReply());
        call.write(raised(10));
        call.write(checkpointReply(2n ** 64n - 1n));
        call.write(caughtUpReply());
      },
    });
    for await (const batch of log.follow({ after: null, signal: new AbortController().signal })) {
      expect(batch).toMatchObject({ position: 10n, caughtUp: true });
      break;
    }
  });

  it('that go backwards do not', async () => {
    const { log } = await logOn({
      read: (call) => {
        call.write(confirmationReply());
        call.write(raised(10));
        call.write(checkpointReply(3));
        call.write(caughtUpReply());
      },
    });
    for await (const batch of log.follow({ after: null, signal: new AbortController().signal })) {
      expect(batch).toMatchObject({ position: 10n, caughtUp: true });
      break;
    }
  });

  it('tell a follower who is at the end already that he is', async () => {
    const { log } = await logOn({
      read: (call) => {
        call.write(confirmationReply());
        call.write(caughtUpReply());
      },
    });
    for await (const batch of log.follow({ after: 77n, signal: new AbortController().signal })) {
      expect(batch).toEqual({ events: [], position: 77n, caughtUp: true });
      break;
    }
  });
});

describe('a server that takes a call and keeps silent', () => {
  const silent: Script = { read: () => undefined, append: () => undefined };

  it('ends reads in bounded time', async () => {
    const { log, store } = await logOn(silent, { silence: 150, end: 100 });
    await expect(log.end()).rejects.toBeInstanceOf(LogUnavailableError);
    await expect(collect(log.readAll({ after: null }))).rejects.toBeInstanceOf(LogUnavailableError);
    await expect(log.readStream('counter-1')[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(
      LogUnavailableError,
    );
    await until(() => store.openReads() === 0, 'no read is open');
  });

  it('leaves the outcome of an append unknown, after two bounded tries with the same ids', async () => {
    let tries = 0;
    const { log } = await logOn({ append: () => void (tries += 1) }, { append: 150 });
    await expect(log.append('counter-1', 0, [toAppend()])).rejects.toBeInstanceOf(OutcomeUnknownError);
    expect(tries).toBe(2);
  });

  it('makes a follower try again, and say why', async () => {
    const { log } = await logOn(silent, { silence: 100 });
    const stop = new AbortController();
    const states: FollowState[] = [];
    const following = collect(log.follow({ after: null, signal: stop.signal, onState: (state) => states.push(state) }));
    await until(() => states.filter(({ status }) => status === 'connecting').length === 3, 'the third try');
    stop.abort();
    await following;
    const waits = states.filter((state) => state.status === 'waiting');
    expect(waits[0]?.reason).toContain('did not confirm');
    expect(waits[1]?.retryInMilliseconds).toBeGreaterThan(waits[0]?.retryInMilliseconds ?? 0);
  });
});

describe('a log that is closed', () => {
  it('ends what is under way, refuses what comes after, and leaves no call open', async () => {
    const { log, store } = await logOn({
      read: (call) => void (call.request.getOptions()?.hasSubscription() === true && call.write(confirmationReply())),
    });
    const reading = collect(log.readAll({ after: null }));
    const following = collect(log.follow({ after: null, signal: new AbortController().signal }));
    await until(() => store.openReads() === 2, 'both are under way');
    const before = performance.now();
    const [, read] = await Promise.all([log.close(), reading.catch((error: unknown) => error), following]);
    expect(read).toBeInstanceOf(LogUnavailableError);
    expect(performance.now() - before).toBeLessThan(1_000);
    await expect(log.end()).rejects.toThrow('closed');
    await until(() => store.openReads() === 0, 'no read is open');
  });
});

describe('a node that is down', () => {
  async function logOnNothing(): Promise<EventLog> {
    const { log, store } = await logOn({});
    await store.stop();
    return log;
  }

  it('fails an append with a plain word: nothing was sent', async () => {
    const log = await logOnNothing();
    await expect(log.append('counter-1', 0, [toAppend()])).rejects.toBeInstanceOf(LogUnavailableError);
  });

  it('fails reads at once, and every later call anew', async () => {
    const log = await logOnNothing();
    for (let round = 0; round < 3; round += 1) {
      await expect(log.end()).rejects.toBeInstanceOf(LogUnavailableError);
      await expect(collect(log.readAll({ after: null }))).rejects.toBeInstanceOf(LogUnavailableError);
    }
  });
});

describe('an event that cannot be read', () => {
  const reading = (bad: Parameters<typeof eventReply>[0]): Script => ({
    read: (call) => {
      if (call.request.getOptions()?.hasSubscription() === true) call.write(confirmationReply());
      call.write(raised(1));
      call.write(eventReply(bad));
      call.write(raised(9));
      if (call.request.getOptions()?.hasSubscription() !== true) call.end();
    },
  });
  const at = { stream: 'counter-1', type: 'CounterRaised', position: 5 };

  it.each([
    ['bad JSON', { ...at, data: '{"by":' }, 'payload'],
    ['metadata that is not JSON', { ...at, metadata: '{"occurredAt' }, 'metadata'],
    ['metadata without a field', { ...at, metadata: goodMetadata({ requestHash: undefined }) }, 'requestHash'],
    ['a version newer than known', { ...at, metadata: goodMetadata({ schemaVersion: 4 }) }, 'newer'],
    ['an unknown type of ours', { ...at, type: 'CounterMelted' }, 'unknown event type'],
    ['an explicit transaction', { ...at, prepare: 4 }, 'prepare'],
  ])('for %s stops the reader behind the last good one and says where', async (_what, bad, reason) => {
    const { log } = await logOn(reading(bad));
    for (const batches of [
      log.readAll({ after: null }),
      log.follow({ after: null, signal: new AbortController().signal }),
    ]) {
      const seen: EventBatch[] = [];
      const error: unknown = await (async () => {
        for await (const batch of batches) seen.push(batch);
      })().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(CorruptEventError);
      expect(error).toMatchObject({ position: 5n, eventType: bad.type });
      expect((error as CorruptEventError).message).toContain(reason);
      expect(seen.map(({ events, position, caughtUp }) => [events.length, position, caughtUp])).toEqual([
        [1, 1n, false],
      ]);
    }
  });

  it.each([
    ['of another program', { ...at, stream: 'stranger-1' }],
    ['of the system', { ...at, type: '$metadata' }],
    ['without our metadata', { ...at, metadata: '{"by":"someone"}' }],
  ])('because it is %s is passed over', async (_what, foreign) => {
    const { log } = await logOn(reading(foreign));
    const [batch] = await collect(log.readAll({ after: null }));
    expect(batch?.events.map(({ position }) => position)).toEqual([1n, 9n]);
  });

  it('is never a reason to stringify positions by chance: bigint JSON throws, so the edge must convert', async () => {
    const { log } = await logOn(reading({ ...at, stream: 'stranger-1' }));
    const [batch] = await collect(log.readAll({ after: null }));
    expect(() => JSON.stringify(batch)).toThrow(TypeError);
    expect(batch?.events[0]?.position).toBe(1n);
    expect(typeof batch?.events[0]?.revision).toBe('number');
  });
});
