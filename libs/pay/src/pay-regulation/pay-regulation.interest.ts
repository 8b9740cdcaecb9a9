import { type LocalDate, periodOf } from '@voronka/kernel';
import { type AuthorFact, placesFrom } from '../shared/author.js';
import { isCovered, type RegulationDocument } from './pay-regulation.document.js';
import { holdingFrom, type RegulationVersion } from './pay-regulation.versions.js';

/** Of rules that are paid for more than a month. */
const GRAINS = ['quarter', 'year'] as const;

interface Change {
  readonly regulation: string;
  readonly effectiveFrom: LocalDate;
  /** Null: from then on it covers nobody. */
  readonly document: RegulationDocument | null;
}

/**
 * Is the person paid, in some month that the change touches, by the version that is to come or by one that it replaces?
 * As for pay itself, the last assigned day decides, wherever he works today.
 */
export function paysItsAuthor(
  { regulation, effectiveFrom, document }: Change,
  {
    person,
    author,
    versions,
  }: { readonly person: string; readonly author: AuthorFact; readonly versions: readonly RegulationVersion[] },
): boolean {
  const isPaidBy = ({ covers, rules }: RegulationDocument, from: LocalDate): boolean => {
    const leftFrom = GRAINS.flatMap((grain) => (rules.some(({ period }) => period === grain) ? [grain] : []))
      .map((grain) => periodOf(from, grain).from)
      .reduce((first, one) => (one < first ? one : first), from);
    return placesFrom(author, from, leftFrom).some((place) => isCovered(covers, { employeeId: person, ...place }));
  };
  if (document !== null && isPaidBy(document, effectiveFrom)) return true;
  return holdingFrom(versions, effectiveFrom).some((one) => {
    if (one.regulation !== regulation || one.document === null) return false;
    return isPaidBy(one.document, one.effectiveFrom > effectiveFrom ? one.effectiveFrom : effectiveFrom);
  });
}
