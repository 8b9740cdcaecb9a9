import type { EventOf, Instant, Personal } from '@voronka/kernel';
import type { MaybeLate, OfCustomer } from './deal.event-parts.js';

/** Somebody is to do it by then. Done when an ActivityRecorded names it; missed when its time passes before. */
export type ActivityPlanned = EventOf<
  'ActivityPlanned',
  OfCustomer &
    MaybeLate & {
      readonly activityId: string;
      /** `call`, `meeting`, `email`, `demo`, `visit` or another code. */
      readonly kind: string;
      readonly topic: string | null;
      readonly dueAt: Instant;
      /** Employee (or robot) who is to do it; null: nobody is named yet. */
      readonly performer: string | null;
      readonly step: string | null;
      readonly note: Personal<string> | null;
    }
>;

export type ActivityRescheduled = EventOf<
  'ActivityRescheduled',
  OfCustomer &
    MaybeLate & {
      readonly activityId: string;
      /** Event id of the ActivityPlanned. */
      readonly planningId: string;
      readonly dueAt: Instant;
      readonly reason: Personal<string>;
    }
>;

/** It will not be done, and is not missed either. */
export type ActivityCancelled = EventOf<
  'ActivityCancelled',
  OfCustomer &
    MaybeLate & {
      readonly activityId: string;
      /** Event id of the ActivityPlanned. */
      readonly planningId: string;
      readonly reason: Personal<string>;
    }
>;
