import { setTimeout as sleep } from 'node:timers/promises';
import { connect, disconnect, withSnapshot } from '@voronka/projections';
import {
  bonusesOf,
  type CurrentBonus,
  currentBonusesOf,
  payContext,
  waitForPayLines,
  zoneAt,
} from '@voronka/read-models';
import type { House } from './house.js';
import type { Victim } from './part.js';
import { regulationOf, tell } from './payroll.js';

// The pay worker killed in the middle of a recomputation.

/** What it writes, in the order in which it does: counts are thrown away first, its own K comes last. */
export const WRITTEN = ['actuals', 'bonuses', 'months', 'state'] as const;
export type Written = (typeof WRITTEN)[number];

const DOWN_MS = 100;
const PATIENCE_MS = 120_000;

interface Blow {
  readonly victim: Victim;
  /** Held back when it is about to write there; everything before is written, and not committed. */
  readonly at: Written;
  /** Number of the round, from 1: each changes something else. */
  readonly round: number;
  /** The month that is asked about afterwards. */
  readonly month: string;
}

/**
 * Changes facts and terms, and kills a part while the worker works out what that does to pay.
 * @returns what it keeps once it has caught up, and the same from scratch at the same K
 * @throws Error where the worker is not met in the middle, or does not come to the end
 */
export async function recountUnderFire(house: House, { victim, at, round, month }: Blow) {
  const { pool, databaseUrl } = house.stores;
  await untilCaughtUp(house);
  const before = await bonusOfOne(house);
  const db = await connect(databaseUrl, 'test');
  let position: bigint;
  try {
    await db.query(`begin; lock table pay_live.${at} in share mode`);
    position = await change(house, round, month);
    await untilHeldBack(house);
    house.parts[victim].kill(DOWN_MS);
    await db.query('rollback').catch(() => undefined);
  } finally {
    await disconnect(db);
  }
  for (const part of Object.values(house.parts)) await part.serves();
  if (!(await waitForPayLines(pool, position, PATIENCE_MS))) throw new Error('the pay worker stays behind');
  const after = await bonusOfOne(house);
  return { ...(await bothOf(house, month)), hasChanged: before !== after };
}

/** A contract, and another rate for everybody. @returns the position of the last */
async function change(house: House, round: number, month: string): Promise<bigint> {
  const late = { occurredAt: `${month}-11T08:00:00.000Z`, lateEntryReason: 'Taken over' };
  const deal = `deal extra-${round}`;
  await tell(house, `${deal} OpenDeal`, { customerId: 'volga', routeMapId: 'sale', ownerId: 'e000', ...late });
  const lines = [{ productId: 'trade', amountKopecks: 5_000_00 + round }];
  await tell(house, `${deal} SignContract`, { contractId: `extra-${round}`, number: `extra-${round}`, lines, ...late });
  const publishing = 'payRegulation main PublishPayRegulation';
  return await tell(house, publishing, regulationOf(month, 333 + round), `${publishing} ${round}`);
}

/** With whatever was recorded before the round. */
async function untilCaughtUp({ stores: { log, pool } }: House): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  const end = (await log.end()) ?? 0n;
  while (!(await waitForPayLines(pool, end, PATIENCE_MS))) {
    if (performance.now() > deadline) throw new Error('the pay worker never came to the end');
    await sleep(50);
  }
}

async function untilHeldBack({ stores: { pool } }: House): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const { rowCount } = await pool.query(
      `select 1 from pg_stat_activity where application_name = 'voronka pay worker' and wait_event_type = 'Lock'`,
    );
    if (rowCount === 1) return;
    await sleep(5);
  }
  throw new Error('the pay worker was not met in the middle of its work');
}

/** Kopecks of somebody whose contracts are changed, as kept now. */
async function bonusOfOne({ stores: { pool } }: House): Promise<string> {
  const { rows } = await pool.query<{ kept: string }>(
    `select coalesce(sum(amount_kopecks), 0)::text as kept from pay_live.lines where employee_id = 'e000'`,
  );
  return rows[0]?.kept ?? '';
}

async function bothOf({ stores: { pool } }: House, month: string) {
  return await withSnapshot(pool, 'core', async ({ client, k }) => {
    const zone = await zoneAt(client, k ?? 0n);
    const context = await payContext({ client, k: k ?? 0n, at: new Date(0).toISOString(), zone });
    const question = { facts: context, terms: context, months: [month], employees: null };
    const kept = await currentBonusesOf(question);
    const scratch = await bonusesOf(question);
    const bare: CurrentBonus[] = scratch.bonuses.map(({ covered: _covered, ...bonus }) => bonus);
    return { kept: kept.bonuses, wereKept: kept.countings === 0, scratch: bare };
  });
}
