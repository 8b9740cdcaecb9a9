import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { Tap } from './tap.js';

/** A source piped into the stream that is read, as the client pipes a call into what it hands out. */
function piped(): { source: PassThrough; tap: Tap<number> } {
  const [source, stream] = [new PassThrough({ objectMode: true }), new PassThrough({ objectMode: true })];
  source.pipe(stream);
  return { source, tap: new Tap<number>(stream, new AbortController().signal) };
}

describe('a read that is released', () => {
  it('lets its source come to an end that was on the way', async () => {
    const { source, tap } = piped();
    source.write(1);
    await tap.ready();
    expect(tap.take(1)).toEqual([1]);
    const ended = once(source, 'end');
    tap.release(() => Promise.resolve());
    await new Promise((resolve) => setImmediate(resolve));
    source.end(2);
    await ended;
    expect(source.readableEnded).toBe(true);
  });

  it('drops what is buffered, however much', async () => {
    const { source, tap } = piped();
    for (let item = 0; item < 1_000; item += 1) source.write(item);
    await tap.ready();
    tap.release(() => Promise.resolve());
    source.end();
    await once(source, 'end');
    expect(source.readableLength).toBe(0);
  });

  it('does not fail when the call cannot be cancelled', async () => {
    const { source, tap } = piped();
    tap.release(() => Promise.reject(new Error('never connected')));
    source.end();
    await once(source, 'end');
    expect(tap.isEmpty).toBe(true);
  });
});
