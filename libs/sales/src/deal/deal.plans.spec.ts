import { called, given, idOf, lost, NOW, opened, signed, walked } from '../testing/deal-scene.js';
import type { ActivityPlanned, DealEvent } from './deal.events.js';
import { openPlans, planStanding } from './deal.plan.state.js';

const customerId = 'volga-tools';
const DUE = '2009-08-12T06:00:00.000Z';
const LATER = '2009-08-14T06:00:00.000Z';

function planned(more: Partial<ActivityPlanned['data']> = {}): ActivityPlanned {
  const data = { customerId, activityId: 'p1', kind: 'call', topic: null, dueAt: DUE, performer: 'ivanova' };
  return { type: 'ActivityPlanned', data: { ...data, step: null, note: null, ...more } };
}

const about = { customerId, activityId: 'p1', planningId: idOf(1) };
const put = (dueAt = LATER): DealEvent => ({ type: 'ActivityRescheduled', data: { ...about, dueAt, reason: 'Away' } });
const calledOff = (): DealEvent => ({ type: 'ActivityCancelled', data: { ...about, reason: 'Answered' } });
const carried = (more = {}): DealEvent => called('p1', { plannedActivityId: 'p1', ...more });
const voided = (recording: number): DealEvent => ({
  type: 'ActivityVoided',
  data: { customerId, activityId: 'p1', recordingId: idOf(recording), reason: 'Not reached' },
});

describe('PlanActivity', () => {
  const plan = { activityId: 'p1', kind: 'call', dueAt: DUE };

  it('says what is to be done, by when and by whom', () => {
    given(opened()).when('PlanActivity', plan).then([planned()]);
    given(opened())
      .when('PlanActivity', { ...plan, performer: 'petrov', step: 'meeting', topic: 'Terms', note: 'Ask for Anna' })
      .then([planned({ performer: 'petrov', step: 'meeting', topic: 'Terms', note: 'Ask for Anna' })]);
  });

  it('takes an id that neither a recorded nor a planned activity has', () => {
    given(opened(), called('d1:a2'), planned({ activityId: 'd1:a3' }))
      .when('PlanActivity', { kind: 'call', dueAt: DUE })
      .then([planned({ activityId: 'd1:a4' })]);
    given(opened(), planned({ activityId: 'd1:a1' }))
      .when('RecordActivity', { kind: 'call' })
      .then([called('d1:a2')]);
  });

  it('is quiet about the same plan again, and a conflict with another under its id', () => {
    given(opened(), planned()).when('PlanActivity', plan).then([]);
    given(opened(), planned(), put()).when('PlanActivity', plan).then([]);
    given(opened(), planned())
      .when('PlanActivity', { ...plan, kind: 'visit' })
      .thenRefused('ACTIVITY_EXISTS', { activityId: 'p1' });
    given(opened(), called('p1')).when('PlanActivity', plan).thenRefused('ACTIVITY_EXISTS');
  });

  it('may be due for somebody who comes by then, and for nobody who has left', () => {
    const novikov = { ...plan, performer: 'novikov' };
    given(opened()).when('PlanActivity', novikov).thenRefused('PERFORMER_NOT_EMPLOYED', { day: '2009-08-12' });
    given(opened())
      .when('PlanActivity', { ...novikov, dueAt: '2009-08-17T06:00:00Z' })
      .then([planned({ performer: 'novikov', dueAt: '2009-08-17T06:00:00.000Z' })]);
    given(opened())
      .when('PlanActivity', { ...plan, performer: 'lebedev' })
      .thenRefused('PERFORMER_NOT_EMPLOYED');
    given(opened())
      .when('PlanActivity', { ...plan, performer: 'nobody' })
      .thenRefused('PERFORMER_UNKNOWN');
  });

  it('DUE_BEFORE_PLANNING, STEP_UNKNOWN, NOT_YOUR_DEAL', () => {
    given(opened())
      .when('PlanActivity', { ...plan, dueAt: '2009-08-10T06:59:00Z' })
      .thenRefused('DUE_BEFORE_PLANNING');
    given(opened())
      .when('PlanActivity', { ...plan, step: 'dance' })
      .thenRefused('STEP_UNKNOWN');
    given(opened()).when('PlanActivity', plan, { person: 'petrov' }).thenRefused('NOT_YOUR_DEAL');
  });

  it('plans for a won deal, and not for a lost one: DEAL_CLOSED', () => {
    given(...walked(), signed())
      .when('PlanActivity', plan)
      .then([planned()]);
    given(opened(), lost()).when('PlanActivity', plan).thenRefused('DEAL_CLOSED', { status: 'lost' });
  });
});

describe('RecordActivity of what was planned', () => {
  it('does the plan that it names, under the id of the plan unless it has another', () => {
    given(opened(), planned()).when('RecordActivity', { kind: 'call', plannedActivityId: 'p1' }).then([carried()]);
    given(opened(), planned())
      .when('RecordActivity', { kind: 'visit', plannedActivityId: 'p1', activityId: 'v' })
      .then([called('v', { kind: 'visit', plannedActivityId: 'p1' })]);
  });

  it('does the plan with its id', () => {
    given(opened(), planned()).when('RecordActivity', { kind: 'call', activityId: 'p1' }).then([carried()]);
  });

  it('is quiet about the same again, and refuses to do a plan twice: PLANNED_ACTIVITY_DONE', () => {
    const scene = given(opened(), planned(), carried());
    scene.when('RecordActivity', { kind: 'call', plannedActivityId: 'p1' }).then([]);
    scene
      .when('RecordActivity', { kind: 'call', plannedActivityId: 'p1', activityId: 'other' })
      .thenRefused('PLANNED_ACTIVITY_DONE', { recordingId: idOf(2) });
  });

  it('PLANNED_ACTIVITY_UNKNOWN, PLANNED_ACTIVITY_CANCELLED, OCCURRED_BEFORE_PLANNING', () => {
    const record = { kind: 'call', plannedActivityId: 'p1' };
    given(opened()).when('RecordActivity', record).thenRefused('PLANNED_ACTIVITY_UNKNOWN');
    given(opened(), planned(), calledOff()).when('RecordActivity', record).thenRefused('PLANNED_ACTIVITY_CANCELLED');
    given(opened(), planned())
      .when('RecordActivity', { ...record, occurredAt: '2009-08-03T07:00:30Z' })
      .thenRefused('OCCURRED_BEFORE_PLANNING');
  });

  it('a voided recording leaves the plan to be done', () => {
    const scene = given(opened(), planned(), carried(), voided(2));
    expect(openPlans(scene.state.plans)).toMatchObject([{ planningId: idOf(1) }]);
    scene
      .when('RecordActivity', { kind: 'call', plannedActivityId: 'p1', activityId: 'again' })
      .then([called('again', { plannedActivityId: 'p1' })]);
  });
});

describe('RescheduleActivity', () => {
  const reschedule = { activityId: 'p1', dueAt: LATER, reason: 'Away' };

  it('puts it to another time, once', () => {
    given(opened(), planned()).when('RescheduleActivity', reschedule).then([put()]);
    given(opened(), planned(), put()).when('RescheduleActivity', reschedule).then([]);
  });

  it.each([
    ['PLANNED_ACTIVITY_UNKNOWN', [], {}],
    ['PLANNED_ACTIVITY_DONE', [planned(), carried()], {}],
    ['PLANNED_ACTIVITY_CANCELLED', [planned(), calledOff()], {}],
    ['DUE_BEFORE_PLANNING', [planned()], { dueAt: '2009-08-10T06:00:00Z' }],
    ['OCCURRED_BEFORE_PLANNING', [planned()], { occurredAt: '2009-08-03T07:00:30Z' }],
    ['PERFORMER_NOT_EMPLOYED', [planned({ performer: 'lebedev' })], {}],
  ])('%s', (code, events, body) => {
    given(opened(), ...events)
      .when('RescheduleActivity', { ...reschedule, ...body })
      .thenRefused(code);
  });
});

describe('CancelActivity', () => {
  const cancel = { activityId: 'p1', reason: 'Answered' };

  it('calls it off, once', () => {
    given(opened(), planned()).when('CancelActivity', cancel).then([calledOff()]);
    given(opened(), planned(), calledOff()).when('CancelActivity', cancel).then([]);
  });

  it('a service clears the plans of closed deals', () => {
    const service = { person: null, roles: ['service'] as const };
    given(opened(), planned(), lost()).when('CancelActivity', cancel, service).then([calledOff()]);
    given(opened(), planned(), ...walked().slice(1), signed())
      .when('CancelActivity', cancel, service)
      .then([calledOff()]);
  });

  it('PLANNED_ACTIVITY_UNKNOWN, PLANNED_ACTIVITY_DONE, NOT_YOUR_DEAL', () => {
    given(opened(), called('p1')).when('CancelActivity', cancel).thenRefused('PLANNED_ACTIVITY_UNKNOWN');
    given(opened(), planned(), carried()).when('CancelActivity', cancel).thenRefused('PLANNED_ACTIVITY_DONE');
    given(opened(), planned()).when('CancelActivity', cancel, { person: 'petrov' }).thenRefused('NOT_YOUR_DEAL');
  });
});

describe('how a plan stands', () => {
  const standings = (events: readonly DealEvent[], at: string) =>
    given(opened(), ...events).state.plans.map((plan) => planStanding(plan, at));

  it('is due until its time has passed, and missed from then on, with no event of its own', () => {
    expect(standings([planned()], NOW)).toEqual(['due']);
    expect(standings([planned()], DUE)).toEqual(['due']);
    expect(standings([planned()], LATER)).toEqual(['missed']);
    expect(standings([planned(), put()], DUE)).toEqual(['due']);
  });

  it('is done, also late, and neither done nor missed where it was called off', () => {
    expect(standings([planned(), carried()], LATER)).toEqual(['done']);
    expect(standings([planned(), calledOff()], LATER)).toEqual(['cancelled']);
    expect(standings([planned(), carried(), voided(2)], LATER)).toEqual(['missed']);
  });

  it('lists what is still to be done by the time it is due', () => {
    const events = [planned({ activityId: 'b', dueAt: LATER }), planned({ activityId: 'a' }), calledOff()];
    const { plans } = given(opened(), planned({ activityId: 'gone' }), ...events).state;
    expect(openPlans(plans).map(({ data }) => data.activityId)).toEqual(['a', 'b']);
  });
});
