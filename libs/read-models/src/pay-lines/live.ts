import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@voronka/projections';
import type { Pool } from 'pg';
import type { QueryContext } from '../queries/context.js';
import { type BonusQuestion, bonusesOf, type CurrentBonus, type CurrentBonuses } from '../queries/pay/bonuses.js';
import { payLinesReach, payLinesState, standingAt } from './store.js';

/**
 * Bonuses by facts and terms of the snapshot's K: those that the worker keeps, where it kept up and they are all there;
 * otherwise worked out now. The answer is the same, what it takes is not.
 */
export async function currentBonusesOf(question: BonusQuestion): Promise<CurrentBonuses> {
  const { facts, months, employees } = question;
  if (!(await holdsFor(facts, months))) return await bonusesOf(question);
  const { rows } = await facts.client.query<{ bonus: CurrentBonus }>(
    `select b.bonus from pay_live.bonuses b
     where b.month = any($1::text[]) and ($2::text[] is null or b.employee_id = any($2::text[]))
     order by array_position($1::text[], b.month), b.employee_id`,
    [months, employees],
  );
  return { bonuses: rows.map(({ bonus }) => bonus), countings: 0, rulesEvaluated: 0 };
}

/** Nothing that pay depends on lies between the worker and K, and it could work out all of these months. */
async function holdsFor({ client, k }: QueryContext, months: readonly string[]): Promise<boolean> {
  const standing = await standingAt(client, k);
  if (standing === null || !standing.isOfBuild || standing.isBehind || standing.state.k > k) return false;
  const { rows } = await client.query<{ holds: boolean }>(
    `select (select count(*) from pay_live.months m where m.month = any($1::text[]) and m.answerable)
       = cardinality($1::text[]) as holds`,
    [months],
  );
  return rows[0]?.holds === true;
}

const FIRST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 40;

/**
 * Waits until the worker has worked out everything up to a position.
 * @returns false when it has not within `timeoutMs` milliseconds, or when none ever worked here
 */
export async function waitForPayLines(pool: Pool, position: bigint, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  if ((await payLinesState(pool)) === null || !(await waitFor(pool, 'core', position, timeoutMs))) return false;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 1.5)) {
    const reached = await payLinesReach(pool);
    if (reached !== null && reached.k >= position) return true;
    if (performance.now() >= deadline) return false;
    await sleep(pause);
  }
}
