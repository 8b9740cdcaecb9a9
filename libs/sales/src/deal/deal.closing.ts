import { refuse, saysTheSame } from '@voronka/kernel';
import type { RouteMapDocument } from '../route-map/route-map.document.js';
import type { LoseDeal, ReopenDeal, SignContract } from './deal.commands.js';
import type { ContractLine, DealEvent } from './deal.events.js';
import { type Admitted, assertNotBefore, assertOpen, assertOwn } from './deal.gates.js';
import type { DealContract } from './deal.money.js';
import { assertProducts, totalOf } from './deal.opening.js';
import { assertMandatorySteps } from './deal.passage.js';

/**
 * Signs a contract: that of an open deal on which every mandatory step is done or was skipped by authority, or a
 * further one of a won deal. The same contract again is one contract.
 */
export function signContract(body: SignContract, entry: Admitted): readonly DealEvent[] {
  const { state, context, common } = entry;
  assertOwn(entry);
  const { lines, amountKopecks } = contractLines(body.lines);
  const { number } = body;
  const contractId = body.contractId ?? freeContractId(context.id, state.money.contracts);
  const before = namedAlike(body, state.money.contracts);
  if (before !== undefined) {
    if (before.status !== 'voided' && before.number === number && saysTheSame(before.lines, lines)) return [];
    throw refuse.conflict('CONTRACT_EXISTS', 'amend the contract, or give another contractId and number', {
      contractId: before.contractId,
      number: before.number,
    });
  }
  if (state.status !== 'won') {
    assertOpen(entry);
    assertAfterReopening(entry);
    assertMandatorySteps(entry);
  }
  assertProducts(body.lines, context, 'sign');
  return [{ type: 'ContractSigned', data: { ...common, contractId, number, lines, amountKopecks } }];
}

/** The contract that has the id already; or, where it stands, the number. */
function namedAlike(
  { contractId, number }: SignContract,
  contracts: readonly DealContract[],
): DealContract | undefined {
  return (
    contracts.findLast((contract) => contract.contractId === contractId) ??
    contracts.findLast((contract) => contract.status !== 'voided' && contract.number === number)
  );
}

/**
 * Lines as events carry them, with their sum.
 * @throws DomainError `LINE_REPEATED` or `AMOUNT_TOO_LARGE`.
 */
export function contractLines(body: SignContract['lines']): { lines: ContractLine[]; amountKopecks: number } {
  const lines = body.map(({ lineId, productId, amountKopecks }, index) => ({
    lineId: lineId ?? String(index + 1),
    productId,
    amountKopecks,
  }));
  if (new Set(lines.map(({ lineId }) => lineId)).size < lines.length) {
    throw refuse.invalid('LINE_REPEATED', 'give every line an id of its own');
  }
  return { lines, amountKopecks: totalOf(lines.map(({ amountKopecks }) => amountKopecks)) };
}

function freeContractId(dealId: string, contracts: readonly DealContract[]): string {
  const taken = new Set(contracts.map(({ contractId }) => contractId));
  let n = contracts.length + 1;
  while (taken.has(contractIdOf(dealId, n))) n += 1;
  return contractIdOf(dealId, n);
}

/** Id of a deal's n-th contract where the sender gives none. */
export function contractIdOf(dealId: string, n: number): string {
  return `${dealId}:${n}`;
}

/** Closes the deal as lost. Saying so twice with the same reason is one loss. */
export function loseDeal(body: LoseDeal, entry: Admitted): readonly DealEvent[] {
  const { state, document, common } = entry;
  assertOwn(entry);
  if (state.status === 'lost' && state.loss.lossReason === body.lossReason) return [];
  assertOpen(entry);
  assertAfterReopening(entry);
  return [{ type: 'DealLost', data: { ...common, ...lossOf(body.lossReason, document), note: body.note ?? null } }];
}

/** A closing before the deal was last taken up again would be undone by that. */
export function assertAfterReopening({ state, context }: Admitted): void {
  if (state.reopenedAt === null) return;
  assertNotBefore(context.occurredAt, state.reopenedAt, 'OCCURRED_BEFORE_REOPENING', {});
}

/** @throws DomainError `LOSS_REASON_UNKNOWN` for a reason that the deal's map does not have. */
export function lossOf(
  lossReason: string,
  document: RouteMapDocument,
): { readonly lossReason: string; readonly countsAsLoss: boolean } {
  const reason = document.lossReasons.find(({ code }) => code === lossReason);
  if (reason !== undefined) return { lossReason, countsAsLoss: reason.countsAsLoss };
  throw refuse.rule('LOSS_REASON_UNKNOWN', 'choose a loss reason of the route map', { lossReason });
}

/** Takes a lost deal up again. A deal that was reopened before is open already. */
export function reopenDeal(body: ReopenDeal, entry: Admitted): readonly DealEvent[] {
  const { state, context, common } = entry;
  assertOwn(entry);
  if (state.status === 'open' && state.reopened) return [];
  if (state.status !== 'lost') {
    throw refuse.conflict('DEAL_NOT_LOST', 'leave the deal as it is: only a lost one can be reopened', {
      dealId: context.id,
      status: state.status,
    });
  }
  assertNotBefore(context.occurredAt, state.closedAt, 'OCCURRED_BEFORE_CLOSING', {});
  return [{ type: 'DealReopened', data: { ...common, reason: body.reason } }];
}
