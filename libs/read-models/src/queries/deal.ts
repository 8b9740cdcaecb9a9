import type { Instant } from '@voronka/kernel';
import { answerHead, type Answer, type QueryContext } from './context.js';
import { dealSummary, type DealSummary } from './deals.js';
import { kopecks } from './ratio.js';
import { Statement } from './sql.js';

/** [from, to) in business time; null: open on that side. */
interface Spell {
  readonly from: Instant | null;
  readonly to: Instant | null;
  readonly eventId: string;
}

interface Evidence {
  readonly eventId: string;
  /** In decimal digits. */
  readonly position: string;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
}

export interface DealStep extends Evidence {
  readonly step: string;
  readonly rank: number | null;
  readonly status: 'done' | 'awaiting' | 'returned' | 'skipped';
  readonly knownByEventId: string;
  readonly performerId: string | null;
  readonly ownerId: string | null;
}

export interface DealActivity extends Evidence {
  readonly activityId: string;
  readonly kind: string;
  readonly topic: string | null;
  readonly outcome: string | null;
  readonly step: string | null;
  readonly durationMinutes: number | null;
  readonly performerId: string | null;
}

export interface DealStay {
  readonly step: string;
  readonly rank: number;
  readonly beganAt: Instant;
  readonly beganEventId: string;
  readonly endedAt: Instant | null;
  readonly endedEventId: string | null;
  readonly endedHow: 'forward' | 'back' | 'lost' | 'won' | null;
}

export interface DealContractLine {
  readonly contractId: string;
  readonly lineId: string;
  readonly productId: string | null;
  readonly amountKopecks: number;
}

export interface DealContract extends Evidence {
  readonly contractId: string;
  readonly number: string;
  /** A terminated one was in force and still counts as signed; a voided one is not there. */
  readonly status: 'signed' | 'terminated';
  /** Local date from which it is no longer in force. */
  readonly terminatedOn: string | null;
  readonly amountKopecks: number;
  readonly lines: readonly DealContractLine[];
}

/** What somebody is to do; `standing` is that at T. */
export interface DealPlannedActivity extends Evidence {
  readonly activityId: string;
  readonly kind: string;
  readonly topic: string | null;
  readonly step: string | null;
  readonly performerId: string | null;
  readonly dueAt: Instant;
  /** `missed`: its time has passed and nobody did it or called it off. */
  readonly standing: 'done' | 'cancelled' | 'missed' | 'due';
  readonly doneAt: Instant | null;
  readonly doneEventId: string | null;
}

/** Money that came under a contract and was not taken back. */
export interface DealPayment extends Evidence {
  readonly paymentId: string;
  readonly contractId: string;
  readonly amountKopecks: number;
}

/** What was expected of a deal for a time. */
export interface DealTerms extends Spell {
  readonly expectedAmountKopecks: number | null;
  /** Local date. */
  readonly expectedCloseOn: string | null;
}

/** A part of the credit in one role, of 10,000. */
export interface DealCredit extends Spell {
  readonly creditRole: string;
  readonly employeeId: string;
  readonly basisPoints: number;
}

/** A deal with all that was known of it at K; `summary` is its state at T. */
export interface DealAnswer extends Answer<{ readonly dealId: string }> {
  readonly summary: DealSummary;
  readonly states: readonly (Spell & { readonly status: string })[];
  readonly owners: readonly (Spell & { readonly ownerId: string | null })[];
  readonly positions: readonly (Spell & { readonly step: string | null; readonly rank: number | null })[];
  readonly stays: readonly DealStay[];
  readonly steps: readonly DealStep[];
  readonly activities: readonly DealActivity[];
  /** The earliest due first. */
  readonly planned: readonly DealPlannedActivity[];
  readonly contracts: readonly DealContract[];
  readonly payments: readonly DealPayment[];
  readonly terms: readonly DealTerms[];
  readonly credit: readonly DealCredit[];
  readonly productIds: readonly string[];
}

/** Instants as PostgreSQL writes them for a reader: UTC, milliseconds; the infinities become null. */
const instant = (column: string): string =>
  `CASE WHEN isfinite(${column}) THEN to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') END`;
const spell = `${instant('valid_from')} AS "from", ${instant('valid_to')} AS "to", event_id AS "eventId"`;
const evidence = `event_id AS "eventId", position::text AS position, ${instant('occurred_at')} AS "occurredAt",
  ${instant('recorded_at')} AS "recordedAt"`;

/**
 * Everything about one deal.
 * @throws DomainError DEAL_NOT_FOUND if it was not known at K or not yet opened at T
 */
export async function deal(context: QueryContext, dealId: string): Promise<DealAnswer> {
  const summary = await dealSummary(context, dealId);
  const read = async <Row extends object>(table: string, columns: string, order: string): Promise<Row[]> => {
    const statement = new Statement(context);
    const where = `t.deal_id = ${statement.bind(dealId, 'text')} AND ${statement.known('t')}`;
    return await statement.rows<Row>(`SELECT ${columns} FROM ${table} t WHERE ${where} ORDER BY ${order}`);
  };
  return {
    ...answerHead(context, { dealId }, true),
    summary,
    states: await read('deal_states', `status, ${spell}`, 'valid_from, valid_to'),
    owners: await read('deal_owners', `owner_id AS "ownerId", ${spell}`, 'valid_from, valid_to'),
    positions: await read('deal_positions', `step, rank, ${spell}`, 'valid_from, valid_to, began_position'),
    stays: await read('stays', STAY, 'began_at, began_event_id'),
    steps: await read('steps', `${STEP}, ${evidence}`, 'occurred_at, position'),
    activities: await read('activities', `${ACTIVITY}, ${evidence}`, 'occurred_at, position'),
    planned: await plannedOf(context, dealId),
    contracts: await contractsOf(read),
    payments: await paymentsOf(read),
    terms: await termsOf(read),
    credit: await read('credit_shares', `${CREDIT}, ${spell}`, 'credit_role, valid_from, employee_id'),
    productIds: await productsOf(context, dealId),
  };
}

/** What the deal is about at T. */
async function productsOf(context: QueryContext, dealId: string): Promise<readonly string[]> {
  const statement = new Statement(context);
  const [row] = await statement.rows<{ products: string[] }>(`SELECT t.products FROM deal_products t
    WHERE t.deal_id = ${statement.bind(dealId, 'text')} AND ${statement.holds('t', statement.now)}`);
  return row?.products ?? [];
}

const STAY = `step, rank, ${instant('began_at')} AS "beganAt", began_event_id AS "beganEventId",
  ${instant('ended_at')} AS "endedAt", ended_event_id AS "endedEventId", ended_how AS "endedHow"`;
const STEP = `step, rank, status, known_by_event_id AS "knownByEventId", performer_id AS "performerId",
  owner_id AS "ownerId"`;
const ACTIVITY = `activity_id AS "activityId", kind, topic, outcome, step, duration_minutes AS "durationMinutes",
  performer_id AS "performerId"`;

const CREDIT = 'credit_role AS "creditRole", employee_id AS "employeeId", basis_points AS "basisPoints"';

type Read = <Row extends object>(table: string, columns: string, order: string) => Promise<Row[]>;
type Amount<Row> = Omit<Row, 'amountKopecks' | 'lines'> & { readonly amountKopecks: string };

async function contractsOf(read: Read): Promise<DealContract[]> {
  const amount = 'amount_kopecks::text AS "amountKopecks"';
  const status = 'status, terminated_on::text AS "terminatedOn"';
  const head = `contract_id AS "contractId", number, ${status}, ${amount}, ${evidence}`;
  const contracts = await read<Amount<DealContract>>('contracts', head, 'occurred_at, position');
  const columns = `contract_id AS "contractId", line_id AS "lineId", product_id AS "productId", ${amount}`;
  const rows = await read<Amount<DealContractLine>>('contract_lines', columns, 'contract_id, line_id');
  const lines = rows.map((line) => ({ ...line, amountKopecks: kopecks(line.amountKopecks) }));
  return contracts.map((contract) => ({
    ...contract,
    amountKopecks: kopecks(contract.amountKopecks),
    lines: lines.filter((line) => line.contractId === contract.contractId),
  }));
}

async function paymentsOf(read: Read): Promise<DealPayment[]> {
  const columns = 'payment_id AS "paymentId", contract_id AS "contractId", amount_kopecks::text AS "amountKopecks"';
  const rows = await read<Amount<DealPayment>>('payments', `${columns}, ${evidence}`, 'occurred_at, position');
  return rows.map((payment) => ({ ...payment, amountKopecks: kopecks(payment.amountKopecks) }));
}

async function termsOf(read: Read): Promise<DealTerms[]> {
  type Row = Omit<DealTerms, 'expectedAmountKopecks'> & { readonly expectedAmountKopecks: string | null };
  const columns = `expected_amount_kopecks::text AS "expectedAmountKopecks",
    expected_close_on::text AS "expectedCloseOn", ${spell}`;
  const rows = await read<Row>('deal_terms', columns, 'valid_from, event_id');
  return rows.map(({ expectedAmountKopecks: amount, ...terms }) => ({
    ...terms,
    expectedAmountKopecks: amount === null ? null : kopecks(amount),
  }));
}

async function plannedOf(context: QueryContext, dealId: string): Promise<DealPlannedActivity[]> {
  const statement = new Statement(context);
  const standing = standingAt(statement, 't');
  return await statement.rows<DealPlannedActivity>(
    `SELECT activity_id AS "activityId", kind, topic, step, performer_id AS "performerId", ${instant('due_at')} AS "dueAt",
      ${standing} AS standing, ${instant('done_at')} AS "doneAt", done_event_id AS "doneEventId", ${evidence}
    FROM planned_activities t WHERE t.deal_id = ${statement.bind(dealId, 'text')} AND ${statement.known('t')}
      AND t.occurred_at <= ${statement.now} ORDER BY t.due_at, t.position`,
  );
}

/** How a planned activity stands at T, in SQL. */
export function standingAt(statement: Statement, alias: string): string {
  return `CASE WHEN ${alias}.done_at <= ${statement.now} THEN 'done' WHEN ${alias}.cancelled_at <= ${statement.now}
    THEN 'cancelled' WHEN ${alias}.due_at < ${statement.now} THEN 'missed' ELSE 'due' END`;
}
