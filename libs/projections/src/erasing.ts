import type { ClientBase } from 'pg';
import type { Recorded } from '@voronka/kernel';
import { type Build, lockBuild, readBuilds } from './control.js';
import type { PersonalCells } from './definition.js';
import { personalCells, type SetPlan } from './set-plan.js';
import { arrayText, quoteName } from './sql-text.js';

/** Destroys the keys of erased subjects, wherever they are kept; called again and again for the same ones. */
export type EraseHook = (subjects: readonly string[]) => Promise<void>;

/** In the schema of a build whose set erases: the subjects that its rows say nothing personal about any more. */
export const ERASED_TABLE = '_erased';

/** Whom these events erase. */
export function erasedBy(plan: SetPlan, events: readonly Recorded[]): string[] {
  if (plan.erasures.size === 0) return [];
  const subjects = new Set<string>();
  for (const event of events) {
    const subject = plan.erasures.get(event.type)?.(event);
    if (subject !== undefined) subjects.add(subject);
  }
  return [...subjects];
}

export async function readErased(db: Pick<ClientBase, 'query'>, plan: SetPlan, schema: string): Promise<Set<string>> {
  if (plan.erasures.size === 0) return new Set();
  const { rows } = await db.query<{ subject: string }>(`select subject from ${quoteName(schema)}.${ERASED_TABLE}`);
  return new Set(rows.map(({ subject }) => subject));
}

/** Blanks what the rows of a build say about the subjects and remembers them, inside the caller's transaction. */
export async function eraseInBuild(
  tx: ClientBase,
  plan: SetPlan,
  schema: string,
  subjects: readonly string[],
): Promise<void> {
  if (subjects.length === 0) return;
  await tx.query(
    `insert into ${quoteName(schema)}.${ERASED_TABLE} (subject) select unnest($1::text[]) on conflict do nothing`,
    [arrayText(subjects)],
  );
  for (const [table, cells] of Object.entries(personalCells(plan))) await blank(tx, { schema, table, cells, subjects });
}

/**
 * Blanks what all other builds of the set that still exist say about the subjects: those of older versions, which
 * nobody follows the log into any more, and those left unfinished. Each in a transaction of its own, holding no more
 * than that build, so that a rebuild under way is neither held up for long nor ever in a circle with this one.
 */
export async function eraseElsewhere(
  db: ClientBase,
  plan: SetPlan,
  own: Build,
  subjects: readonly string[],
): Promise<void> {
  if (subjects.length === 0) return;
  for (const { set, build } of await readBuilds(db, own.set)) {
    if (build === own.build) continue;
    await db.query('begin');
    try {
      const other = await lockBuild(db, set, build);
      if (other !== null) await eraseInOther(db, plan, other, subjects);
      await db.query('commit');
    } catch (error) {
      await db.query('rollback').catch(() => undefined);
      throw error;
    }
  }
}

async function eraseInOther(tx: ClientBase, plan: SetPlan, other: Build, subjects: readonly string[]): Promise<void> {
  // One made before personal cells were recorded has those of today, as far as it has such columns.
  const columns = await columnsOf(tx, other.schema);
  for (const [table, cells] of Object.entries(other.personal ?? personalCells(plan))) {
    const present = cells.columns.filter((name) => columns.has(`${table}.${name}`));
    if (present.length === 0 || !columns.has(`${table}.${cells.id}`)) continue;
    await blank(tx, { schema: other.schema, table, cells: { ...cells, columns: present }, subjects });
  }
}

async function columnsOf(tx: ClientBase, schema: string): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ name: string }>(
    `select c.relname || '.' || a.attname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = to_regnamespace($1) and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`,
    [quoteName(schema)],
  );
  return new Set(rows.map(({ name }) => name));
}

interface Blanking {
  readonly schema: string;
  readonly table: string;
  readonly cells: PersonalCells;
  readonly subjects: readonly string[];
}

async function blank(tx: ClientBase, { schema, table, cells, subjects }: Blanking): Promise<void> {
  const prefix = `${cells.category}-`;
  const ids = subjects.filter((subject) => subject.startsWith(prefix)).map((subject) => subject.slice(prefix.length));
  if (ids.length === 0) return;
  const names = cells.columns.map(quoteName);
  await tx.query(
    `update ${quoteName(schema)}.${quoteName(table)} set ${names.map((name) => `${name} = null`).join(', ')}
     where ${quoteName(cells.id)} = any($1::text[]) and (${names.map((name) => `${name} is not null`).join(' or ')})`,
    [arrayText(ids)],
  );
}
