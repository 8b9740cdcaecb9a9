import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import { AppendTooLargeError, LogUnavailableError, OutcomeUnknownError, WrongRevisionError } from '@voronka/event-log';
import { closeAll, logOn, toAppend } from './support/scripted-log.js';
import { appendedReply, eventReply, refusedReply, wrongRevision } from './support/scripted-store.js';

afterEach(closeAll);

describe('a server that answers no question about its methods', () => {
  it('is never asked: an append does not hang on the probe', async () => {
    const { log, store } = await logOn({ append: (request, call) => call.write(appendedReply(request, 0, 9)) });
    await expect(log.append('counter-1', 'noStream', [toAppend()])).resolves.toEqual({ revision: 0, position: 9n });
    expect(store.probes()).toBe(0);
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
