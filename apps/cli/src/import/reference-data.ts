import { createHash } from 'node:crypto';
import path from 'node:path';
import { canonicalJson, startOfLocalDay } from '@voronka/kernel';
import { readCsvRows } from './csv-reader.js';
import type { ImportMapping, ReferenceFile } from './mapping.classes.js';
import { idOf } from './values.js';
import type { Named } from './plan-history.js';

/** A command to send before the deals: things that the history names. */
export interface ReferenceCommand {
  readonly category: string;
  readonly id: string;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly commandId: string;
}

/** Everybody and everything that the mapping's tables and the history name, in the order they must be founded. */
export async function referenceCommands(
  mapping: ImportMapping,
  named: Named,
  folder: string,
): Promise<readonly ReferenceCommand[]> {
  const { zone } = mapping.company;
  const at = startOfLocalDay(mapping.employedSince, zone);
  const staff = await staffOf(mapping, named, folder);
  const products = await productsOf(mapping, named, folder);
  const departments = new Map([...staff.values()].map(({ department }) => [idOf(department), department]));
  const make = (category: string, id: string, type: string, body: Record<string, unknown>): ReferenceCommand => ({
    category,
    id,
    type,
    body: { ...body, occurredAt: at },
    commandId: commandIdOf(mapping, `${type}:${category}-${id}`, body),
  });
  const robots = new Set(mapping.performer.robots ?? []);
  return [
    ...[...departments].map(([id, name]) => make('department', id, 'CreateDepartment', { name })),
    ...[...staff].map(([id, { name, department }]) =>
      make('employee', id, 'HireEmployee', {
        name,
        position: mapping.performer.position,
        departmentId: idOf(department),
        hiredOn: mapping.employedSince,
        robot: robots.has(name),
      }),
    ),
    ...[...products].map(([id, { name, line }]) => make('product', id, 'AddProduct', { name, line: idOf(line) })),
    ...[...named.customers].map(([id, name]) => make('customer', id, 'RegisterCustomer', { kind: 'company', name })),
  ];
}

/** Same content, same id: a second run is recognised; changed content is another command. */
export function commandIdOf(mapping: ImportMapping, what: string, body: unknown): string {
  const hash = createHash('sha256').update(canonicalJson(body)).digest('hex').slice(0, 16);
  return `import:${mapping.id}:${what}`.slice(0, 100) + `:${hash}`;
}

interface TableRow {
  readonly id: string;
  readonly name: string;
  readonly group: string;
}

/** Rows of a table beside the main file; none when the mapping names no table. */
async function tableOf(
  mapping: ImportMapping,
  table: ReferenceFile | undefined,
  folder: string,
  pseudonym: string | undefined,
): Promise<readonly TableRow[]> {
  const rows: TableRow[] = [];
  if (table === undefined) return rows;
  const file = path.join(folder, table.file);
  for await (const { fields, line, fault } of readCsvRows(file, mapping.delimiter ?? ',')) {
    if (fault !== null) throw new Error(`${file}, line ${line}: ${fault}`);
    const name = fields[table.name]?.trim() ?? '';
    if (name !== '') rows.push({ id: idOf(name, pseudonym), name, group: fields[table.group]?.trim() ?? '' });
  }
  return rows;
}

async function staffOf(mapping: ImportMapping, named: Named, folder: string) {
  const { performer, reference } = mapping;
  const table = await tableOf(mapping, reference?.employees, folder, performer.pseudonym);
  const staff = new Map([...named.performers].map(([id, name]) => [id, { name, department: performer.department }]));
  for (const { id, name, group } of table) {
    staff.set(id, { name, department: group === '' ? performer.department : group });
  }
  return staff;
}

async function productsOf(mapping: ImportMapping, named: Named, folder: string) {
  const table = await tableOf(mapping, mapping.reference?.products, folder, mapping.deal.product?.pseudonym);
  const products = new Map([...named.products].map(([id, name]) => [id, { name, line: 'other' }]));
  for (const { id, name, group } of table) products.set(id, { name, line: group === '' ? 'other' : group });
  return products;
}
