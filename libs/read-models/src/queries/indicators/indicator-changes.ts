import { fraction, type Period, periodBounds } from '@voronka/kernel';
import { fractionText } from '@voronka/pay/calculation';
import { partsOfOne } from '@voronka/pay/events';
import type { QueryContext } from '../context.js';
import { type Page, pageOf } from '../page.js';
import type { Filters } from '../slices.js';
import { Statement } from '../sql.js';
import type { Defined } from './definitions.js';
import { sideOf } from './indicator-drill.js';
import { countedSql } from './measure-sql.js';

/** What is counted: facts as of a K, credited to somebody. */
export interface Side {
  readonly context: QueryContext;
  readonly filters: Filters;
}

export interface ChangedFact {
  readonly dealId: string;
  readonly occurredAt: string;
  readonly eventIds: readonly string[];
  /** What it counted for, in the smallest unit (above/below of a quotient); null: it did not count. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface ChangesQuestion {
  /** By one definition both times. */
  readonly defined: Defined;
  readonly part: 'numerator' | 'denominator';
  readonly period: Period;
  readonly before: Side;
  readonly after: Side;
}

interface ChangedRow {
  readonly deal_id: string;
  readonly at: Date;
  readonly event_ids: string[];
  readonly was: boolean;
  readonly is: boolean;
  readonly num0: string | null;
  readonly den0: string | null;
  readonly num1: string | null;
  readonly den1: string | null;
  readonly n: number;
}

/** The facts that a figure counts otherwise as of one K than as of another, oldest first. */
export async function indicatorChanges(
  { defined, part, period, before, after }: ChangesQuestion,
  page: Page,
): Promise<{ readonly count: number; readonly items: readonly ChangedFact[] }> {
  const { limit, offset } = pageOf(page);
  const { definition } = sideOf(defined, part);
  const statement = new Statement(after.context);
  const counted = ({ context, filters }: Side): string => {
    const cut = { slices: [], period: periodBounds(period, context.zone), filters };
    const { inner } = countedSql(statement.under(context), definition, cut);
    return `SELECT i.deal_id, i.occurred_at, i.event_ids, true AS there, sum(i.num) AS num, sum(i.den) AS den,
      min(i.began) AS began FROM (${inner}) i WHERE i.num <> 0 OR coalesce(i.den, 0) <> 0
      GROUP BY i.deal_id, i.occurred_at, i.event_ids`;
  };
  const rows = await statement.rows<ChangedRow>(`SELECT deal_id, occurred_at AS at, event_ids::text[] AS event_ids,
      coalesce(a.there, false) AS was, coalesce(b.there, false) AS is, a.num::text AS num0, a.den::text AS den0,
      b.num::text AS num1, b.den::text AS den1, (count(*) OVER ())::int AS n
    FROM (${counted(before)}) a FULL JOIN (${counted(after)}) b USING (deal_id, occurred_at, event_ids)
    WHERE (a.there, a.num, a.den, a.began) IS DISTINCT FROM (b.there, b.num, b.den, b.began)
    ORDER BY occurred_at, deal_id, event_ids LIMIT ${limit} OFFSET ${offset}`);
  const parts = partsOfOne(definition);
  const value = (num: string | null, den: string | null): string =>
    den === null ? fractionText(fraction(BigInt(num ?? '0'), parts)) : `${num}/${den}`;
  return {
    count: rows[0]?.n ?? 0,
    items: rows.map((row) => ({
      dealId: row.deal_id,
      occurredAt: row.at.toISOString(),
      eventIds: row.event_ids,
      before: row.was ? value(row.num0, row.den0) : null,
      after: row.is ? value(row.num1, row.den1) : null,
    })),
  };
}
