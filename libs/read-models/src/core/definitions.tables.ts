import type { TableDefinition } from '@voronka/projections';
import { column, known, optional } from './columns.js';

const source = { event_id: column('uuid', 'Event that this row comes from') };

export const calendars: TableDefinition = {
  name: 'calendars',
  comment: 'The working calendar of the company, as known in an interval of the log',
  columns: {
    calendar_id: column('text', 'Calendar'),
    version: column('integer', 'Version, from 1'),
    calendar: column('jsonb', 'Weekly hours, and the days that differ'),
    ...source,
    ...known,
  },
  primaryKey: ['calendar_id', 'known_from'],
};

export const indicatorVersions: TableDefinition = {
  name: 'indicator_versions',
  comment: 'One row per version of an indicator',
  columns: {
    code: column('text', 'Code of the indicator'),
    version: column('integer', 'Version, from 1'),
    effective_from: optional('date', 'First day of the periods it holds for; empty: from the beginning of time'),
    definition: column('jsonb', 'The definition: measure, filters, credit'),
    ...source,
    ...known,
  },
  primaryKey: ['code', 'version', 'known_from'],
};

export const indicators: TableDefinition = {
  name: 'indicators',
  comment: 'One row per indicator, as known in an interval of the log',
  columns: {
    code: column('text', 'Code of the indicator'),
    name_ru: column('text', 'Name in Russian'),
    name_en: column('text', 'Name in English'),
    measure: column('text', 'What it counts'),
    unit: column('text', 'Unit of its figures'),
    retired: column('boolean', 'Nothing new is built on it'),
    ...source,
    ...known,
  },
  primaryKey: ['code', 'known_from'],
};
