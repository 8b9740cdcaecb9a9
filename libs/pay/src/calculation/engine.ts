/**
 * Of the arithmetic, of what it counts and of what a statement holds: raised with every change that can move a figure or
 * the document. The third tells waiting and deviations of steps that hang on the customer, too; calls no step skipped
 * that did not belong to the way when it was passed; says NO_PLAN where what was undefined hid it; and keeps ids of
 * events in place of reasons. The fourth lets a step wait from what decided that it could be done, no earlier and no
 * later, and lets no month that was opened again settle itself.
 */
export const ENGINE = 'voronka-pay-4';

/** Can a statement of that engine differ in its amounts from what today's makes of the same facts and terms? */
export function mayDiffer(engine: string): boolean {
  return engine !== ENGINE;
}
