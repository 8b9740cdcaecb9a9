import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import type { ReadProgress } from './source.js';

/**
 * The bytes of a file, unpacked when it is gzip, whatever it is called; read only as fast as they are taken.
 * @throws Error naming the file when it cannot be read, or its gzip is damaged or cut off.
 */
export async function* fileBytes(file: string, progress?: ReadProgress): AsyncIterable<Uint8Array> {
  if (progress !== undefined) progress.bytesTotal = (await stat(file)).size;
  // Asked first: a stream that is counted flows at once, and must not flow before somebody takes what it brings.
  const zipped = await isGzip(file);
  const bytes = createReadStream(file);
  bytes.on('data', (chunk) => {
    if (progress !== undefined) progress.bytesRead += chunk.length;
  });
  const plain = zipped ? bytes.pipe(createGunzip()) : bytes;
  if (plain !== bytes) bytes.on('error', (error) => plain.destroy(error));
  // Whoever stops reading in the middle is not told that the stream ended early, and nobody else is to be.
  plain.on('error', () => undefined);
  try {
    for await (const chunk of plain) yield chunk as Uint8Array;
  } catch (error) {
    const what = zipped ? 'is gzip that cannot be unpacked to its end' : 'cannot be read';
    throw new Error(`${file} ${what}: ${(error as Error).message}`, { cause: error });
  } finally {
    bytes.destroy();
  }
}

async function isGzip(file: string): Promise<boolean> {
  for await (const chunk of createReadStream(file, { start: 0, end: 1 })) {
    const bytes = chunk as Buffer;
    return bytes[0] === 0x1f && bytes[1] === 0x8b;
  }
  return false;
}
