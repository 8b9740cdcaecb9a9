import { refuse, saysTheSame, WHOLE_BPS } from '@voronka/kernel';
import type { DealEvent } from './deal.events.js';
import { type Admitted, assertOwn, employedAt } from './deal.gates.js';
import { creditAt } from './deal.money.js';
import type { ShareCredit } from './deal.money.commands.js';

/**
 * Shares the credit in one role from `occurredAt` to the next sharing in that role. What is in force at that time
 * already changes nothing.
 */
export function shareCredit(body: ShareCredit, entry: Admitted): readonly DealEvent[] {
  const { state, context, zone, common } = entry;
  assertOwn(entry);
  const { creditRole } = body;
  const shares = sharesOf(body);
  const before = creditAt(state.money, creditRole, context.occurredAt);
  if (before !== undefined && saysTheSame(before.shares, shares)) return [];
  body.shares.forEach(({ employeeId }, index) => {
    const employee = { id: employeeId, state: context.facts.credited?.[index] };
    employedAt('CREDITED', employee, { at: context.occurredAt, zone });
  });
  return [{ type: 'CreditShared', data: { ...common, creditRole, shares } }];
}

/** In the order of employee ids, so that the same shares are the same however they are written down. */
function sharesOf({ shares }: ShareCredit): { employeeId: string; basisPoints: number }[] {
  const ids = shares.map(({ employeeId }) => employeeId);
  const repeated = [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
  if (repeated.length > 0) {
    throw refuse.invalid('SHARE_REPEATED', 'name every employee in one share', { employees: repeated });
  }
  const sum = shares.reduce((total, { basisPoints }) => total + BigInt(basisPoints), 0n);
  if (sum !== WHOLE_BPS) {
    throw refuse.invalid('SHARES_NOT_WHOLE', 'let the shares add up to 10000 basis points', { sum: Number(sum) });
  }
  return shares
    .map(({ employeeId, basisPoints }) => ({ employeeId, basisPoints }))
    .sort((a, b) => (a.employeeId < b.employeeId ? -1 : 1));
}
