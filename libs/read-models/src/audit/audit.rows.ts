import type { Recorded } from '@voronka/kernel';
import type { Change, RowsProjection } from '@voronka/projections';
import { thingOf } from '../core/thing-id.js';
import { eventTypes } from '../event-types.js';
import { auditEvents } from './audit.tables.js';

/** Every event of the log, with its circumstances and without its payload. */
export const auditRows: RowsProjection = {
  kind: 'rows',
  name: 'audit_events',
  tables: [auditEvents],
  on: Object.fromEntries(eventTypes.map((type) => [type, auditRow])),
};

function auditRow({ type, metadata, eventId, stream, revision, position, recordedAt }: Recorded): readonly Change[] {
  const { category, id } = thingOf(stream);
  const row = {
    position,
    event_id: eventId,
    type,
    stream,
    category,
    thing_id: id,
    revision,
    occurred_at: metadata.occurredAt,
    recorded_at: recordedAt,
    actor: metadata.actor,
    person: metadata.person,
    command_id: metadata.commandId,
    correlation_id: metadata.correlationId,
    causation_id: metadata.causationId,
    imported: metadata.imported,
    schema_version: metadata.schemaVersion,
  };
  return [{ op: 'insert', table: auditEvents.name, row }];
}
