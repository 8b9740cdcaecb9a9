import pg from 'pg';
import { localDateOf } from '@voronka/kernel';
import { startTestPostgres } from '../../../libs/embedded/postgres/src/test-postgres.js';
import type { TableDefinition } from '@voronka/projections';
import { coreSet } from '@voronka/read-models';

export const ZONE = 'Europe/Samara';
const STILL_KNOWN = '9223372036854775807';

type Cell = string | number | boolean | null;
export type Cells = Readonly<Record<string, Cell>>;

/** Tables of the read models without an engine: rows are written by hand, as projections would. */
export interface ReadDatabase {
  readonly client: pg.Client;
  /** Inserts a row; what the test does not care about is filled in. Gives the row's event id. */
  put(table: string, cells: Cells): Promise<string>;
  close(): Promise<void>;
}

export function tablesOf(): TableDefinition[] {
  return coreSet.projections.flatMap(({ tables }) => [...tables]);
}

export function ddlOf(table: TableDefinition): string {
  const columns = Object.entries(table.columns).map(
    ([name, { type, nullable }]) => `${name} ${type}${nullable === true ? '' : ' NOT NULL'}`,
  );
  const indexes = (table.indexes ?? []).map(({ columns: on, include, where }) => {
    const covering = include === undefined ? '' : ` INCLUDE (${include.join(', ')})`;
    return `CREATE INDEX ON ${table.name} (${on.join(', ')})${covering}${where === undefined ? '' : ` WHERE ${where}`};`;
  });
  const key = `PRIMARY KEY (${table.primaryKey.join(', ')})`;
  return [`CREATE TABLE ${table.name} (${[...columns, key].join(', ')});`, ...indexes].join('\n');
}

function uuidOf(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

/** Values for the columns that a row does not name: an event of its own, known from position 1 on. */
function filledIn(table: TableDefinition, cells: Cells, n: number): Cells {
  const occurredAt = cells['occurred_at'] ?? '2009-08-03T08:00:00.000Z';
  const localDate = typeof occurredAt === 'string' ? localDateOf(occurredAt, ZONE) : null;
  const defaults: Cells = {
    event_id: uuidOf(n),
    known_by_event_id: uuidOf(n),
    position: n,
    occurred_at: occurredAt,
    recorded_at: occurredAt,
    local_date: localDate,
    known_from: 1,
    known_to: STILL_KNOWN,
    valid_from: '-infinity',
    valid_to: 'infinity',
    // Of one instant a spell that begins holds already, and one that ends no more.
    began_position: 0,
    ended_position: 0,
    route_map_id: 'sale',
    route_map_version: 1,
  };
  const wanted = Object.entries(defaults).filter(([name]) => Object.hasOwn(table.columns, name));
  return { ...Object.fromEntries(wanted), ...cells };
}

/** Starts a server with the empty tables of the read models in schema `read`. */
export async function startReadDatabase(): Promise<ReadDatabase> {
  const server = await startTestPostgres();
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  const tables = new Map(tablesOf().map((table) => [table.name, table]));
  await client.query('CREATE SCHEMA read; SET search_path = read');
  for (const table of tables.values()) await client.query(ddlOf(table));
  let events = 0;
  return {
    client,
    put: async (name, cells) => {
      const table = tables.get(name);
      if (table === undefined) throw new Error(`no table ${name}`);
      events += 1;
      const row = filledIn(table, cells, events);
      const columns = Object.keys(row);
      const places = columns.map((_, at) => `$${at + 1}`);
      await client.query(
        `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
        Object.values(row),
      );
      return String(row['event_id'] ?? '');
    },
    close: async () => {
      await client.end();
      await server.stop();
    },
  };
}
