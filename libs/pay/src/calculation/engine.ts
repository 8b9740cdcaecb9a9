/** Of the arithmetic and of what a statement holds: raised with every change that can move a figure or the document. */
export const ENGINE = 'voronka-pay-3';

/**
 * Earlier engines whose amounts are those of today's, line by line: 2 said why less exactly (NO_PLAN hid behind what
 * was undefined), kept reasons of adjustments by hand in the statement, and named positions without their events.
 */
const SAME_AMOUNTS: readonly string[] = ['voronka-pay-2'];

/** Can a statement of that engine differ in its amounts from what today's makes of the same facts and terms? */
export function mayDiffer(engine: string): boolean {
  return engine !== ENGINE && !SAME_AMOUNTS.includes(engine);
}
