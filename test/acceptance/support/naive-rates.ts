// What a regulation of the demonstration's form says, read from the event that published it.

export interface Quotient {
  readonly n: bigint;
  readonly d: bigint;
}

/** Null where nothing is ever taken back. */
export interface NaiveClause {
  readonly months: number;
  readonly shareBps: number;
  readonly statementShareBps: number;
}

interface Bracket {
  readonly from: number;
  readonly to: number | null;
  readonly value: number;
}

/** Kopecks of a contact; of a meeting by hundredths of a percent; of what was sold in basis points; and the most of that. */
export interface NaiveRates {
  readonly contact: number;
  readonly meeting: readonly Bracket[];
  readonly sold: readonly Bracket[];
  readonly cap: number;
  /** Is what was sold counted by shares, or for the owner? */
  readonly isShared: boolean;
  readonly clause: NaiveClause | null;
}

interface Told {
  readonly rules: readonly {
    readonly code: string;
    readonly indicator: string;
    readonly payout: { readonly kopecks?: number; readonly brackets?: readonly Bracket[] };
    readonly capKopecks?: number | null;
  }[];
  readonly clawback: NaiveClause | null;
}

export const SHARED_INDICATOR = 'shared_contracts';

export function ratesOf(document: unknown): NaiveRates {
  const { rules, clawback } = document as Told;
  const rule = (code: string) => rules.find((one) => one.code === code);
  return {
    contact: rule('R1')?.payout.kopecks ?? 0,
    meeting: rule('R2')?.payout.brackets ?? [],
    sold: rule('R3')?.payout.brackets ?? [],
    cap: rule('R3')?.capKopecks ?? Number.MAX_SAFE_INTEGER,
    isShared: rule('R3')?.indicator === SHARED_INDICATOR,
    clause: clawback,
  };
}

/** Kopecks of one meeting: that of the bracket that the fulfilment falls into. */
export function rateOf({ meeting }: NaiveRates, meetings: number, { n, d }: Quotient): number {
  const reaches = (hundredths: number): boolean => BigInt(meetings) * d * 10_000n >= BigInt(hundredths) * n;
  return meeting.findLast(({ from }) => reaches(from))?.value ?? 0;
}

/** Bracket by bracket, rounded once, half up; not more than the most. */
export function commission({ sold: brackets, cap }: NaiveRates, sold: number): number {
  const tenThousandths = brackets.reduce((sum, { from, to, value }) => {
    const part = Math.max(0, Math.min(sold, to ?? Number.MAX_SAFE_INTEGER) - from);
    return sum + BigInt(part) * BigInt(value);
  }, 0n);
  return Math.min(cap, Number((tenThousandths + 5_000n) / 10_000n));
}

/** Whole kopecks first; those left go to the largest remainders, of equal ones to the first by id. */
export function shared(amount: number, parts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const exact = [...parts].map(([id, bps]) => ({ id, product: BigInt(amount) * BigInt(bps) }));
  const given = new Map(exact.map(({ id, product }) => [id, Number(product / 10_000n)]));
  let left = amount - [...given.values()].reduce((sum, one) => sum + one, 0);
  const order = exact.toSorted(
    (a, b) => Number((b.product % 10_000n) - (a.product % 10_000n)) || (a.id < b.id ? -1 : 1),
  );
  for (const { id } of order) {
    if (left <= 0) break;
    given.set(id, (given.get(id) ?? 0) + 1);
    left -= 1;
  }
  return given;
}
