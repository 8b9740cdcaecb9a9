import { Writable } from 'node:stream';
import { type ReadCall, ReplyStream } from './reply-stream.js';

/** The writable half of a call, whose client takes a reply only when told to. */
class SlowCall extends Writable {
  cancelled = false;
  taken = 0;
  private next: (() => void) | null = null;

  constructor() {
    super({ objectMode: true, highWaterMark: 2 });
    this.on('error', () => undefined);
  }

  override _write(_reply: Buffer, _encoding: string, done: () => void): void {
    this.next = done;
  }

  take(): void {
    this.taken += 1;
    this.next?.();
  }
}

describe('replies', () => {
  let call: SlowCall;
  let replies: ReplyStream;
  beforeEach(() => {
    call = new SlowCall();
    replies = new ReplyStream(call as unknown as ReadCall);
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('wait for the client, and news from the log do not count as its taking', async () => {
    for (let n = 0; n < 3; n += 1) replies.write(Buffer.of(n));
    let drained = false;
    const waiting = replies.drained().then(() => (drained = true));
    for (let n = 0; n < 5; n += 1) {
      replies.wake();
      await turn();
    }
    expect([replies.full, drained]).toEqual([true, false]);
    for (let n = 0; n < 3; n += 1) {
      call.take();
      await turn();
    }
    await waiting;
    expect([replies.full, drained]).toEqual([false, true]);
  });

  it('wait for nobody when the client has gone', async () => {
    for (let n = 0; n < 3; n += 1) replies.write(Buffer.of(n));
    const waiting = Promise.all([replies.drained(), replies.untilWoken()]);
    call.emit('cancelled');
    await waiting;
    expect(replies.open).toBe(false);
    const written = call.writableLength;
    replies.write(Buffer.of(9));
    expect(call.writableLength).toBe(written);
    await Promise.all([replies.drained(), replies.untilWoken()]);
  });

  it('wake whoever waits for news', async () => {
    let woken = 0;
    const waiting = Array.from({ length: 3 }, () => replies.untilWoken().then(() => (woken += 1)));
    await turn();
    expect(woken).toBe(0);
    replies.wake();
    await Promise.all(waiting);
    expect(woken).toBe(3);
  });
});
