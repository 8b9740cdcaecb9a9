import type { EventLog } from '@voronka/event-log';
import { type Clock, normaliseInstant, parsePeriod, periodBounds, refuse, type Role } from '@voronka/kernel';
import { type Snapshot, waitFor, withSnapshot } from '@voronka/projections';
import {
  departmentsHeadedBy,
  type Language,
  type InstantPeriod,
  type QueryContext,
  resolveAsOf,
  type Scope,
  zoneAt,
} from '@voronka/read-models';
import type { Pool } from 'pg';
import { unavailable } from '../errors/http.error.js';
import type { Caller } from '../auth/authenticate.js';
import type { AskedParams, Purpose } from './params.js';

/** What queries are answered from. */
export interface QueryStores {
  readonly log: EventLog;
  readonly pool: Pool;
  readonly clock: Clock;
}

/** The same, and who asks. */
export interface QuerySources extends QueryStores {
  readonly caller: Pick<Caller, 'roles' | 'person'>;
  /** Of `Accept-Language`, among those that words are written in. */
  readonly language: Language;
}

/** What a question is asked under, and how much of the company it may see. */
export interface ScopedContext extends QueryContext {
  readonly scope: Scope;
}

/**
 * Roles that see the whole company. A head sees the departments he heads, a manager his own work; `bi` reads the tables
 * of the database and nothing here.
 */
export const SEE_EVERYTHING: readonly Role[] = ['admin', 'service', 'director', 'payroll', 'auditor'];

/** One query: its route, its parameters, who may ask, and the answer. */
export interface QueryDefinition {
  readonly name: string;
  /** Below `/v1/`, with `:id` for the thing asked about. */
  readonly path: string;
  readonly params: new () => object;
  readonly roles: readonly Role[];
  readonly summary: string;
  /** Parameters that give an answer in a freshly set-up company. */
  readonly example: Readonly<Record<string, string>>;
  /** Id of the thing asked about in the example; that of a deal unless it is said. */
  readonly exampleId?: string;
  /** The code by which it is refused there, where an answer takes some history. */
  readonly needsHistory?: string;
  readonly answer: (sources: QuerySources, params: never, id: string) => Promise<object>;
}

/** Types are checked where a query is defined and forgotten where all are handled alike. */
export function defineQuery<Params extends object>(definition: {
  readonly name: string;
  readonly path: string;
  readonly params: new () => Params;
  readonly roles: readonly Role[];
  readonly summary: string;
  readonly example: Readonly<Record<string, string>>;
  readonly exampleId?: string;
  readonly needsHistory?: string;
  readonly answer: (sources: QuerySources, params: Params, id: string) => Promise<object>;
}): QueryDefinition {
  return definition;
}

const LONGEST_WAIT_MS = 5_000;

export function seesEverything(roles: readonly Role[]): boolean {
  return roles.some((role) => SEE_EVERYTHING.includes(role));
}

/**
 * Asks the read models in one snapshot, as of K and at T; of purpose service, about service cases.
 * @throws HttpError 503 READ_MODEL_BEHIND
 */
export async function askCore<T>(
  { pool, clock, caller }: QuerySources,
  params: AskedParams & { readonly purpose?: Purpose },
  ask: (context: ScopedContext) => Promise<T>,
  purpose: Purpose = params.purpose ?? 'sale',
): Promise<T> {
  if (params.after !== undefined && !(await waitFor(pool, 'core', BigInt(params.after), LONGEST_WAIT_MS))) {
    throw unavailable('READ_MODEL_BEHIND', `the read models have not reached ${params.after} yet: ask again later`, 1);
  }
  const read = async ({ client, k: checkpoint }: Snapshot): Promise<T> => {
    const k = await resolveAsOf(client, asOfOf(params.asOf), checkpoint ?? 0n);
    const zone = await zoneAt(client, k);
    const context = {
      client,
      k,
      at: params.at === undefined ? clock.now() : instantOf('at', params.at),
      zone,
      purpose,
    };
    // What one may see goes by who heads what today, whatever moment is asked about.
    const today = { ...context, k: checkpoint ?? 0n, at: clock.now() };
    return await ask({ ...context, scope: await scopeOf(caller, today) });
  };
  return await withSnapshot(pool, 'core', read, purpose === 'service' ? 'service' : null);
}

/** How much of the company somebody may see. @throws DomainError PERSON_NEEDED for a key that is nobody's and may not see everything */
export async function scopeOf({ roles, person }: QuerySources['caller'], context: QueryContext): Promise<Scope> {
  if (seesEverything(roles)) return null;
  if (person === null) {
    throw refuse.forbidden(
      'PERSON_NEEDED',
      'this key is nobody’s: ask with that of a manager or head, or say for whom you act (Voronka-On-Behalf-Of)',
    );
  }
  const departments = roles.includes('head') ? await departmentsHeadedBy(context, person) : [];
  return departments.length > 0 ? { departments } : { employee: person };
}

function asOfOf(text: string | undefined): { position: bigint } | { instant: string } | undefined {
  if (text === undefined) return undefined;
  return /^\d+$/.test(text) ? { position: BigInt(text) } : { instant: instantOf('asOf', text) };
}

function instantOf(name: string, text: string): string {
  try {
    return normaliseInstant(text);
  } catch {
    throw refuse.invalid('INSTANT_MALFORMED', `write ${name} with an offset, such as 2009-08-01T00:00:00+03:00`);
  }
}

/** The instants of a period key. @throws DomainError PERIOD_INVALID */
export function boundsOf(key: string | undefined, context: QueryContext): InstantPeriod | undefined {
  if (key === undefined) return undefined;
  try {
    return periodBounds(parsePeriod(key), context.zone);
  } catch (error) {
    throw refuse.invalid(
      'PERIOD_INVALID',
      error instanceof Error ? error.message : 'write a period as 2009-08, 2009-Q3, 2009-W33 or 2009',
      { period: key },
    );
  }
}
