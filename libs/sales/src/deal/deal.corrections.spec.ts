import type { Role } from '@voronka/kernel';
import { called, done, given, idOf, NOW, opened, returned, signed, verified, walked } from '../testing/deal-scene.js';
import type { ActivityCorrected, DealEvent, StepCorrected } from './deal.events.js';

const customerId = 'volga-tools';
const HEAD: { person: string; roles: Role[] } = { person: 'orlova', roles: ['head'] };
const at = (minute: string): string => `2009-08-03T07:${minute}:00.000Z`;
const reason = 'Mixed up';

function stepCorrected(revision: number, data: Partial<StepCorrected['data']>): StepCorrected {
  const whole = {
    customerId,
    step: 'first-contact',
    completionId: idOf(revision),
    performedBy: 'ivanova',
    answers: {},
  };
  return { type: 'StepCorrected', data: { ...whole, completedAt: at('01'), reason, ...data } };
}

describe('CorrectStep', () => {
  const contact = { step: 'first-contact', reason };

  it('says who did it in truth, and when', () => {
    given(opened(), done('first-contact'))
      .when('CorrectStep', { ...contact, performedBy: 'petrov' }, HEAD)
      .then([stepCorrected(1, { performedBy: 'petrov' })]);
    given(opened(), done('first-contact'))
      .when('CorrectStep', { ...contact, completedAt: '2009-08-10T10:00:00+05:00' }, HEAD)
      .then([stepCorrected(1, { completedAt: '2009-08-10T05:00:00.000Z' })]);
  });

  it('is what holds from then on: the gates and a void see the corrected completion', () => {
    const events = [
      opened(),
      done('first-contact'),
      stepCorrected(1, { performedBy: 'petrov', completedAt: at('30') }),
    ];
    const scene = given(...events);
    expect(scene.state.completions).toMatchObject([{ performedBy: 'petrov', occurredAt: at('30'), status: 'done' }]);
    scene
      .when('CompleteStep', { step: 'questionnaire', answers: { office: 'small' }, occurredAt: at('20') })
      .thenRefused('OCCURRED_BEFORE_PREREQUISITE');
    scene.when('CorrectStep', { ...contact, performedBy: 'petrov' }, HEAD).then([]);
  });

  it('checks corrected answers against the form', () => {
    const events = [opened(), done('first-contact'), done('questionnaire', { answers: { office: 'small' } })];
    const questionnaire = { step: 'questionnaire', reason };
    given(...events)
      .when('CorrectStep', { ...questionnaire, answers: { office: 'castle' } }, HEAD)
      .thenRefused('FORM_INVALID');
    given(...events)
      .when('CorrectStep', { ...questionnaire, answers: { office: 'large' } }, HEAD)
      .then([
        stepCorrected(2, {
          step: 'questionnaire',
          completedAt: at('02'),
          answers: { office: 'large' },
          personalAnswers: null,
        }),
      ]);
  });

  it('stays in its place: not before what it waits for, not after what waited for it', () => {
    const events = walked();
    given(...events)
      .when('CorrectStep', { step: 'questionnaire', reason, completedAt: '2009-08-03T07:00:30Z' }, HEAD)
      .thenRefused('OCCURRED_BEFORE_PREREQUISITE', { prerequisite: 'first-contact' });
    given(...events)
      .when('CorrectStep', { ...contact, completedAt: '2009-08-03T07:02:30Z' }, HEAD)
      .thenRefused('OCCURRED_AFTER_DEPENDENT', { dependent: 'questionnaire' });
    given(...events)
      .when('CorrectStep', { step: 'analysis', reason, completedAt: '2009-08-03T07:04:30Z' }, HEAD)
      .thenRefused('OCCURRED_AFTER_DEPENDENT', { dependent: 'verification' });
    given(...events, signed())
      .when('CorrectStep', { step: 'proposal', reason, completedAt: NOW }, HEAD)
      .thenRefused('OCCURRED_AFTER_DEPENDENT', { dependent: 'd1:1' });
  });

  it('a step done anew stays behind the return, and one that the deal was returned to before it', () => {
    const again = [opened(), done('first-contact'), returned('first-contact'), done('first-contact')];
    given(...again)
      .when('CorrectStep', { ...contact, completedAt: at('01') }, HEAD)
      .thenRefused('OCCURRED_BEFORE_RETURN');
    given(opened(), done('first-contact'), returned('first-contact'))
      .when('CorrectStep', { ...contact, completedAt: at('30') }, HEAD)
      .thenRefused('OCCURRED_AFTER_DEPENDENT', { dependent: 'return' });
  });

  it('nobody accepted his own work: VERIFIER_IS_PERFORMER', () => {
    const events = [...walked().slice(0, 3), done('analysis', { awaitsVerification: true }), verified('analysis', 3)];
    given(...events)
      .when('CorrectStep', { step: 'analysis', reason, performedBy: 'orlova' }, HEAD)
      .thenRefused('VERIFIER_IS_PERFORMER');
  });

  it.each([
    ['NOTHING_CORRECTED', {}],
    ['PERFORMER_NOT_EMPLOYED', { performedBy: 'lebedev' }],
    ['PERFORMER_UNKNOWN', { performedBy: 'nobody' }],
    ['OCCURRED_IN_FUTURE', { completedAt: '2009-08-10T07:00:01Z' }],
    ['OCCURRED_BEFORE_OPENING', { completedAt: '2009-08-03T06:59:00Z' }],
    ['STEP_NOT_COMPLETED', { completionId: 'e99', performedBy: 'petrov' }],
    ['STEP_UNKNOWN', { step: 'dance', performedBy: 'petrov' }],
  ])('%s', (code, body) => {
    given(opened(), done('first-contact'))
      .when('CorrectStep', { ...contact, ...body }, HEAD)
      .thenRefused(code);
  });

  it('STEP_ROLE_MISSING and PERFORMER_MISSING where the step asks for a working role', () => {
    const scene = given(opened(), done('first-contact'), done('questionnaire', { answers: { office: 'small' } }));
    const questionnaire = { step: 'questionnaire', reason };
    scene
      .when('CorrectStep', { ...questionnaire, performedBy: 'belov' }, HEAD)
      .thenRefused('STEP_ROLE_MISSING', { roles: ['manager'] });
    scene.when('CorrectStep', { ...questionnaire, performedBy: null }, HEAD).thenRefused('PERFORMER_MISSING');
  });

  it('BACKDATING_NEEDS_AUTHORITY: a time long ago asks for a reason of its own', () => {
    const long = given(opened(), done('first-contact', { occurredAt: '2009-08-20T05:00:00.000Z' }));
    const now = '2009-08-20T07:00:00.000Z';
    const body = { ...contact, completedAt: '2009-08-03T08:00:00Z' };
    long.when('CorrectStep', body, { ...HEAD, now }).thenRefused('BACKDATING_NEEDS_AUTHORITY');
    long
      .when('CorrectStep', { ...body, lateEntryReason: 'Found in the diary' }, { ...HEAD, now })
      .then([stepCorrected(1, { completedAt: '2009-08-03T08:00:00.000Z', lateEntryReason: 'Found in the diary' })]);
  });

  it('a voided completion is corrected no more', () => {
    const voided: DealEvent = {
      type: 'StepVoided',
      data: { customerId, step: 'first-contact', completionId: idOf(1), reason },
    };
    given(opened(), done('first-contact'), voided)
      .when('CorrectStep', { ...contact, performedBy: 'petrov' }, HEAD)
      .thenRefused('STEP_NOT_COMPLETED');
  });

  it('under a standing contract: another performer, but no answers by which a mandatory step lacks', () => {
    const won = [...walked(), signed()];
    given(...won)
      .when('CorrectStep', { ...contact, performedBy: 'petrov' }, HEAD)
      .then([stepCorrected(1, { performedBy: 'petrov' })]);
    given(...won)
      .when('CorrectStep', { step: 'questionnaire', reason, answers: { office: 'large' } }, HEAD)
      .thenRefused('CONTRACT_STANDS', { contractId: 'd1:1' });
  });
});

describe('CorrectActivity', () => {
  const call = { activityId: 'call-1', reason };
  const recordedCall = called('call-1', { outcome: 'reached', topic: 'Terms' });
  const corrected = (data: Partial<ActivityCorrected['data']>): DealEvent => ({
    type: 'ActivityCorrected',
    data: {
      customerId,
      activityId: 'call-1',
      recordingId: idOf(1),
      happenedAt: at('01'),
      kind: 'call',
      topic: 'Terms',
      outcome: 'reached',
      performedBy: 'ivanova',
      durationMinutes: null,
      step: null,
      reason,
      ...data,
    },
  });

  it('says what the recording should have said; what is left out stays, null empties', () => {
    given(opened(), recordedCall)
      .when('CorrectActivity', { ...call, outcome: 'refused', topic: null, note: 'Anna' })
      .then([corrected({ outcome: 'refused', topic: null, note: 'Anna' })]);
    given(opened(), recordedCall)
      .when('CorrectActivity', { ...call, happenedAt: '2009-08-04T05:00:00Z', performedBy: 'petrov' })
      .then([corrected({ happenedAt: '2009-08-04T05:00:00.000Z', performedBy: 'petrov' })]);
  });

  it('holds from then on, and is quiet where nothing changes', () => {
    const scene = given(opened(), recordedCall, corrected({ kind: 'visit', happenedAt: at('30') }));
    expect(scene.state.activities).toMatchObject([
      { data: { kind: 'visit', outcome: 'reached' }, occurredAt: at('30') },
    ]);
    scene.when('CorrectActivity', { ...call, kind: 'visit' }).then([]);
  });

  it('moves the time at which a plan was done, too', () => {
    const planned: DealEvent = {
      type: 'ActivityPlanned',
      data: {
        customerId,
        activityId: 'call-1',
        kind: 'call',
        topic: null,
        dueAt: NOW,
        performer: null,
        step: null,
        note: null,
      },
    };
    const events = [
      called('call-1', { plannedActivityId: 'call-1' }),
      corrected({ recordingId: idOf(2), happenedAt: NOW }),
    ];
    expect(given(opened(), planned, ...events).state.plans).toMatchObject([
      { done: { recordingId: idOf(2), occurredAt: NOW } },
    ]);
  });

  it.each([
    ['NOTHING_CORRECTED', {}],
    ['ACTIVITY_NOT_RECORDED', { activityId: 'other', kind: 'visit' }],
    ['PERFORMER_NOT_EMPLOYED', { performedBy: 'lebedev' }],
    ['STEP_UNKNOWN', { step: 'dance' }],
    ['OCCURRED_IN_FUTURE', { happenedAt: '2009-08-11T07:00:00Z' }],
    ['OCCURRED_BEFORE_OPENING', { happenedAt: '2009-08-01T07:00:00Z' }],
  ])('%s', (code, body) => {
    given(opened(), recordedCall)
      .when('CorrectActivity', { ...call, ...body })
      .thenRefused(code);
  });

  it('is of somebody’s own deal', () => {
    given(opened(), recordedCall)
      .when('CorrectActivity', { ...call, kind: 'visit' }, { person: 'petrov' })
      .thenRefused('NOT_YOUR_DEAL');
  });
});
