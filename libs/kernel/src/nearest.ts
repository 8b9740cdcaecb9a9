/**
 * The known word that `word` is a slip of the pen of: one letter added, dropped or changed in a short word, three in a
 * long one; null when none is so near. Of equally near ones the first.
 */
export function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let least = (word.length < 5 ? 1 : word.length < 12 ? 2 : 3) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= least) continue;
    const slips = slipsBetween(word.toLowerCase(), candidate.toLowerCase());
    if (slips < least) [best, least] = [candidate, slips];
  }
  return best;
}

/** Levenshtein's distance, row by row. */
function slipsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [line, letter] of from.split('').entries()) {
    const next = [line + 1];
    for (const [at, other] of to.split('').entries()) {
      const [left = 0, above = 0, corner = 0] = [next[at], row[at + 1], row[at]];
      next.push(Math.min(left + 1, above + 1, corner + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** `: did you mean X?` for the known word that is a slip or two away; nothing when none is. */
export function didYouMean(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === null ? '' : `: did you mean ${meant}?`;
}
