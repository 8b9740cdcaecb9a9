const MOST_SLIPS = 3;

/** The word that `given` is a slip of the pen of: at most three letters added, dropped or changed; else null. */
export function nearest(given: string, words: readonly string[]): string | null {
  let best: string | null = null;
  let least = MOST_SLIPS + 1;
  for (const word of words) {
    const slips = distance(given.toLowerCase(), word.toLowerCase());
    if (slips < least) [best, least] = [word, slips];
  }
  return best;
}

/** Levenshtein's distance, row by row. */
function distance(from: string, to: string): number {
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
