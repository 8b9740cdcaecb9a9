import type { Instant, Recorded, RecordedUnion } from '@voronka/kernel';
import type { ContractLine, CreditShare, DealEvent } from '@voronka/sales/events';
import type { MoveEntry, Place } from './deal.history.js';

export interface ContractEntry extends Place {
  readonly contract: string;
  readonly number: string;
  readonly amount: number;
  readonly lines: readonly ContractLine[];
  /** Event that gave it these lines, and the local date from which they hold; null: since the signing. */
  readonly linesBy: string;
  readonly linesOn: string | null;
  readonly status: 'signed' | 'terminated';
  /** Event that gave it these lines or this status. */
  readonly since: string;
  /** Local date from which a terminated contract is no longer in force. */
  readonly endsOn: string | null;
}

/** What was expected from a moment on. */
export interface TermsEntry extends Place {
  readonly from: Instant;
  readonly amount: number | null;
  readonly closeOn: string | null;
  readonly products: readonly string[];
}

export interface CreditEntry {
  readonly id: string;
  readonly from: Instant;
  readonly role: string;
  readonly shares: readonly CreditShare[];
}

/** The part of a deal's history that is about money. Voided contracts are left out. */
export interface MoneyHistory {
  readonly contracts: readonly ContractEntry[];
  readonly revisions: readonly TermsEntry[];
  readonly credit: readonly CreditEntry[];
}

interface Told extends MoneyHistory {
  readonly moves: readonly MoveEntry[];
}

export type MoneyTold = Extract<
  RecordedUnion<DealEvent>,
  {
    type:
      | 'ContractSigned'
      | 'ContractAmended'
      | 'ContractVoided'
      | 'ContractTerminated'
      | 'CreditShared'
      | 'DealRevised';
  }
>;

/** What one event changes; null if it speaks of a contract that the deal does not have. */
export function moneyTold(history: Told, event: MoneyTold): Partial<Told> | null {
  switch (event.type) {
    case 'ContractSigned': {
      const move = { ...placeOf(event), kind: 'won' as const };
      return { contracts: [...history.contracts, signed(event)], moves: [...history.moves, move] };
    }
    case 'ContractAmended': {
      const { contractId, amountKopecks, lines, effectiveOn } = event.data;
      const change = { amount: amountKopecks, lines, linesBy: event.eventId, linesOn: effectiveOn };
      return changed(history, contractId, { ...change, since: event.eventId });
    }
    case 'ContractTerminated': {
      const { contractId, effectiveOn } = event.data;
      return changed(history, contractId, { status: 'terminated', since: event.eventId, endsOn: effectiveOn });
    }
    case 'ContractVoided':
      return voided(history, event);
    case 'CreditShared': {
      const { creditRole, shares } = event.data;
      const entry = { id: event.eventId, from: event.metadata.occurredAt, role: creditRole, shares };
      return { credit: [...history.credit, entry] };
    }
    case 'DealRevised': {
      const { expectedAmountKopecks: amount, expectedCloseOn: closeOn, lines } = event.data;
      const products = lines.map(({ productId }) => productId);
      const entry = { ...placeOf(event), from: event.metadata.occurredAt, amount, closeOn, products };
      return { revisions: [...history.revisions, entry] };
    }
    default:
      event satisfies never;
      return null;
  }
}

/** Where and when an event stands. */
export function placeOf({ eventId, metadata, recordedAt, position, revision }: Recorded): Place {
  return { id: eventId, at: metadata.occurredAt, rec: recordedAt, pos: String(position), rev: revision };
}

function signed(event: Extract<MoneyTold, { type: 'ContractSigned' }>): ContractEntry {
  const { contractId, number, amountKopecks, lines } = event.data;
  const told = { contract: contractId, number, amount: amountKopecks, lines };
  const since = { linesBy: event.eventId, linesOn: null, since: event.eventId };
  return { ...placeOf(event), ...told, ...since, status: 'signed', endsOn: null };
}

function changed(history: Told, contractId: string, change: Partial<ContractEntry>): Partial<Told> | null {
  const index = history.contracts.findLastIndex(({ contract }) => contract === contractId);
  const entry = history.contracts[index];
  return entry === undefined ? null : { contracts: history.contracts.with(index, { ...entry, ...change }) };
}

/**
 * A voided contract never won the deal, as long as another did. The last one of a won deal leaves its win behind,
 * up to the moment at which the deal was opened again or lost by it.
 */
function voided(history: Told, event: Extract<MoneyTold, { type: 'ContractVoided' }>): Partial<Told> | null {
  const { contractId, dealBecomes, lossReason, countsAsLoss } = event.data;
  const entry = history.contracts.findLast(({ contract }) => contract === contractId);
  if (entry === undefined) return null;
  const contracts = history.contracts.filter((contract) => contract !== entry);
  const place = placeOf(event);
  switch (dealBecomes) {
    case null:
      return { contracts, moves: history.moves.filter(({ id }) => id !== entry.id) };
    case 'open':
      return { contracts, moves: [...history.moves, { ...place, kind: 'reopened' }] };
    case 'lost': {
      const lost = { kind: 'lost' as const, reason: lossReason ?? '', counts: countsAsLoss ?? true };
      return { contracts, moves: [...history.moves, { ...place, ...lost }] };
    }
    default:
      return dealBecomes satisfies never;
  }
}
