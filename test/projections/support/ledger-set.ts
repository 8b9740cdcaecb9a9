import type { Recorded } from '@voronka/kernel';
import type { Change, ProjectionSet, RowsProjection, TableDefinition } from '@voronka/projections';
import { parcelEvent } from './parcel-set.js';

/** One table whose events say themselves what to insert and close, and when to fail. */
export const entries: TableDefinition = {
  name: 'entries',
  comment: 'One row per entry',
  columns: {
    entry_id: { type: 'text', comment: 'Entry' },
    amount: { type: 'integer', comment: 'Amount' },
    known_from: { type: 'bigint', comment: 'Position of its event' },
    known_to: { type: 'bigint', comment: 'Position that closed it' },
  },
  primaryKey: ['entry_id'],
};

export interface EntryData {
  readonly insert?: readonly { readonly id: string; readonly amount: number }[];
  readonly close?: readonly string[];
  readonly fail?: string;
}

const ledger: RowsProjection = {
  kind: 'rows',
  name: 'ledger',
  tables: [entries],
  on: {
    Entered: (event) => {
      const { insert = [], close = [], fail } = event.data as EntryData;
      if (fail !== undefined) throw new Error(fail);
      const inserts = insert.map(({ id, amount }): Change => {
        return { op: 'insert', table: 'entries', row: { entry_id: id, amount, known_from: event.position } };
      });
      const closes = close.map((id): Change => {
        return { op: 'close', table: 'entries', key: { entry_id: id }, knownTo: event.position };
      });
      return [...inserts, ...closes];
    },
  },
};

export const ledgerSet: ProjectionSet = { name: 'ledger', version: 1, projections: [ledger] };

/** An event at position `index` × 100 + 7. */
export function entered(index: number, data: EntryData): Recorded {
  return parcelEvent(index, 'Entered', 'ledger-1', data);
}

/** Events that each insert one entry, `from` up to but not including `to`. */
export function entriesFrom(from: number, to: number): Recorded[] {
  return Array.from({ length: to - from }, (_, at) => {
    return entered(from + at, { insert: [{ id: `e${from + at}`, amount: from + at }] });
  });
}
