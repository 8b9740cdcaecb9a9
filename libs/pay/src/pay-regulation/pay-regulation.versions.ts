import type { LocalDate } from '@voronka/kernel';
import { type Coverage, isCovered, type RegulationDocument } from './pay-regulation.document.js';

export interface RegulationVersion {
  readonly regulation: string;
  /** From 1, in the order in which they were recorded. */
  readonly version: number;
  /** First day of a month. */
  readonly effectiveFrom: LocalDate;
  /** Null: from then on it covers nobody. */
  readonly document: RegulationDocument | null;
}

/**
 * What is in force for a month, given its first day: of every regulation the version recorded last among those that
 * hold by then. Versions in the order in which they were recorded.
 */
export function inForceOn(versions: readonly RegulationVersion[], firstDay: LocalDate): readonly RegulationVersion[] {
  const found = new Map<string, RegulationVersion>();
  for (const one of versions) if (one.effectiveFrom <= firstDay) found.set(one.regulation, one);
  return [...found.values()].filter(({ document }) => document !== null);
}

/** The regulation that covers somebody in a place for a month; null if none does. */
export function regulationFor(
  versions: readonly RegulationVersion[],
  firstDay: LocalDate,
  who: { readonly employeeId: string; readonly position: string; readonly departmentId: string },
): (RegulationVersion & { readonly document: RegulationDocument }) | null {
  for (const one of inForceOn(versions, firstDay)) {
    if (one.document !== null && isCovered(one.document.covers, who)) return { ...one, document: one.document };
  }
  return null;
}

/**
 * Could one person be covered by both? Told by the documents alone, whoever works where: so no transfer can ever put
 * somebody under two regulations.
 */
export function mayOverlap(a: Coverage, b: Coverage): boolean {
  const meet = (one: readonly string[] | null, other: readonly string[] | null): boolean =>
    one === null || other === null || one.some((value) => other.includes(value));
  if (!meet(a.positions, b.positions) || !meet(a.departments, b.departments)) return false;
  const named = a.employees ?? b.employees;
  // Where neither names anybody there is always somebody whom none excepts.
  if (named === null) return true;
  const fits = ({ employees, exceptEmployees }: Coverage, employee: string): boolean =>
    (employees?.includes(employee) ?? true) && !exceptEmployees.includes(employee);
  return named.some((employee) => fits(a, employee) && fits(b, employee));
}

/** The versions that hold for some month from a day on: of every regulation those that no later one replaces. */
export function holdingFrom(versions: readonly RegulationVersion[], from: LocalDate): readonly RegulationVersion[] {
  return versions.filter((one, index) => {
    const later = versions.slice(index + 1).filter(({ regulation }) => regulation === one.regulation);
    return !later.some(({ effectiveFrom }) => effectiveFrom <= one.effectiveFrom || effectiveFrom <= from);
  });
}
