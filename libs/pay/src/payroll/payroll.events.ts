import type { EventDefinitions, EventOf, LocalDate } from '@voronka/kernel';

/** What stands in the way of closing, or was accepted: a kind, how many, some of them by id. */
export interface ChecklistItem {
  readonly code: ChecklistCode;
  readonly count: number;
  readonly examples: readonly string[];
}

/** What a closing looks at before it issues statements; whoever closes may accept it. */
export const ACCEPTABLE = [
  'QUARANTINE',
  'UNVERIFIED_STEPS',
  'NO_PLAN',
  'PENDING_APPROVALS',
  'OPEN_DISPUTES',
  'ENGINE_DIFFERENCES',
] as const;

/**
 * Everything that stops a closing. `TERMS_CHANGED`: somebody changed a plan or a regulation of the month while its
 * closing began. Nobody accepts that: of a closed month it would take two people, so the month is closed once more, with
 * the change in it.
 */
export const CHECKLIST = [...ACCEPTABLE, 'TERMS_CHANGED'] as const;
export type ChecklistCode = (typeof CHECKLIST)[number];

/** Closing begins: facts and terms are those known at the position of this event, K₀. */
export type PeriodClosing = EventOf<
  'PeriodClosing',
  {
    readonly period: string;
    readonly version: number;
    readonly accepted: readonly ChecklistCode[];
    /** Of the arithmetic of the program that began it. Engines before 3 do not say. */
    readonly engine?: string;
    /** What is in force for the month: `sales@2`. Engines before 3 do not say. */
    readonly regulations?: readonly string[];
  }
>;

/** What the statements of a closing were worked out by; each of them names its own, line by line. */
export interface ClosingVersions {
  readonly engine: string;
  /** Of the zone data that dates were told by, and the zone. */
  readonly zoneData: string;
  /** `sales@2`: those that paid somebody, in order. */
  readonly regulations: readonly string[];
  /** `meetings@1`: those of lines and gates, in order. */
  readonly definitions: readonly string[];
  /** How many events of plans the targets rest on, and the SHA-256 of their ids, in order, one a line. */
  readonly planEvents: number;
  readonly plansHash: string;
}

/** Something on the checklist was not accepted, or terms changed meanwhile: no statement of it counts. */
export type PeriodClosingStopped = EventOf<
  'PeriodClosingStopped',
  { readonly period: string; readonly version: number; readonly items: readonly ChecklistItem[] }
>;

/** The closing came upon what its rules refuse, or upon a defect; it is gone on with or abandoned. */
export type PeriodClosingFailed = EventOf<
  'PeriodClosingFailed',
  {
    readonly period: string;
    readonly version: number;
    /** What could not be done: `IssueStatement 2009-08.ivanova`, or `calculation`. */
    readonly at: string;
    readonly code: string;
    readonly reason: string;
  }
>;

/** The closing is gone on with, as of the position at which it began. */
export type PeriodClosingResumed = EventOf<
  'PeriodClosingResumed',
  {
    readonly period: string;
    readonly version: number;
    readonly asOf: { readonly position: string; readonly eventId: string };
    readonly accepted: readonly ChecklistCode[];
  }
>;

/** The month is open again; statements of this version that were issued already count for nothing. */
export type PeriodClosingAbandoned = EventOf<
  'PeriodClosingAbandoned',
  { readonly period: string; readonly version: number; readonly reason: string }
>;

/** All statements are issued. `hash` is over their hashes in the order of the employees' ids. */
export type PeriodClosed = EventOf<
  'PeriodClosed',
  {
    readonly period: string;
    readonly version: number;
    readonly asOf: { readonly position: string; readonly eventId: string };
    readonly statements: number;
    readonly hash: string;
    readonly checklist: readonly ChecklistItem[];
    /** Engines before 3 do not say. */
    readonly versions?: ClosingVersions;
  }
>;

export type PeriodPaid = EventOf<'PeriodPaid', { readonly period: string; readonly paidOn: LocalDate }>;

export type PeriodReopeningProposed = EventOf<
  'PeriodReopeningProposed',
  { readonly period: string; readonly proposedBy: string; readonly reason: string }
>;
export type PeriodReopened = EventOf<'PeriodReopened', { readonly period: string }>;
export type PeriodReopeningRejected = EventOf<
  'PeriodReopeningRejected',
  { readonly period: string; readonly reason: string }
>;

/** An adjustment by hand is proposed by one person and posted by another. */
export type ManualAdjustmentProposed = EventOf<
  'ManualAdjustmentProposed',
  {
    readonly adjustmentId: string;
    readonly employeeId: string;
    /** Month whose statement carries it. */
    readonly period: string;
    readonly amountKopecks: number;
    readonly settles: string | null;
    readonly proposedBy: string;
    readonly reason: string;
  }
>;
export type ManualAdjustmentPosted = EventOf<'ManualAdjustmentPosted', { readonly adjustmentId: string }>;
export type ManualAdjustmentRejected = EventOf<
  'ManualAdjustmentRejected',
  { readonly adjustmentId: string; readonly reason: string }
>;

/** Somebody doubts a statement: it is looked at as it was known at the position of this event. */
export type DisputeOpened = EventOf<
  'DisputeOpened',
  {
    readonly disputeId: string;
    readonly period: string;
    readonly employeeId: string;
    /** Codes of the rules in doubt; empty: all. */
    readonly rules: readonly string[];
    readonly openedBy: string;
    readonly reason: string;
  }
>;
export type DisputeResolved = EventOf<
  'DisputeResolved',
  { readonly disputeId: string; readonly outcome: 'upheld' | 'dismissed'; readonly reason: string }
>;

export type PayrollEvent =
  | PeriodClosing
  | PeriodClosingStopped
  | PeriodClosingFailed
  | PeriodClosingResumed
  | PeriodClosingAbandoned
  | PeriodClosed
  | PeriodPaid
  | PeriodReopeningProposed
  | PeriodReopened
  | PeriodReopeningRejected
  | ManualAdjustmentProposed
  | ManualAdjustmentPosted
  | ManualAdjustmentRejected
  | DisputeOpened
  | DisputeResolved;

export const payrollEvents: EventDefinitions<PayrollEvent> = {
  PeriodClosing: {},
  PeriodClosingStopped: {},
  PeriodClosingFailed: {},
  PeriodClosingResumed: {},
  PeriodClosingAbandoned: {},
  PeriodClosed: {},
  PeriodPaid: {},
  PeriodReopeningProposed: {},
  PeriodReopened: {},
  PeriodReopeningRejected: {},
  ManualAdjustmentProposed: {},
  ManualAdjustmentPosted: {},
  ManualAdjustmentRejected: {},
  DisputeOpened: {},
  DisputeResolved: {},
};
