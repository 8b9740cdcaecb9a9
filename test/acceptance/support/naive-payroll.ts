import { type LoggedEvent, NaiveBooks, type NaivePay } from './naive-pay.js';
import type { NaiveClause } from './naive-rates.js';

// Months closed over again from the events of the log, without any of the product's own code: what each statement
// posts, and what it settles of the months before. It knows no adjustments by hand and no month opened again.

/** What a statement settles of one month before. Kopecks. */
export interface NaiveSettlement {
  readonly posted: number;
  readonly now: number;
  readonly due: number;
  readonly waived: number;
  readonly notTaken: number;
}

export interface NaiveStatement {
  readonly lines: NaivePay;
  /** By month of origin. */
  readonly settled: ReadonlyMap<string, NaiveSettlement>;
  readonly earned: number;
  readonly adjusted: number;
  readonly brought: number;
  readonly payable: number;
  readonly carried: number;
}

/** What statements have posted for a month so far. */
interface Posted {
  kopecks: number;
  /** What was known when the terms were that it was last posted by. */
  terms: NaiveBooks;
  takenBack: number;
  /** Of the regulation that the month's own statement paid by; undefined where none covered him. */
  readonly clause: NaiveClause | null | undefined;
}

type Difference = NaiveSettlement & {
  readonly origin: string;
  readonly better: number;
  readonly clause: NaiveClause | null;
};

export class NaivePayroll {
  readonly closed: string[] = [];
  /** By month and employee, `2025-01 ivanova`. */
  readonly statements = new Map<string, NaiveStatement>();
  private readonly posted = new Map<string, Posted>();
  private readonly carried = new Map<string, number>();

  constructor(events: readonly LoggedEvent[]) {
    for (const closed of events.filter(({ type }) => type === 'PeriodClosed')) {
      const { period, version } = closed.data;
      const began = events.findIndex(
        ({ type, data }) => type === 'PeriodClosing' && data['period'] === period && data['version'] === version,
      );
      // The event by which the closing began is the last that its statements know of.
      this.close(String(period), new NaiveBooks(events.slice(0, began + 1)));
    }
  }

  /** As the earliest month that is not closed would be stated. */
  statement(employee: string, month: string, books: NaiveBooks): NaiveStatement {
    const lines = books.pay(employee, month);
    const earned = totalOf(lines);
    const settled = new Map(this.settle(employee, month, books, earned).map((one) => [one.origin, one]));
    const adjusted = [...settled.values()].reduce((sum, { due }) => sum + due, 0);
    const brought = this.carried.get(employee) ?? 0;
    const sum = earned + adjusted + brought;
    return { lines, settled, earned, adjusted, brought, payable: Math.max(0, sum), carried: Math.min(0, sum) };
  }

  private close(month: string, books: NaiveBooks): void {
    for (const employee of books.employees) {
      const statement = this.statement(employee, month, books);
      this.statements.set(`${month} ${employee}`, statement);
      this.carried.set(employee, statement.carried);
      for (const [origin, one] of statement.settled) this.post(employee, origin, one as Difference, books);
      const clause = books.ratesFor(employee, month)?.clause;
      this.posted.set(`${month} ${employee}`, { kopecks: statement.earned, terms: books, takenBack: 0, clause });
    }
    this.closed.push(month);
  }

  private post(employee: string, origin: string, { due, better }: Difference, books: NaiveBooks): void {
    const posted = this.posted.get(`${origin} ${employee}`);
    if (posted === undefined) return;
    posted.kopecks += due;
    posted.takenBack = Math.max(0, posted.takenBack - (due - better));
    if (better > 0) posted.terms = books;
  }

  /** Facts in full, or as far as they may be taken back, the oldest month first; better terms in full, worse ones never. */
  private settle(employee: string, month: string, books: NaiveBooks, earned: number): readonly Difference[] {
    let used = 0;
    return this.closed.map((origin) => {
      const one = this.difference(employee, origin, month, books);
      const wanted = one.better - one.due;
      const { clause } = one;
      if (wanted <= 0 || clause === null || clause.statementShareBps === 10_000) {
        used += Math.max(0, wanted);
        return one;
      }
      const room = Math.max(0, partOf(earned, clause.statementShareBps) - used);
      const left = wanted - Math.min(wanted, room);
      used += wanted - left;
      return { ...one, due: one.due + left, notTaken: one.notTaken - left };
    });
  }

  private difference(employee: string, origin: string, month: string, books: NaiveBooks): Difference {
    const posted = this.posted.get(`${origin} ${employee}`);
    // Hired since, for a day in a month that was closed already: nothing was posted by its closing.
    const { kopecks, terms, takenBack, clause: paidBy } = posted ?? { ...NOTHING_POSTED, terms: books };
    const now = totalOf(books.pay(employee, origin));
    const before = totalOf(books.pay(employee, origin, terms));
    const clause = paidBy === undefined ? (books.ratesFor(employee, origin, terms)?.clause ?? null) : paidBy;
    const byFacts = before - kopecks;
    const taken = byFacts >= 0 ? byFacts : -takenBackOf(-byFacts, { clause, takenBack, age: ageOf(origin, month) });
    const better = Math.max(0, now - before);
    return {
      ...{ origin, posted: kopecks, now, clause, better, due: taken + better },
      ...{ waived: Math.min(0, now - before), notTaken: byFacts - taken },
    };
  }
}

const NOTHING_POSTED = { kopecks: 0, takenBack: 0, clause: undefined };

interface Clawing {
  readonly clause: NaiveClause | null;
  readonly takenBack: number;
  /** Months since. */
  readonly age: number;
}

/** A share of all that was ever too much, less what was taken back of it already. */
function takenBackOf(tooMuch: number, { clause, takenBack, age }: Clawing): number {
  if (clause === null || age > clause.months) return 0;
  const left = partOf(tooMuch + takenBack, clause.shareBps) - takenBack;
  return Math.min(tooMuch, Math.max(0, left));
}

function partOf(kopecks: number, bps: number): number {
  return Number((BigInt(Math.max(0, kopecks)) * BigInt(bps) + 5_000n) / 10_000n);
}

function ageOf(origin: string, month: string): number {
  const index = (key: string): number => Number(key.slice(0, 4)) * 12 + Number(key.slice(5));
  return index(month) - index(origin);
}

export function totalOf({ R1, R2, R3 }: NaivePay): number {
  return R1 + R2 + R3;
}
