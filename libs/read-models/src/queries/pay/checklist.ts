import { parsePeriod, SHORT_TEXT } from '@voronka/kernel';
import type { ChecklistCode, ChecklistItem } from '@voronka/pay/events';
import type { QueryContext } from '../context.js';
import { Statement } from '../sql.js';
import { disputesOf } from './disputes.js';
import { onePersonTermsSince } from './one-person-terms.js';
import type { Drafts } from './statements.js';

const MOST_EXAMPLES = 20;

/** What to look at before a month is closed, as known at K; empty if nothing is in the way. */
export async function checklistOf(
  context: QueryContext,
  { month, drafts }: Drafts,
  quarantined: readonly string[],
): Promise<readonly ChecklistItem[]> {
  const noPlan = drafts.flatMap(({ document }) =>
    document.lines
      .filter(({ status }) => status === 'NO_PLAN')
      .map(({ rule, period }) => `${document.employeeId} ${rule} ${period}`),
  );
  const reviewed = drafts.flatMap(({ document }) =>
    document.adjustments
      .filter(({ reviewKopecks = 0 }) => reviewKopecks !== 0)
      .map(({ origin, reviewKopecks }) => `${document.employeeId} ${origin} ${reviewKopecks}`),
  );
  const disputes = (await disputesOf(context, { isOpen: true })).filter(({ period }) => period <= month);
  return [
    ...item('QUARANTINE', quarantined),
    ...item('UNVERIFIED_STEPS', await unverified(context, month)),
    ...item('NO_PLAN', noPlan),
    ...item('PENDING_APPROVALS', await pending(context)),
    ...item(
      'OPEN_DISPUTES',
      disputes.map(({ disputeId, employeeId, rules }) => [disputeId, employeeId, ...rules].join(' ')),
    ),
    ...item('ENGINE_DIFFERENCES', reviewed),
  ];
}

/** What a closing stops over at its end, as known at K, whatever it accepts; empty if nothing came between. */
export async function changedWhileClosing(
  context: QueryContext,
  closing: { readonly period: string; readonly position: bigint },
): Promise<readonly ChecklistItem[]> {
  return item('TERMS_CHANGED', await onePersonTermsSince(context, closing));
}

/** Ids of other systems may be of any length. */
function shown(id: string): string {
  return id.slice(0, SHORT_TEXT);
}

function item(code: ChecklistCode, found: readonly string[]): readonly ChecklistItem[] {
  return found.length === 0 ? [] : [{ code, count: found.length, examples: found.slice(0, MOST_EXAMPLES).map(shown) }];
}

/** Steps completed by the end of the month that nobody has verified: they would count later, and for that month. */
async function unverified(context: QueryContext, month: string): Promise<readonly string[]> {
  const statement = new Statement(context);
  const { to } = parsePeriod(month);
  const rows = await statement.rows<{ step: string }>(`SELECT s.deal_id || ' ' || s.step AS step FROM steps s
    WHERE ${statement.known('s')} AND s.status = 'awaiting' AND s.local_date < ${statement.bind(to, 'date')} ORDER BY 1`);
  return rows.map(({ step }) => step);
}

async function pending(context: QueryContext): Promise<readonly string[]> {
  const statement = new Statement(context);
  const rows = await statement.rows<{ what: string }>(`SELECT p.kind || ' ' || p.proposal AS what FROM pay_proposals p
    WHERE ${statement.known('p')} AND p.status = 'proposed' AND p.kind <> 'reopening' ORDER BY 1`);
  return rows.map(({ what }) => what);
}
