import { called, done, given, idOf, opened, signed, verified } from '../testing/deal-scene.js';
import type { DealEvent } from './deal.events.js';

const customerId = 'volga-tools';
const reason = 'Never took place';
const at = (minute: string): string => `2009-08-03T07:${minute}:00.000Z`;

/** A way on which a visit, recorded third, is the evidence of the survey. */
const surveyed = (...visits: readonly DealEvent[]): readonly DealEvent[] => [
  opened(),
  done('first-contact'),
  done('questionnaire', { answers: { office: 'large' } }),
  called('v-1', { kind: 'visit', outcome: 'reached' }),
  ...visits,
  done('survey', { answers: { surveyedOn: '2009-08-03' } }),
  done('analysis', { awaitsVerification: true }),
  verified('analysis', 5 + visits.length),
  done('proposal'),
];
const won = (...visits: readonly DealEvent[]) => given(...surveyed(...visits), signed());
const voiding = { activityId: 'v-1', reason };
const voided: DealEvent = {
  type: 'ActivityVoided',
  data: { customerId, activityId: 'v-1', recordingId: idOf(3), reason },
};
const lacking = [{ step: 'survey', missing: [{ kind: 'visit', count: 1, recorded: 0 }] }];

describe('evidence of a step that was done under a standing contract', () => {
  it('CONTRACT_STANDS: is not voided once the step is done and the contract signed', () => {
    won().when('VoidActivity', voiding).thenRefused('CONTRACT_STANDS', { dealId: 'd1', contractId: 'd1:1', lacking });
    given(...surveyed())
      .when('VoidActivity', voiding)
      .then([voided]);
  });

  it.each([
    ['of another kind', { kind: 'call' }],
    ['that took place after the step', { happenedAt: at('30') }],
  ])('CONTRACT_STANDS: is not corrected into one %s', (_what, said) => {
    won()
      .when('CorrectActivity', { ...voiding, ...said })
      .thenRefused('CONTRACT_STANDS', { lacking });
  });

  it('takes corrections that leave it evidence, and may go where enough is left', () => {
    const { kind, topic, performedBy, durationMinutes, step } = called('v-1', { kind: 'visit' }).data;
    const said = { kind, topic, performedBy, durationMinutes, step, outcome: 'refused' };
    won()
      .when('CorrectActivity', { ...voiding, outcome: 'refused' })
      .then([
        {
          type: 'ActivityCorrected',
          data: { customerId, activityId: 'v-1', recordingId: idOf(3), happenedAt: at('03'), ...said, reason },
        },
      ]);
    won(called('v-2', { kind: 'visit' }))
      .when('VoidActivity', voiding)
      .then([voided]);
  });

  it('is not asked of activities that are no evidence', () => {
    won(called('c-1'))
      .when('VoidActivity', { activityId: 'c-1', reason })
      .then([{ type: 'ActivityVoided', data: { customerId, activityId: 'c-1', recordingId: idOf(4), reason } }]);
  });

  it('where a step was taken over without it, nothing holds what it does not have', () => {
    const imported = [opened(), called('c-1'), done('survey'), signed()];
    given(...imported)
      .when('VoidActivity', { activityId: 'c-1', reason })
      .then([{ type: 'ActivityVoided', data: { customerId, activityId: 'c-1', recordingId: idOf(1), reason } }]);
  });
});
