import type { Role } from '@voronka/kernel';
import { called, commandOn, done, given, idOf, opened, type Sender, signed, walked } from '../testing/deal-scene.js';
import { world } from '../testing/world.js';
import type { DealCommand } from './deal.commands.js';
import { dealDecider } from './deal.decider.js';
import type { DealState } from './deal.state.js';

const customerId = 'volga-tools';
const now = '2009-09-03T07:00:00.000Z';
const closed = new Map([...world, ['payroll-main', { closedThrough: '2009-08' }]]);
/** So many days of August that the limit of working days refuses nothing by itself. */
const lately = '2009-08-31T07:00:00.000Z';
const MANAGER: Sender = { now, world: closed };
const leaders: Role[] = ['head'];
const HEAD: Sender = { ...MANAGER, person: 'orlova', roles: leaders };
const reason = 'Mixed up';
const lateEntryReason = 'Found in the diary';
const REFUSED = 'BACKDATING_NEEDS_AUTHORITY';
const meeting = { ...called('m-1', { kind: 'meeting' }), occurredAt: lately };
const scene = () => given(opened(), meeting);

/** Types of the events that a command is accepted with. */
function told({ state }: { state: DealState }, type: DealCommand['type'], body: object, sender: Sender): string[] {
  const { command, context } = commandOn(type, body, state, sender);
  return dealDecider.decide(command, state, context).map((event) => event.type);
}

describe('a closed month is changed by authority and with a reason alone', () => {
  it('as the recording of an activity in it always was', () => {
    scene()
      .when('RecordActivity', { kind: 'meeting', occurredAt: lately }, MANAGER)
      .thenRefused(REFUSED, { closedPeriod: '2009-08', missing: ['role', 'lateEntryReason'] });
  });

  it('where an activity of that month is voided', () => {
    const mistake = { activityId: 'm-1', reason };
    scene()
      .when('VoidActivity', mistake, MANAGER)
      .thenRefused(REFUSED, { closedPeriod: '2009-08', missing: ['role', 'lateEntryReason'] });
    scene()
      .when('VoidActivity', { ...mistake, lateEntryReason }, MANAGER)
      .thenRefused(REFUSED, { missing: ['role'] });
    scene()
      .when('VoidActivity', { ...mistake, lateEntryReason }, HEAD)
      .then([{ type: 'ActivityVoided', data: { customerId, lateEntryReason, ...mistake, recordingId: idOf(1) } }]);
    scene()
      .when('VoidActivity', mistake, { now })
      .then([{ type: 'ActivityVoided', data: { customerId, ...mistake, recordingId: idOf(1) } }]);
  });

  it.each([
    ['who did it', { performedBy: 'petrov' }],
    ['what it was', { kind: 'call' }],
    ['when it was: out of the month', { happenedAt: '2009-09-01T07:00:00Z' }],
  ])('where an activity of that month is corrected: %s', (_what, said) => {
    const body = { activityId: 'm-1', reason, ...said };
    scene().when('CorrectActivity', body, MANAGER).thenRefused(REFUSED, { closedPeriod: '2009-08' });
    expect(told(scene(), 'CorrectActivity', { ...body, lateEntryReason }, HEAD)).toEqual(['ActivityCorrected']);
    expect(told(scene(), 'CorrectActivity', body, { now })).toEqual(['ActivityCorrected']);
  });

  it('but saying again what was said is no change', () => {
    scene().when('CorrectActivity', { activityId: 'm-1', reason, kind: 'meeting' }, MANAGER).then([]);
  });

  it.each(['VoidStep', 'CorrectStep'] as const)('where a step of that month is touched: %s', (type) => {
    const step = given(opened(), done('first-contact', { occurredAt: lately }));
    const body = { step: 'first-contact', reason, ...(type === 'CorrectStep' ? { performedBy: 'petrov' } : {}) };
    const event = type === 'VoidStep' ? 'StepVoided' : 'StepCorrected';
    step.when(type, body, HEAD).thenRefused(REFUSED, { closedPeriod: '2009-08', missing: ['lateEntryReason'] });
    expect(told(step, type, { ...body, lateEntryReason }, HEAD)).toEqual([event]);
  });

  it.each(['AmendContract', 'TerminateContract'] as const)('where a day of that month is named: %s', (type) => {
    const lines = [{ productId: 'trade', amountKopecks: 120_000 }];
    const body = { contractId: 'd1:1', reason, ...(type === 'AmendContract' ? { lines } : {}) };
    const won = given(...walked(), signed());
    const event = type === 'AmendContract' ? 'ContractAmended' : 'ContractTerminated';
    won.when(type, { ...body, effectiveOn: '2009-08-31' }, HEAD).thenRefused(REFUSED, { closedPeriod: '2009-08' });
    expect(told(won, type, { ...body, effectiveOn: '2009-08-25', lateEntryReason }, HEAD)).toEqual([event]);
    for (const effectiveOn of ['2009-09-01', '2009-12-01']) {
      expect(told(won, type, { ...body, effectiveOn }, HEAD)).toEqual([event]);
    }
  });

  it('by a manager no contract is amended from a day of it on', () => {
    const lines = [{ productId: 'trade', amountKopecks: 120_000 }];
    const body = { contractId: 'd1:1', reason, lines, effectiveOn: '2009-08-31', lateEntryReason };
    given(...walked(), signed())
      .when('AmendContract', body, MANAGER)
      .thenRefused(REFUSED, { closedPeriod: '2009-08', missing: ['role'] });
  });

  it('where a payment of that month is reversed, as anybody who may act on the deal once could', () => {
    const data = { customerId, paymentId: 'p-1', contractId: 'd1:1', amountKopecks: 60_000 };
    const paid = given(...walked(), signed(), { type: 'PaymentRecorded', data, occurredAt: lately });
    const mistake = { paymentId: 'p-1', reason };
    const reversed = { customerId, ...mistake, contractId: 'd1:1', recordingId: idOf(7) };
    paid
      .when('ReversePayment', mistake, MANAGER)
      .thenRefused(REFUSED, { closedPeriod: '2009-08', missing: ['role', 'lateEntryReason'] });
    paid.when('ReversePayment', { ...mistake, lateEntryReason }, MANAGER).thenRefused(REFUSED, { missing: ['role'] });
    paid.when('ReversePayment', mistake, HEAD).thenRefused(REFUSED, { missing: ['lateEntryReason'] });
    paid
      .when('ReversePayment', { ...mistake, lateEntryReason }, HEAD)
      .then([{ type: 'PaymentReversed', data: { ...reversed, lateEntryReason } }]);
    paid.when('ReversePayment', mistake, { now }).then([{ type: 'PaymentReversed', data: reversed }]);
  });

  it('and the limit of working days holds for the old moment as well', () => {
    const old = given(opened(), called('m-1'));
    old
      .when('VoidActivity', { activityId: 'm-1', reason }, { now })
      .thenRefused(REFUSED, { limit: 5, closedPeriod: null });
  });
});
