import type { Role } from '@voronka/kernel';
import { called, given, idOf, lost, NOW, opened, OPENED_AT } from '../testing/deal-scene.js';
import type { DealEvent, DealReassigned } from './deal.events.js';

const HEAD: { person: string; roles: Role[] } = { person: 'orlova', roles: ['head'] };

describe('RecordActivity', () => {
  it('records who did what, under an id that the deal does not use yet', () => {
    given(opened())
      .when('RecordActivity', { kind: 'call' })
      .then([called('d1:a1')]);
    given(opened(), called('d1:a2'))
      .when('RecordActivity', { kind: 'call' })
      .then([called('d1:a3')]);
  });

  it('is quiet about the same activity again, and a conflict with another under its id', () => {
    const scene = given(opened(), called('call-1', { outcome: 'reached' }));
    scene.when('RecordActivity', { kind: 'call', activityId: 'call-1', outcome: 'reached' }).then([]);
    scene.when('RecordActivity', { kind: 'visit', activityId: 'call-1' }).thenRefused('ACTIVITY_EXISTS');
  });

  it('cares for the customer of a closed deal too', () => {
    given(opened(), lost())
      .when('RecordActivity', { kind: 'call', activityId: 'c' })
      .then([called('c')]);
  });

  it('names a step of the map or none', () => {
    given(opened())
      .when('RecordActivity', { kind: 'call', activityId: 'c', step: 'meeting' })
      .then([called('c', { step: 'meeting' })]);
    given(opened()).when('RecordActivity', { kind: 'call', step: 'dance' }).thenRefused('STEP_UNKNOWN');
  });

  it('PERFORMER_NOT_EMPLOYED and NOT_YOUR_DEAL hold here too', () => {
    given(opened())
      .when('RecordActivity', { kind: 'call', performedBy: 'lebedev' })
      .thenRefused('PERFORMER_NOT_EMPLOYED');
    given(opened()).when('RecordActivity', { kind: 'call' }, { person: 'petrov' }).thenRefused('NOT_YOUR_DEAL');
  });

  it('knows nobody where a service acts for nobody', () => {
    given(opened())
      .when('RecordActivity', { kind: 'call', activityId: 'c' }, { person: null, roles: ['service'] })
      .then([called('c', { performedBy: null })]);
  });
});

describe('VoidActivity', () => {
  const voided: DealEvent = {
    type: 'ActivityVoided',
    data: { customerId: 'volga-tools', activityId: 'call-1', recordingId: idOf(1), reason: 'Twice' },
  };

  it('voids the recording, once', () => {
    const mistake = { activityId: 'call-1', reason: 'Twice' };
    given(opened(), called('call-1')).when('VoidActivity', mistake).then([voided]);
    given(opened(), called('call-1'), voided).when('VoidActivity', mistake).then([]);
  });

  it('ACTIVITY_NOT_RECORDED: there is no such activity', () => {
    given(opened()).when('VoidActivity', { activityId: 'call-1', reason: 'x' }).thenRefused('ACTIVITY_NOT_RECORDED');
  });

  it('does not free the id', () => {
    given(opened(), called('call-1'), voided)
      .when('RecordActivity', { kind: 'call', activityId: 'call-1' })
      .thenRefused('ACTIVITY_EXISTS');
  });
});

describe('ReassignDeal', () => {
  const order = { toOwnerId: 'petrov', reason: 'Moves' };
  const given2 = (from: string, to: string, effectiveFrom: string): DealReassigned => ({
    type: 'DealReassigned',
    data: { customerId: 'volga-tools', fromOwnerId: from, toOwnerId: to, effectiveFrom, reason: 'Moves' },
  });

  it('gives the deal away from now on, or from a moment in the past', () => {
    given(opened())
      .when('ReassignDeal', order, HEAD)
      .then([given2('ivanova', 'petrov', NOW)]);
    given(opened())
      .when('ReassignDeal', { ...order, effectiveFrom: '2009-08-05T12:00:00+05:00' }, HEAD)
      .then([given2('ivanova', 'petrov', '2009-08-05T07:00:00.000Z')]);
  });

  it('changes whose deal it is', () => {
    const away = given(opened(), given2('ivanova', 'petrov', '2009-08-05T07:00:00.000Z'));
    away.when('RecordActivity', { kind: 'call' }).thenRefused('NOT_YOUR_DEAL');
    away
      .when('RecordActivity', { kind: 'call', activityId: 'c' }, { person: 'petrov' })
      .then([called('c', { performedBy: 'petrov' })]);
  });

  it('is quiet about the owner it has', () => {
    given(opened())
      .when('ReassignDeal', { ...order, toOwnerId: 'ivanova' }, HEAD)
      .then([]);
  });

  it('OCCURRED_BEFORE_OPENING: not from before the deal', () => {
    given(opened())
      .when('ReassignDeal', { ...order, effectiveFrom: '2009-08-03T06:59:59Z' }, HEAD)
      .thenRefused('OCCURRED_BEFORE_OPENING', { earliest: OPENED_AT });
  });

  it('REASSIGNED_LATER: not from before the last change of hands', () => {
    given(opened(), given2('ivanova', 'petrov', '2009-08-06T07:00:00.000Z'))
      .when('ReassignDeal', { ...order, toOwnerId: 'ivanova', effectiveFrom: '2009-08-05T07:00:00Z' }, HEAD)
      .thenRefused('REASSIGNED_LATER', { ownerSince: '2009-08-06T07:00:00.000Z' });
  });

  it('EFFECTIVE_IN_FUTURE: not ahead of time', () => {
    given(opened())
      .when('ReassignDeal', { ...order, effectiveFrom: '2009-08-10T07:00:01Z' }, HEAD)
      .thenRefused('EFFECTIVE_IN_FUTURE');
  });

  it('OWNER_UNKNOWN and OWNER_NOT_EMPLOYED: to somebody who works here from that moment', () => {
    given(opened())
      .when('ReassignDeal', { ...order, toOwnerId: 'stranger' }, HEAD)
      .thenRefused('OWNER_UNKNOWN', { employeeId: 'stranger' });
    given(opened())
      .when('ReassignDeal', { ...order, toOwnerId: 'novikov' }, HEAD)
      .thenRefused('OWNER_NOT_EMPLOYED', { employeeId: 'novikov', day: '2009-08-10' });
  });
});
