import { type LocalDate, lastDayOf, parsePeriod } from '@voronka/kernel';

export interface Assignment {
  readonly effectiveOn: LocalDate;
  readonly departmentId: string;
  readonly position: string;
}

export interface Employment {
  /** By day, the first on the day of hiring. */
  readonly assignments: readonly Assignment[];
  /** Last working day; null while it goes on. */
  readonly lastDay: LocalDate | null;
}

/** What is asked of the person who changes what is paid: where he works, and where he worked. */
export type AuthorFact =
  | { readonly status: 'none' }
  | {
      readonly status: 'employed' | 'dismissed';
      readonly employments: readonly Employment[];
      readonly current: Employment;
    };

/**
 * The places by which somebody's pay of the months from a day on goes: those that he holds on his last assigned day of
 * some month, as far as it is known today. Of a longer period whoever left since `leftFrom`, its first day, is paid, too.
 */
export function placesFrom(author: AuthorFact, from: LocalDate, leftFrom: LocalDate = from): readonly Assignment[] {
  if (author.status === 'none') return [];
  return author.employments.flatMap(({ assignments, lastDay }) =>
    assignments.filter(({ effectiveOn }, index) => {
      const next = assignments[index + 1];
      if (next === undefined) return lastDay === null || lastDay >= leftFrom;
      const first = effectiveOn > from ? effectiveOn : from;
      const monthEnd = lastDayOf(parsePeriod(first.slice(0, 'YYYY-MM'.length)));
      // He may have left before the next place of his began.
      return monthEnd < next.effectiveOn || (lastDay !== null && lastDay >= first && lastDay < next.effectiveOn);
    }),
  );
}
