import type { QueryContext } from './context.js';
import { assignedSql, type Members, type MembersCut } from './members.js';
import type { SliceName } from './slices.js';
import { Statement } from './sql.js';

/** Most rows that are given whether anything counts in them or not: past it only those with something counted are. */
const MOST_FILLED = 5_000;
/** Most combinations that are looked at for the possible ones. */
const MOST_TRIED = 200_000;

type Values = (string | null)[];

/** One value of each slice, for rows of zero; `all` is false where there are too many. */
export interface Combinations {
  readonly values: readonly Values[];
  readonly all: boolean;
}

/**
 * The values that rows of zero are given for. Of one slice its members. Of several every combination of them that is
 * possible: a person with the departments he was in, a product with its own line, a step with its kind. A slice without
 * a list of its own (sources …) is combined by the values that were counted.
 * @param counted values of the rows with facts; `periods` is how many rows each combination has
 */
export async function combinationsOf(
  context: QueryContext,
  {
    slices,
    members,
    cut,
  }: { readonly slices: readonly SliceName[]; readonly members: readonly Members[]; readonly cut: MembersCut },
  { counted, periods }: { readonly counted: readonly Values[]; readonly periods: number },
): Promise<Combinations> {
  if (slices.length === 0) return { values: [[]], all: true };
  const listed = members.map((some) => [...some.values()].filter((one) => one.listed).map(({ value }) => value));
  if (slices.length === 1) return { values: (listed[0] ?? []).map((value) => [value]), all: true };
  const lists = listed.map((values, at): Values => (values.length > 0 ? values : seen(counted, at)));
  if (lists.reduce((product, { length }) => product * length, 1) > MOST_TRIED) return { values: [], all: false };
  let values: Values[] = [[]];
  for (const [at, list] of lists.entries()) {
    values = values.flatMap((before) => list.map((value) => [...before, value]));
    for (const [earlier, other] of slices.slice(0, at).entries()) {
      const possible = await possiblePairs(context, [other, slices[at] ?? other], cut);
      if (possible === undefined) continue;
      values = values.filter((one) => possible.has(pairKey(one[earlier] ?? null, one[at] ?? null)));
    }
  }
  return values.length * periods > MOST_FILLED ? { values: [], all: false } : { values, all: true };
}

/** With nothing seen, the row of no value: whoever has no facts has a row all the same. */
function seen(counted: readonly Values[], at: number): Values {
  const values = [...new Set(counted.map((row) => row[at] ?? null))];
  return values.length === 0 ? [null] : values;
}

const pairKey = (one: string | null, other: string | null): string => JSON.stringify([one, other]);

/** Pairs of values of two slices of which one says something about the other; undefined where neither does. */
async function possiblePairs(
  context: QueryContext,
  [first, second]: readonly [SliceName, SliceName],
  cut: MembersCut,
): Promise<ReadonlySet<string> | undefined> {
  const statement = new Statement(context);
  const straight = pairsSql(statement, first, second, cut);
  const text = straight ?? pairsSql(statement, second, first, cut);
  if (text === undefined) return undefined;
  const rows = await statement.rows<{ a: string; b: string }>(text);
  return new Set(rows.map(({ a, b }) => (straight === undefined ? pairKey(b, a) : pairKey(a, b))));
}

function pairsSql(statement: Statement, one: SliceName, other: SliceName, cut: MembersCut): string | undefined {
  const pairs = (columns: string, table: string): string =>
    `SELECT DISTINCT ${columns} FROM ${table} a WHERE ${statement.known('a')}`;
  switch (`${one} ${other}`) {
    case 'employee department':
    case 'performer department':
    case 'owner department':
      return `${pairs('a.employee_id AS a, a.department_id AS b', 'employee_assignments')} ${assignedSql(statement, cut)}`;
    case 'product productLine':
      return pairs('a.product_id AS a, a.line AS b', 'products');
    case 'step stepKind':
      return pairs('a.step AS a, a.kind AS b', 'route_map_steps');
    case 'step routeMap':
      return pairs('a.step AS a, a.route_map_id AS b', 'route_map_steps');
    case 'stepKind routeMap':
      return pairs('a.kind AS a, a.route_map_id AS b', 'route_map_steps');
    case 'routeMapVersion routeMap':
      return pairs('a.version::text AS a, a.route_map_id AS b', 'route_maps');
    default:
      return undefined;
  }
}
