import type { QueryContext } from '@voronka/read-models';
import { type Cells, type ReadDatabase, ZONE } from './read-database.js';

/** What the questions of a test are asked under, unless it says otherwise. */
export function asked(database: ReadDatabase, over: Partial<Pick<QueryContext, 'k' | 'at'>> = {}): QueryContext {
  return { client: database.client, k: 1_000_000n, at: '2009-12-31T00:00:00.000Z', zone: ZONE, ...over };
}

/** August 2009 in Samara, then five hours ahead of UTC in summer and four in winter. */
export const AUGUST = { from: '2009-07-31T19:00:00.000Z', to: '2009-08-31T19:00:00.000Z' } as const;

export const BARS = ['contact', 'meeting', 'proposal', 'contract'] as const;
export type BarCode = (typeof BARS)[number];

/** Route map, two departments, people, a robot, products: what the facts refer to. */
export async function settle({ put }: ReadDatabase): Promise<void> {
  for (const [ordinal, step] of BARS.entries()) {
    const cells = { step, version: 1, name: step.toUpperCase(), stage: 's', kind: 'other', mandatory: false, ordinal };
    await put('route_map_steps', { ...cells, rank: (ordinal + 1) * 10 });
  }
  const lossReasons = [{ code: 'price', name: 'Too dear', countsAsLoss: true }];
  const map = { version: 1, name: 'Sale', purpose: 'sale', loss_reasons: JSON.stringify(lossReasons) };
  await put('route_maps', map);
  for (const department of ['north', 'south'])
    await put('departments', { department_id: department, name: department });
  for (const employee of ['anna', 'boris', 'idle']) await hire({ put }, employee, 'north');
  await put('employees', { employee_id: 'robot', name: 'Robot', robot: true, hired_on: '2009-01-01' });
  const assigned = { employee_id: 'robot', department_id: 'north', position: 'program' };
  await put('employee_assignments', assigned);
  for (const [product, line] of [
    ['crm', 'software'],
    ['erp', 'software'],
    ['course', 'services'],
  ] as const) {
    await put('products', { product_id: product, name: product, line, retired: false });
  }
}

export async function hire(
  { put }: Pick<ReadDatabase, 'put'>,
  employee: string,
  department: string,
  over: Cells = {},
): Promise<void> {
  await put('employees', { employee_id: employee, name: `Name of ${employee}`, robot: false, hired_on: '2009-01-01' });
  await put('employee_assignments', { employee_id: employee, department_id: department, position: 'manager', ...over });
}

/** The deal reached a bar, by touch and by implication. */
export async function reach({ put }: ReadDatabase, deal: string, step: BarCode, over: Cells = {}): Promise<string> {
  const cells = { deal_id: deal, step, rank: (BARS.indexOf(step) + 1) * 10, owner_id: 'anna', performer_id: 'anna' };
  await put('reach_implied', { ...cells, ...over });
  return await put('reach_touch', { ...cells, ...over });
}

/** The deal did the step of a bar, and reached it. */
export async function doneStep(database: ReadDatabase, deal: string, step: BarCode, over: Cells = {}): Promise<void> {
  const event = await reach(database, deal, step, over);
  const done = { event_id: event, deal_id: deal, step, status: 'done', known_by_event_id: event };
  await database.put('steps', { ...done, performer_id: 'anna', owner_id: 'anna', ...over });
}

export async function close(
  { put }: ReadDatabase,
  deal: string,
  outcome: 'won' | 'lost',
  over: Cells = {},
): Promise<string> {
  const opened = { opened_at: '2009-07-01T08:00:00.000Z', opened_local_date: '2009-07-01' };
  return await put('outcomes', {
    deal_id: deal,
    outcome,
    counts: true,
    amount_kopecks: 100_00,
    owner_id: 'anna',
    ...opened,
    ...over,
  });
}

export async function act({ put }: ReadDatabase, deal: string, over: Cells = {}): Promise<string> {
  return await put('activities', {
    deal_id: deal,
    activity_id: `${deal}-activity`,
    kind: 'call',
    performer_id: 'anna',
    ...over,
  });
}

/** Empties every table of facts, and fills the company anew. */
export async function startOver(database: ReadDatabase): Promise<void> {
  const { rows } = await database.client.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'read'",
  );
  await database.client.query(`TRUNCATE ${rows.map(({ name }) => name).join(', ')}`);
  await settle(database);
}
