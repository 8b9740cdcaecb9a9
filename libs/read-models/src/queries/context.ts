import type { ClientBase } from 'pg';
import { type Instant, refuse } from '@voronka/kernel';

/** A connection inside the reader's REPEATABLE READ transaction, with `search_path = read`. */
export type ReadClient = Pick<ClientBase, 'query'>;

/** What every query is asked under. */
export interface QueryContext {
  readonly client: ReadClient;
  /** K: only what was known at this position counts. */
  readonly k: bigint;
  /** T: the business instant for stock, maturity and "so far"; nothing that happened later counts. */
  readonly at: Instant;
  /** Zone of the company, by its IANA name; all period boundaries are its midnights. */
  readonly zone: string;
  /** What is asked about, and with it the route maps that count: deals, where it is left out, or service cases. */
  readonly purpose?: 'sale' | 'service' | undefined;
}

/** Half-open [from, to). */
export interface InstantPeriod {
  readonly from: Instant;
  readonly to: Instant;
}

/** What every answer carries beside its figures. */
export interface Answer<Params> {
  /** K, in decimal digits. */
  readonly k: string;
  readonly at: Instant;
  readonly zone: string;
  readonly params: Params;
  /** False where the rows of a slice count something more than once; the total counts it once. */
  readonly additive: boolean;
}

/** The head of an answer. */
export function answerHead<Params>(context: QueryContext, params: Params, additive: boolean): Answer<Params> {
  return { k: String(context.k), at: context.at, zone: context.zone, params, additive };
}

/** As of what: a position of the log, or an instant of its recording clock. */
export type AsOf = { readonly position: bigint } | { readonly instant: Instant };

/**
 * K of a question. An instant means the last position before the first event recorded after it; nothing means the
 * checkpoint of the read models.
 * @throws DomainError AS_OF_NOT_REACHED for a position the read models do not have yet
 */
export async function resolveAsOf(client: ReadClient, asOf: AsOf | undefined, checkpoint: bigint): Promise<bigint> {
  if (asOf === undefined) return checkpoint;
  if ('position' in asOf) {
    if (asOf.position <= checkpoint) return asOf.position;
    const data = { asked: String(asOf.position), checkpoint: String(checkpoint) };
    throw refuse.invalid('AS_OF_NOT_REACHED', 'ask for a position up to the checkpoint, or wait for it', data);
  }
  const { rows } = await client.query<{ first: string | null }>(
    'SELECT min(position)::text AS first FROM log_clock WHERE recorded_at > $1::timestamptz',
    [asOf.instant],
  );
  const first = rows[0]?.first ?? null;
  if (first === null) return checkpoint;
  const before = BigInt(first) - 1n;
  return before < checkpoint ? before : checkpoint;
}

/** The company's zone as known at K. @throws DomainError COMPANY_NOT_CONFIGURED */
export async function zoneAt(client: ReadClient, k: bigint): Promise<string> {
  const { rows } = await client.query<{ zone: string }>(
    'SELECT zone FROM company WHERE known_from <= $1::bigint AND $1::bigint < known_to',
    [String(k)],
  );
  const zone = rows[0]?.zone;
  if (zone === undefined) {
    throw refuse.conflict('COMPANY_NOT_CONFIGURED', 'no company was configured then: ask for a later asOf');
  }
  return zone;
}
