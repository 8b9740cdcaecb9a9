import type { Recorded } from '@voronka/kernel';

/** PostgreSQL types a read table may use; values travel through COPY as text. */
export type ColumnType =
  | 'text'
  | 'integer'
  | 'smallint'
  | 'bigint'
  | 'boolean'
  | 'date'
  | 'timestamptz'
  | 'uuid'
  | 'jsonb'
  | 'text[]';

export interface ColumnDefinition {
  readonly type: ColumnType;
  readonly nullable?: boolean;
  readonly comment: string;
  /**
   * Of a list of texts, keyed hashes alone are kept (see `Digest`): equal texts can be found, and nobody can read them.
   * Nullable: without a digest nothing is kept.
   */
  readonly keyed?: true;
}

/** Keyed hash of a text; the same in every program over the same stores. */
export type Digest = (text: string) => string;

/** One read table. Its rows are inserted and closed, never overwritten. */
export interface TableDefinition {
  /** snake_case; the same name in schema `read`. */
  readonly name: string;
  /** One sentence: what one row is. Becomes the table's comment. */
  readonly comment: string;
  readonly columns: Readonly<Record<string, ColumnDefinition>>;
  readonly primaryKey: readonly string[];
  /** Other indexes, each a list of columns (or of expressions), optionally partial or covering. */
  readonly indexes?: readonly IndexDefinition[];
  /** Cells that say something personal; blanked, in closed rows too, when their subject is erased. */
  readonly personal?: PersonalCells;
}

/** Which cells of a row are personal, and of whom: the subject is `<category>-<value of the id column>`. */
export interface PersonalCells {
  readonly category: string;
  /** Name of the column with the subject's id; a row without an id belongs to nobody who could be erased. */
  readonly id: string;
  /** Nullable columns, none of the key. */
  readonly columns: readonly string[];
}

export interface IndexDefinition {
  readonly columns: readonly string[];
  readonly include?: readonly string[];
  readonly where?: string;
}

export type CellValue = string | number | bigint | boolean | null | readonly string[] | object;
export type Row = Readonly<Record<string, CellValue>>;

/** `known_to` of a row that is still believed: the largest bigint. */
export const STILL_KNOWN = 9_223_372_036_854_775_807n;

/**
 * What a handler asks for. `close` sets `known_to` of the row with this primary key to the event's position. That the row
 * is not there or is closed already is a defect, unless `ifOpen` says that it may be so.
 */
export type Change =
  | { readonly op: 'insert'; readonly table: string; readonly row: Row }
  | {
      readonly op: 'close';
      readonly table: string;
      readonly key: Row;
      readonly knownTo: bigint;
      readonly ifOpen?: true;
    };

/** Each event gives rows by itself. */
export interface RowsProjection {
  readonly kind: 'rows';
  readonly name: string;
  readonly tables: readonly TableDefinition[];
  readonly on: Readonly<Record<string, (event: Recorded, look: Lookup) => readonly Change[]>>;
}

/**
 * Rows depend on earlier events of the same key. The state is JSON (no bigint, Map or undefined members) and is
 * stored with the rows in one transaction, so that the result does not depend on where batches end.
 */
export interface FoldProjection<State = unknown> {
  readonly kind: 'fold';
  readonly name: string;
  readonly tables: readonly TableDefinition[];
  /** Key of the state that an event belongs to; null: the event does not concern this projection. */
  readonly key: (event: Recorded) => string | null;
  readonly initialState: (key: string) => State;
  /**
   * Events of other things that concern states of this fold: which, a fold before this one knows. Every event that
   * makes that fold name another key must itself belong to that key here.
   */
  readonly through?: Through;
  /** Must not change `state` in place. `key` is that of the state. */
  readonly on: Readonly<
    Record<
      string,
      (state: State, event: Recorded, look: Lookup, key: string) => { state: State; changes: readonly Change[] }
    >
  >;
  /** All states are held in memory and offered to the projections after this one (few keys only). */
  readonly resident?: boolean;
}

/** How an event of one thing finds the others that it concerns: through the state that it belongs to in a fold. */
export interface Through {
  readonly fold: string;
  /** Names of the events; handled by both folds, and without a `key` of this one. */
  readonly events: readonly string[];
  readonly keys: (state: unknown) => readonly string[];
}

export type Projection = RowsProjection | FoldProjection;

/**
 * Reads the states of resident folds of the same set, as they are at the event being handled; of another fold only the
 * state that the event belongs to there.
 */
export type Lookup = <State>(projection: string, key: string) => State | undefined;

/** Tables that are joined belong together: one reader, one checkpoint, one version, one swap. */
export interface ProjectionSet {
  /** snake_case; tables live in schema `<name>_v<N>`. */
  readonly name: string;
  /** Raised by hand when tables or handlers change meaning; a new version is built by a rebuild. */
  readonly version: number;
  /** In the order they see each event. */
  readonly projections: readonly Projection[];
  /**
   * Other readings of the set: in each, names of tables stand for other tables of the set, so that the same queries are
   * asked of those. Name of the reading → name in it → name of the table.
   */
  readonly variants?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Names of the events that erase a subject, each with how to tell whom: needed where a table holds personal cells. */
  readonly erasures?: Readonly<Record<string, (event: Recorded) => string>>;
}

/** Keeps the types of one fold while it is written, and forgets them in the set. */
export function defineFold<State>(projection: FoldProjection<State>): FoldProjection {
  return projection as unknown as FoldProjection;
}
