import { fraction, fractionToDecimal, parsePeriod, periodBounds, refuse } from '@voronka/kernel';
import { partsOfOne } from '@voronka/pay/events';
import { answerHead, type Answer, type QueryContext } from '../context.js';
import { cutOf, type DrillItem, type DrillPlace } from '../drill.js';
import { type Page, pageOf } from '../page.js';
import type { Filters } from '../slices.js';
import { Statement } from '../sql.js';
import { type Defined, definedOn, versionsOf } from './definitions.js';
import { countedSql } from './measure-sql.js';

/** `numerator` also stands for what is counted by a figure that is no quotient. */
export type IndicatorPart = 'numerator' | 'denominator' | 'pending';

export interface IndicatorDrillParams {
  readonly indicator: string;
  readonly part: IndicatorPart;
  readonly period: string;
  readonly filters?: Filters | undefined;
  readonly place: DrillPlace;
}

export interface IndicatorDrillAnswer extends Answer<IndicatorDrillParams> {
  /** `calls@1`: the definition that the figure goes by. */
  readonly definition: string;
  /** How many facts there are in all. */
  readonly count: number;
  /** What they make together, different customers each counted once: the number that was opened. */
  readonly sum: string;
  readonly items: readonly DrillItem[];
}

/**
 * Opens a figure of an indicator: the deals and events behind it, oldest first.
 * @throws DomainError INDICATOR_NOT_FOUND, INDICATOR_NOT_EFFECTIVE, INDICATOR_NOT_COUNTABLE, PAGE_INVALID
 */
export async function indicatorDrill(
  context: QueryContext,
  params: IndicatorDrillParams,
  page: Page = {},
): Promise<IndicatorDrillAnswer> {
  const { limit, offset } = pageOf(page);
  const period = parsePeriod(params.period);
  const day = params.place.bucket === undefined ? period.from : parsePeriod(params.place.bucket).from;
  const versions = await versionsOf(context, [params.indicator]);
  const whole = definedOn(versions, params.indicator, day);
  const { definition } = sideOf(whole, params.part);
  const statement = new Statement(context);
  const cut = cutOf({ period: periodBounds(period, context.zone), filters: params.filters }, params.place);
  const { inner } = countedSql(statement, definition, cut);
  const column = COLUMNS[whole.definition.measure === 'ratio' ? 'numerator' : params.part];
  const from = `FROM (${inner}) i WHERE ${column} <> 0`;
  const [found] = await statement.rows<{ n: number; total: string }>(
    `SELECT count(*)::int AS n, ${totalSql(definition, column)}::text AS total ${from}`,
  );
  const items = await statement.rows<{ deal_id: string; at: Date; event_ids: string[] }>(
    `SELECT i.deal_id, i.occurred_at AS at, i.event_ids::text[] AS event_ids ${from}
    ORDER BY i.occurred_at, i.deal_id, i.event_ids LIMIT ${limit} OFFSET ${offset}`,
  );
  return {
    ...answerHead(context, params, true),
    definition: [whole, ...whole.parts].map(({ code, version }) => `${code}@${version}`).join(' '),
    count: found?.n ?? 0,
    sum: summed(definition, found?.total ?? '0'),
    items: items.map((row) => ({ dealId: row.deal_id, occurredAt: row.at.toISOString(), eventIds: row.event_ids })),
  };
}

/** Different customers do not add up: several facts of one customer count once. */
function totalSql({ measure }: Defined['definition'], column: string): string {
  return measure === 'customers' ? 'count(DISTINCT i.customer_id)' : `coalesce(sum(${column}), 0)`;
}

/** A count by shares in decimals, as the figure shows it. */
function summed(definition: Defined['definition'], total: string): string {
  const parts = partsOfOne(definition);
  return parts === 1n ? total : fractionToDecimal(fraction(BigInt(total), parts), 4);
}

const COLUMNS = { numerator: 'i.num', denominator: 'i.den', pending: 'i.pen' } as const;

/** The side of a ratio that is opened; anything else is opened itself. */
export function sideOf(whole: Defined, part: IndicatorPart): Defined {
  if (whole.definition.measure !== 'ratio') return whole;
  const side = { numerator: whole.parts[0], denominator: whole.parts[1], pending: undefined }[part];
  if (side === undefined)
    throw refuse.invalid('PART_UNKNOWN', 'open the numerator or the denominator of a ratio', { part });
  return side;
}
