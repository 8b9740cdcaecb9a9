import { type Decided } from '@voronka/kernel';
import { called, commandOn, done, given, lost, opened, signed } from '../testing/deal-scene.js';
import { dealDecider } from './deal.decider.js';
import type { DealEvent } from './deal.events.js';
import { initialDeal } from './deal.state.js';

const ROBOT = { person: null, roles: ['service' as const] };
const at = '2009-01-10T09:00:00+03:00';
const AT = '2009-01-10T06:00:00.000Z';
const opening = { kind: 'opened', ref: 'r0', occurredAt: at, routeMapId: 'automation' };
const step = (ref: string, code = 'first-contact') => ({ kind: 'stepCompleted', ref, occurredAt: at, step: code });
const imported = (event: DealEvent, ref: string, more: object = {}): Decided<DealEvent> =>
  ({ ...event, occurredAt: AT, importRef: ref, ...more }) as Decided<DealEvent>;
const openedThen = opened({ customerId: null, ownerId: null, routeMapVersion: 2 });
const ofNobody = { customerId: null, performedBy: null };

describe('RecordHistory', () => {
  it('opens a deal on the latest version, without customer and owner if the source knows none', () => {
    given()
      .when('RecordHistory', { entries: [opening] }, ROBOT)
      .then([imported(openedThen, 'r0')]);
  });

  it('skips the gates: any order, unknown steps, repeated steps, people who were not there', () => {
    const entries = [opening, step('r1', 'proposal'), step('r2', 'dance'), step('r3', 'dance')];
    given()
      .when('RecordHistory', { entries }, ROBOT)
      .then([
        imported(openedThen, 'r0'),
        imported(done('proposal', ofNobody), 'r1'),
        imported(done('dance', ofNobody), 'r2'),
        imported(done('dance', ofNobody), 'r3'),
      ]);
  });

  it('counts imported completions at once, even where the map asks for verification', () => {
    given(imported(opened(), 'r0'))
      .when('RecordHistory', { entries: [{ ...step('r1', 'analysis'), performedBy: 'ivanova' }] }, ROBOT)
      .then([imported(done('analysis'), 'r1')]);
  });

  it('keeps what was assumed', () => {
    given(imported(opened(), 'r0'))
      .when('RecordHistory', { entries: [{ ...step('r1'), performedBy: 'ivanova', assumed: ['occurredAt'] }] }, ROBOT)
      .then([imported(done('first-contact'), 'r1', { assumed: ['occurredAt'] })]);
  });

  it('appends nothing when the same history comes again', () => {
    const entries = [opening, step('r1')];
    given(imported(openedThen, 'r0'), imported(done('first-contact'), 'r1'))
      .when('RecordHistory', { entries }, ROBOT)
      .then([]);
  });

  it('appends only what a longer file adds', () => {
    const entries = [opening, step('r1'), { ...step('r2', 'meeting'), performedBy: 'ivanova' }];
    given(imported(opened(), 'r0'), imported(done('first-contact'), 'r1'))
      .when('RecordHistory', { entries }, ROBOT)
      .then([imported(done('meeting'), 'r2')]);
  });

  it('takes over every kind of fact', () => {
    const entries = [
      { ...opening, customerId: 'c9', ownerId: 'ivanova', routeMapVersion: 1, source: 'fair' },
      { kind: 'stepSkipped', ref: 'r1', occurredAt: at, step: 'meeting' },
      { kind: 'activity', ref: 'r2', occurredAt: at, activityKind: 'call', topic: 'Offers', performedBy: 'ivanova' },
      { kind: 'activity', ref: 'r3', occurredAt: at, activityKind: 'call', performedBy: 'ivanova' },
      { kind: 'reassigned', ref: 'r4', occurredAt: at, toOwnerId: 'petrov' },
      { kind: 'returned', ref: 'r5', occurredAt: at, toStep: 'meeting' },
      { kind: 'lost', ref: 'r6', occurredAt: at, lossReason: 'duplicate' },
      { kind: 'reopened', ref: 'r7', occurredAt: at },
      { kind: 'contract', ref: 'r8', occurredAt: at, lines: [{ amountKopecks: 5 }, { productId: 'trade' }] },
    ];
    const customerId = 'c9';
    given()
      .when('RecordHistory', { entries }, ROBOT)
      .then([
        imported(opened({ customerId, source: 'fair' }), 'r0'),
        imported(
          { type: 'StepSkipped', data: { customerId, step: 'meeting', authorisedBy: null, reason: null } },
          'r1',
        ),
        imported(called('d1:a1', { customerId, topic: 'Offers' }), 'r2'),
        imported(called('d1:a2', { customerId }), 'r3'),
        imported(
          {
            type: 'DealReassigned',
            data: { customerId, fromOwnerId: 'ivanova', toOwnerId: 'petrov', effectiveFrom: AT, reason: null },
          },
          'r4',
        ),
        imported({ type: 'DealReturned', data: { customerId, toStep: 'meeting', reason: null } }, 'r5'),
        imported(
          { type: 'DealLost', data: { customerId, lossReason: 'duplicate', countsAsLoss: false, note: null } },
          'r6',
        ),
        imported({ type: 'DealReopened', data: { customerId, reason: null } }, 'r7'),
        imported(
          {
            type: 'ContractSigned',
            data: {
              customerId,
              contractId: 'd1:1',
              number: 'd1:1',
              lines: [
                { lineId: '1', productId: null, amountKopecks: 5 },
                { lineId: '2', productId: 'trade', amountKopecks: 0 },
              ],
              amountKopecks: 5,
            },
          },
          'r8',
        ),
      ]);
  });

  it('counts a loss whose reason the map does not know, unless the source says otherwise', () => {
    const fact = { kind: 'lost', occurredAt: at, lossReason: 'weather' };
    const entries = [
      { ...fact, ref: 'r1' },
      { ...fact, ref: 'r2', countsAsLoss: false },
    ];
    given(imported(opened(), 'r0'))
      .when('RecordHistory', { entries }, ROBOT)
      .then([
        imported(lost('weather'), 'r1'),
        imported({ ...lost('weather'), data: { ...lost('weather').data, countsAsLoss: false } } as DealEvent, 'r2'),
      ]);
  });

  it('HISTORY_WITHOUT_OPENING: the first entry of a new deal opens it', () => {
    given()
      .when('RecordHistory', { entries: [step('r1'), opening] }, ROBOT)
      .thenRefused('HISTORY_WITHOUT_OPENING', { ref: 'r1' });
  });

  it('DEAL_EXISTS: a deal is opened once', () => {
    given(opened())
      .when('RecordHistory', { entries: [opening] }, ROBOT)
      .thenRefused('DEAL_EXISTS', { ref: 'r0' });
    given()
      .when('RecordHistory', { entries: [opening, { ...opening, ref: 'r1' }] }, ROBOT)
      .thenRefused('DEAL_EXISTS', { ref: 'r1' });
  });

  it('ROUTE_MAP_UNKNOWN: history too follows a version of a map', () => {
    given()
      .when('RecordHistory', { entries: [{ ...opening, routeMapVersion: 9 }] }, ROBOT)
      .thenRefused('ROUTE_MAP_UNKNOWN');
    given()
      .when('RecordHistory', { entries: [{ ...opening, routeMapId: 'none' }] }, ROBOT)
      .thenRefused('ROUTE_MAP_UNKNOWN', { routeMapId: 'none' });
  });

  it('HISTORY_REF_REPEATED and OCCURRED_IN_FUTURE name the entry', () => {
    given()
      .when('RecordHistory', { entries: [opening, step('r0')] }, ROBOT)
      .thenRefused('HISTORY_REF_REPEATED', { pointer: '/entries/1' });
    given()
      .when('RecordHistory', { entries: [opening, { ...step('r1'), occurredAt: '2010-01-01T00:00:00Z' }] }, ROBOT)
      .thenRefused('OCCURRED_IN_FUTURE', { pointer: '/entries/1' });
  });

  it('ANSWERS_INVALID: answers are answers even in history', () => {
    given(imported(opened(), 'r0'))
      .when('RecordHistory', { entries: [{ ...step('r1'), answers: { office: { nested: 1 } } }] }, ROBOT)
      .thenRefused('ANSWERS_INVALID');
  });

  it('seals the answers that the form calls personal, wherever the source put them', () => {
    const entry = { ...step('r1', 'questionnaire'), performedBy: 'ivanova' };
    const answers = { office: 'small', decider: 'Anna Petrova', colour: 'green' };
    const plain = { office: 'small', colour: 'green' };
    const sealed = done('questionnaire', { answers: plain, personalAnswers: { decider: 'Anna Petrova' } });
    given(imported(opened(), 'r0'))
      .when('RecordHistory', { entries: [{ ...entry, answers }] }, ROBOT)
      .then([imported(sealed, 'r1')]);
    const both = { ...entry, answers: plain, personalAnswers: { decider: 'Anna Petrova' } };
    given(imported(opened(), 'r0'))
      .when('RecordHistory', { entries: [both] }, ROBOT)
      .then([imported(sealed, 'r1')]);
    given()
      .when('RecordHistory', { entries: [opening, { ...step('r1', 'questionnaire'), answers }] }, ROBOT)
      .then([
        imported(openedThen, 'r0'),
        imported(
          done('questionnaire', { ...ofNobody, answers: plain, personalAnswers: { decider: 'Anna Petrova' } }),
          'r1',
        ),
      ]);
  });

  it('seals what the source calls personal, also where the form does not, or does not know the step', () => {
    const entries = [
      { ...step('r1', 'questionnaire'), performedBy: 'ivanova', personalAnswers: { office: 'small' } },
      { ...step('r2', 'dance'), performedBy: 'ivanova', answers: { decider: 'x' }, personalAnswers: { name: 'Anna' } },
    ];
    given(imported(opened(), 'r0'))
      .when('RecordHistory', { entries }, ROBOT)
      .then([
        imported(done('questionnaire', { personalAnswers: { office: 'small' } }), 'r1'),
        imported(done('dance', { answers: { decider: 'x' }, personalAnswers: { name: 'Anna' } }), 'r2'),
      ]);
  });

  it('refuses an entry of no known kind, and fields that belong to another kind', () => {
    const refused = (entry: object) => () => commandOn('RecordHistory', { entries: [entry] }, initialDeal(), ROBOT);
    expect(refused({ ...opening, kind: 'dreamt' })).toThrow('BODY_INVALID');
    expect(refused({ ref: 'r', occurredAt: at })).toThrow('BODY_INVALID');
    expect(refused({ ...opening, step: 'first-contact' })).toThrow('BODY_INVALID');
    expect(refused({ ...step('r1'), occurredAt: '2009-01-10' })).toThrow('BODY_INVALID');
  });

  it('continues a deal that was begun here', () => {
    given(opened(), signed())
      .when('RecordHistory', { entries: [{ ...step('r1'), performedBy: 'ivanova' }] }, ROBOT)
      .then([imported(done('first-contact'), 'r1')]);
  });

  it('takes a thousand entries, and not one more', () => {
    const many = Array.from({ length: 1000 }, (_, index) => step(`s${index}`));
    const { command, context } = commandOn(
      'RecordHistory',
      { entries: [opening, ...many.slice(1)] },
      initialDeal(),
      ROBOT,
    );
    expect(dealDecider.decide(command, initialDeal(), context)).toHaveLength(1000);
    expect(() => commandOn('RecordHistory', { entries: [opening, ...many] }, initialDeal(), ROBOT)).toThrow(
      'BODY_INVALID',
    );
  });
});
