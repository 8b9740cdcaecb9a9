import type { Change, Row } from './definition.js';
import { joinedKey, STILL_KNOWN_TEXT, type TablePlan } from './table-plan.js';

/** A row of an earlier batch that this batch closes. */
export interface Closing {
  /** Cells of the primary key. */
  readonly key: readonly string[];
  readonly knownTo: string;
  /** It may be that no such row is open. */
  readonly ifOpen: boolean;
}

/**
 * What one batch does to one table. A row inserted and closed in the same batch is kept once, already closed. Rows are
 * kept as the text that COPY takes: a batch of a rebuild has ten thousands of them, and cells each an object of its own
 * cost the garbage collector more than everything else.
 */
export class BatchRows {
  readonly #lines: string[] = [];
  readonly #keys: string[] = [];
  readonly #knownTo: string[] = [];
  readonly #closings = new Map<string, Closing>();
  /** Where the rows with a key are; filled only when something is closed, which most batches do not do. */
  readonly #places = new Map<string, number>();
  #placed = 0;

  /** `erased`: subjects of whom nothing personal is kept any more, as of the event at hand. */
  constructor(
    readonly plan: TablePlan,
    private readonly erased: ReadonlySet<string>,
  ) {}

  /** Rows to insert. */
  get size(): number {
    return this.#lines.length;
  }

  get closings(): readonly Closing[] {
    return [...this.#closings.values()];
  }

  /** The rows to insert as lines of COPY's text format, in the order of the plan's `copied` columns. */
  *lines(): Generator<string> {
    const closable = this.plan.knownTo >= 0;
    for (const [index, line] of this.#lines.entries()) {
      yield closable ? `${line}\t${this.#knownTo[index]}\n` : `${line}\n`;
    }
  }

  /** @throws Error when the row does not fit, or the row to close was closed before in the same batch */
  add(change: Change): void {
    if (change.op === 'insert') this.#insert(change.row);
    else {
      const { key, knownTo, ifOpen = false } = change;
      this.#close({ key: this.plan.encodeKey(key), knownTo: knownTo.toString(), ifOpen });
    }
  }

  #insert(row: Row): void {
    const { plan } = this;
    this.#lines.push(plan.encode(plan.withoutErased(row, this.erased)));
    if (plan.knownTo < 0) return;
    this.#keys.push(plan.keyOf(row));
    this.#knownTo.push(plan.knownToOf(row));
  }

  #close(closing: Closing): void {
    const { plan } = this;
    const { key, knownTo, ifOpen } = closing;
    if (plan.knownTo < 0) throw new Error(`table ${plan.name} has no known_to: its rows cannot be closed`);
    const text = joinedKey(key);
    const place = this.#find(text);
    if (place === undefined) {
      if (!this.#closings.has(text)) this.#closings.set(text, closing);
      else if (!ifOpen) throw alreadyClosed(plan, key);
      return;
    }
    if (this.#knownTo[place] === STILL_KNOWN_TEXT) this.#knownTo[place] = knownTo;
    else if (!ifOpen) throw alreadyClosed(plan, key);
  }

  #find(text: string): number | undefined {
    for (; this.#placed < this.#keys.length; this.#placed += 1) {
      this.#places.set(this.#keys[this.#placed] ?? '', this.#placed);
    }
    return this.#places.get(text);
  }
}

function alreadyClosed(plan: TablePlan, key: readonly string[]): Error {
  return new Error(`table ${plan.name}: the row (${key.join(', ')}) is closed already`);
}
