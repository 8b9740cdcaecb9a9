import { type Change, type Row, STILL_KNOWN, type TableDefinition } from '@voronka/projections';

/** A row as the state of a small fold remembers it: JSON, without the columns of knowledge. */
export type PlainRow = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export interface KnownRow {
  readonly row: PlainRow;
  /** Position from which it is known, as decimal text. */
  readonly from: string;
}

/** The row as it goes into its table. */
export function insertion(table: TableDefinition, row: Row, position: bigint): Change {
  return { op: 'insert', table: table.name, row: { ...row, known_from: position, known_to: STILL_KNOWN } };
}

/** Closes the row with these key columns that is known since `from`. */
export function closing(table: TableDefinition, key: Row, from: string, position: bigint): Change {
  return { op: 'close', table: table.name, key: { ...key, known_from: BigInt(from) }, knownTo: position };
}

/**
 * What an event changes in the rows of one key: rows that are no longer so are closed, new ones are inserted, the
 * others stay known since when they were.
 */
export function replaceRows(
  table: TableDefinition,
  before: readonly KnownRow[],
  after: readonly PlainRow[],
  position: bigint,
): { rows: KnownRow[]; changes: Change[] } {
  const changes: Change[] = [];
  const stay = new Map(before.map((known) => [textOf(known.row), known]));
  const rows: KnownRow[] = [];
  const fresh: PlainRow[] = [];
  for (const row of after) {
    const text = textOf(row);
    const known = stay.get(text);
    if (known === undefined) fresh.push(row);
    else rows.push(known);
    stay.delete(text);
  }
  for (const { row, from } of stay.values()) changes.push(closing(table, naturalKey(table, row), from, position));
  for (const row of fresh) {
    rows.push({ row, from: String(position) });
    changes.push(insertion(table, row, position));
  }
  return { rows, changes };
}

function naturalKey(table: TableDefinition, row: PlainRow): Row {
  const names = table.primaryKey.filter((name) => name !== 'known_from');
  return Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
}

function textOf(row: PlainRow): string {
  return JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
