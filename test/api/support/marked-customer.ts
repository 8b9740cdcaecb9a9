import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Stores } from '@voronka/runtime';

/** Said about one customer, each in its own place, none of it anywhere else. */
export const MARKS = {
  name: 'Qwzyx-Name',
  correctedName: 'Qwzyx-Corrected',
  correctedPhone: '+7 903 771-99-02',
  correction: 'Qwzyx-Misspelt',
  taxNumber: '7719-QWZYX-88',
  contact: 'Qwzyx-Contact',
  phone: '+7 903 771-88-01',
  email: 'qwzyx.mail@example.test',
  position: 'Qwzyx-Position',
  portrait: 'Qwzyx-Portrait',
  dream: 'Qwzyx-Dream',
  title: 'Qwzyx-Title',
  revisedTitle: 'Qwzyx-Revised',
  note: 'Qwzyx-Note',
  planNote: 'Qwzyx-Plan-Note',
  answer: 'Qwzyx-Answer',
  reason: 'Qwzyx-Reason',
  lossNote: 'Qwzyx-Loss-Note',
  moveReason: 'Qwzyx-Move-Reason',
  caseTitle: 'Qwzyx-Case-Title',
} as const;

/** The marks that a text holds, by their places. */
export function marksIn(text: string): string[] {
  return Object.entries(MARKS)
    .filter(([, mark]) => text.includes(mark) || text.includes(JSON.stringify(mark).slice(1, -1)))
    .map(([place]) => place);
}

/** What the files of a directory hold, all together. */
export async function filesOf(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((file) => readFile(file, 'latin1')))).join('\n');
}

/** Every cell of every table of the database as text: all schemas, builds that nobody reads any more included. */
export async function wholeDatabase(pool: Stores['pool']): Promise<string> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'`,
  );
  const parts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await pool.query<{ line: string }>(`select t::text as line from ${name} t`);
    parts.push(name, ...rows.map(({ line }) => line));
  }
  return parts.join('\n');
}
