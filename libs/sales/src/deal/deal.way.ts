import type { Instant } from '@voronka/kernel';
import type { Evidence, RouteMapDocument, StepDefinition } from '../route-map/route-map.document.js';
import type { MissingOperand } from '../shared/condition.js';
import type { CustomerPortrait } from './deal.customer.js';
import { termsOf } from './deal.money.js';
import { isSatisfied, type Terms } from './deal.rules.js';
import { type Unsaid, WaitingRules } from './deal.waiting.js';
import { doneOf, type StepStanding, standingOf, undoes } from './deal.standing.js';
import type { DealState } from './deal.state.js';

export { type CustomerPortrait, portraitOf } from './deal.customer.js';
export type { Applicability } from './deal.rules.js';

/** Evidence that a step asks for and the deal does not hold, with what it holds. */
export interface MissingEvidence extends Evidence {
  readonly recorded: number;
}

export interface UndecidedStep {
  readonly step: string;
  readonly when: string;
  readonly missing: readonly MissingOperand[];
}

/** Where a deal stands on its map: worked out from its history, its customer and the document, and nothing else. */
export class Way extends WaitingRules<StepStanding> {
  private readonly standings = new Map<string, StepStanding>();

  constructor(
    readonly state: DealState,
    document: RouteMapDocument,
    private readonly portrait: CustomerPortrait,
    private readonly unsaid: Unsaid | null = null,
  ) {
    super(document, portrait);
  }

  override standing(code: string): StepStanding {
    const known = this.standings.get(code);
    if (known !== undefined) return known;
    const unsaid = this.unsaid?.answers.get(code) ?? 0;
    const made = unsaid === 0 ? standingOf(this.state, this.document, code) : this.standingWithout(unsaid, code);
    this.standings.set(code, made);
    return made;
  }

  /** Without so many of what was said of a step: of its completions, the last first, and at last of its skip. */
  private standingWithout(count: number, code: string): StepStanding {
    const done = doneOf(this.state, this.document, code);
    const gone = new Set(done.slice(-count));
    const completions = this.state.completions.filter((completion) => !gone.has(completion));
    const standing = standingOf({ ...this.state, completions }, this.document, code);
    return count > done.length ? { ...standing, skip: null } : standing;
  }

  protected override settledAt(code: string): readonly Instant[] {
    const { skip } = this.standing(code);
    const done = doneOf(this.state, this.document, code);
    return [...(skip === null ? [] : [skip]), ...done].map(({ occurredAt }) => occurredAt);
  }

  protected override get openedAt(): Instant | null {
    return this.state.status === 'none' ? null : this.state.opening.occurredAt;
  }

  protected override get terms(): Terms | null {
    if (this.unsaid !== null) return this.unsaid.terms;
    return this.state.status === 'none' ? null : termsOf(this.state.opening, this.state.money);
  }

  protected override get reopenedAt(): Instant | null {
    return this.state.reopenedAt;
  }

  protected override putOffAt(code: string): readonly Instant[] {
    const returns = this.state.returns.filter((back) => undoes(back, this.document, code));
    const additions = this.state.migrations.filter(({ addedSteps }) => addedSteps.includes(code));
    return [...returns, ...additions].map(({ occurredAt }) => occurredAt);
  }

  protected override ofCustomer(customer: CustomerPortrait): Way {
    return new Way(this.state, this.document, customer, this.unsaid);
  }

  protected override unless(unsaid: Unsaid): Way {
    return new Way(this.state, this.document, this.portrait, unsaid);
  }

  /** Evidence that the deal does not hold; of activities up to an instant where one is given. */
  missingEvidence(step: StepDefinition, until?: Instant): readonly MissingEvidence[] {
    return (step.evidence ?? []).flatMap((evidence) => {
      const recorded = this.state.activities.filter(
        ({ voided, data, occurredAt }) =>
          !voided &&
          data.kind === evidence.kind &&
          (evidence.outcome === undefined || data.outcome === evidence.outcome) &&
          (until === undefined || occurredAt <= until),
      ).length;
      return recorded < evidence.count ? [{ ...evidence, recorded }] : [];
    });
  }

  /**
   * Mandatory steps that bar the contract: those that belong to the way and are neither done nor skipped, and those of
   * which nobody can tell yet.
   */
  bars(): { readonly missing: readonly string[]; readonly undecided: readonly UndecidedStep[] } {
    const open = this.document.steps.filter(({ mandatory, code }) => mandatory && !isSatisfied(this.standing(code)));
    const missing: string[] = [];
    const undecided: UndecidedStep[] = [];
    for (const step of open) {
      const applicability = this.applicability(step);
      if (applicability.applies === 'yes') missing.push(step.code);
      if (applicability.applies !== 'undecided') continue;
      undecided.push({ step: step.code, when: applicability.when, missing: applicability.missing });
    }
    return { missing, undecided };
  }

  /** The same deal as it stood at an instant, by when things happened. */
  asOf(until: Instant): Way {
    const completions = this.state.completions.filter(({ occurredAt }) => occurredAt <= until);
    return new Way({ ...this.state, completions }, this.document, this.portrait);
  }
}
