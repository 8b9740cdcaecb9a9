import type { EventLog } from '@voronka/event-log';
import { type Instant, type Recorded, refuse, streamOf } from '@voronka/kernel';
import {
  calendarDecider,
  COMPANY_CALENDAR_ID,
  COMPANY_ID,
  companyDecider,
  customerDecider,
  dealDecider,
  type DealState,
  documentOf,
  migrationOf,
  migrationTarget,
  nextOf,
  portraitOf,
  productDecider,
  routeMapDecider,
  serviceCaseDecider,
  standingAt,
  type StatedAdvantage,
  withReturnsJudged,
  workCalendarOf,
} from '@voronka/sales';

interface Folded<State> {
  readonly state: State;
  readonly position: bigint | null;
}

interface Folds<State, Event> {
  initialState(): State;
  evolve(state: State, event: Event): State;
}

/**
 * Tells what is to be done next on deals or service cases, straight from the log: it never lags behind the last
 * command. What many deals share (calendar, route maps, customers) is read once by one reader.
 */
export class NextReader {
  private readonly shared = new Map<string, Promise<Folded<unknown>>>();

  /**
   * @param k only what was known at this position; null: everything there is
   * @param until only what had happened by this instant; null: everything, however far ahead another's clock was
   */
  constructor(
    private readonly log: EventLog,
    private readonly k: bigint | null,
    private readonly until: Instant | null,
    private readonly category: 'deal' | 'serviceCase' = 'deal',
  ) {}

  /** @throws DomainError DEAL_NOT_FOUND, ROUTE_MAP_UNKNOWN */
  async next(id: string, at: Instant) {
    const { deal, zone, calendar, document, portrait, position } = await this.around(id);
    const { routeMapId, routeMapVersion } = deal.opening;
    const stated = await this.stated(deal);
    const facts = { calendar, zone, customer: portrait, now: at, advantages: stated };
    const { advantages, ...next } = nextOf(deal, document, facts);
    return {
      dealId: id,
      at,
      zone,
      k: String(this.k ?? position),
      routeMap: routeMapId,
      version: routeMapVersion,
      ownerId: deal.ownerId,
      ...next,
      advantages: advantages.map(({ segment: forSegment, ...said }) => ({ ...said, forSegment })),
    };
  }

  /**
   * What would become of a deal on another version of its map.
   * @throws DomainError DEAL_NOT_FOUND, ROUTE_MAP_UNKNOWN, and what the command refuses of the version
   */
  async migration(id: string, at: Instant, asked: number | undefined) {
    const { deal, zone, calendar, document: from, portrait, routeMap, position } = await this.around(id);
    const { routeMapId, routeMapVersion: fromVersion } = deal.opening;
    const { version: toVersion, document: to } = migrationTarget(routeMap, deal.opening, asked);
    const found = migrationOf(deal, { from, to }, { calendar, zone, customer: portrait, now: at });
    return { dealId: id, k: String(this.k ?? position), routeMap: routeMapId, fromVersion, toVersion, ...found };
  }

  /** A deal with its map, its customer and the company's calendar. */
  private async around(id: string) {
    const { state, position } = await this.subject(id);
    if (state.status === 'none') {
      if (this.category === 'deal') {
        throw refuse.notFound(
          'DEAL_NOT_FOUND',
          'no such deal was known, or had been opened, then: check the id, or ask for a later moment',
          { dealId: id },
        );
      }
      const data = { serviceCaseId: id };
      throw refuse.notFound(
        'SERVICE_CASE_NOT_FOUND',
        'no such service case was known, or had been opened, then: check the id, or ask for a later moment',
        data,
      );
    }
    const { routeMapId, routeMapVersion, customerId } = state.opening;
    const [company, calendar, routeMap, customer] = await Promise.all([
      this.once(streamOf('company', COMPANY_ID), companyDecider),
      this.once(streamOf('calendar', COMPANY_CALENDAR_ID), calendarDecider),
      this.once(streamOf('routeMap', routeMapId), routeMapDecider),
      customerId === null ? null : this.once(streamOf('customer', customerId), customerDecider),
    ]);
    const document = documentOf(routeMap.state, routeMapVersion);
    if (company.state.status === 'none' || document === null) {
      throw refuse.conflict('ROUTE_MAP_UNKNOWN', 'the deal’s route map was not known then: ask for a later asOf', {
        routeMapId,
        routeMapVersion,
      });
    }
    return {
      deal: withReturnsJudged(state, (version) => documentOf(routeMap.state, version)),
      position,
      document,
      routeMap: routeMap.state,
      zone: company.state.zone,
      calendar: workCalendarOf(calendar.state),
      portrait: portraitOf(customer?.state, this.until ?? undefined),
    };
  }

  private subject(id: string): Promise<Folded<DealState>> {
    const stream = streamOf(this.category, id);
    return this.category === 'deal' ? this.standing(stream, dealDecider) : this.standing(stream, serviceCaseDecider);
  }

  /** What speaks for the products of the deal, to whatever customers. */
  private async stated(state: Exclude<DealState, { status: 'none' }>): Promise<readonly StatedAdvantage[]> {
    const ids = [...new Set(state.opening.lines.map(({ productId }) => productId))];
    const products = await Promise.all(ids.map((id) => this.once(streamOf('product', id), productDecider)));
    return products.flatMap(({ state: product }, index) =>
      (product.status === 'none' ? [] : product.advantages).map(({ segment, text }) => ({
        ...{ productId: ids[index] ?? '', segment, text },
      })),
    );
  }

  private once<State, Event>(stream: string, decider: Folds<State, Event>): Promise<Folded<State>> {
    const known = this.shared.get(stream);
    if (known !== undefined) return known as Promise<Folded<State>>;
    const reading = this.read(stream, decider);
    this.shared.set(stream, reading);
    return reading;
  }

  private async standing<State extends DealState, Event>(
    stream: string,
    decider: Folds<State, Event>,
  ): Promise<Folded<State>> {
    const { until } = this;
    if (until === null) return await this.read(stream, decider);
    const events = await this.events(stream);
    return { state: standingAt(decider, events, until), position: events.at(-1)?.position ?? null };
  }

  private async read<State, Event>(stream: string, decider: Folds<State, Event>): Promise<Folded<State>> {
    const events = await this.events(stream);
    const state = events.reduce((before, event) => decider.evolve(before, event as Event), decider.initialState());
    return { state, position: events.at(-1)?.position ?? null };
  }

  private async events(stream: string): Promise<readonly Recorded[]> {
    const events: Recorded[] = [];
    for await (const event of this.log.readStream(stream)) {
      if (this.k !== null && event.position > this.k) break;
      events.push(event);
    }
    return events;
  }
}
