import { createHash } from 'node:crypto';
import type { Recorded } from '@voronka/kernel';
import { PAYROLL_ID, type PayrollState, periodState, statementId } from '@voronka/pay';
import type { ChecklistItem, PeriodClosing } from '@voronka/pay/events';
import type { Asked, Look, ProcessManager } from '@voronka/processes';
import { withSnapshot } from '@voronka/projections';
import { checklistOf, type Draft, draftsOf, zoneAt } from '@voronka/read-models';
import type { Stores } from '@voronka/runtime';
import { readModelsAt } from './read-models-at.js';

/**
 * Closes a month: issues every statement as of the position at which the closing began, then ends the closing; or stops
 * it over what the checklist found and nobody accepted. What a crash interrupts is worked out again as of the same
 * position, and every command has an id derived from the closing: nothing is issued twice.
 */
export function closePeriod({ pool, appStore }: Pick<Stores, 'pool' | 'appStore'>): ProcessManager {
  return {
    name: 'close-period',
    summary: 'Issues the statements of a month that is being closed.',
    on: {
      PeriodClosing: async (event, look) => {
        const closing = event as Recorded<PeriodClosing>;
        if (!(await isUnderWay(closing, look))) return [];
        await readModelsAt(pool, closing.position);
        const quarantined = await appStore.quarantined();
        return await withSnapshot(pool, 'core', async ({ client }) => {
          const k = closing.position;
          const context = { client, k, at: closing.recordedAt, zone: await zoneAt(client, k) };
          const found = await draftsOf(context, closing.data.period, null);
          const checklist = await checklistOf(context, found, quarantined);
          const open = checklist.filter(({ code }) => !closing.data.accepted.includes(code));
          return open.length > 0 ? [stopping(closing, open)] : issuing(closing, found.drafts, checklist);
        });
      },
    },
  };
}

/** A closing that was carried to its end before the checkpoint was kept is not begun again. */
async function isUnderWay({ data }: Recorded<PeriodClosing>, look: Look): Promise<boolean> {
  const { status, version } = periodState(await look<PayrollState>('payroll', PAYROLL_ID), data.period);
  return status === 'closing' && version === data.version;
}

function stopping({ data }: Recorded<PeriodClosing>, items: readonly ChecklistItem[]): Asked {
  const body = { period: data.period, version: data.version, items };
  return { category: 'payroll', id: PAYROLL_ID, type: 'StopClosing', body, key: 'stop' };
}

function issuing(
  { data, position, eventId }: Recorded<PeriodClosing>,
  drafts: readonly Draft[],
  checklist: readonly ChecklistItem[],
): readonly Asked[] {
  const { period, version } = data;
  const issued = drafts.map(({ document, hash }): Asked => {
    const id = statementId(period, document.employeeId);
    return { category: 'statement', id, type: 'IssueStatement', body: { document, hash }, key: id };
  });
  const hash = createHash('sha256')
    .update(drafts.map((draft) => draft.hash).join('\n'))
    .digest('hex');
  const statements = drafts.length;
  const body = { period, version, position: String(position), eventId, statements, hash, checklist };
  return [...issued, { category: 'payroll', id: PAYROLL_ID, type: 'CompleteClosing', body, key: 'complete' }];
}
