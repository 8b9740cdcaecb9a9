import type { Grain } from '@voronka/kernel';
import { type Ratio, ratio } from '@voronka/pay/figures';
import { type ShownSample, shownSample } from './analysis/shown.js';
import { answerHead, type Answer, type InstantPeriod, type QueryContext } from './context.js';
import { type Cut, type FactName, select } from './facts.js';
import type { Place } from './layout.js';
import { kopecks, percent } from './ratio.js';
import { groupBy, isAdditive, report, type Report } from './report.js';
import { namedBy } from './route-map.js';
import type { Filters, SliceName } from './slices.js';
import { Statement } from './sql.js';

export interface WinRateParams {
  readonly routeMap?: string | undefined;
  /** The period is about closings, or about the openings of the deals closed by T. */
  readonly by: 'close' | 'opening';
  readonly measure: 'count' | 'value';
  readonly period?: InstantPeriod | undefined;
  readonly slice?: SliceName | undefined;
  readonly grain?: Grain | undefined;
  readonly filters?: Filters | undefined;
}

export interface WinRateSide {
  readonly deals: number;
  readonly amountKopecks: number;
}

/** The sample is the deals closed; what is measured by value has no interval, since kopecks are no trials. */
export interface WinRateRow extends Place, ShownSample {
  readonly won: WinRateSide;
  /** Only losses whose reason counts. */
  readonly lost: WinRateSide;
  /** won ÷ (won + lost) by the measure asked for, in percent; null if nothing closed. */
  readonly percent: string | null;
}

export interface WinRateAnswer extends Answer<WinRateParams>, Report<WinRateRow> {}

type Field = 'won' | 'lost' | 'won_kopecks' | 'lost_kopecks';
const FIELDS: readonly Field[] = ['won', 'lost', 'won_kopecks', 'lost_kopecks'];
const SUMS = [
  "count(*) FILTER (WHERE outcome = 'won') AS won",
  "count(*) FILTER (WHERE outcome = 'lost') AS lost",
  "coalesce(sum(amount_kopecks) FILTER (WHERE outcome = 'won'), 0) AS won_kopecks",
  "coalesce(sum(amount_kopecks) FILTER (WHERE outcome = 'lost'), 0) AS lost_kopecks",
];

/** The closings the win rate is about, and the conditions on them. */
export function closingsOf(statement: Statement, params: WinRateParams): { fact: FactName; conditions: string[] } {
  const conditions = ['f.counts'];
  if (params.routeMap !== undefined) conditions.push(`f.route_map_id = ${statement.bind(params.routeMap, 'text')}`);
  return { fact: params.by === 'close' ? 'closings' : 'closingsByOpening', conditions };
}

/**
 * Won ÷ (won + lost), each deal once, by its last closing that no reopening undid, credited to the owner at the
 * closing. By product a deal stands in the row of each of its products with its whole amount.
 * @throws DomainError ANSWER_TOO_LARGE
 */
export async function winRate(context: QueryContext, params: WinRateParams): Promise<WinRateAnswer> {
  const cut: Cut = { ...params, named: namedBy(params), slices: params.slice === undefined ? [] : [params.slice] };
  const figures = await report<Field, WinRateRow>(context, cut, {
    fields: FIELDS,
    count: async (asked) => {
      const statement = new Statement(context);
      const { fact, conditions } = closingsOf(statement, params);
      const { columns, names, body } = select(statement, fact, asked, conditions);
      const from = `(SELECT f.outcome, f.amount_kopecks${columns} ${body}) f`;
      return await statement.rows(groupBy(names.slice(2), SUMS, from));
    },
    row: (place, sums) => ({
      ...place,
      ...sampleOf(params, ratio(sums.won, sums.won + sums.lost)),
      won: { deals: Number(sums.won), amountKopecks: kopecks(sums.won_kopecks) },
      lost: { deals: Number(sums.lost), amountKopecks: kopecks(sums.lost_kopecks) },
      percent:
        params.measure === 'count'
          ? percent(sums.won, sums.won + sums.lost)
          : percent(sums.won_kopecks, sums.won_kopecks + sums.lost_kopecks),
    }),
  });
  return { ...answerHead(context, params, isAdditive(cut)), ...figures };
}

function sampleOf({ measure }: WinRateParams, deals: Ratio): ShownSample {
  const sample = shownSample(deals);
  return measure === 'count' ? sample : { ...sample, lower: null, upper: null };
}
