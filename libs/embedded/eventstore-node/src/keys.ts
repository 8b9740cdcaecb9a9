/** LMDB's longest key is 1,978 bytes; a key is a stream name, a zero and eight bytes of revision. */
export const LONGEST_STREAM_NAME_BYTES = 1_900;

// One less than the largest safe integer, so that the next revision or position is one too.
const LARGEST = BigInt(Number.MAX_SAFE_INTEGER) - 1n;

/** Whether the log can hold a stream of this name; one that it cannot hold does not exist. */
export function isStorableName(name: string): boolean {
  return name !== '' && !name.includes('\0') && Buffer.byteLength(name) <= LONGEST_STREAM_NAME_BYTES;
}

/** A 64-bit number of a request; what is beyond any revision or position becomes the largest. */
export function boundOf(text: string | undefined): number {
  const value = BigInt(text ?? '0');
  return Number(value > LARGEST ? LARGEST : value);
}

export function positionKey(position: number): Buffer {
  const key = Buffer.alloc(8);
  key.writeBigUInt64BE(BigInt(position));
  return key;
}

export function positionOf(key: Buffer): number {
  return Number(key.readBigUInt64BE(0));
}

/** Sorts by name, then revision: the zero keeps streams apart whose names begin alike. */
export function streamKey(stream: string, revision: number): Buffer {
  const name = Buffer.from(stream, 'utf8');
  const key = Buffer.alloc(name.length + 9);
  name.copy(key);
  // One more than the revision, so that a bound below the first one can be written.
  key.writeBigUInt64BE(BigInt(revision) + 1n, name.length + 1);
  return key;
}

export function revisionOf(key: Buffer): number {
  return Number(key.readBigUInt64BE(key.length - 8)) - 1;
}

/** The sixteen bytes of a dashed UUID. */
export function idKey(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}
