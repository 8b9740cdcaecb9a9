import { refuse } from '@voronka/kernel';
import { saysTheSame } from '../shared/plain.js';
import type { LoseDeal, ReopenDeal, SignContract } from './deal.commands.js';
import type { ContractSigned, DealEvent } from './deal.events.js';
import { type Admitted, assertNotBefore, assertOpen, assertOwn } from './deal.gates.js';
import { assertProducts, totalOf } from './deal.opening.js';
import { assertMandatorySteps } from './deal.passage.js';

/** Signs the contract of an open deal on which every mandatory step is done or was skipped by authority. */
export function signContract(body: SignContract, entry: Admitted): readonly DealEvent[] {
  const { state, context, common } = entry;
  assertOwn(entry);
  const lines = body.lines.map(({ lineId, productId, amountKopecks }, index) => ({
    lineId: lineId ?? String(index + 1),
    productId,
    amountKopecks,
  }));
  assertDifferentLines(lines.map(({ lineId }) => lineId));
  const data = {
    contractId: body.contractId ?? contractIdOf(context.id, state.contracts + 1),
    number: body.number,
    lines,
    amountKopecks: totalOf(lines.map(({ amountKopecks }) => amountKopecks)),
  };
  if (state.status === 'won' && isSameContract(state.contract, data, body)) return [];
  assertOpen(entry);
  assertMandatorySteps(entry);
  assertProducts(lines, context, 'sign');
  return [{ type: 'ContractSigned', data: { ...common, ...data } }];
}

/** Id of a deal's n-th contract where the sender gives none. */
export function contractIdOf(dealId: string, n: number): string {
  return `${dealId}:${n}`;
}

function isSameContract(before: ContractSigned['data'], again: ContractSigned['data'], body: SignContract): boolean {
  const { contractId, number, lines } = before;
  const sameId = typeof body.contractId !== 'string' || body.contractId === contractId;
  return sameId && number === again.number && saysTheSame(lines, again.lines);
}

function assertDifferentLines(ids: readonly string[]): void {
  if (new Set(ids).size === ids.length) return;
  throw refuse.invalid('LINE_REPEATED', 'give every line an id of its own');
}

/** Closes the deal as lost. Saying so twice with the same reason is one loss. */
export function loseDeal(body: LoseDeal, entry: Admitted): readonly DealEvent[] {
  const { state, document, common } = entry;
  assertOwn(entry);
  if (state.status === 'lost' && state.loss.lossReason === body.lossReason) return [];
  assertOpen(entry);
  const reason = document.lossReasons.find(({ code }) => code === body.lossReason);
  if (reason === undefined) {
    throw refuse.rule('LOSS_REASON_UNKNOWN', 'choose a loss reason of the deal’s route map', {
      lossReason: body.lossReason,
    });
  }
  const { code: lossReason, countsAsLoss } = reason;
  return [{ type: 'DealLost', data: { ...common, lossReason, countsAsLoss, note: body.note ?? null } }];
}

/** Takes a lost deal up again. A deal that was reopened before is open already. */
export function reopenDeal(body: ReopenDeal, entry: Admitted): readonly DealEvent[] {
  const { state, context, common } = entry;
  assertOwn(entry);
  if (state.status === 'open' && state.reopened) return [];
  if (state.status !== 'lost') {
    throw refuse.conflict('DEAL_NOT_LOST', 'only a lost deal can be reopened', {
      dealId: context.id,
      status: state.status,
    });
  }
  assertNotBefore(context.occurredAt, state.closedAt, 'OCCURRED_BEFORE_CLOSING', {});
  return [{ type: 'DealReopened', data: { ...common, reason: body.reason } }];
}
