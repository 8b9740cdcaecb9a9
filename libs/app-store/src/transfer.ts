import type { DataSource } from 'typeorm';
import { MASTER_KEY_CHECK } from './master-key-check.js';

/** Tables of schema `app`, in the order in which they are filled. */
const TABLES = ['api_keys', 'subject_keys', 'quarantine', 'installation'] as const;

/** All rows of schema `app` by table, as JSON that `importRows` takes. Keys stay hashed and wrapped. */
export type AppRows = Readonly<Record<string, readonly unknown[]>>;

export async function exportRows(source: DataSource): Promise<AppRows> {
  const rows: Record<string, unknown[]> = {};
  await source.transaction('REPEATABLE READ', async (manager) => {
    for (const table of TABLES) {
      const found: { row: unknown }[] = await manager.query(`select row_to_json(t) as row from app.${table} t`);
      rows[table] = found.map(({ row }) => row).filter((row) => !isKeyCheck(table, row));
    }
  });
  return rows;
}

/** It is made anew where the backup is restored. */
function isKeyCheck(table: string, row: unknown): boolean {
  return table === 'installation' && (row as { name: string }).name === MASTER_KEY_CHECK;
}

/** Fills an empty schema `app`. All or nothing. */
export async function importRows(source: DataSource, rows: AppRows): Promise<void> {
  await source.transaction(async (manager) => {
    for (const table of TABLES) {
      const given = JSON.stringify(rows[table] ?? []);
      await manager.query(`insert into app.${table} select * from json_populate_recordset(null::app.${table}, $1)`, [
        given,
      ]);
    }
    await manager.query(
      "select setval(pg_get_serial_sequence('app.quarantine', 'id'), (select coalesce(max(id), 0) + 1 from app.quarantine), false)",
    );
  });
}
