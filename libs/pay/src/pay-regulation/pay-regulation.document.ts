import type { OwnerKind } from '../plan/plan.document.js';

/** Whose figure or plan a rule takes, seen from the employee: his own, his department's, the company's. */
export const SCOPES = ['self', 'department', 'company'] as const;
export type Scope = (typeof SCOPES)[number];

export const OWNER_OF_SCOPE: Readonly<Record<Scope, OwnerKind>> = {
  self: 'employee',
  department: 'department',
  company: 'company',
};

/** Periods that pay: a rule of a quarter or a year is paid in the month in which it ends. */
export const PAY_GRAINS = ['month', 'quarter', 'year'] as const;
export type PayGrain = (typeof PAY_GRAINS)[number];

/** The rule pays nothing unless this fulfilment (in basis points: 10,000 is 100 %) is reached. */
export interface Gate {
  readonly indicator: string;
  readonly scope: Scope;
  readonly planScope: Scope;
  readonly thresholdBps: number;
}

/** Half-open [from, to); the last one is open. Bounds in basis points of fulfilment, or in the unit of the actual. */
export interface Bracket {
  readonly from: number;
  readonly to: number | null;
  /** Kopecks per unit, basis points of the amount, or kopecks: what `pays` says. */
  readonly value: number;
}

export type Payout =
  | { readonly kind: 'perUnit'; readonly kopecks: number }
  | { readonly kind: 'fixed'; readonly kopecks: number; readonly prorated: boolean }
  | { readonly kind: 'percentOfAmount'; readonly bps: number }
  | {
      readonly kind: 'tiers';
      readonly by: 'fulfilment' | 'actual';
      /** `slab`: all of it at the rate of the bracket reached; `marginal`: each part at its own. */
      readonly mode: 'marginal' | 'slab';
      readonly pays: 'perUnit' | 'percent' | 'fixed';
      readonly brackets: readonly Bracket[];
    };
export const PAYOUT_KINDS = ['perUnit', 'fixed', 'percentOfAmount', 'tiers'] as const;

export interface Rule {
  readonly code: string;
  readonly name: string;
  readonly period: PayGrain;
  readonly indicator: string;
  readonly scope: Scope;
  readonly planScope: Scope;
  readonly gates: readonly Gate[];
  readonly payout: Payout;
  readonly floorKopecks: number | null;
  readonly capKopecks: number | null;
}

/**
 * Whom a regulation covers: those whom every list that is given names. At least one is given; two regulations never
 * fit one person.
 */
export interface Coverage {
  readonly positions: readonly string[] | null;
  readonly departments: readonly string[] | null;
  readonly employees: readonly string[] | null;
  readonly exceptEmployees: readonly string[];
}

/** What of money already paid may be taken back when facts change. No clause: nothing. */
export interface Clawback {
  /** Only for origin periods at most so many months before the statement. */
  readonly months: number;
  /** Of what is too much, in basis points. */
  readonly shareBps: number;
  /** Of one statement's earnings, at most, in basis points. */
  readonly statementShareBps: number;
}

/** A pay regulation: rules, rates and thresholds. Numbers to be reached are plans and stand elsewhere. */
export interface RegulationDocument {
  readonly name: string;
  readonly covers: Coverage;
  readonly rules: readonly Rule[];
  readonly clawback: Clawback | null;
}

/** Is somebody in this place covered? */
export function isCovered(
  covers: Coverage,
  who: { readonly employeeId: string; readonly position: string; readonly departmentId: string },
): boolean {
  const among = (list: readonly string[] | null, value: string): boolean => list === null || list.includes(value);
  return (
    among(covers.positions, who.position) &&
    among(covers.departments, who.departmentId) &&
    among(covers.employees, who.employeeId) &&
    !covers.exceptEmployees.includes(who.employeeId)
  );
}
