import type { LocalDate } from '@voronka/kernel';
import type { IndicatorDocument } from './indicator.document.js';

export interface IndicatorVersion {
  /** From 1, in the order in which they were recorded. */
  readonly version: number;
  /** First local date it holds for; null: from the beginning of time. */
  readonly effectiveFrom: LocalDate | null;
  readonly definition: IndicatorDocument;
}

/**
 * The version that holds for a period, given the period's first day; null if none does yet. Of the versions that are
 * effective by then the one recorded last holds, so a version never changes what is answered for days before its own
 * `effectiveFrom`. A period is never divided: the year goes by the version of 1 January.
 */
export function versionOn(versions: readonly IndicatorVersion[], firstDay: LocalDate): IndicatorVersion | null {
  return versions.findLast(({ effectiveFrom }) => effectiveFrom === null || effectiveFrom <= firstDay) ?? null;
}
