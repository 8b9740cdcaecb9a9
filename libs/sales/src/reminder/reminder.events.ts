import type { EventDefinitions, EventOf, Instant } from '@voronka/kernel';

/** Somebody was told that a step or a planned activity is overdue. */
export type ReminderRaised = EventOf<
  'ReminderRaised',
  {
    /** What it belongs to: a deal or a service case, and its id. */
    readonly subject: 'deal' | 'serviceCase';
    readonly subjectId: string;
    readonly about: 'step' | 'activity';
    /** Step code; of an activity the step it was planned for, if any. */
    readonly step: string | null;
    readonly activityId: string | null;
    /** Event by which the step could be done, or that planned the activity. */
    readonly causeId: string;
    readonly dueAt: Instant;
    /** When it was due by the calendar known when its waiting began; left out where that is `dueAt`. */
    readonly firstDueAt?: Instant;
    /** `head`: overdue for as long as its norm again. */
    readonly level: 'performer' | 'head';
    /** Whom it is for; null: nobody owns the deal, or nobody heads the department. */
    readonly employeeId: string | null;
  }
>;

export type ReminderEvent = ReminderRaised;

export const reminderEvents: EventDefinitions<ReminderEvent> = { ReminderRaised: {} };
