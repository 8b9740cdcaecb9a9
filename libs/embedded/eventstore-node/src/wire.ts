import { createRequire } from 'node:module';
import type { Any as AnyMessage } from 'google-protobuf/google/protobuf/any_pb.js';

// Messages only take parts made by the very protobuf library that the client package brings along.
export const requireOfClient = createRequire(createRequire(import.meta.url).resolve('@eventstore/db-client'));

export const { Any } = requireOfClient('google-protobuf/google/protobuf/any_pb.js') as { Any: new () => AnyMessage };
export const { Empty: GoogleEmpty } = requireOfClient(
  'google-protobuf/google/protobuf/empty_pb.js',
) as typeof import('google-protobuf/google/protobuf/empty_pb.js');

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Null for bytes that are not UTF-8: replaced characters would make another name of it. */
export function text(bytes: Uint8Array | undefined): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
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
