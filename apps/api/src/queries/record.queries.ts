import type { EventLog } from '@voronka/event-log';
import { type Recorded, refuse, type Role, streamOf } from '@voronka/kernel';
import { deal, dealsList, isDealInScope } from '@voronka/read-models';
import { filtersOf } from './figure.queries.js';
import { DealQuery, DealsQuery, EventsQuery, HistoryQuery } from './list-params.js';
import type { Purpose } from './params.js';
import {
  askCore,
  boundsOf,
  defineQuery,
  type QueryDefinition,
  type QuerySources,
  type ScopedContext,
  seesEverything,
} from './query.definition.js';

/** Those who see single deals with names. */
export const DEAL_READERS: readonly Role[] = ['admin', 'service', 'manager', 'head', 'director', 'auditor'];
const AUDITORS: readonly Role[] = ['admin', 'auditor'];
const DEFAULT_LIMIT = 100;

const orNull = (text: string | undefined): string | null | undefined => (text === '' ? null : text);

/** @throws DomainError 403 SCOPE_EXCEEDED for another owner than a manager himself */
function filterOf(params: DealsQuery, context: ScopedContext) {
  const own = context.scope !== null && 'employee' in context.scope ? context.scope.employee : undefined;
  if (own !== undefined && params.ownerId !== undefined && params.ownerId !== own) throw scopeExceeded();
  const { status, routeMap, version, departmentId, customerId, segment, portrait } = params;
  return {
    status,
    routeMap,
    version,
    departmentId,
    customerId,
    ownerId: own ?? orNull(params.ownerId),
    departments: context.scope !== null && 'departments' in context.scope ? context.scope.departments : undefined,
    step: orNull(params.step),
    source: orNull(params.source),
    product: orNull(params.product),
    opened: boundsOf(params.opened, context),
    ...((segment ?? portrait) ? { filters: filtersOf({ segment, portrait }) } : {}),
  };
}

function scopeExceeded(): Error {
  return refuse.forbidden(
    'SCOPE_EXCEEDED',
    'ask for a deal that you had a hand in; a head, for one of his departments',
  );
}

/** @throws DomainError 403 SCOPE_EXCEEDED */
export async function assertMaySee(context: ScopedContext, dealId: string): Promise<void> {
  if (!(await isDealInScope(context, dealId, context.scope))) throw scopeExceeded();
}

/** An event as it leaves the house: positions are text, for they outgrow a number. */
function shown(event: Recorded): object {
  return { ...event, position: String(event.position) };
}

type HistoryOf = Pick<About, 'purpose' | 'path'> & { readonly id: string };

async function history(log: EventLog, { purpose, path, id }: HistoryOf, params: HistoryQuery) {
  const { fromRevision = 0, limit = DEFAULT_LIMIT } = params;
  const stream = streamOf(purpose === 'sale' ? 'deal' : 'serviceCase', id);
  const events: object[] = [];
  let last = 0n;
  let next: number | null = null;
  for await (const event of log.readStream(stream, fromRevision)) {
    if (events.length === limit) {
      next = event.revision;
      break;
    }
    events.push(shown(event));
    last = event.position;
  }
  if (events.length === 0 && fromRevision === 0) {
    throw purpose === 'sale'
      ? refuse.notFound('DEAL_NOT_FOUND', 'there is no such deal: check its id', { dealId: id })
      : refuse.notFound('SERVICE_CASE_NOT_FOUND', 'there is no such service case: check its id', { dealId: id });
  }
  const link = next === null ? null : `/v1/${path.replace(':id', id)}?fromRevision=${next}&limit=${limit}`;
  return { stream, events, next: link, last };
}

async function eventsPage(log: EventLog, params: EventsQuery): Promise<object> {
  const { direction = 'forwards', limit = DEFAULT_LIMIT } = params;
  const after = params.after === undefined ? null : BigInt(params.after);
  const events: Recorded[] = [];
  for await (const batch of log.readAll({ after, direction, maxCount: limit, batchSize: limit })) {
    events.push(...batch.events.slice(0, limit - events.length));
    if (events.length >= limit) break;
  }
  const last = events.at(-1);
  const full = last !== undefined && events.length === limit;
  const next = full ? `/v1/events?after=${last.position}&direction=${direction}&limit=${limit}` : null;
  return { events: events.map(shown), next };
}

interface About {
  readonly name: string;
  readonly path: string;
  readonly purpose: Purpose;
  readonly summary: string;
}

function listOf({ purpose, ...about }: About): QueryDefinition {
  return defineQuery({
    ...{ ...about, params: DealsQuery, roles: DEAL_READERS, example: { status: 'open' } },
    answer: (sources: QuerySources, params: DealsQuery) =>
      askCore(sources, params, (context) => dealsList(context, filterOf(params, context), params), purpose),
  });
}

function oneOf({ purpose, ...about }: About): QueryDefinition {
  const ask = async (context: ScopedContext, id: string): Promise<object> => {
    const found = await deal(context, id);
    await assertMaySee(context, id);
    return found;
  };
  return defineQuery({
    ...{ ...about, params: DealQuery, roles: DEAL_READERS, example: {} },
    answer: (sources: QuerySources, params: DealQuery, id: string) =>
      askCore(sources, params, (context) => ask(context, id), purpose),
  });
}

function historyOf({ purpose, ...about }: About): QueryDefinition {
  return defineQuery({
    ...{ ...about, params: HistoryQuery, roles: DEAL_READERS, example: {} },
    answer: async (sources: QuerySources, params: HistoryQuery, id: string) => {
      const { last, ...found } = await history(sources.log, { purpose, path: about.path, id }, params);
      // The log is ahead of the read models, which know who had a hand in it.
      if (!seesEverything(sources.caller.roles)) {
        await askCore(sources, { after: String(last) }, (context) => assertMaySee(context, id), purpose);
      }
      return found;
    },
  });
}

export const recordQueries: readonly QueryDefinition[] = [
  listOf({
    name: 'Deals',
    path: 'deals',
    purpose: 'sale',
    summary: 'Deals that fit a filter, the latest opened first.',
  }),
  oneOf({
    name: 'Deal',
    path: 'deals/:id',
    purpose: 'sale',
    summary:
      'Everything about one deal: states, owners, steps, activities done and planned, contracts, payments, credit.',
  }),
  listOf({
    name: 'ServiceCases',
    path: 'service-cases',
    purpose: 'service',
    summary: 'Service cases that fit a filter, as deals are listed: dealId is the case, won means completed.',
  }),
  oneOf({
    name: 'ServiceCase',
    path: 'service-cases/:id',
    purpose: 'service',
    summary: 'Everything about one service case, as of a deal.',
  }),
  historyOf({
    name: 'DealHistory',
    path: 'deals/:id/history',
    purpose: 'sale',
    summary: 'The events of one deal from the log, oldest first.',
  }),
  historyOf({
    name: 'ServiceCaseHistory',
    path: 'service-cases/:id/history',
    purpose: 'service',
    summary: 'The events of one service case from the log, oldest first.',
  }),
  defineQuery({
    name: 'Events',
    path: 'events',
    params: EventsQuery,
    roles: AUDITORS,
    summary: 'All events of the log by position, with everything recorded about them.',
    example: { limit: '10' },
    answer: ({ log }: QuerySources, params: EventsQuery) => eventsPage(log, params),
  }),
];
