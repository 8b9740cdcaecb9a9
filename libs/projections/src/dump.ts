import { text } from 'node:stream/consumers';
import type { Pool } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { activeBuild } from './control.js';
import type { ProjectionSet } from './definition.js';
import { SetNotBuiltError } from './errors.js';
import { stateTable } from './fold-states.js';
import { planSet } from './set-plan.js';
import { quoteName } from './sql-text.js';

/**
 * Every table of a set as text, states of folds included, rows in the order of their keys: equal contents give equal
 * text. Of the active build unless a schema is named. Holds everything in memory.
 * @throws SetNotBuiltError
 */
export async function dumpSet(pool: Pool, set: ProjectionSet, schema?: string): Promise<string> {
  const plan = planSet(set);
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query('begin isolation level repeatable read read only');
    const source = schema ?? (await activeBuild(client, set.name))?.schema;
    if (source === undefined) throw new SetNotBuiltError(set.name);
    await client.query(`set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'`);
    const parts: string[] = [];
    const dump = async (table: string, columns: readonly string[], order: readonly string[]): Promise<void> => {
      const from = `${quoteName(source)}.${quoteName(table)}`;
      const query = `select ${columns.map(quoteName).join(', ')} from ${from} order by ${order.join(', ')}`;
      const rows = await text(client.query(copyTo(`copy (${query}) to stdout`)));
      parts.push(`# ${table} (${columns.join(', ')})\n${rows}`);
    };
    for (const { name, definition, columns } of plan.tables.values()) {
      const order = definition.primaryKey.map((key) =>
        definition.columns[key]?.type === 'text' ? `${quoteName(key)} collate "C"` : quoteName(key),
      );
      await dump(
        name,
        columns.map((column) => column.name),
        order,
      );
    }
    for (const fold of plan.folds) await dump(stateTable(fold.name), ['key', 'state'], ['key collate "C"']);
    await client.query('commit');
    broken = false;
    return parts.join('\n');
  } finally {
    // After a failure in the middle of a COPY the connection is of no more use.
    client.release(broken);
  }
}
