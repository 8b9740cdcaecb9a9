import { coreSet, type QueryContext } from '@voronka/read-models';
import { DealLog } from '../../../libs/read-models/src/core/testing/deal-log.js';
import { Materialised } from '../../../libs/read-models/src/core/testing/materialised.js';
import { type ReadDatabase, tablesOf, ZONE } from './read-database.js';

/** When questions about the told company are asked. */
export const AT = '2009-12-31T00:00:00.000Z';

/** A department of two, anna and boris, on the map of four bars. */
export function company(): DealLog {
  const log = new DealLog().prepared();
  for (const id of ['sales', 'service']) {
    log.tell(`department-${id}`, { type: 'DepartmentCreated', data: { name: id, parentId: null } }, '2009-01-02');
  }
  for (const id of ['anna', 'boris']) log.hired(id, 'sales', '2009-01-02');
  return log;
}

/** Fills the read tables with everything that the log tells; to be asked as of a position, its end if left out. */
export async function readTables(
  { client }: Pick<ReadDatabase, 'client'>,
  log: DealLog,
  k?: bigint,
): Promise<QueryContext> {
  const rows = new Materialised(coreSet).project(log.events);
  for (const { name, columns } of tablesOf()) {
    await client.query(`TRUNCATE ${name}`);
    for (const row of rows.all(name)) {
      const names = Object.keys(row).filter((column) => Object.hasOwn(columns, column));
      const places = names.map((_, index) => `$${index + 1}`).join(', ');
      await client.query(
        `INSERT INTO ${name} (${names.join(', ')}) VALUES (${places})`,
        names.map((column) => (columns[column]?.type === 'jsonb' ? JSON.stringify(row[column]) : row[column])),
      );
    }
  }
  return { client, k: k ?? log.events.at(-1)?.position ?? 0n, at: AT, zone: ZONE };
}
