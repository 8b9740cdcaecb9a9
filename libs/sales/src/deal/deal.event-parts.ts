import type { Personal } from '@voronka/kernel';

/** A product that the deal is about, with what it may bring. */
export interface DealLine {
  readonly productId: string;
  /** Null: nobody knows yet. */
  readonly amountKopecks: number | null;
}

export interface ContractLine {
  /** Unique within the contract. */
  readonly lineId: string;
  readonly productId: string | null;
  readonly amountKopecks: number;
}

/** Carried by events with free text, so that the text is encrypted under the customer's key. */
export interface OfCustomer {
  readonly customerId: string | null;
}

/** Why it was entered late, where that needed authority. */
export interface MaybeLate {
  readonly lateEntryReason?: Personal<string> | null;
}
