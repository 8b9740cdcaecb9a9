import { done, given, idOf, lost, NOW, opened, sentBack, verified } from '../testing/deal-scene.js';
import { published, stateOf, world } from '../testing/world.js';
import { departmentDecider } from '../department/department.decider.js';
import { routeMapDecider } from '../route-map/route-map.decider.js';
import { exampleRouteMap } from '../route-map/route-map.example.js';

const HEAD = { person: 'orlova', roles: ['head'] } as const;

describe('performers', () => {
  it('PERFORMER_UNKNOWN: nobody of that id was hired', () => {
    given(opened())
      .when('CompleteStep', { step: 'first-contact', performedBy: 'stranger' })
      .thenRefused('PERFORMER_UNKNOWN', { employeeId: 'stranger' });
  });

  it.each([
    ['novikov', 'not hired yet'],
    ['lebedev', 'gone'],
  ])('PERFORMER_NOT_EMPLOYED: %s was %s', (performedBy) => {
    given(opened())
      .when('CompleteStep', { step: 'first-contact', performedBy })
      .thenRefused('PERFORMER_NOT_EMPLOYED', { employeeId: performedBy, day: '2009-08-10' });
  });

  it('are employed from the first day on, in the zone of the company', () => {
    const step = { step: 'first-contact', performedBy: 'novikov' };
    const sender = { now: '2009-08-18T07:00:00.000Z' };
    given(opened())
      .when('CompleteStep', { ...step, occurredAt: '2009-08-16T23:59:59+05:00' }, sender)
      .thenRefused('PERFORMER_NOT_EMPLOYED', { day: '2009-08-16' });
    given(opened())
      .when('CompleteStep', { ...step, occurredAt: '2009-08-17T00:00:00+05:00' }, sender)
      .then([done('first-contact', { performedBy: 'novikov' })]);
  });

  it('STEP_ROLE_MISSING: the step asks for another working role', () => {
    given(opened(), done('first-contact'))
      .when('CompleteStep', { step: 'questionnaire', performedBy: 'belov', answers: { office: 'small' } })
      .thenRefused('STEP_ROLE_MISSING', { step: 'questionnaire', performedBy: 'belov', roles: ['manager'] });
  });
});

describe('whose deal it is', () => {
  it('NOT_YOUR_DEAL: a manager does not work on the deals of others', () => {
    given(opened()).when('CompleteStep', { step: 'first-contact' }, { person: 'petrov' }).thenRefused('NOT_YOUR_DEAL');
  });

  it.each(['director', 'admin', 'service'] as const)('a %s does', (role) => {
    given(opened())
      .when('CompleteStep', { step: 'first-contact' }, { person: 'petrov', roles: [role] })
      .then([done('first-contact', { performedBy: 'petrov' })]);
  });

  describe('a head acts within the departments he heads, and all below them', () => {
    const departments = (...appointed: [string, string | null, string | null, string?][]) =>
      new Map<string, unknown>([
        ...world,
        ...appointed.map(([id, parentId, head, effectiveOn = '2009-02-01']): [string, unknown] => {
          const created = { type: 'DepartmentCreated', data: { name: id, parentId } } as const;
          const events =
            head === null
              ? [created]
              : [created, { type: 'DepartmentHeadAppointed', data: { employeeId: head, effectiveOn } } as const];
          return [`department-${id}`, stateOf(departmentDecider, events, `department-${id}`)];
        }),
      ]);
    const act = (person: string, within: ReadonlyMap<string, unknown>) =>
      given(opened()).when('CompleteStep', { step: 'first-contact' }, { person, roles: ['head'], world: within });

    it('his own, and those below', () => {
      act('petrov', departments(['sales', null, 'petrov'])).then([done('first-contact', { performedBy: 'petrov' })]);
      const below = departments(
        ['sales', 'region', null],
        ['region', 'company', 'orlova'],
        ['company', null, 'petrov'],
      );
      act('petrov', below).then([done('first-contact', { performedBy: 'petrov' })]);
    });

    it.each([
      ['another department', departments(['sales', null, 'orlova'], ['service', null, 'petrov'])],
      ['one below', departments(['sales', null, 'orlova'], ['shop', 'sales', 'petrov'])],
      ['it from a later day on', departments(['sales', null, 'petrov', '2009-08-11'])],
      ['one that stands in a ring', departments(['sales', 'shop', null], ['shop', 'sales', null])],
      ['one under a department that is not there', departments(['sales', 'nowhere', null])],
    ])('NOT_YOUR_DEPARTMENT: heads %s', (_what, within) => {
      act('petrov', within).thenRefused('NOT_YOUR_DEPARTMENT', { departmentId: 'sales' });
    });

    it('he who was head before has no say once another is appointed', () => {
      const created = { type: 'DepartmentCreated', data: { name: 'Sales', parentId: null } } as const;
      const appointed = (employeeId: string, effectiveOn: string) =>
        ({ type: 'DepartmentHeadAppointed', data: { employeeId, effectiveOn } }) as const;
      const events = [created, appointed('petrov', '2009-02-01'), appointed('orlova', '2009-08-10')];
      const changed = new Map([...world, ['department-sales', stateOf(departmentDecider, events, 'department-sales')]]);
      act('petrov', changed).thenRefused('NOT_YOUR_DEPARTMENT');
      act('orlova', changed).then([done('first-contact', { performedBy: 'orlova' })]);
    });

    it('a head verifies within them alone, whatever working role he has; a manager by his working role', () => {
      const waiting = [
        ...[opened(), done('first-contact'), done('questionnaire')],
        done('analysis', { awaitsVerification: true }),
      ];
      const verify = (person: string, roles: readonly ['head' | 'manager'], within: ReadonlyMap<string, unknown>) =>
        given(...waiting).when('VerifyStep', { step: 'analysis', accepted: true }, { person, roles, world: within });
      const ofOrlova = departments(['sales', null, 'orlova']);
      const elsewhere = departments(['sales', null, 'petrov'], ['service', null, 'orlova']);
      verify('orlova', ['head'], ofOrlova).then([verified('analysis', 3)]);
      verify('orlova', ['head'], elsewhere).thenRefused('NOT_YOUR_DEPARTMENT', { departmentId: 'sales' });
      verify('orlova', ['manager'], elsewhere).then([verified('analysis', 3)]);
    });

    it.each([
      ['ReassignDeal', { toOwnerId: 'petrov', reason: 'Mine' }],
      ['SkipStep', { step: 'first-contact', reason: 'Known' }],
      ['OpenDeal', { customerId: 'volga-tools', routeMapId: 'automation', ownerId: 'ivanova' }],
    ] as const)('%s is within them, too', (type, plain) => {
      const elsewhere = departments(['service', null, 'petrov']);
      const scene = type === 'OpenDeal' ? given() : given(opened());
      scene
        .when(type, plain, { person: 'petrov', roles: ['head'], world: elsewhere })
        .thenRefused('NOT_YOUR_DEPARTMENT');
    });
  });

  it('a step for a working role that the owner lacks is open to those who have it', () => {
    const analysed = given(opened({ ownerId: 'orlova' }), done('first-contact'), done('questionnaire'));
    analysed
      .when('CompleteStep', { step: 'analysis' }, { person: 'belov' })
      .then([done('analysis', { performedBy: 'belov', awaitsVerification: true })]);
    given(opened(), done('first-contact'), done('questionnaire'))
      .when('CompleteStep', { step: 'analysis' }, { person: 'belov' })
      .thenRefused('NOT_YOUR_DEAL');
  });
});

describe('VerifyStep', () => {
  const waiting = [
    opened(),
    done('first-contact'),
    done('questionnaire'),
    done('analysis', { awaitsVerification: true }),
  ];

  it('accepts the completion that waits', () => {
    given(...waiting)
      .when('VerifyStep', { step: 'analysis', accepted: true }, HEAD)
      .then([verified('analysis', 3)]);
  });

  it('sends it back with a reason', () => {
    given(...waiting)
      .when('VerifyStep', { step: 'analysis', accepted: false, reason: 'Too short' }, HEAD)
      .then([sentBack('analysis', 3)]);
    given(...waiting)
      .when('VerifyStep', { step: 'analysis', accepted: false }, HEAD)
      .thenRefused('REASON_MISSING');
  });

  it('VERIFIER_IS_PERFORMER: nobody accepts his own work', () => {
    given(...waiting.slice(0, 3), done('analysis', { awaitsVerification: true, performedBy: 'orlova' }))
      .when('VerifyStep', { step: 'analysis', accepted: true }, HEAD)
      .thenRefused('VERIFIER_IS_PERFORMER', { performedBy: 'orlova', completionId: idOf(3) });
  });

  it('VERIFIER_ROLE_MISSING: the map names the working role of the verifier', () => {
    given(...waiting)
      .when('VerifyStep', { step: 'analysis', accepted: true }, { person: 'petrov', roles: ['director'] })
      .thenRefused('VERIFIER_ROLE_MISSING', { role: 'head' });
  });

  it('VERIFIER_MISSING: a service verifies for a person only', () => {
    given(...waiting)
      .when('VerifyStep', { step: 'analysis', accepted: true }, { person: null, roles: ['service'] })
      .thenRefused('VERIFIER_MISSING');
  });

  it('STEP_NOT_AWAITING: nothing waits, or another judgement was given', () => {
    given(opened()).when('VerifyStep', { step: 'analysis', accepted: true }, HEAD).thenRefused('STEP_NOT_AWAITING');
    given(...waiting, verified('analysis', 3))
      .when('VerifyStep', { step: 'analysis', accepted: false, reason: 'No', completionId: idOf(3) }, HEAD)
      .thenRefused('STEP_NOT_AWAITING');
  });

  it('is quiet about the same judgement of the same completion', () => {
    given(...waiting, verified('analysis', 3))
      .when('VerifyStep', { step: 'analysis', accepted: true, completionId: idOf(3) }, HEAD)
      .then([]);
    given(...waiting, sentBack('analysis', 3))
      .when('VerifyStep', { step: 'analysis', accepted: false, reason: 'No', completionId: idOf(3) }, HEAD)
      .then([]);
  });

  it('comes after the completion', () => {
    given(
      ...waiting.slice(0, 3),
      done('analysis', { awaitsVerification: true, occurredAt: '2009-08-06T10:00:00.000Z' }),
    )
      .when('VerifyStep', { step: 'analysis', accepted: true, occurredAt: '2009-08-06T09:00:00Z' }, HEAD)
      .thenRefused('OCCURRED_BEFORE_PREREQUISITE', { prerequisite: 'analysis' });
  });

  it('accepts late what was done on a deal that is closed by now', () => {
    given(...waiting, lost())
      .when('VerifyStep', { step: 'analysis', accepted: true }, HEAD)
      .then([verified('analysis', 3)]);
  });

  it('does not accept twice what was done again after being sent back', () => {
    given(...waiting, sentBack('analysis', 3), done('analysis', { awaitsVerification: true }))
      .when('VerifyStep', { step: 'analysis', accepted: true, occurredAt: NOW }, HEAD)
      .then([verified('analysis', 5)]);
  });
});

describe('a step of kind verification', () => {
  const [contact, questionnaire] = exampleRouteMap.steps;
  const check = {
    code: 'check',
    name: 'Check of the questionnaire',
    stage: 'offer',
    kind: 'verification',
    concerns: 'questionnaire',
    mandatory: true,
    after: ['questionnaire'],
    roles: [],
    form: [],
  } as const;
  const steps = [contact, questionnaire, check].flatMap((step) => (step === undefined ? [] : [step]));
  const map = stateOf(routeMapDecider, [published({ ...exampleRouteMap, steps })]);
  const checked = { world: new Map([...world, ['routeMap-automation', map]]) };

  it('VERIFIER_IS_PERFORMER: is not done by whoever filled the questionnaire', () => {
    const filled = [opened(), done('first-contact'), done('questionnaire')];
    given(...filled)
      .when('CompleteStep', { step: 'check' }, checked)
      .thenRefused('VERIFIER_IS_PERFORMER', { step: 'check', performedBy: 'ivanova', completionId: idOf(2) });
    given(...filled)
      .when('CompleteStep', { step: 'check', performedBy: 'petrov' }, checked)
      .then([done('check', { performedBy: 'petrov' })]);
  });
});
