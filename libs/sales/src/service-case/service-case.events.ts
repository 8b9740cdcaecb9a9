import type { EventDefinitions, EventOf, Instant, Personal } from '@voronka/kernel';
import type { MaybeLate, OfCustomer } from '../deal/deal.event-parts.js';
import type { DealMigrated } from '../deal/deal.migration.events.js';
import {
  type ActivityCancelled,
  type ActivityCorrected,
  type ActivityPlanned,
  type ActivityRecorded,
  type ActivityRescheduled,
  type ActivityVoided,
  dealEvents,
  type StepCompleted,
  type StepCorrected,
  type StepReturned,
  type StepSkipped,
  type StepVerified,
  type StepVoided,
} from '../deal/deal.events.js';

export type ServiceCaseOpened = EventOf<
  'ServiceCaseOpened',
  MaybeLate & {
    readonly customerId: string;
    readonly title: Personal<string> | null;
    readonly routeMapId: string;
    readonly routeMapVersion: number;
    /** Employee who answers for the case. */
    readonly ownerId: string;
    /** What is introduced or cared for. */
    readonly productIds: readonly string[];
    /** The won deal it comes from; null: none. */
    readonly dealId: string | null;
  }
>;

/** From here on the case stands at `toStep`. */
export type ServiceCaseReturned = EventOf<
  'ServiceCaseReturned',
  OfCustomer & MaybeLate & { readonly toStep: string; readonly reason: Personal<string> }
>;

export type ServiceCaseReassigned = EventOf<
  'ServiceCaseReassigned',
  OfCustomer & {
    readonly fromOwnerId: string | null;
    readonly toOwnerId: string;
    readonly effectiveFrom: Instant;
    readonly reason: Personal<string>;
  }
>;

/** The work is done, with every mandatory step; or it is given up, for a reason of the map. */
export type ServiceCaseClosed = EventOf<
  'ServiceCaseClosed',
  OfCustomer &
    MaybeLate & {
      readonly outcome: 'completed' | 'abandoned';
      /** Code of the map's list; null where the case is completed. */
      readonly lossReason: string | null;
      /** Does it count beside the completed ones? Some reasons do not. */
      readonly counts: boolean;
      readonly note: Personal<string> | null;
    }
>;

export type ServiceCaseReopened = EventOf<
  'ServiceCaseReopened',
  OfCustomer & MaybeLate & { readonly reason: Personal<string> }
>;

/** As of a deal that moves to a newer version of its map. */
export type ServiceCaseMigrated = EventOf<'ServiceCaseMigrated', DealMigrated['data']>;

/** What is told of a case as of a deal: the very same events, on another stream. */
export type WorkEvent =
  | StepCompleted
  | StepVerified
  | StepReturned
  | StepSkipped
  | StepVoided
  | StepCorrected
  | ActivityRecorded
  | ActivityVoided
  | ActivityCorrected
  | ActivityPlanned
  | ActivityRescheduled
  | ActivityCancelled;

export type ServiceCaseEvent =
  | WorkEvent
  | ServiceCaseOpened
  | ServiceCaseReturned
  | ServiceCaseReassigned
  | ServiceCaseMigrated
  | ServiceCaseClosed
  | ServiceCaseReopened;

const customerOrCase = ({ customerId }: Partial<OfCustomer>, stream: string): string =>
  customerId === null || customerId === undefined ? stream : `customer-${customerId}`;

const reasons = { personal: { subject: customerOrCase, fields: ['reason', 'lateEntryReason'] as const } };

export const serviceCaseEvents: EventDefinitions<ServiceCaseEvent> = {
  ServiceCaseOpened: { personal: { subject: customerOrCase, fields: ['title', 'lateEntryReason'] } },
  ServiceCaseReturned: reasons,
  ServiceCaseMigrated: reasons,
  ServiceCaseReassigned: { personal: { subject: customerOrCase, fields: ['reason'] } },
  ServiceCaseClosed: { personal: { subject: customerOrCase, fields: ['note', 'lateEntryReason'] } },
  ServiceCaseReopened: reasons,
  StepCompleted: dealEvents.StepCompleted,
  StepVerified: dealEvents.StepVerified,
  StepReturned: dealEvents.StepReturned,
  StepSkipped: dealEvents.StepSkipped,
  StepVoided: dealEvents.StepVoided,
  StepCorrected: dealEvents.StepCorrected,
  ActivityRecorded: dealEvents.ActivityRecorded,
  ActivityVoided: dealEvents.ActivityVoided,
  ActivityCorrected: dealEvents.ActivityCorrected,
  ActivityPlanned: dealEvents.ActivityPlanned,
  ActivityRescheduled: dealEvents.ActivityRescheduled,
  ActivityCancelled: dealEvents.ActivityCancelled,
};
