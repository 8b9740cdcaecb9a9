import {
  done,
  given,
  idOf,
  lost,
  opened,
  returned,
  sentBack,
  signed,
  skipped,
  verified,
  walked,
} from '../testing/deal-scene.js';

describe('CompleteStep', () => {
  it('records who did it, by default the person who sends it', () => {
    given(opened())
      .when('CompleteStep', { step: 'first-contact' })
      .then([done('first-contact')]);
  });

  it('takes the performer that the sender names', () => {
    given(opened())
      .when('CompleteStep', { step: 'first-contact', performedBy: 'petrov' }, { person: null, roles: ['service'] })
      .then([done('first-contact', { performedBy: 'petrov' })]);
  });

  it('knows nobody where nobody acts and the step asks for no role', () => {
    given(opened())
      .when('CompleteStep', { step: 'first-contact' }, { person: null, roles: ['service'] })
      .then([done('first-contact', { performedBy: null })]);
  });

  it('asks who did it where the step asks for a working role', () => {
    given(opened(), done('first-contact'))
      .when('CompleteStep', { step: 'questionnaire' }, { person: null, roles: ['service'] })
      .thenRefused('PERFORMER_MISSING', { step: 'questionnaire', roles: ['manager'] });
  });

  it('parts personal answers from the others', () => {
    given(opened(), done('first-contact'))
      .when('CompleteStep', { step: 'questionnaire', answers: { office: 'small', decider: 'Sidorov' } })
      .then([done('questionnaire', { answers: { office: 'small' }, personalAnswers: { decider: 'Sidorov' } })]);
  });

  it('waits for verification where the map asks for it', () => {
    given(opened(), done('first-contact'), done('questionnaire'))
      .when('CompleteStep', { step: 'analysis' })
      .then([done('analysis', { awaitsVerification: true })]);
  });

  it('STEP_UNKNOWN: the step is not on the map', () => {
    given(opened())
      .when('CompleteStep', { step: 'dance' })
      .thenRefused('STEP_UNKNOWN', { step: 'dance', routeMapVersion: 1 });
  });

  it('DEAL_NOT_FOUND: there is no deal', () => {
    given().when('CompleteStep', { step: 'first-contact' }).thenRefused('DEAL_NOT_FOUND');
  });

  it.each([
    ['won', signed()],
    ['lost', lost()],
  ])('DEAL_CLOSED: the deal is %s', (status, event) => {
    given(opened(), event).when('CompleteStep', { step: 'first-contact' }).thenRefused('DEAL_CLOSED', { status });
  });

  it('FORM_INVALID: a required answer is missing, and unknown is no absence', () => {
    const scene = given(opened(), done('first-contact'));
    scene.when('CompleteStep', { step: 'questionnaire' }).thenRefused('FORM_INVALID', {
      faults: [{ field: 'office', code: 'ANSWER_MISSING' }],
    });
    scene
      .when('CompleteStep', { step: 'questionnaire', answers: { office: 'unknown' } })
      .then([done('questionnaire', { answers: { office: 'unknown' } })]);
  });
});

describe('prerequisites', () => {
  it('STEP_PREREQUISITE_MISSING names the step and what is missing', () => {
    given(opened(), done('first-contact'))
      .when('CompleteStep', { step: 'proposal' })
      .thenRefused('STEP_PREREQUISITE_MISSING', { step: 'proposal', missing: ['analysis'] });
  });

  it('are a partial order: a meeting may come before the questionnaire', () => {
    given(opened(), done('first-contact'))
      .when('CompleteStep', { step: 'meeting' })
      .then([done('meeting')]);
  });

  it('are satisfied by a skip', () => {
    given(opened(), skipped('first-contact'))
      .when('CompleteStep', { step: 'meeting' })
      .then([done('meeting')]);
  });

  it('are not satisfied by a completion that waits, was sent back or was voided', () => {
    const way = [
      opened(),
      done('first-contact'),
      done('questionnaire'),
      done('analysis', { awaitsVerification: true }),
    ];
    const refused = ['STEP_PREREQUISITE_MISSING', { missing: ['analysis'] }] as const;
    given(...way)
      .when('CompleteStep', { step: 'proposal' })
      .thenRefused(...refused);
    given(...way, sentBack('analysis', 3))
      .when('CompleteStep', { step: 'proposal' })
      .thenRefused(...refused);
    given(...way, verified('analysis', 3))
      .when('CompleteStep', { step: 'proposal' })
      .then([done('proposal')]);
    given(...way, verified('analysis', 3), {
      type: 'StepVoided',
      data: { customerId: null, step: 'analysis', completionId: idOf(3), reason: 'Wrong deal' },
    })
      .when('CompleteStep', { step: 'proposal' })
      .thenRefused(...refused);
  });

  it('OCCURRED_BEFORE_PREREQUISITE: the step cannot be older than what it needs', () => {
    given(opened(), done('first-contact', { occurredAt: '2009-08-06T10:00:00.000Z' }))
      .when('CompleteStep', { step: 'meeting', occurredAt: '2009-08-06T13:59:59+04:00' })
      .thenRefused('OCCURRED_BEFORE_PREREQUISITE', { step: 'meeting', prerequisite: 'first-contact' });
  });

  it('take a step at the very instant of its prerequisite', () => {
    given(opened(), done('first-contact', { occurredAt: '2009-08-06T10:00:00.000Z' }))
      .when('CompleteStep', { step: 'meeting', occurredAt: '2009-08-06T14:00:00+04:00' })
      .then([done('meeting')]);
  });
});

describe('repetition', () => {
  it('STEP_ALREADY_DONE: a step is done once', () => {
    given(opened(), done('first-contact'))
      .when('CompleteStep', { step: 'first-contact' })
      .thenRefused('STEP_ALREADY_DONE', { step: 'first-contact', completionId: idOf(1) });
  });

  it('STEP_AWAITS_VERIFICATION: not again while it waits, but again once it was sent back', () => {
    const way = [
      opened(),
      done('first-contact'),
      done('questionnaire'),
      done('analysis', { awaitsVerification: true }),
    ];
    given(...way)
      .when('CompleteStep', { step: 'analysis' })
      .thenRefused('STEP_AWAITS_VERIFICATION', { completionId: idOf(3) });
    given(...way, sentBack('analysis', 3))
      .when('CompleteStep', { step: 'analysis' })
      .then([done('analysis', { awaitsVerification: true })]);
  });

  it('a skipped step may be done after all', () => {
    given(opened(), skipped('first-contact'))
      .when('CompleteStep', { step: 'first-contact' })
      .then([done('first-contact')]);
  });

  it('a return makes what comes after its target necessary again', () => {
    const back = given(...walked(), returned('questionnaire'));
    back
      .when('CompleteStep', { step: 'proposal' })
      .thenRefused('STEP_PREREQUISITE_MISSING', { step: 'proposal', missing: ['analysis'] });
    back.when('CompleteStep', { step: 'analysis' }).then([done('analysis', { awaitsVerification: true })]);
  });

  it('the target of a return stays done, may be done again, and then not a third time', () => {
    const back = [...walked(), returned('questionnaire')];
    given(...back)
      .when('CompleteStep', { step: 'questionnaire', answers: { office: 'large' } })
      .then([done('questionnaire', { answers: { office: 'large' } })]);
    given(...back, done('questionnaire'))
      .when('CompleteStep', { step: 'questionnaire', answers: { office: 'large' } })
      .thenRefused('STEP_ALREADY_DONE');
  });

  it('a return does not touch what comes before its target', () => {
    given(...walked(), returned('questionnaire'))
      .when('CompleteStep', { step: 'first-contact' })
      .thenRefused('STEP_ALREADY_DONE');
  });

  it('a return undoes the higher bars, even those the target does not lead to', () => {
    given(opened(), done('first-contact'), done('meeting'), done('questionnaire'), returned('questionnaire'))
      .when('CompleteStep', { step: 'meeting' })
      .then([done('meeting')]);
  });

  it('OCCURRED_BEFORE_RETURN: what is done again is done after the return', () => {
    const way = [...walked(), returned('first-contact', '2009-08-06T10:00:00.000Z')];
    given(...way)
      .when('CompleteStep', { step: 'meeting', occurredAt: '2009-08-05T10:00:00Z' })
      .then([done('meeting')]);
    given(...way)
      .when('CompleteStep', { step: 'questionnaire', occurredAt: '2009-08-05T10:00:00Z', answers: { office: 'small' } })
      .thenRefused('OCCURRED_BEFORE_RETURN', { step: 'questionnaire' });
  });
});
