import type { ProposedEvent } from './append-request.js';
import { RefusedAppend } from './errors.js';
import { isStorableName, LONGEST_STREAM_NAME_BYTES } from './keys.js';
import { LONGEST_EVENT_TYPE_BYTES } from './record.js';
import { text, uuidText } from './wire.js';

interface ProposedMessage {
  getId(): Parameters<typeof uuidText>[0];
  getMetadataMap(): { get(key: string): string | undefined };
  getData_asU8(): Uint8Array;
  getCustomMetadata_asU8(): Uint8Array;
}

/** Gathers the events of one append and refuses what may not be appended, as soon as that is known. */
export class Proposals {
  readonly events: ProposedEvent[] = [];
  private bytes = 0;

  constructor(private readonly maximumBytes: number) {}

  /** @throws RefusedAppend */
  add(message: ProposedMessage): void {
    const id = uuidText(message.getId());
    if (id === null || /^[0-]+$/.test(id)) {
      throw new RefusedAppend({ kind: 'invalid', reason: 'every event needs an id that is a UUID and not empty' });
    }
    const type = message.getMetadataMap().get('type');
    const contentType = message.getMetadataMap().get('content-type');
    if (!type || !contentType) throw new RefusedAppend({ kind: 'missingMetadata' });
    if (Buffer.byteLength(type) > LONGEST_EVENT_TYPE_BYTES) {
      const reason = `an event type is at most ${LONGEST_EVENT_TYPE_BYTES} bytes of UTF-8`;
      throw new RefusedAppend({ kind: 'invalid', reason });
    }
    const data = message.getData_asU8();
    const metadata = message.getCustomMetadata_asU8();
    this.bytes += data.length + metadata.length + 2 * type.length;
    if (this.bytes > this.maximumBytes) throw new RefusedAppend({ kind: 'tooLarge', maximumBytes: this.maximumBytes });
    this.events.push({ id, type, json: contentType === 'application/json', data, metadata });
  }
}

export const STREAM_NAME_RULE = `a stream name has 1 to ${LONGEST_STREAM_NAME_BYTES} bytes of UTF-8, without NUL`;

/** @throws RefusedAppend for a name that is empty, too long, not text, or belongs to the store itself. */
export function streamNameOf(bytes: Uint8Array | undefined): string {
  const name = text(bytes);
  if (name === null || !isStorableName(name)) throw new RefusedAppend({ kind: 'invalid', reason: STREAM_NAME_RULE });
  if (name.startsWith('$')) {
    const reason = "streams that begin with $ are the store's own: this node keeps no metadata, links or tombstones";
    throw new RefusedAppend({ kind: 'invalid', reason });
  }
  return name;
}
