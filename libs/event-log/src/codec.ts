import type { RecordedEvent } from '@eventstore/db-client';
import type { EventDefinition, Recorded, Thing } from '@voronka/kernel';
import { collectSubjects, type KeyOrErased, openFields, refuseSealedLookalikes, sealFields } from './encryption.js';
import { CorruptEventError } from './errors.js';
import type { EventToAppend, SubjectKeys } from './event-log.port.js';
import { isForeign, readMetadata, writeMetadata } from './metadata.js';
import { currentVersion, upcast } from './upcast.js';

/** An event as the store takes it: payload and metadata are JSON texts in UTF-8. */
export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** What could be decoded, in order, up to the first event that could not. */
export interface Decoded {
  readonly events: readonly Recorded[];
  readonly failure: CorruptEventError | null;
}

export interface Codec {
  /** @throws TypeError for an unknown event type, another schema version than today's, or what JSON cannot hold. */
  encode(stream: string, events: readonly EventToAppend[]): Promise<StoredEvent[]>;
  /** Skips events that are not ours; asks for the keys of all personal fields at once. */
  decode(records: readonly RecordedEvent[]): Promise<Decoded>;
}

/** The codec for the events of these things. @throws TypeError when two things claim one category, or define one event type each. */
export function createCodec(things: readonly Thing[], keys: SubjectKeys): Codec {
  const definitions = definitionsOf(things);
  const categories = new Set(things.map((thing) => thing.category));
  return {
    encode: (stream, events) => Promise.all(events.map((event) => encodeOne(stream, event, definitions, keys))),
    decode: async (records) => {
      const ours = records.filter((record) => categories.has(categoryOf(record.streamId)) && !isForeign(record));
      const found = await keysOf(ours, keys);
      return decodeAll(ours, definitions, found);
    },
  };
}

/**
 * Every event type of these things with its definition. Things that are told of by the same events share their
 * definitions, the very objects. @throws TypeError when two things claim one type, each with a definition of its own.
 */
export function definitionsOf(things: readonly Thing[]): ReadonlyMap<string, EventDefinition> {
  const definitions = new Map<string, EventDefinition>();
  const categories = new Set<string>();
  for (const thing of things) {
    if (categories.has(thing.category)) throw new TypeError(`two things have the category ${thing.category}`);
    categories.add(thing.category);
    for (const [type, definition] of Object.entries(thing.events)) {
      const known = definitions.get(type);
      if (known !== undefined && known !== definition)
        throw new TypeError(`event type ${type} is defined twice, the second time by ${thing.category}`);
      definitions.set(type, definition);
    }
  }
  return definitions;
}

function categoryOf(stream: string): string {
  const dash = stream.indexOf('-');
  return dash < 0 ? '' : stream.slice(0, dash);
}

async function encodeOne(
  stream: string,
  event: EventToAppend,
  definitions: ReadonlyMap<string, EventDefinition>,
  keys: SubjectKeys,
): Promise<StoredEvent> {
  const definition = definitions.get(event.type);
  if (definition === undefined) throw new TypeError(`event type ${event.type} is not defined by any thing`);
  if (event.metadata.schemaVersion !== currentVersion(definition)) {
    throw new TypeError(`${event.type} is written in schema version ${currentVersion(definition)} only`);
  }
  return {
    id: event.eventId,
    type: event.type,
    data: Buffer.from(JSON.stringify(await seal(stream, event, definition, keys))),
    metadata: Buffer.from(JSON.stringify(writeMetadata(event.metadata))),
  };
}

async function seal(
  stream: string,
  event: EventToAppend,
  definition: EventDefinition,
  keys: SubjectKeys,
): Promise<Record<string, unknown>> {
  const data: Record<string, unknown> = { ...event.data };
  refuseSealedLookalikes(data);
  const personal = definition.personal;
  if (personal === undefined) return data;
  const fields: readonly string[] = personal.fields;
  if (fields.every((field) => data[field] === null || data[field] === undefined)) return data;
  const subject = personal.subject(event.data, stream);
  return sealFields(data, fields, event.eventId, { subject, key: await keys.forWriting(subject) });
}

async function keysOf(records: readonly RecordedEvent[], keys: SubjectKeys): Promise<ReadonlyMap<string, KeyOrErased>> {
  const subjects = new Set<string>();
  for (const record of records) {
    if (isObject(record.data)) collectSubjects(record.data, subjects);
  }
  return subjects.size === 0 ? NO_KEYS : keys.forReading([...subjects]);
}

const NO_KEYS: ReadonlyMap<string, KeyOrErased> = new Map();

function decodeAll(
  records: readonly RecordedEvent[],
  definitions: ReadonlyMap<string, EventDefinition>,
  keys: ReadonlyMap<string, KeyOrErased>,
): Decoded {
  const events: Recorded[] = [];
  for (const record of records) {
    try {
      events.push(decodeOne(record, definitions, keys));
    } catch (error) {
      return { events, failure: corrupt(record, error) };
    }
  }
  return { events, failure: null };
}

function decodeOne(
  record: RecordedEvent,
  definitions: ReadonlyMap<string, EventDefinition>,
  keys: ReadonlyMap<string, KeyOrErased>,
): Recorded {
  const { position, type, id } = record;
  if (position === undefined) throw new Error('the store gave no log position; version 22.6 or newer is needed');
  if (position.commit !== position.prepare) {
    throw new Error(`its prepare position ${position.prepare} differs: explicit transactions are not supported`);
  }
  const definition = definitions.get(type);
  if (definition === undefined) throw new Error('an unknown event type, perhaps written by a newer version');
  if (!isObject(record.data)) throw new Error('its payload is not a JSON object');
  const metadata = readMetadata(record.metadata);
  openFields(record.data, id, keys);
  const data = upcast(definition, metadata.schemaVersion, record.data);
  return {
    type,
    data,
    metadata,
    eventId: id,
    stream: record.streamId,
    revision: Number(record.revision),
    position: position.commit,
    recordedAt: record.created.toISOString(),
  };
}

function corrupt(record: RecordedEvent, error: unknown): CorruptEventError {
  const reason = error instanceof Error ? error.message : String(error);
  return new CorruptEventError(record.position?.commit ?? -1n, record.type, record.id, reason);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
