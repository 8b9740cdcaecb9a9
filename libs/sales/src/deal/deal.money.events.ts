import type { EventOf, Personal } from '@voronka/kernel';
import type { ContractLine, DealLine, MaybeLate, OfCustomer } from './deal.event-parts.js';

/** The contract has other lines; it is the same contract of the same signing. */
export type ContractAmended = EventOf<
  'ContractAmended',
  OfCustomer &
    MaybeLate & {
      readonly contractId: string;
      /** All of them, as they are now. */
      readonly lines: readonly ContractLine[];
      /** Sum of the lines. */
      readonly amountKopecks: number;
      /** Local date from which the parties hold to it. */
      readonly effectiveOn: string;
      readonly reason: Personal<string>;
    }
>;

/** The contract was a mistake or never came into force: its amount does not count. */
export type ContractVoided = EventOf<
  'ContractVoided',
  OfCustomer &
    MaybeLate & {
      readonly contractId: string;
      readonly reason: Personal<string>;
      /** What a won deal is without its last contract; null: the deal keeps its status. */
      readonly dealBecomes: 'open' | 'lost' | null;
      /** Code of the map's list where the deal is lost by it. */
      readonly lossReason: string | null;
      readonly countsAsLoss: boolean | null;
    }
>;

/** The contract ends before its time; what was signed stays signed and the deal stays won. */
export type ContractTerminated = EventOf<
  'ContractTerminated',
  OfCustomer &
    MaybeLate & {
      readonly contractId: string;
      /** Local date from which it is no longer in force. */
      readonly effectiveOn: string;
      readonly reason: Personal<string>;
    }
>;

/** The customer paid; occurred when the money came. */
export type PaymentRecorded = EventOf<
  'PaymentRecorded',
  OfCustomer & MaybeLate & { readonly paymentId: string; readonly contractId: string; readonly amountKopecks: number }
>;

/** The payment was a mistake or was given back whole. */
export type PaymentReversed = EventOf<
  'PaymentReversed',
  OfCustomer &
    MaybeLate & {
      readonly paymentId: string;
      readonly contractId: string;
      /** Event id of the PaymentRecorded. */
      readonly recordingId: string;
      readonly reason: Personal<string>;
    }
>;

export interface CreditShare {
  readonly employeeId: string;
  /** Part of the whole of 10,000. */
  readonly basisPoints: number;
}

/** Who gets the credit in one role, from then on; takes the place of what was shared in that role before. */
export type CreditShared = EventOf<
  'CreditShared',
  OfCustomer & MaybeLate & { readonly creditRole: string; readonly shares: readonly CreditShare[] }
>;

/** What is expected of the deal from then on, whole; the title only where it is another. */
export type DealRevised = EventOf<
  'DealRevised',
  OfCustomer &
    MaybeLate & {
      readonly title?: Personal<string> | null;
      readonly lines: readonly DealLine[];
      readonly expectedAmountKopecks: number | null;
      /** Local date. */
      readonly expectedCloseOn: string | null;
    }
>;
