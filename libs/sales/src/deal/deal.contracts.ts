import { localDateOf, refuse, saysTheSame, startOfLocalDay } from '@voronka/kernel';
import { contractLines, lossOf } from './deal.closing.js';
import type { DealEvent } from './deal.events.js';
import { type Admitted, assertNotBefore, assertLed, assertOwn, assertTimelyAt } from './deal.gates.js';
import type { AmendContract, TerminateContract, VoidContract } from './deal.money.commands.js';
import { type DealContract, standingContracts } from './deal.money.js';
import { assertProducts } from './deal.opening.js';

/** Gives a contract in force other lines. The same lines again change nothing. */
export function amendContract(body: AmendContract, entry: Admitted): readonly DealEvent[] {
  const { context, common } = entry;
  assertOwn(entry);
  const contract = inForce(standing(contractOf(entry, body.contractId)));
  const { lines, amountKopecks } = contractLines(body.lines);
  if (saysTheSame(contract.lines, lines)) return [];
  assertAfterSigning(contract, entry, body.effectiveOn);
  assertEffectiveInTime(body, entry);
  assertProducts(body.lines, context, 'sign');
  const { contractId, effectiveOn, reason } = body;
  return [{ type: 'ContractAmended', data: { ...common, contractId, lines, amountKopecks, effectiveOn, reason } }];
}

/**
 * Declares a contract void: it never counted. Without its last contract a won deal is open again or lost, which the
 * sender must say; a deal that stays won, or is closed otherwise, keeps its status.
 */
export function voidContract(body: VoidContract, entry: Admitted): readonly DealEvent[] {
  const { common } = entry;
  assertLed(entry);
  const contract = contractOf(entry, body.contractId);
  if (contract.status === 'voided') return [];
  assertAfterSigning(contract, entry);
  const { contractId, reason } = body;
  return [{ type: 'ContractVoided', data: { ...common, contractId, reason, ...consequence(body, entry) } }];
}

interface Consequence {
  readonly dealBecomes: 'open' | 'lost' | null;
  readonly lossReason: string | null;
  readonly countsAsLoss: boolean | null;
}

function consequence(body: VoidContract, { state, document }: Admitted): Consequence {
  const dealBecomes = body.dealBecomes ?? null;
  const lossReason = body.lossReason ?? null;
  const others = standingContracts(state.money).filter(({ contractId }) => contractId !== body.contractId);
  const isLast = state.status === 'won' && others.length === 0;
  if (isLast && dealBecomes === null) {
    throw refuse.rule('DEAL_OUTCOME_MISSING', 'say in dealBecomes whether the deal is open again or lost', {
      contractId: body.contractId,
    });
  }
  if (!isLast && dealBecomes !== null) {
    throw refuse.conflict('DEAL_OUTCOME_STANDS', 'leave dealBecomes out: the deal keeps its status', {
      status: state.status,
      standing: others.map(({ contractId }) => contractId),
    });
  }
  if (dealBecomes !== 'lost') {
    if (lossReason === null) return { dealBecomes, lossReason, countsAsLoss: null };
    throw refuse.invalid('LOSS_REASON_UNEXPECTED', 'give a lossReason only where dealBecomes is lost', { lossReason });
  }
  if (lossReason === null) throw refuse.rule('LOSS_REASON_MISSING', 'say in lossReason why the deal is lost');
  return { dealBecomes, ...lossOf(lossReason, document) };
}

/** Ends a contract before its time. What was signed stays signed, and the deal stays won. */
export function terminateContract(body: TerminateContract, entry: Admitted): readonly DealEvent[] {
  assertLed(entry);
  const contract = standing(contractOf(entry, body.contractId));
  const { contractId, effectiveOn, reason } = body;
  if (contract.terminatedOn === effectiveOn) return [];
  inForce(contract);
  assertAfterSigning(contract, entry, effectiveOn);
  assertEffectiveInTime(body, entry);
  return [{ type: 'ContractTerminated', data: { ...entry.common, contractId, effectiveOn, reason } }];
}

/** @throws DomainError `CONTRACT_UNKNOWN` for an id that the deal has not signed. */
export function contractOf({ state, context }: Admitted, contractId: string): DealContract {
  const contract = state.money.contracts.findLast((candidate) => candidate.contractId === contractId);
  if (contract !== undefined) return contract;
  throw refuse.rule('CONTRACT_UNKNOWN', 'name a contract of the deal', { dealId: context.id, contractId });
}

/** @throws DomainError `CONTRACT_VOIDED`. */
export function standing(contract: DealContract): DealContract {
  if (contract.status !== 'voided') return contract;
  const { contractId } = contract;
  throw refuse.conflict('CONTRACT_VOIDED', 'a voided contract takes no further entries; sign another', { contractId });
}

/** @throws DomainError `CONTRACT_TERMINATED`. */
function inForce(contract: DealContract): DealContract {
  if (contract.status !== 'terminated') return contract;
  const { contractId, terminatedOn } = contract;
  throw refuse.conflict('CONTRACT_TERMINATED', 'the contract has ended; sign another', { contractId, terminatedOn });
}

/** What holds from a day on is entered in time for that day, or by authority. @throws `BACKDATING_NEEDS_AUTHORITY`. */
function assertEffectiveInTime(body: AmendContract | TerminateContract, entry: Admitted): void {
  assertTimelyAt(startOfLocalDay(body.effectiveOn, entry.zone), body, entry);
}

/** @throws DomainError `OCCURRED_BEFORE_SIGNING` or `EFFECTIVE_BEFORE_SIGNING`. */
function assertAfterSigning(contract: DealContract, { context, zone }: Admitted, effectiveOn?: string): void {
  const { contractId, signedAt } = contract;
  assertNotBefore(context.occurredAt, signedAt, 'OCCURRED_BEFORE_SIGNING', { contractId });
  const signedOn = localDateOf(signedAt, zone);
  if (effectiveOn === undefined || effectiveOn >= signedOn) return;
  throw refuse.rule('EFFECTIVE_BEFORE_SIGNING', 'give an effectiveOn that is not before the day of signing', {
    contractId,
    effectiveOn,
    signedOn,
  });
}
