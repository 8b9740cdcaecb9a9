import {
  type CellValue,
  type ColumnDefinition,
  type ColumnType,
  type Digest,
  type Row,
  STILL_KNOWN,
  type TableDefinition,
} from './definition.js';
import { type CellText, cellText, copyText, NULL_TEXT } from './sql-text.js';

export const KNOWN_TO = 'known_to';
export const STILL_KNOWN_TEXT = STILL_KNOWN.toString();

interface ColumnPlan extends ColumnDefinition {
  readonly name: string;
  /** Whether its text may hold what COPY has to be told otherwise. */
  readonly escaped: boolean;
}

const ESCAPED: ReadonlySet<ColumnType> = new Set<ColumnType>([
  'text',
  'jsonb',
  'text[]',
  'date',
  'timestamptz',
  'uuid',
]);

/** Key cells as one text. No cell holds a NUL, so that different keys cannot give the same text. */
export function joinedKey(cells: readonly string[]): string {
  return cells.join('\0');
}

/** A table definition worked out once: how its rows become text and how they are told apart. */
export class TablePlan {
  readonly columns: readonly ColumnPlan[];
  /** Index of `known_to` among the columns; -1 when rows of the table are never closed. */
  readonly knownTo: number;
  /** Indexes of the primary key's columns, in its order. */
  readonly key: readonly number[];
  /** Names of the columns in the order of an encoded row: as defined, `known_to` at the end. */
  readonly copied: readonly string[];
  readonly #copied: readonly ColumnPlan[];
  readonly #keyColumns: readonly ColumnPlan[];
  /** Used for one row after the other. */
  readonly #cells: string[] = [];

  /** @throws Error naming the table for a definition that cannot work */
  constructor(
    readonly definition: TableDefinition,
    private readonly digest: Digest | null = null,
  ) {
    this.columns = Object.entries(definition.columns).map(([name, column]) => ({
      name,
      ...column,
      escaped: ESCAPED.has(column.type),
    }));
    this.knownTo = this.columns.findIndex(({ name }) => name === KNOWN_TO);
    this.key = definition.primaryKey.map((name) => this.columns.findIndex((column) => column.name === name));
    this.#copied = this.columns.filter(({ name }) => name !== KNOWN_TO);
    this.copied = [...this.#copied.map(({ name }) => name), ...(this.knownTo < 0 ? [] : [KNOWN_TO])];
    this.#check();
    this.#keyColumns = this.key.map((index) => this.#column(index));
  }

  get name(): string {
    return this.definition.name;
  }

  /**
   * A row as a line of COPY's text format, in the order of `copied`; how long it is known is left to the end of the
   * line, because a later event of the same batch may still say.
   * @throws TypeError naming the column for a row that does not fit
   */
  encode(row: Row): string {
    const cells = this.#cells;
    let given = 0;
    let index = 0;
    for (const column of this.#copied) {
      const value = row[column.name];
      if (value !== undefined) given += 1;
      const cell = this.#cell(column, value);
      cells[index] = column.escaped ? copyText(cell) : (cell ?? NULL_TEXT);
      index += 1;
    }
    if (this.knownTo >= 0 && row[KNOWN_TO] !== undefined) given += 1;
    this.#refuseStrangers(row, given);
    return cells.join('\t');
  }

  /** Until when a new row is known. @throws TypeError when it does not fit */
  knownToOf(row: Row): string {
    return this.#cell(this.#column(this.knownTo), row[KNOWN_TO]) ?? STILL_KNOWN_TEXT;
  }

  /** The row as it is kept when its subject may be among the erased: without its personal cells if it is. */
  withoutErased(row: Row, erased: ReadonlySet<string>): Row {
    const { personal } = this.definition;
    if (personal === undefined || erased.size === 0) return row;
    const id = row[personal.id];
    if (typeof id !== 'string' || !erased.has(`${personal.category}-${id}`)) return row;
    return { ...row, ...Object.fromEntries(personal.columns.map((name) => [name, null])) };
  }

  /** The primary key of a row as one text. Call it after `encode`, which says what is wrong with the row. */
  keyOf(row: Row): string {
    let key = '';
    for (const [at, column] of this.#keyColumns.entries()) {
      const cell = this.#cell(column, row[column.name]) ?? '';
      key = at === 0 ? cell : `${key}\0${cell}`;
    }
    return key;
  }

  /** The cells of the primary key, in its order. @throws TypeError for a key that does not fit */
  encodeKey(row: Row): string[] {
    const cells: string[] = [];
    for (const column of this.#keyColumns) {
      const text = this.#cell(column, row[column.name]);
      if (text === null) throw new TypeError(`table ${this.name}: ${column.name} of the key is missing`);
      cells.push(text);
    }
    if (Object.keys(row).length !== cells.length) {
      throw new TypeError(
        `table ${this.name}: a row is named by its primary key (${this.definition.primaryKey.join(', ')})`,
      );
    }
    return cells;
  }

  #cell(column: ColumnPlan, value: CellValue | undefined): CellText {
    if (value === undefined && column.name === KNOWN_TO) return STILL_KNOWN_TEXT;
    if (value === undefined || value === null) {
      if (column.nullable === true) return null;
      throw new TypeError(`table ${this.name}: column ${column.name} is missing`);
    }
    try {
      return cellText(column.keyed === true ? this.#hashed(value) : value, column.type);
    } catch (error) {
      throw new TypeError(`table ${this.name}, column ${column.name}: ${(error as Error).message}`, { cause: error });
    }
  }

  #hashed(value: CellValue): CellValue {
    const { digest } = this;
    return digest === null || !Array.isArray(value) ? null : value.map((text) => digest(String(text)));
  }

  #refuseStrangers(row: Row, given: number): void {
    let present = 0;
    for (const name in row) if (row[name] !== undefined) present += 1;
    if (present === given) return;
    const strangers = Object.keys(row).filter(
      (name) => row[name] !== undefined && !Object.hasOwn(this.definition.columns, name),
    );
    throw new TypeError(`table ${this.name} has no column ${strangers.join(', ')}`);
  }

  #column(index: number): ColumnPlan {
    const column = this.columns[index];
    if (column === undefined) throw new Error(`table ${this.name}: no column ${index}`);
    return column;
  }

  #check(): void {
    const { name, primaryKey } = this.definition;
    if (!isSqlName(name) || name.startsWith('_')) throw this.#wrong('a name is snake_case and begins with a letter');
    for (const column of this.columns) {
      if (!isSqlName(column.name)) throw this.#wrong(`"${column.name}" is not snake_case`);
    }
    const knownTo = this.columns[this.knownTo];
    if (knownTo !== undefined && (knownTo.type !== 'bigint' || knownTo.nullable === true)) {
      throw this.#wrong('known_to is a bigint and never null');
    }
    if (primaryKey.length === 0) throw this.#wrong('a primary key is needed');
    for (const key of primaryKey) this.#checkKey(key);
    this.#checkPersonal();
    this.#checkKeyed();
  }

  #checkPersonal(): void {
    const { personal, columns, primaryKey } = this.definition;
    if (personal === undefined) return;
    if (columns[personal.id]?.type !== 'text') throw this.#wrong(`the subject's column ${personal.id} is no text`);
    for (const name of personal.columns) {
      if (columns[name]?.nullable !== true || primaryKey.includes(name) || name === personal.id) {
        throw this.#wrong(`${name} cannot be blanked: a personal column is nullable and no part of a key`);
      }
    }
  }

  #checkKeyed(): void {
    const wrong = this.columns.find(({ keyed, type, nullable }) => keyed && !(type === 'text[]' && nullable));
    if (wrong !== undefined) throw this.#wrong(`${wrong.name} is keyed: it must be a list of texts, and nullable`);
  }

  #checkKey(name: string): void {
    const column = this.definition.columns[name];
    if (column === undefined) throw this.#wrong(`the key's column ${name} is not defined`);
    // Closing a row changes known_to, and lists and documents have no one text.
    const fits = column.type !== 'jsonb' && column.type !== 'text[]' && column.nullable !== true;
    if (!fits || name === KNOWN_TO) throw this.#wrong(`${name} cannot be part of the key`);
  }

  #wrong(what: string): Error {
    return new Error(`table ${this.name}: ${what}`);
  }
}

export function isSqlName(name: string): boolean {
  return /^[a-z_][a-z0-9_]{0,50}$/.test(name);
}
