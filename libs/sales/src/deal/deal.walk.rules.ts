import type { Instant } from '@voronka/kernel';
import { conditionOf } from '../route-map/route-map.conditions.js';
import type { RouteMapDocument, StepDefinition } from '../route-map/route-map.document.js';
import type { Answers } from '../shared/answers.js';
import { askingsOf } from '../shared/condition.js';
import { ConditionSyntaxError } from '../shared/condition.parser.js';
import { type Applicability, type Stands, type Terms, WayRules } from './deal.rules.js';

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
  readonly standings: ReadonlyMap<string, WalkStanding>;
  readonly putOff: ReadonlyMap<string, readonly Instant[]>;
}

const NOT_PUT_OFF: readonly Instant[] = [];

/**
 * The rules of the map at one event, of a deal whose customer nobody sees: what hangs on the segment or the portrait
 * is undecided, and so is whatever hangs on that.
 */
export class WalkRules extends WayRules<WalkStanding> {
  private readonly unseen: ReadonlySet<string>;
  private passedUnseen = false;

  constructor(
    document: RouteMapDocument,
    private readonly walk: WalkState,
  ) {
    super(document, null);
    this.unseen = unseenSteps(document);
  }

  override standing(code: string): WalkStanding {
    return this.walk.standings.get(code) ?? NEVER;
  }

  override applicability(step: StepDefinition): Applicability {
    const found = super.applicability(step);
    if (found.applies !== 'yes' || step.concerns === undefined) return found;
    const concernsUnseen = this.unseen.has(step.concerns) && this.standing(step.concerns).done === null;
    return concernsUnseen ? { applies: 'undecided', when: step.when ?? '', missing: [] } : found;
  }

  /** Since when a step waits to be done; null where it waits for something itself, or nobody can tell. */
  waitsSince(step: StepDefinition): Instant | null {
    if (this.applicability(step).applies !== 'yes') return null;
    this.passedUnseen = false;
    if (this.missingBefore(step).length > 0 || this.passedUnseen) return null;
    return this.waitingSince(step);
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

  /** Whoever cannot tell whether a step belongs to the way must not blame anybody for passing it. */
  protected override standsAside(step: StepDefinition): boolean {
    if (super.standsAside(step)) return true;
    const unseen = this.unseen.has(step.code) && this.applicability(step).applies === 'undecided';
    if (unseen) this.passedUnseen = true;
    return unseen;
  }
}

const unseenOf = new WeakMap<RouteMapDocument, ReadonlySet<string>>();

/** Steps whose condition, or that of a step they ask about or concern, looks at the customer. */
function unseenSteps(document: RouteMapDocument): ReadonlySet<string> {
  const known = unseenOf.get(document);
  if (known !== undefined) return known;
  const found = new Set<string>();
  let before = -1;
  while (found.size > before) {
    before = found.size;
    for (const step of document.steps) if (looksAtCustomer(step, found)) found.add(step.code);
  }
  unseenOf.set(document, found);
  return found;
}

function looksAtCustomer(step: StepDefinition, found: ReadonlySet<string>): boolean {
  if (step.concerns !== undefined && found.has(step.concerns)) return true;
  const condition = conditionOf(step);
  if (condition === null || condition instanceof ConditionSyntaxError) return false;
  return askingsOf(condition).some(({ operand }) => {
    if (operand.source === 'segment' || operand.source === 'portrait') return true;
    return operand.source === 'answers' && found.has(operand.step);
  });
}
