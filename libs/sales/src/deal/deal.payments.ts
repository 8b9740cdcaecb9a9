import { refuse } from '@voronka/kernel';
import { contractOf, standing } from './deal.contracts.js';
import type { DealEvent } from './deal.events.js';
import { type Admitted, assertNotBefore, assertOwn, assertTimelyAt } from './deal.gates.js';
import type { RecordPayment, ReversePayment } from './deal.money.commands.js';

/** Records money under a standing contract. It may have come before the signing, or after a termination. */
export function recordPayment(body: RecordPayment, entry: Admitted): readonly DealEvent[] {
  const { state, common } = entry;
  assertOwn(entry);
  const { paymentId, contractId, amountKopecks } = body;
  if (state.money.payments.some((payment) => payment.paymentId === paymentId)) {
    throw refuse.conflict('PAYMENT_EXISTS', 'the deal has a payment with this id; choose another id', { paymentId });
  }
  standing(contractOf(entry, contractId));
  return [{ type: 'PaymentRecorded', data: { ...common, paymentId, contractId, amountKopecks } }];
}

/**
 * Takes a payment back whole, also under a contract that was voided since. It leaves the month in which the money came,
 * so that that time must be open for it.
 */
export function reversePayment(body: ReversePayment, entry: Admitted): readonly DealEvent[] {
  const { state, context, common } = entry;
  assertOwn(entry);
  const { paymentId, reason } = body;
  const payment = state.money.payments.find((candidate) => candidate.paymentId === paymentId);
  if (payment === undefined) {
    throw refuse.rule('PAYMENT_UNKNOWN', 'name a payment of the deal', { dealId: context.id, paymentId });
  }
  if (payment.reversed) {
    throw refuse.conflict('PAYMENT_REVERSED', 'the payment was reversed before: record another', { paymentId });
  }
  const { contractId, recordingId, occurredAt } = payment;
  assertNotBefore(context.occurredAt, occurredAt, 'OCCURRED_BEFORE_PAYMENT', { paymentId });
  assertTimelyAt(occurredAt, body, entry);
  return [{ type: 'PaymentReversed', data: { ...common, paymentId, contractId, recordingId, reason } }];
}
