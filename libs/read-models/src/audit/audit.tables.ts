import type { TableDefinition } from '@voronka/projections';
import { column, optional } from '../core/columns.js';

export const auditEvents: TableDefinition = {
  name: 'audit_events',
  comment: 'One row per event of the log: who did what to which thing and when, without what was said',
  columns: {
    position: column('bigint', 'Position of the event in the log'),
    event_id: column('uuid', 'Event'),
    type: column('text', 'Name of the event'),
    stream: column('text', 'Stream: category-id'),
    category: column('text', 'Kind of thing'),
    thing_id: column('text', 'Thing'),
    revision: column('integer', 'Place of the event in its stream, from 0'),
    occurred_at: column('timestamptz', 'When it happened in business'),
    recorded_at: column('timestamptz', 'When the log learned of it'),
    actor: column('text', 'Id of the key (or of the local operator) that sent the command'),
    person: optional('text', 'Employee for whom the actor acted; empty: no person'),
    command_id: column('text', 'Command that the event answers'),
    correlation_id: column('text', 'What belongs to one request or process'),
    causation_id: optional('text', 'Event that caused the command'),
    imported: column('boolean', 'Taken over from elsewhere'),
    schema_version: column('integer', 'Version of the shape the event was written in'),
  },
  primaryKey: ['position'],
  indexes: [{ columns: ['stream', 'revision'] }, { columns: ['command_id'] }, { columns: ['person', 'position'] }],
};
