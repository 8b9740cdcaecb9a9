import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { QueryContext } from '../queries/context.js';
import { type BonusQuestion, bonusesOf, type CurrentBonus, type CurrentBonuses } from '../queries/pay/bonuses.js';
import { buildOf, payLinesState } from './store.js';

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
  const state = await payLinesState(client);
  if (state === null || state.k > k || state.build !== (await buildOf(client))) return false;
  const { rows } = await client.query<{ holds: boolean }>(
    `select not exists (select from pay_causes c where c.position > $1::bigint and c.position <= $2::bigint)
       and (select count(*) from pay_live.months m where m.month = any($3::text[]) and m.answerable)
         = cardinality($3::text[]) as holds`,
    [String(state.k), String(k), months],
  );
  return rows[0]?.holds === true;
}

const POLL_MS = 10;

/**
 * Waits until the worker has come to a position.
 * @returns false when it has not within `timeoutMs` milliseconds, or when none ever worked here
 */
export async function waitForPayLines(pool: Pool, position: bigint, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const state = await payLinesState(pool);
    if (state === null) return false;
    if (state.k >= position) return true;
    if (performance.now() >= deadline) return false;
    await sleep(POLL_MS);
  }
}
