import type { Instant } from '@voronka/kernel';
import { askedBy, stepsBehind } from '../route-map/route-map.conditions.js';
import type { StepDefinition } from '../route-map/route-map.document.js';
import { type CustomerPortrait, stepsOnCustomer } from './deal.customer.js';
import { asksTerms, type Stands, type Terms, WayRules } from './deal.rules.js';

/** Of how many of its last completions, or of its skip, a step is without; and terms in place of those that stand. */
export interface Unsaid {
  readonly answers: ReadonlyMap<string, number>;
  readonly terms: Terms | null;
}

/** What a map says of a deal, and since when its steps have been waiting to be done. */
export abstract class WaitingRules<Standing extends Stands> extends WayRules<Standing> {
  /** Null: the deal is not opened. */
  protected abstract get openedAt(): Instant | null;
  protected abstract get reopenedAt(): Instant | null;
  /** When returns put a step off, or a newer version of the map brought it; none: never. */
  protected abstract putOffAt(code: string): readonly Instant[];
  /** The same deal, if its customer were another. */
  protected abstract ofCustomer(customer: CustomerPortrait): WaitingRules<Standing>;
  /** When a step was done or skipped, as far as that stands, the last of it last. */
  protected abstract settledAt(code: string): readonly Instant[];
  /** The same deal, if some of what was said had not been. */
  protected abstract unless(unsaid: Unsaid): WaitingRules<Standing>;

  /**
   * Since when the customer has been one of whom a step waits to be done, by the answers and terms that stand; null:
   * always.
   */
  private customerSince(step: StepDefinition): Instant | null {
    if (!stepsOnCustomer(this.document).has(step.code)) return null;
    for (let { customer } = this; customer.before !== undefined; customer = customer.before) {
      if (!this.ofCustomer(customer.before).isReady(step)) return customer.since ?? null;
    }
    return null;
  }

  /** Whatever decides whether a step belongs and what it waits for: itself, what stands aside, and what those ask. */
  private judging(step: StepDefinition, { aside } = this.waitedFor(step)): readonly StepDefinition[] {
    const conditional = [step, ...aside].filter(({ when, concerns }) => when !== undefined || concerns !== undefined);
    return conditional.flatMap((one) => [...stepsBehind(one, this.document)]);
  }

  /** Steps whose answers decide whether a step could be done. */
  deciding(step: StepDefinition): readonly string[] {
    return [...new Set(this.judging(step).flatMap(askedBy))];
  }

  /**
   * From when on a step has been waiting to be done: all that it waits for is done or skipped, or was answered out of
   * the way, what its condition asks is answered, the customer is as it asks, and no return, reopening or newer map has
   * put it off since. Answers and terms without which it would wait just as well put nothing off. Only for a step that
   * waits for nothing any more.
   */
  waitingSince(step: StepDefinition): Instant | null {
    const { openedAt, reopenedAt } = this;
    if (openedAt === null) return null;
    const waitedFor = this.waitedFor(step);
    const customerSince = this.customerSince(step);
    const instants = [
      openedAt,
      ...(customerSince === null ? [] : [customerSince]),
      ...waitedFor.prerequisites.flatMap(({ standing: { done, skip } }) => done?.occurredAt ?? skip?.occurredAt ?? []),
      ...this.putOffAt(step.code),
      ...(reopenedAt === null ? [] : [reopenedAt]),
    ];
    const since = instants.reduce((latest, instant) => (instant > latest ? instant : latest));
    const judging = this.judging(step, waitedFor);
    return judging.length === 0 ? since : (this.decidedAfter(since, step, judging) ?? since);
  }

  /** When the last was said, after an instant, without which nobody could have done the step; null: all was said by then. */
  private decidedAfter(since: Instant, step: StepDefinition, judging: readonly StepDefinition[]): Instant | null {
    const answers = new Map<string, number>();
    let { terms } = this;
    for (const said of this.saidAfter(since, judging)) {
      if (said.code === null) terms = said.terms;
      else answers.set(said.code, (answers.get(said.code) ?? 0) + 1);
      if (!this.unless({ answers, terms }).isReady(step)) return said.at;
    }
    return null;
  }

  /** What was said after an instant that may decide of a step, the last of it first. */
  private saidAfter(since: Instant, judging: readonly StepDefinition[]): readonly Said[] {
    const said = [...new Set(judging.flatMap(askedBy))].flatMap((code) =>
      this.settledAt(code).flatMap((at): readonly Said[] => (at <= since ? [] : [{ at, code, terms: null }])),
    );
    let terms = judging.some(asksTerms) ? this.terms : null;
    for (; terms !== null && terms.before !== null && terms.since > since; terms = terms.before) {
      said.push({ at: terms.since, code: null, terms: terms.before });
    }
    return said.sort((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : 0));
  }
}

/** An answer, or terms and what was before them. */
type Said = { readonly at: Instant } & (
  | { readonly code: string; readonly terms: null }
  | { readonly code: null; readonly terms: Terms | null }
);
