import type { RecordedEvent } from '@eventstore/db-client';
import type { EventMetadata } from '@voronka/kernel';

type Stored = Readonly<Record<string, unknown>>;

/** Metadata as stored: the two ids that the store's own tools understand have its names, the rest have ours. */
export function writeMetadata(metadata: EventMetadata): Record<string, unknown> {
  const { correlationId, causationId, ...rest } = metadata;
  return causationId === null
    ? { ...rest, $correlationId: correlationId }
    : { ...rest, $correlationId: correlationId, $causationId: causationId };
}

/** True for an event that carries none of our metadata: another program's, or the store's own. */
export function isForeign(record: RecordedEvent): boolean {
  if (record.type.startsWith('$')) return true;
  const metadata: unknown = record.metadata;
  if (metadata === undefined || metadata === null) return true;
  // The client hands over bytes when they are not JSON: in a stream of ours that is damage, not a stranger.
  if (typeof metadata !== 'object' || metadata instanceof Uint8Array) return false;
  return !('commandId' in metadata) && !('occurredAt' in metadata) && !('schemaVersion' in metadata);
}

/** Metadata as read. @throws Error naming the field that is missing or of another type. */
export function readMetadata(value: unknown): EventMetadata {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    throw new Error('its metadata is not a JSON object');
  }
  const stored = value as Stored;
  const metadata: EventMetadata = {
    occurredAt: text(stored, 'occurredAt'),
    actor: text(stored, 'actor'),
    person: textOrNull(stored, 'person'),
    commandId: text(stored, 'commandId'),
    requestHash: text(stored, 'requestHash'),
    correlationId: text(stored, '$correlationId'),
    causationId: textOrNull(stored, '$causationId'),
    schemaVersion: version(stored),
    imported: stored['imported'] === true,
  };
  return 'importRef' in stored || 'assumed' in stored || 'reliedOn' in stored ? withRest(metadata, stored) : metadata;
}

function withRest(metadata: EventMetadata, stored: Stored): EventMetadata {
  const { importRef, assumed, reliedOn } = stored as Pick<EventMetadata, 'importRef' | 'assumed' | 'reliedOn'>;
  return {
    ...metadata,
    ...(importRef === undefined ? {} : { importRef }),
    ...(assumed === undefined ? {} : { assumed }),
    ...(reliedOn === undefined ? {} : { reliedOn }),
  };
}

function text(stored: Stored, field: string): string {
  const value = stored[field];
  if (typeof value !== 'string') throw new Error(`its metadata has no ${field}`);
  return value;
}

function textOrNull(stored: Stored, field: string): string | null {
  const value = stored[field];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw new Error(`its metadata field ${field} is not text`);
  return value;
}

function version(stored: Stored): number {
  const value = stored['schemaVersion'];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
    throw new Error('its metadata has no schemaVersion');
  }
  return value;
}
