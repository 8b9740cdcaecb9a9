import { called, done, given, idOf, opened, returned, sentBack, signed, verified } from '../testing/deal-scene.js';
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
const missing = [{ kind: 'visit', count: 1, recorded: 0 }];
const lacking = [{ step: 'survey', completionId: idOf(4), missing }];

describe('evidence of a step that was done under a standing contract', () => {
  it('CONTRACT_STANDS: is not voided once the step is done and the contract signed', () => {
    won().when('VoidActivity', voiding).thenRefused('CONTRACT_STANDS', { dealId: 'd1', contractId: 'd1:1', lacking });
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

describe('evidence of a step that was done, before any contract', () => {
  const spoilt = [
    ['VoidActivity', voiding],
    ['CorrectActivity', { ...voiding, kind: 'call' }],
    ['CorrectActivity', { ...voiding, happenedAt: at('30') }],
  ] as const;

  it.each(spoilt)('bug: it was taken away, and the contract signed on the step without it: %s', (type, body) => {
    given(...surveyed())
      .when(type, body)
      .thenRefused('EVIDENCE_NEEDED', { dealId: 'd1', lacking });
  });

  it('bug: it was taken away while the step waited to be accepted, and the step accepted without it', () => {
    const waiting = [opened(), called('v-1', { kind: 'visit' }), done('survey', { awaitsVerification: true })];
    given(...waiting)
      .when('VoidActivity', voiding)
      .thenRefused('EVIDENCE_NEEDED', { lacking: [{ step: 'survey', completionId: idOf(2), missing }] });
    given(...waiting, sentBack('survey', 2))
      .when('VoidActivity', voiding)
      .then([{ ...voided, data: { ...voided.data, recordingId: idOf(1) } }]);
  });

  it('is that of an earlier completion, too: it counts again once the later one is voided', () => {
    const again = [returned('survey'), called('v-2', { kind: 'visit' }), done('survey')];
    given(...surveyed(), ...again)
      .when('VoidActivity', voiding)
      .thenRefused('EVIDENCE_NEEDED', { lacking });
  });

  it.each([
    ['it was voided', { type: 'StepVoided', data: { customerId, step: 'survey', completionId: idOf(4), reason } }],
    ['the deal was returned to before it', returned('questionnaire')],
  ] as const)('is free once the step stands no more: %s', (_why, event) => {
    given(...surveyed(), event)
      .when('VoidActivity', voiding)
      .then([voided]);
  });

  it('is not asked where enough is left', () => {
    given(...surveyed(called('v-2', { kind: 'visit' })))
      .when('VoidActivity', voiding)
      .then([voided]);
  });
});
