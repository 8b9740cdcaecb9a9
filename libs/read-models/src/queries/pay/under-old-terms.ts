import type { QueryContext } from '../context.js';
import { bonusesOf, type CurrentBonus, type EmployeeBonus } from './bonuses.js';
import { keyOf, type Posted } from './posted.js';

/** bonus(F, A): by the facts now, under the terms of the last posting; asked for once per A. */
export async function underOldTerms(
  context: QueryContext,
  asked: readonly { readonly bonus: CurrentBonus; readonly posted: Posted }[],
) {
  const found = new Map<string, EmployeeBonus>();
  let [countings, rulesEvaluated] = [0, 0];
  const positions = new Map<string, CurrentBonus[]>();
  for (const { bonus, posted } of asked) {
    positions.set(posted.termsPosition, [...(positions.get(posted.termsPosition) ?? []), bonus]);
  }
  for (const [position, list] of positions) {
    const months = [...new Set(list.map(({ month }) => month))];
    const employees = [...new Set(list.map(({ employeeId }) => employeeId))];
    const terms = { ...context, k: BigInt(position) };
    const old = await bonusesOf({ facts: context, terms, months, employees });
    for (const bonus of old.bonuses) {
      const isAsked = list.some((one) => one.month === bonus.month && one.employeeId === bonus.employeeId);
      if (isAsked) found.set(keyOf(bonus), bonus);
    }
    countings += old.countings;
    rulesEvaluated += old.rulesEvaluated;
  }
  return { found, countings, rulesEvaluated };
}
