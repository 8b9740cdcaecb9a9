import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CorruptEventError, type EventBatch, LogUnavailableError } from '@voronka/event-log';
import { closeAll, collect, logOn, raised, until } from './support/scripted-log.js';
import { eventReply, type ReadCall, type Script } from './support/scripted-store.js';

const PROGRAM = path.join(import.meta.dirname, '../../dist/libs/event-log/src/read-thread.js');
/** From here on the thread reads. */
const HANDED_OVER = 1_000;
const REPLIES = HANDED_OVER + 1_300;
const ALL = { after: null, batchSize: 200 };

interface Telling {
  readonly reply?: (position: number) => ReturnType<typeof raised>;
  /** After the last reply; by default the call ends. */
  readonly then?: (call: ReadCall) => unknown;
  readonly wrote?: (position: number) => void;
}

/** Sends so many replies, from the position that is asked for on, as fast as they are taken; then does as told. */
function replies(
  count: number,
  { reply = raised, then = (call: ReadCall): unknown => call.end(), wrote }: Telling = {},
): Script {
  return {
    read: (call) => {
      let over = false;
      call.on('cancelled', () => (over = true));
      let position = Math.max(1, Number(call.request.getOptions()?.getAll()?.getPosition()?.getCommitPosition() ?? 1));
      const pump = (): void => {
        while (!over && position <= count) {
          wrote?.(position);
          if (!call.write(reply(position++))) return void call.once('drain', pump);
        }
        if (!over) then(call);
      };
      pump();
    },
  };
}

const onThread = (script: Script, program = PROGRAM) =>
  logOn(script, {}, { readThread: { program, after: HANDED_OVER } });
const long = { ...ALL, isLong: true };

afterEach(closeAll);

describe('a long read', () => {
  it('gives the same events, on a thread of its own', async () => {
    const at = { stream: 'counter-1', type: 'CounterRaised' };
    const script = replies(REPLIES, {
      reply: (position) => {
        if (position % 7 === 0) return eventReply({ ...at, stream: 'stranger-ÄЖ-1', position });
        if (position % 11 === 0) return eventReply({ ...at, type: '$system', metadata: '', position });
        return raised(position);
      },
    });
    const { log, store } = await onThread(script);
    const here = await collect(log.readAll(ALL));
    expect(store.begunReads()).toBe(1);
    const apart = await collect(log.readAll(long));
    expect(store.begunReads()).toBe(3);
    expect(apart.flatMap(({ events }) => events)).toEqual(here.flatMap(({ events }) => events));
    expect(apart.every(({ events, position }) => events.every((event) => event.position <= position))).toBe(true);
    expect(apart.at(-1)).toMatchObject({ position: BigInt(REPLIES), caughtUp: true });
    await until(() => store.openReads() === 0, 'no read is open');
  });

  it('that turns out to be short needs no thread', async () => {
    const { log, store } = await onThread(replies(HANDED_OVER));
    expect((await collect(log.readAll(long))).at(-1)).toMatchObject({ caughtUp: true });
    expect(store.begunReads()).toBe(1);
  });

  it.each([
    ['bad JSON', { data: '{"by":' }, 'payload'],
    ['metadata that is not JSON', { metadata: '{"occurredAt' }, 'metadata'],
    ['an explicit transaction', { prepare: 4 }, 'prepare'],
  ])('stops at an event with %s, behind the last good one', async (_, bad, reason) => {
    const at = HANDED_OVER + 500;
    const reply = (position: number) =>
      position === at ? eventReply({ stream: 'counter-1', type: 'CounterRaised', position, ...bad }) : raised(position);
    const { log } = await onThread(replies(REPLIES, { reply }));
    const seen: EventBatch[] = [];
    const failure = await (async () => {
      for await (const batch of log.readAll(long)) seen.push(batch);
    })().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CorruptEventError);
    expect(String(failure)).toContain(reason);
    expect(seen.at(-1)).toMatchObject({ position: BigInt(at - 1), caughtUp: false });
  });

  it('that is left early leaves no call open', async () => {
    const { log, store } = await onThread(replies(Number.POSITIVE_INFINITY));
    for await (const { position } of log.readAll(long)) if (position > HANDED_OVER + 1_000) break;
    expect(store.begunReads()).toBe(2);
    await until(() => store.openReads() === 0, 'no read is open');
  });

  it('does not run away from who takes its events', async () => {
    let last = 0;
    const { log } = await onThread(replies(Number.POSITIVE_INFINITY, { wrote: (position) => (last = position) }));
    const source = log.readAll({ ...long, batchSize: 50 })[Symbol.asyncIterator]();
    for (let taken = 0; taken < HANDED_OVER + 50;) taken += (await source.next()).value.events.length;
    let before = -1;
    while (before !== last) {
      before = last;
      await sleep(300);
    }
    // Some wait on the way: in the channel's windows, in the client's buffers, and four batches in the thread's hands.
    expect(last).toBeLessThan(HANDED_OVER + 20_000);
    await source.return?.();
  });

  it('fails as any other when the store breaks off', async () => {
    const { log } = await onThread(
      replies(REPLIES, { then: (call) => call.emit('error', { code: 13, details: 'the disk is gone' }) }),
    );
    await expect(collect(log.readAll(long))).rejects.toBeInstanceOf(LogUnavailableError);
  });

  it('ends when the log is closed', async () => {
    const { log } = await onThread(replies(REPLIES, { then: () => undefined }));
    const source = log.readAll(long)[Symbol.asyncIterator]();
    let next = source.next();
    for (let reached = 0n; reached < HANDED_OVER + 500; next = source.next()) reached = (await next).value.position;
    const last = next.then(() => source.next());
    await log.close();
    await expect(last).rejects.toThrow('The event log was closed');
  });

  it('fails when its thread ends before the log does', async () => {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'thread-'));
    const program = path.join(directory, 'ends.mjs');
    await writeFile(program, 'process.exit(0);');
    const { log } = await onThread(replies(REPLIES), program);
    await expect(collect(log.readAll(long))).rejects.toThrow(LogUnavailableError);
    await rm(directory, { recursive: true });
  });
});
