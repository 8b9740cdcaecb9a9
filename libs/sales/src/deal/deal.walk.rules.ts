import type { Instant } from '@voronka/kernel';
import type { RouteMapDocument, StepDefinition } from '../route-map/route-map.document.js';
import type { Answers } from '../shared/answers.js';
import type { CustomerPortrait } from './deal.customer.js';
import type { Stands, Terms } from './deal.rules.js';
import { type Unsaid, WaitingRules } from './deal.waiting.js';

interface Done {
  readonly occurredAt: Instant;
  readonly answers: Answers;
  readonly performedBy: string | null;
}

export interface WalkStanding extends Stands {
  readonly done: Done | null;
  /** Done before that, as far as it stands, the last of it last. */
  readonly earlier: readonly Done[];
  /** Done, but the deal was returned to this step since. */
  readonly mayRepeat: boolean;
}

export const NEVER: WalkStanding = { done: null, earlier: [], skip: null, mayRepeat: false };

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
export class WalkRules extends WaitingRules<WalkStanding> {
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

  protected override settledAt(code: string): readonly Instant[] {
    const { done, earlier, skip } = this.standing(code);
    const said = done === null ? [] : [...earlier, done];
    // Whatever was skipped may be done all the same: the skip is the first of it.
    return [...(skip === null ? [] : [skip]), ...said].map(({ occurredAt }) => occurredAt);
  }

  protected override unless({ answers, terms }: Unsaid): WalkRules {
    const standings = new Map(this.walk.standings);
    for (const [code, count] of answers) {
      const { done, earlier, skip } = this.standing(code);
      const said = done === null ? [] : [...earlier, done];
      const left = said.slice(0, -count);
      const rest = { done: left.at(-1) ?? null, earlier: left.slice(0, -1), skip: count > said.length ? null : skip };
      standings.set(code, { ...NEVER, ...rest });
    }
    return new WalkRules(this.document, { ...this.walk, standings, terms });
  }
}
