import { setTimeout as sleep } from 'node:timers/promises';
import { validateBody } from '@voronka/kernel';
import { withSnapshot } from '@voronka/projections';
import {
  bonusesOf,
  currentBonusesOf,
  type CurrentBonus,
  payContext,
  payLinesState,
  waitForPayLines,
  zoneAt,
} from '@voronka/read-models';
import { things } from '@voronka/runtime';
import type { House } from './house.js';

// A recomputation by the pay worker, in whose middle the projector (whose process it shares) is killed.

const DOWN_MS = 100;
const PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 1;
/** The worker has written within a transaction that is not committed. */
const AT_WORK = `select count(*)::int as n from pg_stat_activity
  where application_name like '%pay worker%' and backend_xid is not null`;

export interface Recomputed {
  /** Whether the blow fell after the worker had written and before its work was committed. */
  readonly isMetInTheMiddle: boolean;
  readonly kept: readonly CurrentBonus[];
  readonly scratch: readonly CurrentBonus[];
  /** Indicators counted for the answer: none where all of it was kept. */
  readonly countings: number;
}

/** Publishes another version of the regulation, so that everybody's months are worked out anew, and kills meanwhile. */
export async function recomputeUnderFire(
  house: House,
  months: readonly string[],
  { bps, name }: { readonly bps: number; readonly name: string },
): Promise<Recomputed> {
  const { pool } = house.stores;
  const position = await publish(house, months[0] ?? '', { bps, name });
  await until(async () => (await isAtWork(pool)) || (await hasCome(pool, position)));
  house.parts.projector.kill(DOWN_MS);
  // Its connection is closed by the server once the process is gone; only then it is known what was committed.
  await until(async () => !(await isAtWork(pool)));
  const isMetInTheMiddle = !(await hasCome(pool, position));
  for (const part of Object.values(house.parts)) await part.serves();
  if (!(await waitForPayLines(pool, position, PATIENCE_MS))) throw new Error('the pay worker stays behind');
  return { isMetInTheMiddle, ...(await bothWays(house, months)) };
}

type Pool = House['stores']['pool'];

async function isAtWork(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ n: number }>(AT_WORK);
  return rows[0]?.n !== 0;
}

async function hasCome(pool: Pool, position: bigint): Promise<boolean> {
  const state = await payLinesState(pool);
  return state !== null && state.k >= position;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('waited in vain for the pay worker');
    await sleep(LOOK_EVERY_MS);
  }
}

async function publish(
  { stores }: House,
  first: string,
  { bps, name }: { readonly bps: number; readonly name: string },
): Promise<bigint> {
  const command = things
    .find(({ category }) => category === 'payRegulation')
    ?.commands.find(({ type }) => type === 'PublishPayRegulation');
  if (command === undefined) throw new TypeError('no command PublishPayRegulation');
  const rules = [{ code: 'C', name: 'C', indicator: 'contracts', payout: { kind: 'percentOfAmount', bps } }];
  const covers = { positions: ['Sales manager'] };
  const plain = { regulation: 'sales', effectiveFrom: `${first}-01`, name, covers, rules };
  const { position } = await stores.handle({
    ...{ category: 'payRegulation', id: 'main', type: command.type, body: validateBody(command.body, plain) },
    ...{ commandId: `published ${name}`, actor: 'test', person: null, roles: ['admin'] as const },
  });
  return position;
}

/** Everybody's bonuses of the months as they are kept, and worked out from scratch, in one snapshot. */
async function bothWays({ stores: { pool } }: House, months: readonly string[]) {
  return await withSnapshot(pool, 'core', async ({ client, k }) => {
    const at = new Date().toISOString();
    const context = await payContext({ client, k: k ?? 0n, at, zone: await zoneAt(client, k ?? 0n) });
    const question = { facts: context, terms: context, months, employees: null };
    const { bonuses: kept, countings } = await currentBonusesOf(question);
    const { bonuses } = await bonusesOf(question);
    return { kept, countings, scratch: bonuses.map(({ covered: _covered, ...bonus }): CurrentBonus => bonus) };
  });
}
