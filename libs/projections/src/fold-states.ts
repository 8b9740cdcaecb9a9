import type { ClientBase } from 'pg';
import type { FoldProjection } from './definition.js';
import { arrayText, quoteName } from './sql-text.js';

interface Entry {
  state: unknown;
  /** Whether the table of states holds the key. */
  stored: boolean;
  /** Changed by the batch being prepared. */
  dirty: boolean;
  /** Last written batch that looked at it: not let go before that batch is committed. */
  batch: number;
}

/** Keys and states as JSON text, side by side. */
export interface StateTexts {
  readonly keys: string[];
  readonly states: string[];
}

/** States that one batch leaves behind: of keys never stored before, and of known ones. */
export interface StateChanges {
  readonly table: string;
  readonly added: StateTexts;
  readonly changed: StateTexts;
}

export function stateTable(projection: string): string {
  return `_state_${projection}`;
}

/** The states of one fold: a cache over its table, or all of them when the fold is resident. */
export class FoldStates {
  readonly table: string;
  readonly #entries = new Map<string, Entry>();
  #dirty: string[] = [];
  /** Everything that is stored is in memory: what is not here does not exist. */
  #complete: boolean;
  #batch = 0;

  constructor(
    readonly fold: FoldProjection,
    private readonly options: { readonly schema: string; readonly empty: boolean; readonly most: number },
  ) {
    this.table = stateTable(fold.name);
    this.#complete = options.empty;
  }

  /** Makes sure that the states of these keys, or all of a resident fold, are at hand: one query at most. */
  async load(keys: ReadonlySet<string>, db: ClientBase): Promise<void> {
    for (const key of keys) this.#use(key);
    if (this.#complete) return;
    const select = `select key, state from ${quoteName(this.options.schema)}.${quoteName(this.table)}`;
    if (this.fold.resident === true) {
      this.#take((await db.query<{ key: string; state: string }>(select)).rows);
      this.#complete = true;
      return;
    }
    const missing = [...keys].filter((key) => !this.#entries.has(key));
    if (missing.length === 0) return;
    const values = [arrayText(missing)];
    const found = await db.query<{ key: string; state: string }>(`${select} where key = any($1::text[])`, values);
    this.#take(found.rows);
  }

  /** Entries stand in the order of their last use. */
  #use(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined || this.fold.resident === true) return;
    entry.batch = this.#batch;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
  }

  #take(rows: readonly { key: string; state: string }[]): void {
    for (const { key, state } of rows) {
      this.#entries.set(key, { state: JSON.parse(state), stored: true, dirty: false, batch: this.#batch });
    }
  }

  /** The state of a key as it is now; the initial one for a new key. */
  current(key: string): unknown {
    return this.#entry(key).state;
  }

  /**
   * The state of a key that events have made; undefined for a key that none has.
   * @throws Error for a key of which nobody can tell, because nothing loaded it
   */
  known(key: string): unknown {
    const entry = this.#entries.get(key);
    if (entry === undefined && !this.#complete) {
      throw new Error(`the fold ${this.fold.name} is not resident, and no event at hand belongs to ${key}`);
    }
    return entry !== undefined && (entry.stored || entry.dirty) ? entry.state : undefined;
  }

  change(key: string, state: unknown): void {
    if (state === undefined) throw new TypeError(`the fold ${this.fold.name} gave no state`);
    const entry = this.#entry(key);
    if (entry.state === state) return;
    entry.state = state;
    if (entry.dirty) return;
    entry.dirty = true;
    this.#dirty.push(key);
  }

  #entry(key: string): Entry {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const entry = { state: this.fold.initialState(key), stored: false, dirty: false, batch: this.#batch };
    this.#entries.set(key, entry);
    return entry;
  }

  /** What the batch changed. From here on it counts as stored; when it is not, `forget` must be called. */
  takeChanges(): StateChanges {
    const added: StateTexts = { keys: [], states: [] };
    const changed: StateTexts = { keys: [], states: [] };
    for (const key of this.#dirty) {
      const entry = this.#entry(key);
      const texts = entry.stored ? changed : added;
      texts.keys.push(key);
      texts.states.push(JSON.stringify(entry.state));
      entry.stored = true;
      entry.dirty = false;
    }
    this.#dirty = [];
    this.#batch += 1;
    return { table: this.table, added, changed };
  }

  /** Lets go of the states longest not used when there are too many; `outstanding` batches are not committed yet. */
  trim(outstanding: number): void {
    if (this.fold.resident === true || this.#entries.size <= this.options.most) return;
    const target = Math.floor(this.options.most / 2);
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= target) break;
      if (entry.batch < this.#batch - outstanding) this.#entries.delete(key);
    }
    this.#complete = false;
  }

  /** After a rollback: memory may hold what the tables do not. */
  forget(): void {
    this.#entries.clear();
    this.#dirty = [];
    this.#complete = false;
  }
}
