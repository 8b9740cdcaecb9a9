import { createRequire } from 'node:module';
import type { Any as AnyMessage } from 'google-protobuf/google/protobuf/any_pb.js';

// Messages only take parts made by the very protobuf library that the client package brings along.
const requireOfClient = createRequire(createRequire(import.meta.url).resolve('@eventstore/db-client'));

export const { Any } = requireOfClient('google-protobuf/google/protobuf/any_pb.js') as { Any: new () => AnyMessage };
export const { Empty: GoogleEmpty } = requireOfClient(
  'google-protobuf/google/protobuf/empty_pb.js',
) as typeof import('google-protobuf/google/protobuf/empty_pb.js');

export function text(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes).toString('utf8');
}

/** Both forms of an id that requests may carry become lower-case dashed text; null when there is none. */
export function uuidText(id: UuidMessage | undefined): string | null {
  if (id === undefined) return null;
  const halves = id.getStructured();
  if (halves === undefined) {
    const written = id.getString().toLowerCase();
    return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(written) ? written : null;
  }
  const hex = [halves.getMostSignificantBits(), halves.getLeastSignificantBits()]
    .map((half) => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0'))
    .join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

interface UuidMessage {
  getString(): string;
  getStructured(): { getMostSignificantBits(): string; getLeastSignificantBits(): string } | undefined;
}
