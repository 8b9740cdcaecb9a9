import type { EventDefinitions, EventOf, Instant, Personal } from '@voronka/kernel';
import type { Answers } from '../shared/answers.js';
import type { ActivityCorrected, StepCorrected } from './deal.correction.events.js';
import type { ContractLine, DealLine, MaybeLate, OfCustomer } from './deal.event-parts.js';
import type { DealMigrated } from './deal.migration.events.js';
import type {
  ContractAmended,
  ContractTerminated,
  ContractVoided,
  CreditShared,
  DealRevised,
  PaymentRecorded,
  PaymentReversed,
} from './deal.money.events.js';
import type { ActivityCancelled, ActivityPlanned, ActivityRescheduled } from './deal.plan.events.js';

export type { ContractLine, DealLine } from './deal.event-parts.js';
export type * from './deal.correction.events.js';
export type * from './deal.migration.events.js';
export type * from './deal.money.events.js';
export type * from './deal.plan.events.js';

export type DealOpened = EventOf<
  'DealOpened',
  OfCustomer &
    MaybeLate & {
      readonly title: Personal<string> | null;
      readonly routeMapId: string;
      readonly routeMapVersion: number;
      /** Employee who answers for the deal; null only in imported history. */
      readonly ownerId: string | null;
      /** How the deal came about: a code such as `website`. */
      readonly source: string | null;
      readonly lines: readonly DealLine[];
      readonly expectedAmountKopecks: number | null;
      /** Local date. */
      readonly expectedCloseOn: string | null;
    }
>;

/** Counts at once, or, where the step needs verification, from its acceptance on. */
export type StepCompleted = EventOf<
  'StepCompleted',
  OfCustomer & {
    readonly step: string;
    /** Employee (or robot) who did it; null: nobody is known. */
    readonly performedBy: string | null;
    readonly answers: Answers;
    readonly personalAnswers: Personal<Answers> | null;
    readonly awaitsVerification: boolean;
    /** Why it was entered late, where that needed authority. */
    readonly lateEntryReason: Personal<string> | null;
  }
>;

export type StepVerified = EventOf<
  'StepVerified',
  Partial<OfCustomer> &
    MaybeLate & {
      readonly step: string;
      /** Event id of the StepCompleted that is accepted. */
      readonly completionId: string;
      readonly verifiedBy: string | null;
    }
>;

/** The verifier sends it back to be done again. */
export type StepReturned = EventOf<
  'StepReturned',
  OfCustomer &
    MaybeLate & {
      readonly step: string;
      readonly completionId: string;
      readonly returnedBy: string | null;
      readonly reason: Personal<string>;
    }
>;

/** Satisfies what comes after it; is not a touch and earns nothing. */
export type StepSkipped = EventOf<
  'StepSkipped',
  OfCustomer &
    MaybeLate & {
      readonly step: string;
      readonly authorisedBy: string | null;
      /** Null only in imported history. */
      readonly reason: Personal<string> | null;
    }
>;

/** The completion was a mistake: it never counted. */
export type StepVoided = EventOf<
  'StepVoided',
  OfCustomer & MaybeLate & { readonly step: string; readonly completionId: string; readonly reason: Personal<string> }
>;

/** The customer goes back: from here on the deal stands at `toStep`. */
export type DealReturned = EventOf<
  'DealReturned',
  OfCustomer &
    MaybeLate & {
      readonly toStep: string;
      /** Null only in imported history. */
      readonly reason: Personal<string> | null;
    }
>;

export type ActivityRecorded = EventOf<
  'ActivityRecorded',
  OfCustomer & {
    readonly activityId: string;
    /** Planned activity that is done by it; absent where nobody planned it. */
    readonly plannedActivityId?: string;
    /** `call`, `meeting`, `email`, `demo`, `visit` or another code. */
    readonly kind: string;
    /** What it was about: a short name used in reports, never personal. */
    readonly topic: string | null;
    /** A code such as `reached`. */
    readonly outcome: string | null;
    readonly performedBy: string | null;
    readonly durationMinutes: number | null;
    readonly step: string | null;
    readonly note: Personal<string> | null;
    readonly lateEntryReason: Personal<string> | null;
  }
>;

export type ActivityVoided = EventOf<
  'ActivityVoided',
  OfCustomer &
    MaybeLate & {
      readonly activityId: string;
      /** Event id of the ActivityRecorded. */
      readonly recordingId: string;
      readonly reason: Personal<string>;
    }
>;

export type DealReassigned = EventOf<
  'DealReassigned',
  OfCustomer & {
    readonly fromOwnerId: string | null;
    readonly toOwnerId: string;
    /** From when the new owner answers for the deal; may be earlier than the entry. */
    readonly effectiveFrom: Instant;
    /** Null only in imported history. */
    readonly reason: Personal<string> | null;
  }
>;

export type ContractSigned = EventOf<
  'ContractSigned',
  Partial<OfCustomer> &
    MaybeLate & {
      readonly contractId: string;
      readonly number: string;
      readonly lines: readonly ContractLine[];
      /** Sum of the lines. */
      readonly amountKopecks: number;
    }
>;

export type DealLost = EventOf<
  'DealLost',
  OfCustomer &
    MaybeLate & {
      /** Code of the map's list. */
      readonly lossReason: string;
      readonly countsAsLoss: boolean;
      readonly note: Personal<string> | null;
    }
>;

/** A lost deal is worked on again. */
export type DealReopened = EventOf<
  'DealReopened',
  OfCustomer & MaybeLate & { readonly reason: Personal<string> | null }
>;

export type DealEvent =
  | DealOpened
  | StepCompleted
  | StepVerified
  | StepReturned
  | StepSkipped
  | StepVoided
  | DealReturned
  | ActivityRecorded
  | ActivityVoided
  | StepCorrected
  | ActivityCorrected
  | ActivityPlanned
  | ActivityRescheduled
  | ActivityCancelled
  | DealReassigned
  | ContractSigned
  | ContractAmended
  | ContractVoided
  | ContractTerminated
  | PaymentRecorded
  | PaymentReversed
  | CreditShared
  | DealRevised
  | DealMigrated
  | DealLost
  | DealReopened;

const customerOrDeal = (data: Partial<OfCustomer>, stream: string): string =>
  data.customerId === null || data.customerId === undefined ? stream : `customer-${data.customerId}`;

const lateOnly = { personal: { subject: customerOrDeal, fields: ['lateEntryReason'] as const } };
const reasonOnly = { personal: { subject: customerOrDeal, fields: ['reason'] as const } };
const reasons = { personal: { subject: customerOrDeal, fields: ['reason', 'lateEntryReason'] as const } };

export const dealEvents: EventDefinitions<DealEvent> = {
  DealOpened: { personal: { subject: customerOrDeal, fields: ['title', 'lateEntryReason'] } },
  StepCompleted: { personal: { subject: customerOrDeal, fields: ['personalAnswers', 'lateEntryReason'] } },
  StepVerified: lateOnly,
  StepReturned: reasons,
  StepSkipped: reasons,
  StepVoided: reasons,
  DealReturned: reasons,
  ActivityRecorded: { personal: { subject: customerOrDeal, fields: ['note', 'lateEntryReason'] } },
  ActivityVoided: reasons,
  StepCorrected: { personal: { subject: customerOrDeal, fields: ['personalAnswers', 'reason', 'lateEntryReason'] } },
  ActivityCorrected: { personal: { subject: customerOrDeal, fields: ['note', 'reason', 'lateEntryReason'] } },
  ActivityPlanned: { personal: { subject: customerOrDeal, fields: ['note', 'lateEntryReason'] } },
  ActivityRescheduled: reasons,
  ActivityCancelled: reasons,
  DealReassigned: reasonOnly,
  ContractSigned: {
    ...lateOnly,
    schemaVersion: 2,
    // Version 1 knew one product and one amount per contract.
    upcast: {
      1: ({ productId, ...rest }) => ({
        ...rest,
        lines: [{ lineId: '1', productId: productId ?? null, amountKopecks: rest['amountKopecks'] }],
      }),
    },
  },
  ContractAmended: reasons,
  ContractVoided: reasons,
  ContractTerminated: reasons,
  PaymentRecorded: lateOnly,
  PaymentReversed: reasons,
  CreditShared: lateOnly,
  DealRevised: { personal: { subject: customerOrDeal, fields: ['title', 'lateEntryReason'] } },
  DealMigrated: reasons,
  DealLost: { personal: { subject: customerOrDeal, fields: ['note', 'lateEntryReason'] } },
  DealReopened: reasons,
};
