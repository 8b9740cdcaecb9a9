import type { EventDefinitions, EventOf } from '@voronka/kernel';
import type { PlanCell, PlanCellChange } from './plan.document.js';

interface Change {
  /** 1 to 1,000 cells, each once. One plan stream is one change. */
  readonly cells: readonly PlanCellChange[];
  readonly reason: string;
}

/** Plans are set. */
export type PlanAssigned = EventOf<'PlanAssigned', Change>;
/** Plans are set anew, raised, lowered, or changed from a day on. */
export type PlanRevised = EventOf<'PlanRevised', Change>;
/** There is no plan any more. */
export type PlanWithdrawn = EventOf<'PlanWithdrawn', { readonly cells: readonly PlanCell[]; readonly reason: string }>;

/** A change that touches closed periods. It counts from the moment when somebody else approves it. */
export type PlanChangeProposed = EventOf<
  'PlanChangeProposed',
  Change & {
    readonly proposedBy: string;
    /** Hash of the preview that the proposer has seen; null where he has seen none. */
    readonly previewHash: string | null;
  }
>;
/** The proposal again: what counts, and why, stands in the event that makes it count. */
export type PlanChangeApproved = EventOf<
  'PlanChangeApproved',
  {
    readonly cells: readonly PlanCellChange[];
    /** Why, and by whom it was proposed; the first approvals do not say. */
    readonly reason?: string;
    readonly proposedBy?: string;
  }
>;
export type PlanChangeRejected = EventOf<'PlanChangeRejected', { readonly reason: string }>;

export type PlanEvent =
  | PlanAssigned
  | PlanRevised
  | PlanWithdrawn
  | PlanChangeProposed
  | PlanChangeApproved
  | PlanChangeRejected;

export const planEvents: EventDefinitions<PlanEvent> = {
  PlanAssigned: {},
  PlanRevised: {},
  PlanWithdrawn: {},
  PlanChangeProposed: {},
  PlanChangeApproved: {},
  PlanChangeRejected: {},
};

/** The changes that an event makes count, in its order; none for a proposal or its rejection. */
export function changesIn(event: PlanEvent): readonly PlanCellChange[] {
  switch (event.type) {
    case 'PlanAssigned':
    case 'PlanRevised':
    case 'PlanChangeApproved':
      return event.data.cells;
    case 'PlanWithdrawn':
      return event.data.cells.map((cell) => ({ ...cell, change: 'withdraw' }));
    case 'PlanChangeProposed':
    case 'PlanChangeRejected':
      return [];
    default:
      return event satisfies never;
  }
}
