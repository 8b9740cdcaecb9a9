import type { Place } from '@voronka/read-models';

/**
 * What a row of figures is called in a table: the names of its values, or their codes where only facts name them, and
 * its period. A value that is missing is told as such, so that its row is not taken for the total.
 */
export function rowName({ slices, bucket }: Place): string {
  const names = slices.map(({ by, value, label }) => label ?? value ?? `(no ${words(by)})`);
  return [...names, ...(bucket === null ? [] : [bucket])].join(' · ') || 'Total';
}

/** `productLine` as `product line`. */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
