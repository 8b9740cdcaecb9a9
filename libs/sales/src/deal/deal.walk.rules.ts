import type { Instant } from '@voronka/kernel';
import type { RouteMapDocument, StepDefinition } from '../route-map/route-map.document.js';
import type { Answers } from '../shared/answers.js';
import type { CustomerPortrait } from './deal.customer.js';
import { type Stands, type Terms, type Unsaid, WayRules } from './deal.rules.js';

export interface WalkStanding extends Stands {
  readonly done: {
    readonly occurredAt: Instant;
    readonly answers: Answers;
    readonly performedBy: string | null;
  } | null;
  /** Done, but the deal was returned to this step since. */
  readonly mayRepeat: boolean;
}

export const NEVER: WalkStanding = { done: null, skip: null, mayRepeat: false };

/** What a walk has come to at one event. */
export interface WalkState {
  readonly openedAt: Instant | null;
  readonly reopenedAt: Instant | null;
  readonly terms: Terms | null;
  readonly customer: CustomerPortrait;
  readonly standings: ReadonlyMap<string, WalkStanding>;
  readonly putOff: ReadonlyMap<string, readonly Instant[]>;
}

const NOT_PUT_OFF: readonly Instant[] = [];

/** The rules of the map at one event. */
export class WalkRules extends WayRules<WalkStanding> {
  constructor(
    document: RouteMapDocument,
    private readonly walk: WalkState,
  ) {
    super(document, walk.customer);
  }

  override standing(code: string): WalkStanding {
    return this.walk.standings.get(code) ?? NEVER;
  }

  /** Since when a step waits to be done; null where it waits for something itself, or nobody can tell. */
  waitsSince(step: StepDefinition): Instant | null {
    return this.isReady(step) ? this.waitingSince(step) : null;
  }

  protected override get openedAt(): Instant | null {
    return this.walk.openedAt;
  }

  protected override get reopenedAt(): Instant | null {
    return this.walk.reopenedAt;
  }

  protected override get terms(): Terms | null {
    return this.walk.terms;
  }

  protected override putOffAt(code: string): readonly Instant[] {
    return this.walk.putOff.get(code) ?? NOT_PUT_OFF;
  }

  protected override ofCustomer(customer: CustomerPortrait): WalkRules {
    return new WalkRules(this.document, { ...this.walk, customer });
  }

  protected override unless({ answers, terms }: Unsaid): WalkRules {
    const standings = new Map([...this.walk.standings].filter(([code]) => !answers.has(code)));
    return new WalkRules(this.document, { ...this.walk, standings, terms });
  }
}
