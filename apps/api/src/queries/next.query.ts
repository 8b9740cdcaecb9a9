import type { EventLog } from '@voronka/event-log';
import { type Instant, type Recorded, refuse, streamOf } from '@voronka/kernel';
import {
  calendarDecider,
  COMPANY_CALENDAR_ID,
  COMPANY_ID,
  companyDecider,
  customerDecider,
  dealDecider,
  documentOf,
  type DealState,
  nextOf,
  portraitOf,
  productDecider,
  routeMapDecider,
  workCalendarOf,
} from '@voronka/sales';
import { AskedParams } from './params.js';
import { askCore, defineQuery, type QueryDefinition, type QuerySources, seesEverything } from './query.definition.js';
import { assertMaySee, DEAL_READERS } from './record.queries.js';

export class NextQuery extends AskedParams {}

interface Folded<State> {
  readonly state: State;
  readonly position: bigint | null;
}

/** A thing as its stream told it at K; without K, as it tells it now. */
async function thingAt<State, Event>(
  log: EventLog,
  stream: string,
  decider: { initialState(): State; evolve(state: State, event: Event): State },
  k: bigint | null,
): Promise<Folded<State>> {
  let state = decider.initialState();
  let position: bigint | null = null;
  for await (const event of log.readStream(stream)) {
    if (k !== null && event.position > k) break;
    state = decider.evolve(state, event as Event);
    ({ position } = event as Recorded);
  }
  return { state, position };
}

/** What can be done next on a deal, straight from the log: it never lags behind the last command. */
async function next({ log }: QuerySources, id: string, asked: { k: bigint | null; at: Instant }) {
  const { k, at } = asked;
  const { state, position } = await thingAt(log, streamOf('deal', id), dealDecider, k);
  if (state.status === 'none') throw refuse.notFound('DEAL_NOT_FOUND', 'no such deal was known then', { dealId: id });
  const { routeMapId, routeMapVersion, customerId } = state.opening;
  const [company, calendar, routeMap, customer] = await Promise.all([
    thingAt(log, streamOf('company', COMPANY_ID), companyDecider, k),
    thingAt(log, streamOf('calendar', COMPANY_CALENDAR_ID), calendarDecider, k),
    thingAt(log, streamOf('routeMap', routeMapId), routeMapDecider, k),
    customerId === null ? null : thingAt(log, streamOf('customer', customerId), customerDecider, k),
  ]);
  const document = documentOf(routeMap.state, routeMapVersion);
  if (company.state.status === 'none' || document === null) {
    throw refuse.conflict('ROUTE_MAP_UNKNOWN', 'the deal’s route map was not known then', {
      routeMapId,
      routeMapVersion,
    });
  }
  const { zone } = company.state;
  const portrait = portraitOf(customer?.state);
  const facts = { calendar: workCalendarOf(calendar.state), zone, customer: portrait, now: at };
  return {
    dealId: id,
    at,
    zone,
    k: String(k ?? position),
    routeMap: routeMapId,
    version: routeMapVersion,
    ownerId: state.ownerId,
    ...nextOf(state, document, facts),
    advantages: await advantagesOf(log, state, { segment: portrait.segment, k }),
  };
}

/** What speaks for the products of the deal to a customer of that segment. */
async function advantagesOf(
  log: EventLog,
  state: Exclude<DealState, { status: 'none' }>,
  { segment, k }: { readonly segment: string | null; readonly k: bigint | null },
): Promise<readonly object[]> {
  const ids = [...new Set(state.opening.lines.map(({ productId }) => productId))];
  const products = await Promise.all(ids.map((id) => thingAt(log, streamOf('product', id), productDecider, k)));
  return products.flatMap(({ state: product }, index) =>
    (product.status === 'none' ? [] : product.advantages)
      .filter((advantage) => advantage.segment === null || advantage.segment === segment)
      .map(({ segment: forSegment, text }) => ({ productId: ids[index], forSegment, text })),
  );
}

export const nextQuery: QueryDefinition = defineQuery({
  name: 'DealNext',
  path: 'deals/:id/next',
  params: NextQuery,
  roles: DEAL_READERS,
  summary:
    'What is to be done next on a deal: open steps with form, guidance and due time, and what blocks the others.',
  example: {},
  answer: async (sources: QuerySources, params: NextQuery, id: string) => {
    if (params.at === undefined && params.asOf === undefined) {
      const found = await next(sources, id, { k: null, at: sources.clock.now() });
      // The log is ahead of the read models, which know who had a hand in the deal.
      if (!seesEverything(sources.caller.roles)) {
        await askCore(sources, { after: found.k }, (context) => assertMaySee(context, id));
      }
      return found;
    }
    return await askCore(sources, params, async (context) => {
      await assertMaySee(context, id);
      return await next(sources, id, { k: params.asOf === undefined ? null : context.k, at: context.at });
    });
  },
});
