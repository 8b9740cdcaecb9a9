import type { LocalDate } from '@voronka/kernel';
import type { Settlement, StatementTotals } from '../calculation/settlement.js';
import type { BonusLine } from '../calculation/bonus.js';

/** Where an employee stood on the last day that counts. */
export interface PaidPlace {
  readonly departmentId: string;
  readonly position: string;
}

/** What a statement posts for an earlier, closed month. */
export interface PostedAdjustment extends Settlement {
  /**
   * What this engine makes otherwise than another one that last settled the origin, of the same facts and terms. Never
   * settled by itself: it is for somebody to look at. Left out where there is none.
   * posted + due = now − waived − notTaken − review.
   */
  readonly reviewKopecks?: number;
  /** Terms that the posted figure now rests on, a log position: those of this statement once better terms are paid. */
  readonly termsPosition: string;
  /** The event at that position, where the statement that set it names its own. */
  readonly termsEventId?: string;
  /** Posted rule by rule, adding up to `dueKopecks`. */
  readonly postings: readonly { readonly rule: string; readonly period: string; readonly kopecks: number }[];
}

/**
 * An adjustment by hand. Outside of the netting unless it says which month it settles. Who, why and by whose leave is
 * said by its events.
 */
export interface ManualLine {
  readonly adjustmentId: string;
  readonly amountKopecks: number;
  /** Origin month that it settles, `YYYY-MM`; null: none. */
  readonly settles: string | null;
  /** The event that posted it. */
  readonly eventId?: string;
  /** Only in statements of engines before 3, which did not name the event. */
  readonly reason?: string;
}

/** Of somebody who had left by the end of the month, as known then. Kopecks, never positive. */
export interface StatementLeaving {
  readonly lastDay: LocalDate;
  /** The first statement since; later ones add what came to light after it. */
  readonly isFinal: boolean;
  /** Below zero, with no later pay to take it from: what he owes. Taken off whatever is still due to him later. */
  readonly owedKopecks: number;
  /** Too much by facts, and not taken back since no clause allows it. */
  readonly notTakenKopecks: number;
  /** Too much by terms that changed later. */
  readonly waivedKopecks: number;
}

/** An employee's pay for a month, with everything it is made of. Ids only; amounts in kopecks. */
export interface StatementDocument {
  readonly period: string;
  readonly employeeId: string;
  /** From 1; a month that was opened again issues the next one beside it. */
  readonly version: number;
  /** Log position of facts and terms: K₀. */
  readonly asOf: string;
  /** The event at K₀, by which the closing began. Left out in drafts, and by engines before 3. */
  readonly asOfEventId?: string;
  readonly place: PaidPlace | null;
  /** `sales@2`; null where no regulation covers the employee. */
  readonly regulation: string | null;
  readonly lines: readonly BonusLine[];
  readonly adjustments: readonly PostedAdjustment[];
  readonly manual: readonly ManualLine[];
  readonly totals: StatementTotals;
  /** Only where he has left. */
  readonly leaving?: StatementLeaving;
  /** Of the arithmetic, and of the zone data that dates were told by. */
  readonly engine: string;
  readonly zoneData: string;
}
