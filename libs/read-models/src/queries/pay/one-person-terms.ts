import { lastDayOf, parsePeriod } from '@voronka/kernel';
import { PAY_GRAINS } from '@voronka/pay/events';
import type { QueryContext } from '../context.js';
import { Statement } from '../sql.js';

const MONTH = 'YYYY-MM'.length;

/**
 * What one person alone has said of a month, or of an earlier one, after its closing began: it was decided when the month
 * was still open, and came to the log when it was not. Known at K; changes of plans by id, regulations with their version.
 */
export async function onePersonTermsSince(
  context: QueryContext,
  { period, position }: { readonly period: string; readonly position: bigint },
): Promise<readonly string[]> {
  const statement = new Statement(context);
  const began = statement.bind(String(position), 'bigint');
  // What two people agreed on has the event that settled its proposal.
  const alone = (row: string): string =>
    `${statement.known(row)} AND ${row}.known_from > ${began}
      AND NOT EXISTS (SELECT FROM pay_proposals p WHERE p.event_id = ${row}.event_id)`;
  const rows = await statement.rows<{ what: string; period: string }>(`
    SELECT DISTINCT 'plan ' || c.plan_id AS what, c.period FROM plan_changes c WHERE ${alone('c')}
    UNION ALL
    SELECT 'regulation ' || v.regulation || '@' || v.version, to_char(v.effective_from, 'YYYY-MM')
      FROM pay_regulation_versions v WHERE ${alone('v')}
    ORDER BY 1`);
  return [...new Set(rows.filter((row) => isPaidBy(row.period, period)).map(({ what }) => what))];
}

/** Does a period end in the month, or before it? Weeks and ranges of days pay nothing. */
function isPaidBy(key: string, month: string): boolean {
  const period = parsePeriod(key);
  return (PAY_GRAINS as readonly string[]).includes(period.grain) && lastDayOf(period).slice(0, MONTH) <= month;
}
