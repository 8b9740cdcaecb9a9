import { type Decided } from '@voronka/kernel';
import { done, given, idOf, lost, opened, returned, signed, skipped, walked } from '../testing/deal-scene.js';
import type { DealEvent } from './deal.events.js';

const HEAD = { person: 'orlova', roles: ['head'] } as const;

describe('SkipStep', () => {
  const skip = { step: 'first-contact', reason: 'Not needed' };

  it.each(['head', 'director', 'admin'] as const)('a %s skips a step, with a reason', (role) => {
    given(opened())
      .when('SkipStep', skip, { person: 'orlova', roles: [role] })
      .then([skipped('first-contact')]);
  });

  it.each(['manager', 'service'] as const)('SKIP_NEEDS_AUTHORITY: a %s may not', (role) => {
    given(opened())
      .when('SkipStep', skip, { roles: [role] })
      .thenRefused('SKIP_NEEDS_AUTHORITY');
  });

  it('AUTHORISER_MISSING: it is a person who answers for the exception', () => {
    given(opened())
      .when('SkipStep', skip, { person: null, roles: ['admin'] })
      .thenRefused('AUTHORISER_MISSING');
  });

  it('is quiet about a step that is skipped already', () => {
    given(opened(), skipped('first-contact')).when('SkipStep', skip, HEAD).then([]);
  });

  it('STEP_ALREADY_DONE: what was done, or waits for verification, is not skipped', () => {
    given(opened(), done('first-contact')).when('SkipStep', skip, HEAD).thenRefused('STEP_ALREADY_DONE');
    given(opened(), done('analysis', { awaitsVerification: true }))
      .when('SkipStep', { ...skip, step: 'analysis' }, HEAD)
      .thenRefused('STEP_ALREADY_DONE', { completionId: idOf(1) });
  });

  it('does not outlast a return: the exception was made for one way', () => {
    given(opened(), done('first-contact'), skipped('meeting'), returned('first-contact'))
      .when('SkipStep', { ...skip, step: 'meeting' }, HEAD)
      .then([skipped('meeting')]);
  });

  it('DEAL_CLOSED and STEP_UNKNOWN hold here too', () => {
    given(opened(), lost()).when('SkipStep', skip, HEAD).thenRefused('DEAL_CLOSED');
    given(opened())
      .when('SkipStep', { ...skip, step: 'dance' }, HEAD)
      .thenRefused('STEP_UNKNOWN');
  });
});

describe('ReturnDeal', () => {
  const back = { toStep: 'first-contact', reason: 'Starts again' };

  it('takes the deal back to a step it has done', () => {
    given(opened(), done('first-contact'))
      .when('ReturnDeal', back)
      .then([returned('first-contact')]);
  });

  it('RETURN_TARGET_NOT_DONE: not to a step that was never done, nor to one that was skipped', () => {
    given(opened()).when('ReturnDeal', back).thenRefused('RETURN_TARGET_NOT_DONE', { step: 'first-contact' });
    given(opened(), skipped('first-contact')).when('ReturnDeal', back).thenRefused('RETURN_TARGET_NOT_DONE');
  });

  it('is quiet when the deal stands there already, and not when something was done since', () => {
    given(opened(), done('first-contact'), returned('first-contact')).when('ReturnDeal', back).then([]);
    given(opened(), done('first-contact'), returned('first-contact'), done('meeting'))
      .when('ReturnDeal', back)
      .then([returned('first-contact')]);
  });

  it('is not older than the step it goes back to', () => {
    given(opened(), done('first-contact', { occurredAt: '2009-08-06T10:00:00.000Z' }))
      .when('ReturnDeal', { ...back, occurredAt: '2009-08-06T09:00:00Z' })
      .thenRefused('OCCURRED_BEFORE_PREREQUISITE', { prerequisite: 'first-contact' });
  });

  it('DEAL_CLOSED, NOT_YOUR_DEAL and STEP_UNKNOWN hold here too', () => {
    given(...walked(), signed())
      .when('ReturnDeal', back)
      .thenRefused('DEAL_CLOSED', { status: 'won' });
    given(...walked())
      .when('ReturnDeal', back, { person: 'petrov' })
      .thenRefused('NOT_YOUR_DEAL');
    given(...walked())
      .when('ReturnDeal', { ...back, toStep: 'dance' })
      .thenRefused('STEP_UNKNOWN');
  });
});

describe('VoidStep', () => {
  const mistake = { step: 'first-contact', reason: 'Wrong deal' };
  const voided = (revision: number): Decided<DealEvent> => ({
    type: 'StepVoided',
    data: { customerId: 'volga-tools', step: 'first-contact', completionId: idOf(revision), reason: 'Wrong deal' },
  });

  it('voids the latest completion of the step, or the one that is named', () => {
    const twice = [opened(), done('first-contact'), returned('first-contact'), done('first-contact')];
    given(...twice)
      .when('VoidStep', mistake, HEAD)
      .then([voided(3)]);
    given(...twice)
      .when('VoidStep', { ...mistake, completionId: idOf(1) }, HEAD)
      .then([voided(1)]);
  });

  it('makes the step open again', () => {
    given(opened(), done('first-contact'), voided(1))
      .when('CompleteStep', { step: 'first-contact' })
      .then([done('first-contact')]);
  });

  it('STEP_NOT_COMPLETED: there is nothing to void', () => {
    given(opened()).when('VoidStep', mistake, HEAD).thenRefused('STEP_NOT_COMPLETED');
    given(opened()).when('VoidStep', mistake, { person: 'petrov' }).thenRefused('NOT_YOUR_DEAL');
    given(opened(), done('first-contact'))
      .when('VoidStep', { ...mistake, completionId: 'e99' }, HEAD)
      .thenRefused('STEP_NOT_COMPLETED', { completionId: 'e99' });
    given(opened(), done('first-contact'), done('meeting'))
      .when('VoidStep', { ...mistake, completionId: idOf(2) }, HEAD)
      .thenRefused('STEP_NOT_COMPLETED');
  });

  it('is quiet about a completion that is voided already', () => {
    given(opened(), done('first-contact'), voided(1))
      .when('VoidStep', { ...mistake, completionId: idOf(1) }, HEAD)
      .then([]);
  });

  it('CONTRACT_STANDS: not under a valid contract', () => {
    given(...walked(), signed())
      .when('VoidStep', mistake, HEAD)
      .thenRefused('CONTRACT_STANDS', { contractId: 'd1:1' });
  });

  it('corrects a lost deal as well', () => {
    given(opened(), done('first-contact'), lost())
      .when('VoidStep', mistake, HEAD)
      .then([voided(1)]);
  });
});
