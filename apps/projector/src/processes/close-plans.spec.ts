import type { ActivityPlanned, DealEvent } from '@voronka/sales/events';
import { called, lost, opened, signed } from '../../../../libs/sales/src/testing/deal-scene.js';
import { closePlans } from './close-plans.js';
import { given } from './testing/process-scene.js';

const customerId = 'volga-tools';

function planned(activityId: string, dueAt = '2009-08-12T06:00:00.000Z'): ActivityPlanned {
  const data = { customerId, activityId, kind: 'call', topic: null, dueAt, performer: 'ivanova' };
  return { type: 'ActivityPlanned', data: { ...data, step: null, note: null } };
}

const reopened: DealEvent = { type: 'DealReopened', data: { customerId, reason: 'They called' } };

function voided(dealBecomes: 'open' | 'lost' | null): DealEvent {
  const loss =
    dealBecomes === 'lost' ? { lossReason: 'price', countsAsLoss: true } : { lossReason: null, countsAsLoss: null };
  return {
    type: 'ContractVoided',
    data: { customerId, contractId: 'd1:1', reason: 'Never countersigned', dealBecomes, ...loss },
  };
}

const callOff = (activityId: string) => ({
  ...{ category: 'deal', id: 'd1', type: 'CancelActivity', key: activityId },
  body: { activityId, reason: 'The deal is lost' },
});

const heard = (...events: readonly DealEvent[]) =>
  given(['deal-d1', ...events])
    .when(closePlans)
    .hears('deal-d1');

describe('calling off what was planned on a deal', () => {
  it('that is lost: each plan that is still to be done, the earliest due first', async () => {
    const later = planned('later', '2009-08-20T06:00:00.000Z');
    await heard(opened(), later, planned('sooner'), lost()).then([callOff('sooner'), callOff('later')]);
  });

  it('leaves alone what was done or called off before', async () => {
    const carried = called('a1', { plannedActivityId: 'done' });
    const cancelled: DealEvent = {
      type: 'ActivityCancelled',
      data: { customerId, activityId: 'off', planningId: 'deal-d1@2', reason: 'Answered' },
    };
    const plans = [planned('done'), planned('off'), planned('open')];
    await heard(opened(), ...plans, carried, cancelled, lost()).then([callOff('open')]);
  });

  it('that is lost with its last contract, and not one that is open again or stays won', async () => {
    await heard(opened(), planned('p1'), signed(), voided('lost')).then([callOff('p1')]);
    await heard(opened(), planned('p1'), signed(), voided('open')).then([]);
    await heard(opened(), planned('p1'), signed(), voided(null)).then([]);
  });

  it('looks at the deal as it is now: taken up again meanwhile, it keeps its plans', async () => {
    await given(['deal-d1', opened(), planned('p1'), lost()])
      .when(closePlans)
      .hears('deal-d1', { since: [reopened] })
      .then([]);
    await given(['deal-d1', opened(), planned('p1'), lost()])
      .when(closePlans)
      .hears('deal-d1', { since: [reopened, lost()] })
      .then([callOff('p1')]);
  });

  it('has nothing to ask where nothing was planned', async () => {
    await heard(opened(), lost()).then([]);
  });
});
