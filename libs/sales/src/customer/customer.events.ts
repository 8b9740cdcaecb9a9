import type { EventDefinitions, EventOf, Instant, Personal } from '@voronka/kernel';
import type { Answers } from '../shared/answers.js';

export interface Contact {
  readonly name: string;
  readonly phone?: string;
  readonly email?: string;
  readonly position?: string;
}

export type CustomerRegistered = EventOf<
  'CustomerRegistered',
  {
    readonly kind: 'company' | 'person';
    readonly name: Personal<string>;
    readonly taxNumber: Personal<string> | null;
    readonly contacts: Personal<readonly Contact[]>;
    /** How the customer came to us: a code such as `exhibition`. */
    readonly source: string | null;
  }
>;

/** Who the customer is in truth, whole; as of before it was what had been told until then. */
export type CustomerCorrected = EventOf<
  'CustomerCorrected',
  {
    readonly name: Personal<string>;
    readonly taxNumber: Personal<string> | null;
    readonly contacts: Personal<readonly Contact[]>;
    readonly reason: Personal<string>;
  }
>;

/** Portrait fields that changed; the others keep their values. */
export type CustomerDescribed = EventOf<
  'CustomerDescribed',
  {
    readonly portrait: Answers;
    readonly personalPortrait: Personal<Answers> | null;
    /** Version of the portrait that said what the answers may be; null: none was published. */
    readonly portraitVersion: number | null;
  }
>;

export type SegmentAssigned = EventOf<
  'SegmentAssigned',
  {
    /** Null: none of those that have a rule. */
    readonly segment: string | null;
    /** From when the customer counts to it, whatever was said of later moments; may be earlier than the entry. */
    readonly effectiveFrom: Instant;
    /** Version of the portrait whose rules say so; null: somebody does, and the rules leave it alone. */
    readonly portraitVersion: number | null;
  }
>;

/** Everything personal about the customer, in deals too, reads as erased from here on, also in what was told before. */
export type CustomerPersonalDataErased = EventOf<
  'CustomerPersonalDataErased',
  {
    /** Why: a code such as `request` or `consentWithdrawn`; never personal. */
    readonly reason: string | null;
  }
>;

export type CustomerEvent =
  | CustomerRegistered
  | CustomerCorrected
  | CustomerDescribed
  | SegmentAssigned
  | CustomerPersonalDataErased;

const ofTheCustomer = (_data: object, stream: string): string => stream;

/** Version 1 is from before portraits were documents: answers were free, and segments assigned by hand. */
const beforePortraits = (data: Record<string, unknown>): Record<string, unknown> => ({
  ...data,
  portraitVersion: null,
});

export const customerEvents: EventDefinitions<CustomerEvent> = {
  CustomerRegistered: { personal: { subject: ofTheCustomer, fields: ['name', 'taxNumber', 'contacts'] } },
  CustomerCorrected: { personal: { subject: ofTheCustomer, fields: ['name', 'taxNumber', 'contacts', 'reason'] } },
  CustomerDescribed: {
    schemaVersion: 2,
    personal: { subject: ofTheCustomer, fields: ['personalPortrait'] },
    upcast: { 1: beforePortraits },
  },
  SegmentAssigned: { schemaVersion: 2, upcast: { 1: beforePortraits } },
  CustomerPersonalDataErased: { erases: (stream) => stream },
};
