import type { PayPreview, PreviewedPerson } from '@voronka/read-models';

/** Months whose people must be known before a preview can be shown to somebody who does not see everybody. */
export function monthsIn(people: PayPreview['people']): readonly string[] {
  const months = people.flatMap(({ months: own, statement }) => [
    ...own.map(({ month }) => month),
    ...(statement === null ? [] : [statement.period]),
  ]);
  return [...new Set(months)].sort();
}

/**
 * What of a preview somebody may see: of each person the months in which he is held, by month; null: everything. `others`
 * counts those of whom something is left out.
 */
export function seenPeople(
  people: PayPreview['people'],
  held: ReadonlyMap<string, readonly string[]> | null,
): { readonly people: readonly PreviewedPerson[]; readonly others: number } {
  if (held === null) return { people, others: 0 };
  const seen = people.map((person): PreviewedPerson => {
    const isHeld = (month: string): boolean => held.get(month)?.includes(person.employeeId) ?? false;
    const { statement } = person;
    return {
      ...person,
      months: person.months.filter(({ month }) => isHeld(month)),
      statement: statement !== null && isHeld(statement.period) ? statement : null,
    };
  });
  const isWhole = (person: PreviewedPerson, at: number): boolean => {
    const all = people[at];
    return all?.months.length === person.months.length && (all.statement === null) === (person.statement === null);
  };
  return {
    people: seen.filter(({ months, statement }) => months.length > 0 || statement !== null),
    others: seen.filter((person, at) => !isWhole(person, at)).length,
  };
}
