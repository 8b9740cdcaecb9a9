import type { Change } from './definition.js';
import type { CellText } from './sql-text.js';
import { STILL_KNOWN_TEXT, type TablePlan } from './table-plan.js';

/** A row of an earlier batch that this batch closes. */
export interface Closing {
  /** Cells of the primary key. */
  readonly key: readonly string[];
  readonly knownTo: string;
}

/** What one batch does to one table. A row inserted and closed in the same batch is kept once, already closed. */
export class BatchRows {
  readonly rows: CellText[][] = [];
  readonly #closings = new Map<string, Closing>();
  /** Where the rows with a key are; filled only when something is closed, which most batches do not do. */
  readonly #places = new Map<string, number>();
  #placed = 0;

  constructor(readonly plan: TablePlan) {}

  get closings(): readonly Closing[] {
    return [...this.#closings.values()];
  }

  /** @throws Error when the row does not fit, or the row to close was closed before in the same batch */
  add(change: Change): void {
    if (change.op === 'insert') this.rows.push(this.plan.encode(change.row));
    else this.#close(this.plan.encodeKey(change.key), change.knownTo.toString());
  }

  #close(key: readonly string[], knownTo: string): void {
    const { plan } = this;
    if (plan.knownTo < 0) throw new Error(`table ${plan.name} has no known_to: its rows cannot be closed`);
    const text = joined(key);
    const row = this.#find(text);
    if (row === undefined) {
      if (this.#closings.has(text)) throw alreadyClosed(plan, key);
      this.#closings.set(text, { key, knownTo });
      return;
    }
    if (row[plan.knownTo] !== STILL_KNOWN_TEXT) throw alreadyClosed(plan, key);
    row[plan.knownTo] = knownTo;
  }

  #find(text: string): CellText[] | undefined {
    for (; this.#placed < this.rows.length; this.#placed += 1) {
      const row = this.rows[this.#placed] ?? [];
      this.#places.set(joined(this.plan.key.map((index) => row[index] ?? '')), this.#placed);
    }
    const place = this.#places.get(text);
    return place === undefined ? undefined : this.rows[place];
  }
}

/** No cell holds a NUL, so that different keys cannot give the same text. */
function joined(key: readonly string[]): string {
  return key.join('\0');
}

function alreadyClosed(plan: TablePlan, key: readonly string[]): Error {
  return new Error(`table ${plan.name}: the row (${key.join(', ')}) is closed already`);
}
