import { type DealState, openPlans } from '@voronka/sales';
import type { Asked, ProcessManager } from '@voronka/processes';

const PREFIX = 'deal-';

/**
 * Calls off what was still planned on a deal that is lost. A deal that was taken up again meanwhile keeps its plans; an
 * activity that was done or called off meanwhile is left alone.
 */
export const closePlans: ProcessManager = {
  name: 'close-plans',
  summary: 'Calls off the planned activities of a lost deal.',
  on: {
    DealLost: async ({ stream }, look) => {
      const id = stream.slice(PREFIX.length);
      return cancellations(id, await look<DealState>('deal', id));
    },
  },
};

/** A command for each planned activity that is still to be done. */
export function cancellations(id: string, state: DealState): readonly Asked[] {
  if (state.status !== 'lost') return [];
  return openPlans(state.plans).map(({ data: { activityId } }) => {
    const body = { activityId, reason: 'The deal is lost' };
    return { category: 'deal', id, type: 'CancelActivity', body, key: activityId };
  });
}
