import type { ColumnDefinition, ColumnType } from '@voronka/projections';

export const column = (type: ColumnType, comment: string): ColumnDefinition => ({ type, comment });
export const optional = (type: ColumnType, comment: string): ColumnDefinition => ({ type, nullable: true, comment });

/** When a row was believed: [known_from, known_to) in log positions. As of K: known_from <= K < known_to. */
export const known = {
  known_from: column('bigint', 'Position of the event from which on this row was known'),
  known_to: column('bigint', 'Position of the event that closed this row; the largest bigint while it stands'),
} as const;

/** When a fact was true in business: [valid_from, valid_to); open ends are -infinity and infinity. */
export const valid = {
  valid_from: column('timestamptz', 'From when it holds in business'),
  valid_to: column('timestamptz', 'Until when it holds in business, exclusive; infinity while it goes on'),
} as const;

/** Source of a fact: the event, its two times and its place in the log. */
export const evidence = {
  event_id: column('uuid', 'Event that this row comes from'),
  position: column('bigint', 'Position of that event in the log'),
  occurred_at: column('timestamptz', 'When it happened in business'),
  recorded_at: column('timestamptz', 'When the log learned of it'),
  local_date: column('date', 'Date of occurred_at in the company zone'),
} as const;
