/** What the payroll says of its months, as far as whoever enters something must know. */
export interface ClosedMonths {
  /** The latest month (`2009-08`) that is closed or being closed; null: none. */
  readonly closedThrough: string | null;
}

/** The payroll as a fact of decisions in other rooms. */
export const payrollRef = { category: 'payroll', id: 'main' } as const;

/** Is the month closed, or being closed? Earlier ones are closed as well, even before the first payroll. */
export function isClosed({ closedThrough }: ClosedMonths, month: string): boolean {
  return closedThrough !== null && month <= closedThrough;
}
