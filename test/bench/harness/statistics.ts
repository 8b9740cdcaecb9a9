/** Several runs of the same thing, in its own unit. */
export interface Summary {
  readonly runs: number;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly p95: number;
  readonly p99: number;
}

/** The middle value, or the mean of the two middle ones. @throws RangeError for none */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** The least value that at least `percent` of all are not above (nearest rank). @throws RangeError for none */
export function percentile(values: readonly number[], percent: number): number {
  if (!(percent > 0 && percent <= 100)) throw new RangeError(`no percentile ${percent}`);
  const sorted = ascending(values);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN;
}

export function summarise(values: readonly number[]): Summary {
  const sorted = ascending(values);
  return {
    runs: sorted.length,
    median: median(sorted),
    least: sorted[0] ?? Number.NaN,
    most: sorted.at(-1) ?? Number.NaN,
    p95: percentile(sorted, 95),
    p99: percentile(sorted, 99),
  };
}

function ascending(values: readonly number[]): number[] {
  if (values.length === 0) throw new RangeError('nothing was measured');
  return values.toSorted((a, b) => a - b);
}
