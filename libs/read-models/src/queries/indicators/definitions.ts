import { type LocalDate, refuse } from '@voronka/kernel';
import { type IndicatorDocument, type IndicatorVersion, versionOn } from '@voronka/pay/events';
import type { QueryContext } from '../context.js';
import { Statement } from '../sql.js';

/** An indicator as it holds for one period. */
export interface Defined {
  readonly code: string;
  readonly version: number;
  readonly definition: IndicatorDocument;
  /** Numerator and denominator of a ratio, as they hold for the same period. */
  readonly parts: readonly Defined[];
}

export type Versions = ReadonlyMap<string, readonly IndicatorVersion[]>;

interface VersionRow extends IndicatorVersion {
  readonly code: string;
}

/** The versions of these indicators known at K, and of what ratios among them are made of. */
export async function versionsOf(context: QueryContext, codes: readonly string[]): Promise<Versions> {
  const found = await read(context, codes);
  const parts = new Set<string>();
  for (const versions of found.values()) {
    for (const { definition } of versions) {
      if (definition.measure === 'ratio')
        for (const code of [definition.numerator, definition.denominator]) parts.add(code);
    }
  }
  const missing = [...parts].filter((code) => !found.has(code));
  const more = missing.length === 0 ? new Map<string, IndicatorVersion[]>() : await read(context, missing);
  return new Map([...found, ...more]);
}

async function read(context: QueryContext, codes: readonly string[]): Promise<Map<string, IndicatorVersion[]>> {
  const statement = new Statement(context);
  const rows = await statement.rows<VersionRow>(`SELECT i.code, i.version, i.effective_from::text AS "effectiveFrom",
      i.definition FROM indicator_versions i
    WHERE i.code = ANY(${statement.bind(codes, 'text[]')}) AND ${statement.known('i')} ORDER BY i.code, i.version`);
  const versions = new Map<string, IndicatorVersion[]>();
  for (const { code, ...version } of rows) versions.set(code, [...(versions.get(code) ?? []), version]);
  return versions;
}

/** Did the indicator, with all its parts, hold for periods that begin on that day? */
export function heldOn(versions: Versions, code: string, firstDay: LocalDate): boolean {
  const found = versionOn(versions.get(code) ?? [], firstDay);
  if (found === null) return false;
  const { definition } = found;
  if (definition.measure !== 'ratio') return true;
  return [definition.numerator, definition.denominator].every((part) => heldOn(versions, part, firstDay));
}

/**
 * The indicator as it holds for a period that begins on a day.
 * @throws DomainError INDICATOR_NOT_FOUND if it was not defined at K, INDICATOR_NOT_EFFECTIVE if not yet for that period
 */
export function definedOn(versions: Versions, code: string, firstDay: LocalDate): Defined {
  const own = versions.get(code);
  if (own === undefined) {
    throw refuse.notFound(
      'INDICATOR_NOT_FOUND',
      'no such indicator was defined then: define it first, or ask for a later asOf',
      { indicator: code },
    );
  }
  const found = versionOn(own, firstDay);
  if (found === null) {
    throw refuse.invalid('INDICATOR_NOT_EFFECTIVE', 'ask for a later period: the indicator did not hold yet', {
      indicator: code,
      effectiveFrom: own[0]?.effectiveFrom ?? null,
    });
  }
  const { version, definition } = found;
  const codes = definition.measure === 'ratio' ? [definition.numerator, definition.denominator] : [];
  return { code, version, definition, parts: codes.map((part) => definedOn(versions, part, firstDay)) };
}
