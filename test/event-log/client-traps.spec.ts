import { setTimeout as sleep } from 'node:timers/promises';
import {
  AppendTooLargeError,
  CorruptEventError,
  type EventBatch,
  type EventLog,
  type EventToAppend,
  type FollowState,
  LogUnavailableError,
  openEventLog,
  OutcomeUnknownError,
  type Timeouts,
  WrongRevisionError,
} from '@voronka/event-log';
import type { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import { metadataAt } from '../../libs/kernel/src/testing.js';
import { InMemorySubjectKeys } from '../../libs/event-log/src/testing.js';
import { counterThing } from './support/counter.thing.js';
import {
  appendedReply,
  caughtUpReply,
  checkpointReply,
  confirmationReply,
  eventReply,
  goodMetadata,
  type ReadCall,
  refusedReply,
  type Script,
  type ScriptedStore,
  startScriptedStore,
  wrongRevision,
} from './support/scripted-store.js';

const open: { log: EventLog; store: ScriptedStore }[] = [];

afterEach(async () => {
  for (const { log, store } of open.splice(0)) {
    await log.close();
    await store.stop();
  }
});

async function logOn(script: Script, timeouts: Timeouts = {}): Promise<{ log: EventLog; store: ScriptedStore }> {
  const store = await startScriptedStore(script);
  const connection = { endpoint: store.endpoint };
  const log = openEventLog({ connection, things: [counterThing], keys: new InMemorySubjectKeys(), timeouts });
  open.push({ log, store });
  return { log, store };
}

const raised = (position: number) => eventReply({ stream: 'counter-1', type: 'CounterRaised', position });

const toAppend = (id = '7d1ab4b0-7c24-4a2d-8b35-000000000001'): EventToAppend => ({
  eventId: id,
  type: 'CounterRaised',
  data: { by: 1 },
  metadata: metadataAt('2009-08-03T08:00:00.000Z', { schemaVersion: 3 }),
});

/** Sends events for ever, as fast as they are taken. */
function endless(call: ReadCall): void {
  let position = 0;
  let over = false;
  call.on('cancelled', () => {
    over = true;
  });
  const pump = (): void => {
    while (!over) {
      position += 1;
      if (!call.write(raised(position))) return void call.once('drain', pump);
    }
  };
  pump();
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !condition(); tries += 1) {
    if (tries > 500) throw new Error(`waited in vain until ${what}`);
    await sleep(10);
  }
}

async function collect(batches: AsyncIterable<EventBatch>): Promise<EventBatch[]> {
  const all: EventBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

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

describe('a server that answers no question about its methods', () => {
  it('is never asked: an append does not hang on the probe', async () => {
    const { log, store } = await logOn({ append: (request, call) => call.write(appendedReply(request, 0, 9)) });
    await expect(log.append('counter-1', 'noStream', [toAppend()])).resolves.toEqual({ revision: 0, position: 9n });
    expect(store.probes()).toBe(0);
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

/** The events of an append, without what differs from try to try. */
const eventsIn = (request: BatchAppendReq): string =>
  request
    .getProposedMessagesList()
    .map((message) => Buffer.from(message.serializeBinary()).toString('hex'))
    .join();

describe('an append', () => {
  it('whose first answer is lost is repeated once, the same to the byte', async () => {
    const tries: string[] = [];
    const { log } = await logOn({
      append: (request, call) => {
        tries.push(eventsIn(request));
        if (tries.length === 1) call.emit('error', { code: 14, details: 'Connection dropped' });
        else call.write(appendedReply(request, 4, 44));
      },
    });
    const personal = { ...toAppend(), data: { by: 1, note: 'Ada' } };
    await expect(log.append('counter-1', 3, [personal])).resolves.toEqual({ revision: 4, position: 44n });
    expect(tries).toHaveLength(2);
    expect(tries[0]).toBe(tries[1]);
  });

  it('that is repeated by the store without its position is asked for it', async () => {
    const { log } = await logOn({
      append: (request, call) => call.write(appendedReply(request, 2, null)),
      read: (call) => {
        call.write(eventReply({ stream: 'counter-1', type: 'CounterRaised', position: 51, revision: 2 }));
        call.end();
      },
    });
    await expect(log.append('counter-1', 1, [toAppend()])).resolves.toEqual({ revision: 2, position: 51n });
  });

  it('at a wrong revision says which one is there', async () => {
    const { log } = await logOn({
      append: (request, call) => call.write(refusedReply(request, 'WrongExpectedVersion', wrongRevision(8))),
    });
    const error: unknown = await log.append('counter-1', 3, [toAppend()]).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(WrongRevisionError);
    expect(error).toMatchObject({ stream: 'counter-1', expected: 3, actual: 8 });
  });

  it.each([
    ['MaximumAppendSizeExceeded', AppendTooLargeError, 1],
    ['MaximumAppendEventSizeExceeded', AppendTooLargeError, 1],
    ['AccessDenied', LogUnavailableError, 1],
    ['StreamDeleted', LogUnavailableError, 1],
    ['Timeout', OutcomeUnknownError, 2],
    ['Unknown', OutcomeUnknownError, 2],
  ])('that is refused with %s is tried again only if it may yet land', async (kind, error, expectedTries) => {
    let tries = 0;
    const { log } = await logOn({
      append: (request, call) => {
        tries += 1;
        call.write(refusedReply(request, kind));
      },
    });
    await expect(log.append('counter-1', 0, [toAppend()])).rejects.toBeInstanceOf(error);
    expect(tries).toBe(expectedTries);
  });

  it('does not fail because the store of another log in the process fails', async () => {
    let answer = (): void => undefined;
    const { log } = await logOn({
      append: (request, call) => {
        answer = () => void call.write(appendedReply(request, 0, 1));
      },
    });
    const { log: other } = await logOn({
      append: (_request, call) => call.emit('error', { code: 14, details: 'gone' }),
    });
    const appending = log.append('counter-1', 'noStream', [toAppend()]);
    await expect(other.append('counter-1', 'noStream', [toAppend()])).rejects.toBeInstanceOf(OutcomeUnknownError);
    answer();
    await expect(appending).resolves.toEqual({ revision: 0, position: 1n });
  });

  it('that was given up may be answered late: the answer is dropped, and the log goes on', async () => {
    const late: (() => void)[] = [];
    const { log } = await logOn(
      {
        append: (request, call) => {
          // The stream itself lives: other appends on it are answered.
          if (request.getOptions()?.getNoStream() !== undefined) call.write(appendedReply(request, 0, 1));
          else late.push(() => void call.write(appendedReply(request, 1, 2)));
        },
      },
      { append: 300 },
    );
    const lost = log.append('counter-1', 0, [toAppend()]).catch((error: unknown) => error);
    for (let stream = 2; late.length < 2; stream += 1) {
      await log.append(`counter-${stream}`, 'noStream', [toAppend()]);
      await sleep(5);
    }
    await sleep(50);
    await log.append('counter-0', 'noStream', [toAppend()]);
    expect(await lost).toBeInstanceOf(OutcomeUnknownError);
    for (const answer of late) answer();
    await sleep(20);
    await expect(log.append('counter-1', 'noStream', [toAppend()])).resolves.toEqual({ revision: 0, position: 1n });
  });

  it('larger than any store takes is refused here', async () => {
    const { log } = await logOn({});
    const large = { ...toAppend(), data: { by: 1, text: 'x'.repeat(9 * 1024 * 1024) } };
    await expect(log.append('counter-1', 0, [large])).rejects.toBeInstanceOf(AppendTooLargeError);
  });

  it('of what JSON cannot hold, of nothing, or of an unknown event fails before it is sent', async () => {
    const { log } = await logOn({});
    await expect(log.append('counter-1', 0, [{ ...toAppend(), data: { by: 1n } }])).rejects.toBeInstanceOf(TypeError);
    await expect(log.append('counter-1', 0, [])).rejects.toBeInstanceOf(TypeError);
    await expect(log.append('counter-1', 0, [{ ...toAppend(), type: 'Unheard' }])).rejects.toBeInstanceOf(TypeError);
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
