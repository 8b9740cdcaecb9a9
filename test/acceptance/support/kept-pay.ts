import type { Instant } from '@voronka/kernel';
import { withSnapshot } from '@voronka/projections';
import { bonusesOf, currentBonusesOf, type CurrentBonus, payContext, zoneAt } from '@voronka/read-models';
import type { Pool } from 'pg';

/** Everybody's bonuses of the months, kept by the worker and from scratch, at one K. */
export async function keptAndScratch(pool: Pool, months: readonly string[], at: Instant) {
  return await withSnapshot(pool, 'core', async ({ client, k }) => {
    const context = await payContext({ client, k: k ?? 0n, at, zone: await zoneAt(client, k ?? 0n) });
    const question = { facts: context, terms: context, months, employees: null };
    const kept = await currentBonusesOf(question);
    const scratch = await bonusesOf(question);
    return {
      kept: kept.bonuses.map(bare),
      wereKept: kept.countings === 0,
      scratch: scratch.bonuses.map(bare),
      countings: scratch.countings,
    };
  });
}

function bare({ covered: _covered, ...bonus }: CurrentBonus & { readonly covered?: unknown }): CurrentBonus {
  return bonus;
}
