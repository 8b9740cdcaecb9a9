import type { ClientBase } from 'pg';
import type { IndexDefinition } from './definition.js';
import { codeOf, reasonOf } from './errors.js';
import { ERASED_TABLE } from './erasing.js';
import { stateTable } from './fold-states.js';
import type { SetPlan } from './set-plan.js';
import { quoteName, quoteText } from './sql-text.js';
import type { TablePlan } from './table-plan.js';

export const READ_SCHEMA = 'read';

/**
 * States are overwritten again and again: with room in its page a new version needs no entry in the index. Rows of data
 * tables change once, and their indexes look at `known_to`, which rules that out; they are packed full. States are not
 * compressed: they are short-lived, and packing them took more time than writing them.
 */
const STATE_OPTIONS = 'fillfactor = 70, toast_tuple_target = 4080';

/**
 * Creates the schema of a build and its tables. Primary keys and indexes come after the load, when they cost a fraction,
 * unless `keysFirst`; a table that has rows to close gets its key at that moment.
 */
export async function createTables(
  db: ClientBase,
  plan: SetPlan,
  { schema, keysFirst }: { readonly schema: string; readonly keysFirst: boolean },
): Promise<void> {
  const statements = [`create schema ${quoteName(schema)}`];
  for (const table of plan.tables.values()) {
    statements.push(...tableStatements(schema, table));
    if (keysFirst) statements.push(keyStatement(schema, table));
  }
  for (const fold of plan.folds) {
    const name = `${quoteName(schema)}.${quoteName(stateTable(fold.name))}`;
    statements.push(
      `create table ${name} (key text not null primary key, state text not null) with (${STATE_OPTIONS})`,
      `alter table ${name} alter column state set storage external`,
    );
  }
  if (plan.erasures.size > 0) {
    statements.push(
      `create table ${quoteName(schema)}.${ERASED_TABLE} (subject text not null primary key)`,
      `comment on table ${quoteName(schema)}.${ERASED_TABLE} is 'Subjects of whom nothing personal is kept any more'`,
    );
  }
  await db.query([...statements, ...variantStatements(plan, schema)].join(';\n'));
}

/** Schema of a build's variant: its names come before the tables'. */
export function variantSchema(schema: string, variant: string): string {
  return `${schema}_${variant}`;
}

function variantStatements({ set }: SetPlan, schema: string): string[] {
  return Object.entries(set.variants ?? {}).flatMap(([variant, names]) => {
    const within = quoteName(variantSchema(schema, variant));
    return [
      `create schema ${within}`,
      ...Object.entries(names).map(
        ([name, table]) =>
          `create view ${within}.${quoteName(name)} as select * from ${quoteName(schema)}.${quoteName(table)}`,
      ),
    ];
  });
}

/** Removes a build's schema with everything in it, those of its variants too. */
export async function dropSchemas(db: ClientBase, schema: string): Promise<void> {
  const { rows } = await db.query<{ name: string }>(
    "select nspname as name from pg_namespace where nspname = $1 or starts_with(nspname, $1 || '_')",
    [schema],
  );
  for (const { name } of rows) await db.query(`drop schema if exists ${quoteName(name)} cascade`);
}

function tableStatements(schema: string, { definition, columns }: TablePlan): string[] {
  const name = `${quoteName(schema)}.${quoteName(definition.name)}`;
  const lines = columns.map(
    (column) => `${quoteName(column.name)} ${column.type}${column.nullable === true ? '' : ' not null'}`,
  );
  return [
    `create table ${name} (\n  ${lines.join(',\n  ')}\n)`,
    `comment on table ${name} is ${quoteText(definition.comment)}`,
    ...columns.map((column) => `comment on column ${name}.${quoteName(column.name)} is ${quoteText(column.comment)}`),
  ];
}

function keyStatement(schema: string, { definition }: TablePlan): string {
  const table = `${quoteName(schema)}.${quoteName(definition.name)}`;
  return `alter table ${table} add primary key (${definition.primaryKey.map(quoteName).join(', ')})`;
}

/** Names of the tables of a schema that have no primary key yet. */
export async function keylessTables(db: ClientBase, schema: string): Promise<Set<string>> {
  const { rows } = await db.query<{ name: string }>(
    `select c.relname as name from pg_class c where c.relnamespace = to_regnamespace($1) and c.relkind = 'r'
     and not exists (select 1 from pg_constraint k where k.conrelid = c.oid and k.contype = 'p')`,
    [quoteName(schema)],
  );
  return new Set(rows.map(({ name }) => name));
}

/** Gives a table its primary key. @throws SharedKeyError */
export async function addKey(db: ClientBase, schema: string, table: TablePlan): Promise<void> {
  try {
    await db.query(keyStatement(schema, table));
  } catch (error) {
    if (codeOf(error) !== '23505') throw error;
    throw new SharedKeyError(`table ${table.name}: ${reasonOf(error)}`, { cause: error });
  }
}

/**
 * Creates what primary keys are missing, as many at once as there are connections. Harmless when repeated.
 * @throws SharedKeyError
 */
export async function createKeys(dbs: readonly ClientBase[], plan: SetPlan, schema: string): Promise<void> {
  const [db] = dbs;
  if (db === undefined) return;
  const keyless = await keylessTables(db, schema);
  const tables = [...plan.tables.values()].filter(({ name }) => keyless.has(name));
  await divided(dbs, tables, (free, table) => addKey(free, schema, table));
}

/** Rows of a table loaded without its key share one; which event is to blame shows only when the key comes first. */
export class SharedKeyError extends Error {
  override readonly name = 'SharedKeyError';
}

/**
 * Creates what indexes are missing, and gathers the planner's statistics, of as many tables at once as there are
 * connections. Harmless when repeated.
 */
export async function createIndexes(dbs: readonly ClientBase[], plan: SetPlan, schema: string): Promise<void> {
  await divided(dbs, [...plan.tables.values()], async (db, { definition }) => {
    const table = `${quoteName(schema)}.${quoteName(definition.name)}`;
    for (const [at, index] of (definition.indexes ?? []).entries()) {
      const name = quoteName(`${definition.name}_i${at + 1}`);
      await db.query(`create index if not exists ${name} on ${table} ${indexBody(index)}`);
    }
    await db.query(`analyze ${table}`);
  });
  await divided(dbs, plan.folds, async (db, fold) => {
    await db.query(`analyze ${quoteName(schema)}.${quoteName(stateTable(fold.name))}`);
  });
}

/** Each item by the connection that is free first. When one goes wrong, what is under way is waited for. */
async function divided<T>(
  dbs: readonly ClientBase[],
  items: readonly T[],
  work: (db: ClientBase, item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const one = async (db: ClientBase): Promise<void> => {
    try {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(db, item);
    } catch (error) {
      left.length = 0;
      throw error;
    }
  };
  const outcomes = await Promise.allSettled(dbs.map(one));
  const failed = outcomes.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

function indexBody({ columns, include, where }: IndexDefinition): string {
  const parts = columns.map((column) =>
    /^[a-z_][a-z0-9_]*$/.test(column) ? quoteName(column) : indexExpression(column),
  );
  const covering = include === undefined ? '' : ` include (${include.map(quoteName).join(', ')})`;
  return `(${parts.join(', ')})${covering}${where === undefined ? '' : ` where ${where}`}`;
}

/** `column desc` and the like stay as they are; anything else is an expression, which needs its own brackets. */
function indexExpression(text: string): string {
  return /^[a-z_][a-z0-9_]*( (asc|desc))?( nulls (first|last))?$/i.test(text) ? text : `(${text})`;
}

/**
 * Points the views of schema `read` at a build. A view whose columns stay compatible is replaced, so that what others
 * built upon it stays; otherwise it is dropped, along with that. @returns names of the views dropped
 */
export async function pointViews(tx: ClientBase, plan: SetPlan, build: { schema: string; before: string | null }) {
  const dropped: string[] = [];
  const drop = async (name: string): Promise<void> => {
    await tx.query(`drop view if exists ${READ_SCHEMA}.${quoteName(name)} cascade`);
    dropped.push(name);
  };
  const old = build.before === null ? [] : await viewsUpon(tx, build.before);
  for (const name of old) if (!plan.tables.has(name)) await drop(name);
  for (const table of plan.tables.values()) {
    const create = viewStatements(build.schema, table);
    await tx.query('savepoint view');
    try {
      await tx.query(create);
    } catch (error) {
      // 42P16: the view had other columns.
      if (codeOf(error) !== '42P16') throw error;
      await tx.query('rollback to savepoint view');
      await drop(table.name);
      await tx.query(create);
    }
    await tx.query('release savepoint view');
  }
  return dropped;
}

function viewStatements(schema: string, { definition, columns }: TablePlan): string {
  const view = `${READ_SCHEMA}.${quoteName(definition.name)}`;
  const names = columns.map(({ name }) => quoteName(name));
  const source = `${quoteName(schema)}.${quoteName(definition.name)}`;
  return [
    `create or replace view ${view} as select ${names.join(', ')} from ${source}`,
    `comment on view ${view} is ${quoteText(definition.comment)}`,
    ...columns.map((column) => `comment on column ${view}.${quoteName(column.name)} is ${quoteText(column.comment)}`),
  ].join(';\n');
}

/** Views of schema `read` that stand upon tables of a schema. */
async function viewsUpon(tx: ClientBase, schema: string): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(
    `select distinct v.relname as name
     from pg_rewrite r
     join pg_class v on v.oid = r.ev_class and v.relnamespace = to_regnamespace($2)
     join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
     join pg_class t on t.oid = d.refobjid and t.relnamespace = to_regnamespace($1)
     order by 1`,
    [quoteName(schema), READ_SCHEMA],
  );
  return rows.map(({ name }) => name);
}
