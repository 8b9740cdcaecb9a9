import { createHash, createHmac } from 'node:crypto';
import { canonicalJson } from '@voronka/kernel';

/**
 * The id of the n-th event of a command, the same on every try: SHA-256 in the layout of a version 8 UUID (RFC 9562).
 */
export function eventIdOf(stream: string, commandId: string, index: number): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify([stream, commandId, index]))
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** What makes a request the same request: the command, its target, its body and the person it is for. */
export interface HashedRequest {
  readonly type: string;
  readonly category: string;
  readonly id: string;
  readonly body: object;
  readonly person: string | null;
}

/** Keyed hash of a request, 32 hexadecimal digits; the order of the body's members does not matter. */
export function requestHashOf(key: Uint8Array, request: HashedRequest): string {
  const { type, category, id, body, person } = request;
  // Through JSON, so that an instance of a command's class and the plain object it came from are one request.
  const plain: unknown = JSON.parse(JSON.stringify(body));
  const text = canonicalJson({ type, category, id, body: plain, person });
  return createHmac('sha256', key).update(text).digest('hex').slice(0, 32);
}
