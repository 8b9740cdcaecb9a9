import { type Decided, normaliseInstant, type Role, validateBody, factsAtOnce } from '@voronka/kernel';
import { recorded, specification } from '../../../kernel/src/testing.js';
import { dealDecider } from '../deal/deal.decider.js';
import { called, DEAL, done as stepDone, idOf, NOW, opened as dealOpened, OPENED_AT } from '../testing/deal-scene.js';
import { routeMapDecider } from '../route-map/route-map.decider.js';
import { exampleRouteMap } from '../route-map/route-map.example.js';
import { factsFrom, published, stateOf, world } from '../testing/world.js';
import type { ServiceCaseCommand } from './service-case.commands.js';
import { serviceCaseDecider } from './service-case.decider.js';
import { serviceCaseCommands } from './service-case.definitions.js';
import type { ServiceCaseClosed, ServiceCaseEvent, ServiceCaseOpened } from './service-case.events.js';
import type { ServiceCaseFacts } from './service-case.state.js';

const CASE = 's1';
const surroundings = new Map([...world, [`deal-${DEAL}`, stateOf(dealDecider, [dealOpened()])]]);
const service = { ...exampleRouteMap, purpose: 'service' as const };
const versions = [published(service), published({ ...service, name: 'Second' }, 2)];
const withSecond = new Map([...surroundings, ['routeMap-service', stateOf(routeMapDecider, versions)]]);

interface Sender {
  readonly person?: string | null;
  readonly roles?: readonly Role[];
  readonly world?: ReadonlyMap<string, unknown>;
}

/** As `given` of deals: validated bodies, facts looked up as the definition asks, later events a minute later. */
function given(...history: readonly Decided<ServiceCaseEvent>[]) {
  const timed = history.map((event, index) => ({
    ...event,
    occurredAt: event.occurredAt ?? OPENED_AT.replace('07:00', `07:${String(index).padStart(2, '0')}`),
  }));
  const events = recorded(timed, { stream: `serviceCase-${CASE}`, occurredAt: OPENED_AT });
  const scene = specification(serviceCaseDecider).given(
    events.map((event) => ({ ...event, eventId: idOf(event.revision) })),
  );
  const when = (type: ServiceCaseCommand['type'], plain: object, sender: Sender = {}) => {
    const definition = serviceCaseCommands.find((candidate) => candidate.type === type);
    if (definition === undefined) throw new Error(`no command ${type}`);
    const body = validateBody(definition.body, plain);
    const person = sender.person === undefined ? 'ivanova' : sender.person;
    const roles = sender.roles ?? (['manager'] as const);
    const asked = { id: CASE, person, roles, now: NOW, body, state: scene.state };
    const stated = (plain as { occurredAt?: string }).occurredAt;
    return scene.when({ type, body } as ServiceCaseCommand, {
      id: CASE,
      now: NOW,
      occurredAt: stated === undefined ? NOW : normaliseInstant(stated),
      person,
      roles,
      facts: factsAtOnce(definition, asked, (refs) =>
        factsFrom(sender.world ?? surroundings, refs),
      ) as ServiceCaseFacts,
    });
  };
  return { state: scene.state, when };
}

const body = { customerId: 'volga-tools', routeMapId: 'service', productIds: ['trade'], dealId: DEAL };

const opened = (more: Partial<ServiceCaseOpened['data']> = {}): ServiceCaseOpened => ({
  type: 'ServiceCaseOpened',
  data: {
    customerId: 'volga-tools',
    title: null,
    routeMapId: 'service',
    routeMapVersion: 1,
    ownerId: 'ivanova',
    productIds: ['trade'],
    dealId: DEAL,
    ...more,
  },
});

// The steps of a case are told by the events of a deal's steps.
const done = stepDone as (...parameters: Parameters<typeof stepDone>) => Decided<ServiceCaseEvent>;

const closed = (more: Partial<ServiceCaseClosed['data']> = {}): ServiceCaseClosed => ({
  type: 'ServiceCaseClosed',
  data: { customerId: 'volga-tools', outcome: 'completed', lossReason: null, counts: true, note: null, ...more },
});
const abandoned = closed({ outcome: 'abandoned', lossReason: 'price' });

const walked: readonly Decided<ServiceCaseEvent>[] = [
  opened(),
  done('first-contact'),
  done('questionnaire', { answers: { office: 'small' } }),
  done('analysis'),
  done('proposal'),
];

describe('OpenServiceCase', () => {
  it('opens it on the latest version of a service map, for the sender', () => {
    given().when('OpenServiceCase', body).then([opened()]);
  });

  it('needs neither a deal nor a product', () => {
    const { customerId, routeMapId } = body;
    given()
      .when('OpenServiceCase', { customerId, routeMapId })
      .then([opened({ productIds: [], dealId: null })]);
  });

  it('takes a product that is no longer sold', () => {
    given()
      .when('OpenServiceCase', { ...body, productIds: ['old'] })
      .then([opened({ productIds: ['old'] })]);
  });

  it.each<[string, object]>([
    ['ROUTE_MAP_NOT_FOR_SERVICE', { routeMapId: 'automation' }],
    ['ROUTE_MAP_UNKNOWN', { routeMapId: 'nowhere' }],
    ['CUSTOMER_UNKNOWN', { customerId: 'stranger', dealId: null }],
    ['PRODUCT_UNKNOWN', { productIds: ['nothing'] }],
    ['DEAL_UNKNOWN', { dealId: 'd2' }],
    ['OWNER_UNKNOWN', { ownerId: 'stranger' }],
  ])('%s', (code, more) => {
    given()
      .when('OpenServiceCase', { ...body, ...more }, { roles: ['director'] })
      .thenRefused(code);
  });

  it('DEAL_OF_ANOTHER_CUSTOMER', () => {
    const customer = surroundings.get('customer-volga-tools');
    surroundings.set('customer-other', customer);
    given()
      .when('OpenServiceCase', { ...body, customerId: 'other' })
      .thenRefused('DEAL_OF_ANOTHER_CUSTOMER', { dealId: DEAL, customerId: 'other' });
    surroundings.delete('customer-other');
  });

  it('NOT_YOUR_SERVICE_CASE: a manager opens it for himself', () => {
    given()
      .when('OpenServiceCase', { ...body, ownerId: 'petrov' })
      .thenRefused('NOT_YOUR_SERVICE_CASE');
  });

  it('OWNER_MISSING where nobody acts', () => {
    given()
      .when('OpenServiceCase', body, { person: null, roles: ['service'] })
      .thenRefused('OWNER_MISSING');
  });

  it('says nothing new when repeated, and SERVICE_CASE_EXISTS when it says something else', () => {
    given(opened()).when('OpenServiceCase', body).then([]);
    given(opened())
      .when('OpenServiceCase', { ...body, productIds: [] })
      .thenRefused('SERVICE_CASE_EXISTS', { serviceCaseId: CASE });
  });
});

describe('work on a service case', () => {
  it('SERVICE_CASE_NOT_FOUND before it is opened', () => {
    given()
      .when('CompleteStep', { step: 'first-contact' })
      .thenRefused('SERVICE_CASE_NOT_FOUND', { serviceCaseId: CASE });
  });

  it('passes the gates of the map as a deal does', () => {
    given(opened())
      .when('CompleteStep', { step: 'first-contact' })
      .then([done('first-contact') as ServiceCaseEvent]);
    given(opened())
      .when('CompleteStep', { step: 'proposal' })
      .thenRefused('STEP_PREREQUISITE_MISSING', { step: 'proposal', missing: ['analysis'] });
  });

  it('BACKDATING_NEEDS_AUTHORITY into a closed month, as on a deal', () => {
    const closed = { world: new Map([...surroundings, ['payroll-main', { closedThrough: '2009-08' }]]) };
    const yesterday = { occurredAt: '2009-08-09T07:00:00.000Z' };
    const refused = ['BACKDATING_NEEDS_AUTHORITY', { closedPeriod: '2009-08' }] as const;
    given()
      .when('OpenServiceCase', { ...body, ...yesterday }, closed)
      .thenRefused(...refused);
    given(opened())
      .when('CompleteStep', { step: 'first-contact', ...yesterday }, closed)
      .thenRefused(...refused);
    given(opened())
      .when('CompleteStep', { step: 'first-contact', ...yesterday })
      .then([done('first-contact')]);
  });

  it('goes back to a step it has done, in words of its own', () => {
    given(...walked)
      .when('ReturnServiceCase', { toStep: 'questionnaire', reason: 'Another office' })
      .then([
        {
          type: 'ServiceCaseReturned',
          data: { customerId: 'volga-tools', toStep: 'questionnaire', reason: 'Another office' },
        },
      ]);
  });

  it('moves to a newer version of its map, as a deal does', () => {
    const moved = { customerId: 'volga-tools', routeMapId: 'service', fromVersion: 1, toVersion: 2 };
    const reason = 'The map asks for more';
    const leader: Sender = { person: 'orlova', roles: ['head'], world: withSecond };
    given(opened())
      .when('MigrateServiceCase', { reason }, leader)
      .then([{ type: 'ServiceCaseMigrated', data: { ...moved, addedSteps: [], carriedAnswers: [], reason } }]);
    given(opened())
      .when('MigrateServiceCase', { reason, toVersion: 3 }, leader)
      .thenRefused('ROUTE_MAP_VERSION_UNKNOWN');
    const state = given(opened(), {
      type: 'ServiceCaseMigrated',
      data: { ...moved, addedSteps: [], carriedAnswers: [], reason },
    }).state;
    expect(state).toMatchObject({ opening: { routeMapVersion: 2 }, migrations: [{ fromVersion: 1, revision: 1 }] });
  });

  it('changes hands', () => {
    const reason = 'Petrov introduces it';
    given(opened())
      .when('ReassignServiceCase', { toOwnerId: 'petrov', reason }, { person: 'orlova', roles: ['head'] })
      .then([
        {
          type: 'ServiceCaseReassigned',
          data: { customerId: 'volga-tools', fromOwnerId: 'ivanova', toOwnerId: 'petrov', effectiveFrom: NOW, reason },
        },
      ]);
  });

  it('NOT_YOUR_SERVICE_CASE and SERVICE_CASE_CLOSED are named after the case', () => {
    given(opened({ ownerId: 'petrov' }))
      .when('RecordActivity', { kind: 'call' })
      .thenRefused('NOT_YOUR_SERVICE_CASE', { serviceCaseId: CASE });
    given(opened(), abandoned)
      .when('CompleteStep', { step: 'first-contact' })
      .thenRefused('SERVICE_CASE_CLOSED', { serviceCaseId: CASE, status: 'abandoned' });
    given(opened(), abandoned)
      .when('PlanActivity', { kind: 'call', dueAt: '2009-08-12T10:00:00Z' })
      .thenRefused('SERVICE_CASE_CLOSED', { status: 'abandoned' });
  });

  it('a step of a completed case is not taken away from it', () => {
    const leader: Sender = { person: 'orlova', roles: ['head'] };
    const voiding = { step: 'proposal', reason: 'Mistake' };
    given(...walked, closed())
      .when('VoidStep', voiding, leader)
      .thenRefused('SERVICE_CASE_CLOSED', { status: 'completed' });
    given(...walked)
      .when('VoidStep', voiding, leader)
      .then([
        {
          type: 'StepVoided',
          data: { customerId: 'volga-tools', step: 'proposal', completionId: 'e4', reason: 'Mistake' },
        },
      ]);
  });
});

describe('a completed case', () => {
  const leader: Sender = { person: 'orlova', roles: ['head'] };
  const refused = ['SERVICE_CASE_CLOSED', { serviceCaseId: CASE, status: 'completed' }] as const;
  const reason = 'Misheard';

  it('is not corrected into lacking a mandatory step', () => {
    const large = { step: 'questionnaire', reason, answers: { office: 'large' } };
    given(...walked, closed())
      .when('CorrectStep', large, leader)
      .thenRefused(...refused);
    given(...walked, closed())
      .when('CorrectStep', { ...large, answers: { office: 'unknown' } }, leader)
      .thenRefused(...refused);
    const corrected: ServiceCaseEvent = {
      type: 'StepCorrected',
      data: {
        customerId: 'volga-tools',
        step: 'questionnaire',
        completionId: idOf(2),
        completedAt: OPENED_AT.replace('07:00', '07:02'),
        performedBy: 'ivanova',
        answers: { office: 'large' },
        personalAnswers: null,
        reason,
      },
    };
    given(...walked)
      .when('CorrectStep', large, leader)
      .then([corrected]);
    given(...walked, closed({ outcome: 'abandoned', lossReason: 'price' }))
      .when('CorrectStep', large, leader)
      .then([corrected]);
    given(...walked, closed())
      .when('CorrectStep', { ...large, answers: { office: 'small', budget: 5 } }, leader)
      .then([{ ...corrected, data: { ...corrected.data, answers: { office: 'small', budget: 5 } } }]);
  });

  it('has no mandatory step that was done only after its completion', () => {
    const later = { step: 'proposal', reason, completedAt: NOW };
    given(...walked, closed())
      .when('CorrectStep', later, leader)
      .thenRefused(...refused);
    const data = { customerId: 'volga-tools', step: 'proposal', completionId: idOf(4), performedBy: 'ivanova' };
    given(...walked)
      .when('CorrectStep', later, leader)
      .then([{ type: 'StepCorrected', data: { ...data, completedAt: NOW, answers: {}, reason } }]);
  });

  it('keeps the activities that its steps were done on', () => {
    const visit: Decided<ServiceCaseEvent> = called('v-1', { kind: 'visit' });
    const surveyed = [
      opened(),
      done('first-contact'),
      done('questionnaire', { answers: { office: 'large' } }),
      visit,
      done('survey', { answers: { surveyedOn: '2009-08-03' } }),
      done('analysis'),
      done('proposal'),
    ];
    given(...surveyed, closed())
      .when('VoidActivity', { activityId: 'v-1', reason })
      .thenRefused(...refused);
    const lacking = [{ step: 'survey', completionId: idOf(4) }];
    given(...surveyed)
      .when('VoidActivity', { activityId: 'v-1', reason })
      .thenRefused('EVIDENCE_NEEDED', { serviceCaseId: CASE, lacking });
  });
});

describe('CloseServiceCase', () => {
  it('completes it with every mandatory step, and not without: MANDATORY_STEPS_MISSING', () => {
    given(...walked)
      .when('CloseServiceCase', { outcome: 'completed' })
      .then([closed()]);
    given(opened(), done('first-contact'))
      .when('CloseServiceCase', { outcome: 'completed' })
      .thenRefused('MANDATORY_STEPS_MISSING', { missing: ['questionnaire', 'analysis', 'proposal'] });
  });

  it('gives it up at any step, for a reason of its map', () => {
    given(opened()).when('CloseServiceCase', { outcome: 'abandoned', lossReason: 'price' }).then([abandoned]);
    given(opened())
      .when('CloseServiceCase', { outcome: 'abandoned', lossReason: 'duplicate' })
      .then([closed({ outcome: 'abandoned', lossReason: 'duplicate', counts: false })]);
  });

  it.each<[string, object]>([
    ['LOSS_REASON_MISSING', { outcome: 'abandoned' }],
    ['LOSS_REASON_UNKNOWN', { outcome: 'abandoned', lossReason: 'weather' }],
    ['LOSS_REASON_NEEDLESS', { outcome: 'completed', lossReason: 'price' }],
  ])('%s', (code, end) => {
    given(...walked)
      .when('CloseServiceCase', end)
      .thenRefused(code);
  });

  it('twice alike is once; another end is SERVICE_CASE_CLOSED', () => {
    given(...walked, closed())
      .when('CloseServiceCase', { outcome: 'completed' })
      .then([]);
    given(...walked, closed())
      .when('CloseServiceCase', { outcome: 'abandoned', lossReason: 'price' })
      .thenRefused('SERVICE_CASE_CLOSED');
    given(opened(), abandoned).when('CloseServiceCase', { outcome: 'abandoned', lossReason: 'price' }).then([]);
  });
});

describe('ReopenServiceCase', () => {
  const reopened: ServiceCaseEvent = {
    type: 'ServiceCaseReopened',
    data: { customerId: 'volga-tools', reason: 'Called back' },
  };
  const again = { reason: 'Called back' };

  it.each([
    ['completed', [...walked, closed()]],
    ['abandoned', [opened(), abandoned]],
  ])('takes a case up again that was %s, once', (_end, history) => {
    given(...history)
      .when('ReopenServiceCase', again)
      .then([reopened]);
    given(...history, reopened)
      .when('ReopenServiceCase', again)
      .then([]);
    expect(given(...history, reopened).state).toMatchObject({ status: 'open', reopened: true });
  });

  it('SERVICE_CASE_NOT_CLOSED, and OCCURRED_BEFORE_CLOSING', () => {
    given(opened()).when('ReopenServiceCase', again).thenRefused('SERVICE_CASE_NOT_CLOSED');
    given(opened(), { ...abandoned, occurredAt: NOW })
      .when('ReopenServiceCase', { ...again, occurredAt: OPENED_AT })
      .thenRefused('OCCURRED_BEFORE_CLOSING');
  });
});

describe('the state of a service case', () => {
  it('forgets nothing of the work when the case is closed', () => {
    const { state } = given(...walked, closed());
    expect(state).toMatchObject({ status: 'won', ownerId: 'ivanova', opened: { dealId: DEAL } });
    expect(state.completions.map(({ step }) => step)).toEqual([
      'first-contact',
      'questionnaire',
      'analysis',
      'proposal',
    ]);
  });

  it('leaves out an end without a beginning', () => {
    expect(given(closed()).state.status).toBe('none');
  });
});
