import { canonicalJson } from '@voronka/kernel';
import type { StatementDocument } from '@voronka/pay/events';

/**
 * `same`: to the last bit. `sameFigures`: another engine, or other zone data, issued it, and every amount comes out as
 * stated; what else the document says cannot be compared bit by bit. `different`: everything else.
 */
export type AuditOutcome = 'same' | 'sameFigures' | 'different';

/** An amount that is stated otherwise than it comes out; null: not at all. Kopecks. */
export interface AmountDifference {
  readonly part: 'line' | 'due' | 'waived' | 'notTaken' | 'review' | 'manual' | 'total';
  /** `R1 2009-08` of a line, the month of origin of what is due, id of what was posted by hand, name of a total. */
  readonly of: string;
  readonly statedKopecks: number | null;
  readonly recomputedKopecks: number | null;
}

export interface StatementComparison {
  readonly outcome: AuditOutcome;
  /** Members of the document that differ; `hash` where that stated is not the document's own. */
  readonly fields: readonly string[];
  readonly amounts: readonly AmountDifference[];
}

export interface Hashed {
  readonly document: StatementDocument;
  readonly hash: string;
}

/** Whose, of what and as of where: no engine may tell these otherwise. */
const IDENTITY: readonly string[] = ['period', 'employeeId', 'version', 'asOf', 'hash'];

/**
 * A statement as issued beside the same one worked out anew. @param hashOfStated what the stated document hashes to
 */
export function compareStatements(
  stated: Hashed | null,
  recomputed: Hashed | null,
  hashOfStated: string | null,
): StatementComparison {
  const hash = stated === null || stated.hash === hashOfStated ? [] : ['hash'];
  const fields = [...fieldsThatDiffer(stated?.document ?? null, recomputed?.document ?? null), ...hash];
  const amounts = amountsThatDiffer(stated?.document ?? null, recomputed?.document ?? null);
  return { outcome: outcomeOf(fields, amounts), fields, amounts };
}

function outcomeOf(fields: readonly string[], amounts: readonly AmountDifference[]): AuditOutcome {
  if (fields.length === 0) return 'same';
  if (amounts.length > 0) return 'different';
  if (fields.includes('engine')) return fields.some((field) => IDENTITY.includes(field)) ? 'different' : 'sameFigures';
  return fields.every((field) => field === 'zoneData') ? 'sameFigures' : 'different';
}

function fieldsThatDiffer(stated: StatementDocument | null, recomputed: StatementDocument | null): readonly string[] {
  const [one, other] = [{ ...stated }, { ...recomputed }] as Record<string, unknown>[];
  const names = new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})]);
  const text = (value: unknown): string => (value === undefined ? '' : canonicalJson(value));
  return [...names].filter((name) => text(one?.[name]) !== text(other?.[name])).sort();
}

type Part = AmountDifference['part'];

function amountsThatDiffer(
  stated: StatementDocument | null,
  recomputed: StatementDocument | null,
): readonly AmountDifference[] {
  const [said, found] = [amountsOf(stated), amountsOf(recomputed)];
  return [...new Set([...said.keys(), ...found.keys()])].flatMap((key) => {
    const [statedKopecks, recomputedKopecks] = [said.get(key) ?? null, found.get(key) ?? null];
    if (statedKopecks === recomputedKopecks) return [];
    const [part = '', ...of] = key.split(' ');
    return [{ part: part as Part, of: of.join(' '), statedKopecks, recomputedKopecks }];
  });
}

function amountsOf(document: StatementDocument | null): ReadonlyMap<string, number> {
  if (document === null) return new Map();
  const { lines, adjustments, manual, totals } = document;
  const named = (part: Part, of: string, kopecks: number) => [`${part} ${of}`, kopecks] as const;
  return new Map([
    ...lines.map(({ rule, period, amountKopecks }) => named('line', `${rule} ${period}`, amountKopecks)),
    ...adjustments.flatMap(({ origin, dueKopecks, waivedKopecks, notTakenKopecks, reviewKopecks = 0 }) => [
      named('due', origin, dueKopecks),
      named('waived', origin, waivedKopecks),
      named('notTaken', origin, notTakenKopecks),
      named('review', origin, reviewKopecks),
    ]),
    ...manual.map(({ adjustmentId, amountKopecks }) => named('manual', adjustmentId, amountKopecks)),
    ...Object.entries(totals).map(([name, kopecks]) => named('total', name, Number(kopecks))),
  ]);
}
