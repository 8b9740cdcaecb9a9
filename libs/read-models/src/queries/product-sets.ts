import type { QueryContext } from './context.js';
import type { Cut } from './facts.js';
import type { GroupRow } from './layout.js';
import { isMultiValued, SET_SEPARATOR } from './slices.js';
import { Statement } from './sql.js';

/**
 * Rows come out of the database by the *set* of products of their deals, so that a deal is counted once and one count
 * serves both the rows and their total. Here a row of a set becomes one row per product, or per product line.
 */
export async function expandProducts<Row extends GroupRow>(
  context: QueryContext,
  cut: Cut,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  const at = cut.slices.findIndex(isMultiValued);
  if (at === -1) return rows;
  const lines = cut.slices.includes('productLine') ? await linesOf(context) : new Map<string, string>();
  const expansions = new Map<string | null, readonly GroupRow[]>();
  return rows.flatMap((row) => {
    const set = row[`s${at}`] ?? null;
    const cells = expansions.get(set) ?? cellsOf(cut, set, lines);
    expansions.set(set, cells);
    return cells.map((cell) => ({ ...row, ...cell }));
  });
}

async function linesOf(context: QueryContext): Promise<Map<string, string>> {
  const statement = new Statement(context);
  const text = `SELECT p.product_id AS product, p.line FROM products p WHERE ${statement.known('p')}`;
  const rows = await statement.rows<{ product: string; line: string }>(text);
  return new Map(rows.map(({ product, line }) => [product, line]));
}

/** The cells that a set stands for, each once; one of nulls if the deal has no product (or none with a line). */
function cellsOf(cut: Cut, set: string | null, lines: ReadonlyMap<string, string>): GroupRow[] {
  const products = set === null ? [null] : set.split(SET_SEPARATOR);
  const byProduct = cut.slices.includes('product');
  const cells = new Map<string, GroupRow>();
  const named = products.filter((product) => product !== null && lines.has(product));
  for (const product of byProduct || named.length === 0 ? products : named) {
    const line = product === null ? null : (lines.get(product) ?? null);
    const cell: Record<`s${number}`, string | null> = {};
    for (const [at, slice] of cut.slices.entries()) {
      if (slice === 'product') cell[`s${at}`] = product;
      if (slice === 'productLine') cell[`s${at}`] = line;
    }
    if (isAllowed(cut, cell)) cells.set(JSON.stringify(cell), cell);
  }
  return [...cells.values()];
}

/** Under a filter by the very slice only its values have rows. */
function isAllowed(cut: Cut, cell: GroupRow): boolean {
  return cut.slices.every((slice, at) => {
    const allowed = isMultiValued(slice) ? cut.filters?.[slice] : undefined;
    return allowed?.includes(cell[`s${at}`] ?? null) ?? true;
  });
}
