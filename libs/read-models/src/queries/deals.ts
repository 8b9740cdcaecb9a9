import { type Instant, refuse } from '@voronka/kernel';
import { answerHead, type Answer, type InstantPeriod, type QueryContext } from './context.js';
import { type Page, pageOf } from './page.js';
import { kopecks } from './ratio.js';
import { customerIn, type CustomerSlice, dealValueIn, type Filters, slicesIn, valueIn } from './slices.js';
import { Statement } from './sql.js';

export type DealStatus = 'open' | 'won' | 'lost';

/** Every condition given must hold; states are those at T. */
export interface DealFilter {
  readonly status?: DealStatus | undefined;
  readonly routeMap?: string | undefined;
  readonly version?: number | undefined;
  /** Null: deals without an owner. */
  readonly ownerId?: string | null | undefined;
  /** Department of the owner at T. */
  readonly departmentId?: string | undefined;
  /** The same, any of several. */
  readonly departments?: readonly string[] | undefined;
  /** Bar the deal stands at; null: before the first. */
  readonly step?: string | null | undefined;
  readonly customerId?: string | undefined;
  readonly source?: string | null | undefined;
  readonly product?: string | null | undefined;
  readonly opened?: InstantPeriod | undefined;
  /** What is known of the customer at T, as figures are filtered. */
  readonly filters?: Pick<Filters, CustomerSlice> | undefined;
}

export interface DealSummary {
  readonly dealId: string;
  readonly title: string | null;
  readonly customerId: string | null;
  readonly customerName: string | null;
  readonly routeMap: string;
  readonly version: number;
  readonly source: string | null;
  readonly status: DealStatus;
  readonly ownerId: string | null;
  readonly ownerName: string | null;
  /** Position in the funnel; null before the first bar. */
  readonly step: string | null;
  readonly rank: number | null;
  /** As it is expected at T; null: nobody says. */
  readonly expectedAmountKopecks: number | null;
  /** Local date. */
  readonly expectedCloseOn: string | null;
  readonly openedAt: Instant;
  readonly imported: boolean;
}

export interface DealsAnswer extends Answer<DealFilter> {
  /** All deals that fit. */
  readonly count: number;
  /** The latest opened first. */
  readonly deals: readonly DealSummary[];
}

interface SummaryRow extends Omit<DealSummary, 'openedAt' | 'expectedAmountKopecks'> {
  readonly openedAt: Date;
  readonly expectedAmountKopecks: string | null;
}

const SUMMARY = `d.deal_id AS "dealId", d.title, d.customer_id AS "customerId", c.name AS "customerName",
    d.route_map_id AS "routeMap", coalesce(m.to_version, d.route_map_version) AS version, d.source,
    coalesce(s.status, 'open') AS status,
    o.owner_id AS "ownerId", e.name AS "ownerName", p.step, p.rank,
    t.expected_amount_kopecks::text AS "expectedAmountKopecks", t.expected_close_on::text AS "expectedCloseOn",
    d.occurred_at AS "openedAt", d.imported`;

/**
 * Deals opened by T with their state at T.
 * @throws DomainError PAGE_INVALID
 */
export async function dealsList(context: QueryContext, filter: DealFilter = {}, page: Page = {}): Promise<DealsAnswer> {
  const { limit, offset } = pageOf(page);
  const statement = new Statement(context);
  const conditions = conditionsOf(statement, filter);
  // Spells are joined where a condition asks for them: without one the list is short work for the index.
  const joins = Object.entries(AT_T).filter(([alias]) => conditions.includes(`${alias}.`));
  const joined = joins.map(([alias, join]) => join(statement, alias)).join('\n    ');
  const body = `FROM deals d ${joined}
    WHERE ${statement.known('d')} AND d.occurred_at <= ${statement.now} ${conditions}`;
  const [counted] = await statement.rows<{ n: number }>(`SELECT count(*)::int AS n ${body}`);
  const deals = await statement.rows<SummaryRow>(`SELECT ${SUMMARY} FROM (
      SELECT d.deal_id AS id, d.position ${body} ORDER BY d.occurred_at DESC, d.position DESC LIMIT ${limit} OFFSET ${offset}
    ) page ${summaryJoins(statement, 'page.id')} ORDER BY d.occurred_at DESC, d.position DESC`);
  return { ...answerHead(context, filter, true), count: counted?.n ?? 0, deals: deals.map(summaryOf) };
}

/**
 * One deal as its list shows it.
 * @throws DomainError DEAL_NOT_FOUND if it was not known at K or not yet opened at T
 */
export async function dealSummary(context: QueryContext, dealId: string): Promise<DealSummary> {
  const statement = new Statement(context);
  const one = `(SELECT ${statement.bind(dealId, 'text')} AS id) page`;
  const text = `SELECT ${SUMMARY} FROM ${one} ${summaryJoins(statement, 'page.id')} WHERE d.occurred_at <= ${statement.now}`;
  const [row] = await statement.rows<SummaryRow>(text);
  if (row === undefined)
    throw refuse.notFound(
      'DEAL_NOT_FOUND',
      'no such deal was known, or had been opened, then: check the id, or ask for a later moment',
      { dealId },
    );
  return summaryOf(row);
}

function summaryJoins(statement: Statement, id: string): string {
  return `JOIN deals d ON d.deal_id = ${id} AND ${statement.known('d')}
    ${Object.entries(AT_T)
      .map(([alias, join]) => join(statement, alias))
      .join('\n    ')}
    LEFT JOIN customers c ON c.customer_id = d.customer_id AND ${statement.known('c')}
    LEFT JOIN employees e ON e.employee_id = o.owner_id AND ${statement.known('e')}`;
}

type Join = (statement: Statement, alias: string) => string;

const spellOf =
  (table: string): Join =>
  (statement, alias) =>
    `LEFT JOIN ${table} ${alias} ON ${alias}.deal_id = d.deal_id AND ${statement.holds(alias, statement.now)}`;

const lastMove: Join = (
  statement,
  alias,
) => `LEFT JOIN LATERAL (SELECT v.to_version FROM deal_migrations v WHERE v.deal_id = d.deal_id
      AND ${statement.known('v')} AND v.occurred_at <= ${statement.now} ORDER BY v.position DESC LIMIT 1) ${alias} ON true`;

/** What holds of a deal at T, by the alias it is joined under. */
const AT_T: Readonly<Record<string, Join>> = {
  s: spellOf('deal_states'),
  o: spellOf('deal_owners'),
  p: spellOf('deal_positions'),
  t: spellOf('deal_terms'),
  m: lastMove,
};

function summaryOf(row: SummaryRow): DealSummary {
  const amount = row.expectedAmountKopecks;
  return {
    ...row,
    openedAt: row.openedAt.toISOString(),
    expectedAmountKopecks: amount === null ? null : kopecks(amount),
  };
}

function conditionsOf(statement: Statement, filter: DealFilter): string {
  const among: readonly (readonly [column: string, value: string | null | undefined])[] = [
    ["coalesce(s.status, 'open')", filter.status],
    ['d.route_map_id', filter.routeMap],
    ['o.owner_id', filter.ownerId],
    ['p.step', filter.step],
    ['d.customer_id', filter.customerId],
    ['d.source', filter.source],
  ];
  const conditions = among.flatMap(([column, value]) =>
    value === undefined ? [] : [valueIn(statement, column, [value])],
  );
  if (filter.version !== undefined)
    conditions.push(`coalesce(m.to_version, d.route_map_version) = ${statement.bind(filter.version, 'integer')}`);
  if (filter.opened !== undefined) {
    conditions.push(`d.occurred_at >= ${statement.bind(filter.opened.from, 'timestamptz')}`);
    conditions.push(`d.occurred_at < ${statement.bind(filter.opened.to, 'timestamptz')}`);
  }
  if (filter.product !== undefined) conditions.push(dealValueIn(statement, 'product', [filter.product], 'd'));
  for (const [slice, allowed] of asked(filter.filters))
    conditions.push(customerIn(statement, slice, allowed, { alias: 'd', instant: statement.now }));
  for (const departments of [
    filter.departmentId === undefined ? undefined : [filter.departmentId],
    filter.departments,
  ]) {
    if (departments === undefined) continue;
    conditions.push(`EXISTS (SELECT FROM employee_assignments a WHERE a.employee_id = o.owner_id
      AND a.department_id = ANY(${statement.bind(departments, 'text[]')}) AND ${statement.holds('a', statement.now)})`);
  }
  return conditions.map((condition) => `AND ${condition}`).join('\n      ');
}

/** In a fixed order. */
function asked(filters: DealFilter['filters']): readonly (readonly [CustomerSlice, readonly (string | null)[]])[] {
  return (slicesIn(filters) as CustomerSlice[]).flatMap((slice) => {
    const allowed = filters?.[slice];
    return allowed === undefined ? [] : [[slice, allowed] as const];
  });
}
