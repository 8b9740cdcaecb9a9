import { refuse } from '@voronka/kernel';
import { assertAfterReopening, lossOf } from '../deal/deal.closing.js';
import { type Admitted, assertNotBefore, assertOpen, assertOwn } from '../deal/deal.gates.js';
import { assertMandatorySteps } from '../deal/deal.passage.js';
import type { CloseServiceCase, ReopenServiceCase } from './service-case.commands.js';
import type { ServiceCaseClosed, ServiceCaseEvent } from './service-case.events.js';

/** Closes the case: completed with every mandatory step, or given up for a reason of its map. Twice alike is once. */
export function closeServiceCase(body: CloseServiceCase, entry: Admitted): readonly ServiceCaseEvent[] {
  const { state, common } = entry;
  assertOwn(entry);
  const end = endOf(body, entry);
  if (state.status === 'won' && end.outcome === 'completed') return [];
  if (state.status === 'lost' && state.loss.lossReason === end.lossReason) return [];
  assertOpen(entry);
  assertAfterReopening(entry);
  if (end.outcome === 'completed') assertMandatorySteps(entry);
  return [{ type: 'ServiceCaseClosed', data: { ...common, ...end, note: body.note ?? null } }];
}

type End = Pick<ServiceCaseClosed['data'], 'outcome' | 'lossReason' | 'counts'>;

/** @throws DomainError `LOSS_REASON_MISSING`, `LOSS_REASON_NEEDLESS` or `LOSS_REASON_UNKNOWN`. */
function endOf({ outcome, lossReason = null }: CloseServiceCase, { document }: Admitted): End {
  if (outcome === 'completed') {
    if (lossReason === null) return { outcome, lossReason, counts: true };
    throw refuse.invalid('LOSS_REASON_NEEDLESS', 'leave lossReason out where the case is completed', { lossReason });
  }
  if (lossReason === null) {
    throw refuse.invalid('LOSS_REASON_MISSING', 'say in lossReason why the case is given up');
  }
  const { countsAsLoss } = lossOf(lossReason, document);
  return { outcome, lossReason, counts: countsAsLoss };
}

/** Takes a closed case up again, completed or not. One that was reopened before is open already. */
export function reopenServiceCase(body: ReopenServiceCase, entry: Admitted): readonly ServiceCaseEvent[] {
  const { state, context, common, noun } = entry;
  assertOwn(entry);
  if (state.status === 'open') {
    if (state.reopened) return [];
    throw refuse.conflict('SERVICE_CASE_NOT_CLOSED', 'leave the case as it is: only a closed one can be reopened', {
      [noun.id]: context.id,
    });
  }
  assertNotBefore(context.occurredAt, state.closedAt, 'OCCURRED_BEFORE_CLOSING', {});
  return [{ type: 'ServiceCaseReopened', data: { ...common, reason: body.reason } }];
}
