import type { LocalDate } from '@voronka/kernel';

/** Whose plan a figure is compared with, or whose figure it is. */
export const OWNER_KINDS = ['employee', 'department', 'company'] as const;
export type OwnerKind = (typeof OWNER_KINDS)[number];

export interface PlanOwner {
  readonly kind: OwnerKind;
  /** Employee or department; `main` for the company. */
  readonly id: string;
}

/** One number that can be planned: an indicator, its owner, a period by its key. Months, quarters and years pay. */
export interface PlanCell {
  readonly indicator: string;
  readonly owner: PlanOwner;
  /** Key of the period: `2009-08`, `2009-Q3`, `2009`, `2009-W33` or a range of days. */
  readonly period: string;
}

export const PLAN_CHANGES = ['replace', 'fromDate', 'add', 'withdraw'] as const;
export type PlanChangeKind = (typeof PLAN_CHANGES)[number];
export const PRORATIONS = ['none', 'workingDays'] as const;
export type Proration = (typeof PRORATIONS)[number];

/**
 * What a change does to one cell. Values are integers in the smallest unit of the indicator: whole ones for counts,
 * kopecks, basis points for percents, ten-thousandths for ratios, minutes for hours.
 */
export type PlanChange =
  /** The plan of the whole period. */
  | { readonly change: 'replace'; readonly value: number; readonly proration: Proration }
  /** The level of the plan from a day on; days before keep theirs (0 where nothing was planned). */
  | {
      readonly change: 'fromDate';
      readonly from: LocalDate;
      readonly value: number;
      readonly proration: Proration | null;
    }
  /** Added to every level; may be negative. */
  | { readonly change: 'add'; readonly value: number; readonly proration: Proration | null }
  | { readonly change: 'withdraw' };

export type PlanCellChange = PlanCell & PlanChange;

/** One text per cell, for maps and tables: owner kinds and codes hold no bar. */
export function cellKey({ indicator, owner, period }: PlanCell): string {
  return `${indicator}|${owner.kind}|${owner.id}|${period}`;
}
