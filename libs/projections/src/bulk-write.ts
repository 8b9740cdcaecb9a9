import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { BatchRows, Closing } from './batch-rows.js';
import type { StateChanges, StateTexts } from './fold-states.js';
import { arrayText, copyText, quoteName } from './sql-text.js';
import { KNOWN_TO, STILL_KNOWN_TEXT, type TablePlan } from './table-plan.js';

/** From this many states on, COPY is cheaper than a prepared insert. */
const COPY_FROM_ROWS = 100;
const CHUNK_CHARACTERS = 256 * 1024;

/** Closes the rows that stood before the batch. @throws Error when one that must be open is not there or is closed already */
export async function closeRows(db: ClientBase, schema: string, batch: BatchRows): Promise<void> {
  const { plan } = batch;
  const closings = batch.closings.filter(({ ifOpen }) => !ifOpen);
  const closed = await closeAll(db, schema, plan, closings);
  await closeAll(
    db,
    schema,
    plan,
    batch.closings.filter(({ ifOpen }) => ifOpen),
  );
  if (closed === closings.length) return;
  const which = closings.length === 1 ? `the row (${closings[0]?.key.join(', ')})` : `one of ${closings.length} rows`;
  throw new RowNotOpenError(`table ${plan.name}: ${which} to be closed is not there or is closed already`);
}

async function closeAll(db: ClientBase, schema: string, plan: TablePlan, closings: readonly Closing[]) {
  if (closings.length === 0) return 0;
  const { rowCount } = await db.query({ ...closingQuery(schema, plan), values: closingValues(plan, closings) });
  return rowCount;
}

/** An event of the batch closes what is not open. Which one shows when the batch is taken in parts. */
export class RowNotOpenError extends Error {
  override readonly name = 'RowNotOpenError';
}

function closingQuery(schema: string, plan: TablePlan): { name: string; text: string } {
  const { relation, matches } = closedKeys(plan);
  const text = `update ${quoteName(schema)}.${quoteName(plan.name)} as t set known_to = u.known_to
    from ${relation}
    where ${matches} and t.known_to = ${STILL_KNOWN_TEXT}`;
  return { name: statementName('c', schema, plan.name), text };
}

function closingValues(plan: TablePlan, closings: readonly Closing[]): string[] {
  const keys = plan.key.map((_, at) => arrayText(closings.map(({ key }) => key[at] ?? null)));
  return [arrayText(closings.map(({ knownTo }) => knownTo)), ...keys];
}

/** Writes new rows, many or few, by COPY; into a table of another name where one is given. */
export async function insertRows(
  db: ClientBase,
  schema: string,
  batch: BatchRows,
  table: string = batch.plan.name,
): Promise<void> {
  if (batch.size === 0) return;
  const names = batch.plan.copied.map(quoteName).join(', ');
  await copy(db, `copy ${quoteName(schema)}.${quoteName(table)} (${names}) from stdin`, batch.lines());
}

/** The keys of closings as a relation `u (known_to, k0, k1 …)` over the parameters `closingValues` gives. */
function closedKeys(plan: TablePlan): { readonly relation: string; readonly matches: string } {
  const columns = plan.key.map((index) => plan.columns[index]);
  const casts = columns.map((column, at) => `k${at}::${column?.type} as k${at}`);
  const parameters = columns.map((_, at) => `$${at + 2}::text[]`);
  const aliases = columns.map((_, at) => `k${at}`);
  const matches = columns.map((column, at) => `t.${quoteName(column?.name ?? '')} = u.k${at}`);
  const relation = `(select known_to::bigint as known_to, ${casts.join(', ')}
          from unnest($1::text[], ${parameters.join(', ')}) as v (known_to, ${aliases.join(', ')})) as u`;
  return { relation, matches: matches.join(' and ') };
}

/** Copies the rows that a batch closes into another table, closed; those they stand for stay as they are. */
export async function copyClosed(db: ClientBase, schema: string, batch: BatchRows, target: string): Promise<void> {
  const { plan, closings } = batch;
  if (closings.length === 0) return;
  const { relation, matches } = closedKeys(plan);
  const names = plan.copied.map(quoteName).join(', ');
  const cells = plan.copied.map((name) => (name === KNOWN_TO ? 'u.known_to' : `t.${quoteName(name)}`)).join(', ');
  const text = `insert into ${target} (${names}) select ${cells}
    from ${quoteName(schema)}.${quoteName(plan.name)} as t join ${relation} on ${matches}
    where t.known_to = ${STILL_KNOWN_TEXT}`;
  await db.query(text, closingValues(plan, closings));
}

/** Writes the states that a batch leaves behind. */
export async function writeStates(db: ClientBase, schema: string, { table, ...changes }: StateChanges): Promise<void> {
  const target = `${quoteName(schema)}.${quoteName(table)}`;
  const { added, changed } = changes;
  if (added.keys.length >= COPY_FROM_ROWS) {
    await copy(db, `copy ${target} (key, state) from stdin`, pairs(added));
  } else if (added.keys.length > 0) {
    await db.query({
      name: statementName('a', schema, table),
      text: `insert into ${target} (key, state) select key, state from unnest($1::text[], $2::text[]) as v (key, state)`,
      values: [arrayText(added.keys), arrayText(added.states)],
    });
  }
  if (changed.keys.length >= COPY_FROM_ROWS) await copyChanged(db, target, changed);
  else if (changed.keys.length > 0) {
    await db.query({
      name: statementName('u', schema, table),
      text: `update ${target} as t set state = v.state
        from unnest($1::text[], $2::text[]) as v (key, state) where t.key = v.key`,
      values: [arrayText(changed.keys), arrayText(changed.states)],
    });
  }
}

/** Through a table of this connection: as parameters, every quote of the states would have to be escaped. */
async function copyChanged(db: ClientBase, target: string, changed: StateTexts): Promise<void> {
  await db.query('create temp table if not exists changed_states (key text, state text) on commit delete rows');
  await copy(db, 'copy pg_temp.changed_states (key, state) from stdin', pairs(changed));
  await db.query(`update ${target} as t set state = c.state from pg_temp.changed_states c where t.key = c.key`);
}

function* pairs({ keys, states }: StateTexts): Generator<string> {
  for (const [index, key] of keys.entries()) yield `${copyText(key)}\t${copyText(states[index] ?? null)}\n`;
}

async function copy(db: ClientBase, statement: string, lines: Iterable<string>): Promise<void> {
  const stream = db.query(copyFrom(statement));
  const done = finished(stream);
  // Awaited below; until then a failure must not count as nobody's.
  done.catch(() => undefined);
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    const buffer = Buffer.from(chunk, 'utf8');
    chunk = '';
    if (!stream.write(buffer)) await Promise.race([once(stream, 'drain'), done]);
    if (stream.destroyed) break;
  }
  if (!stream.destroyed) stream.end(Buffer.from(chunk, 'utf8'));
  await done;
}

/** Names of prepared statements are cut by the server at 63 bytes: a digest keeps them apart. */
function statementName(kind: string, schema: string, table: string): string {
  const name = `${kind}:${schema}.${table}`;
  if (name.length <= 60) return name;
  return `${name.slice(0, 44)}:${createHash('sha1').update(name).digest('hex').slice(0, 15)}`;
}
