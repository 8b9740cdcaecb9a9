import { type ContractVoided, type DealState, openPlans } from '@voronka/sales';
import type { Asked, Look, ProcessManager } from '@voronka/processes';

const PREFIX = 'deal-';

/**
 * Calls off what was still planned on a deal that is lost, by a loss or with its contract. A deal that was taken up
 * again meanwhile keeps its plans; an activity that was done or called off meanwhile is left alone.
 */
export const closePlans: ProcessManager = {
  name: 'close-plans',
  summary: 'Calls off the planned activities of a lost deal.',
  on: {
    DealLost: async ({ stream }, look) => await ofLost(stream, look),
    ContractVoided: async ({ stream, data }, look) => {
      const { dealBecomes } = data as ContractVoided['data'];
      return dealBecomes === 'lost' ? await ofLost(stream, look) : [];
    },
  },
};

async function ofLost(stream: string, look: Look): Promise<readonly Asked[]> {
  const id = stream.slice(PREFIX.length);
  return cancellations(id, await look<DealState>('deal', id));
}

/** A command for each planned activity that is still to be done. */
export function cancellations(id: string, state: DealState): readonly Asked[] {
  if (state.status !== 'lost') return [];
  return openPlans(state.plans).map(({ data: { activityId } }) => {
    const body = { activityId, reason: 'The deal is lost' };
    return { category: 'deal', id, type: 'CancelActivity', body, key: activityId };
  });
}
