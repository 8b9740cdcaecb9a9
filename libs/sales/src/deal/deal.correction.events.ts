import type { EventOf, Instant, Personal } from '@voronka/kernel';
import type { Answers } from '../shared/answers.js';
import type { MaybeLate, OfCustomer } from './deal.event-parts.js';

/** What a completion should have said from the start, whole: it counts so, and at that time. */
export type StepCorrected = EventOf<
  'StepCorrected',
  OfCustomer &
    MaybeLate & {
      readonly step: string;
      /** Event id of the StepCompleted. */
      readonly completionId: string;
      /** When the step was done in truth. */
      readonly completedAt: Instant;
      readonly performedBy: string | null;
      readonly answers: Answers;
      /** Absent where the answers were not corrected: the personal ones stand as they were given. */
      readonly personalAnswers?: Personal<Answers> | null;
      readonly reason: Personal<string>;
    }
>;

/** What a recording of an activity should have said from the start, whole. */
export type ActivityCorrected = EventOf<
  'ActivityCorrected',
  OfCustomer &
    MaybeLate & {
      readonly activityId: string;
      /** Event id of the ActivityRecorded. */
      readonly recordingId: string;
      /** When it happened in truth. */
      readonly happenedAt: Instant;
      readonly kind: string;
      readonly topic: string | null;
      readonly outcome: string | null;
      readonly performedBy: string | null;
      readonly durationMinutes: number | null;
      readonly step: string | null;
      /** Absent where the note was not corrected. */
      readonly note?: Personal<string> | null;
      readonly reason: Personal<string>;
    }
>;
