import type { Instant } from '@voronka/kernel';
import type { CustomerState } from '../customer/customer.decider.js';
import { conditionOf } from '../route-map/route-map.conditions.js';
import type { Evidence, RouteMapDocument, StepDefinition } from '../route-map/route-map.document.js';
import { orderOf, undoneByReturn } from '../route-map/route-map.order.js';
import { type Answers, type AnswerValue, UNKNOWN } from '../shared/answers.js';
import { evaluate, type Found, type MissingOperand, type Operand } from '../shared/condition.js';
import { ConditionSyntaxError } from '../shared/condition.parser.js';
import { isSatisfied, type StepStanding, standingOf } from './deal.standing.js';
import type { DealState } from './deal.state.js';

/** What conditions may look at of a customer. */
export interface CustomerPortrait {
  readonly segment: string | null;
  readonly portrait: Answers;
}

/** The portrait without its personal fields, which can be erased and decide nothing. */
export function portraitOf(customer: CustomerState | undefined): CustomerPortrait {
  if (customer === undefined || customer.status === 'none') return { segment: null, portrait: {} };
  return { segment: customer.segment?.segment ?? null, portrait: customer.portrait };
}

/**
 * Does a step belong to the way of a deal? `no` is not a skip: nobody decided it, and the step is no bar to anything.
 * A condition that is undefined only because its questions do not belong to the way either says `no`, too: what hangs
 * on a question that is not asked is not asked. So does an analysis or verification of a step that does not belong.
 */
export type Applicability =
  | { readonly applies: 'yes' }
  | {
      readonly applies: 'no';
      readonly when: string;
      /**
       * Why, where it is not a condition of its own that is false: questions that do not belong to the way and leave
       * it undefined, or the step that it is about.
       */
      readonly excluded: readonly string[];
    }
  | {
      readonly applies: 'undecided';
      readonly when: string;
      readonly missing: readonly MissingOperand[];
    };

/** Evidence that a step asks for and the deal does not hold, with what it holds. */
export interface MissingEvidence extends Evidence {
  readonly recorded: number;
}

export interface UndecidedStep {
  readonly step: string;
  readonly when: string;
  readonly missing: readonly MissingOperand[];
}

interface Prerequisite {
  readonly code: string;
  readonly standing: StepStanding;
}

/** Where a deal stands on its map: worked out from its history, its customer and the document, and nothing else. */
export class Way {
  private readonly standings = new Map<string, StepStanding>();
  private readonly applying = new Map<string, Applicability>();

  constructor(
    readonly state: DealState,
    readonly document: RouteMapDocument,
    private readonly customer: CustomerPortrait,
  ) {}

  standing(code: string): StepStanding {
    const known = this.standings.get(code);
    if (known !== undefined) return known;
    const made = standingOf(this.state, this.document, code);
    this.standings.set(code, made);
    return made;
  }

  /** By the latest standing answers, the portrait, lines and amount as they are now. */
  applicability(step: StepDefinition): Applicability {
    const known = this.applying.get(step.code);
    if (known !== undefined) return known;
    // Stands while the condition asks about itself, which only a map that was never checked can make it do.
    this.applying.set(step.code, { applies: 'undecided', when: step.when ?? '', missing: [] });
    const made = this.judged(step);
    this.applying.set(step.code, made);
    return made;
  }

  private judged(step: StepDefinition): Applicability {
    const concerned = step.concerns === undefined ? undefined : orderOf(this.document).steps.get(step.concerns);
    if (concerned !== undefined && this.standing(concerned.code).done === null) {
      const about = this.applicability(concerned);
      if (about.applies === 'no') return { applies: 'no', when: about.when, excluded: [concerned.code] };
    }
    const condition = conditionOf(step);
    if (condition === null) return { applies: 'yes' };
    const when = step.when ?? '';
    if (condition instanceof ConditionSyntaxError) return { applies: 'undecided', when, missing: [] };
    const { truth, missing } = evaluate(condition, (operand) => this.found(operand));
    if (truth === true) return { applies: 'yes' };
    if (truth === false) return { applies: 'no', when, excluded: [] };
    if (missing.every(({ status }) => status === 'excluded')) {
      return { applies: 'no', when, excluded: missing.map(({ operand }) => operand) };
    }
    return { applies: 'undecided', when, missing: missing.filter(({ status }) => status !== 'excluded') };
  }

  private found(operand: Operand): Found {
    switch (operand.source) {
      case 'answers':
        return this.answered(operand.step, operand.field);
      case 'portrait':
        return valueFound(valueIn(this.customer.portrait, operand.field));
      case 'segment':
        return valueFound(this.customer.segment);
      case 'amount':
        return valueFound(this.opening?.expectedAmountKopecks ?? null);
      case 'products': {
        // A deal without lines is one of which nobody has said what it is about.
        const lines = this.opening?.lines ?? [];
        return valueFound(lines.length === 0 ? null : lines.map(({ productId }) => productId));
      }
      default:
        return operand satisfies never;
    }
  }

  private get opening() {
    return this.state.status === 'none' ? null : this.state.opening;
  }

  private answered(code: string, field: string): Found {
    const { done, skip } = this.standing(code);
    if (done !== null) return valueFound(valueIn(done.answers, field));
    const step = orderOf(this.document).steps.get(code);
    if (step === undefined || this.applicability(step).applies === 'no') return { status: 'excluded' };
    return { status: skip === null ? 'pending' : 'unknown' };
  }

  /**
   * What a step waits for. A prerequisite that does not belong to the way stands aside, and what it would have waited
   * for takes its place: a branch that is not taken does not loosen the order around it.
   */
  prerequisites(step: StepDefinition): readonly Prerequisite[] {
    const found = new Map<string, Prerequisite>();
    const seen = new Set<string>();
    const waiting = [...step.after].reverse();
    for (let code = waiting.pop(); code !== undefined; code = waiting.pop()) {
      if (seen.has(code)) continue;
      seen.add(code);
      const standing = this.standing(code);
      const definition = orderOf(this.document).steps.get(code);
      const aside = definition !== undefined && this.applicability(definition).applies === 'no';
      if (!isSatisfied(standing) && aside) waiting.push(...[...definition.after].reverse());
      else found.set(code, { code, standing });
    }
    return [...found.values()];
  }

  /** Codes of the prerequisites that are neither done nor skipped. */
  missingBefore(step: StepDefinition): readonly string[] {
    return this.prerequisites(step)
      .filter(({ standing }) => !isSatisfied(standing))
      .map(({ code }) => code);
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
    return new Way({ ...this.state, completions }, this.document, this.customer);
  }

  /**
   * From when on a step has been waiting to be done: all that it waits for is done or skipped, what its condition asks
   * is answered, and no return or reopening has put it off since. Only for a step that waits for nothing any more.
   */
  waitingSince(step: StepDefinition, asked: readonly string[]): Instant | null {
    if (this.opening === null) return null;
    const { returns, reopenedAt } = this.state;
    const before = [
      ...this.prerequisites(step).map(({ standing }) => standing),
      ...asked.map((code) => this.standing(code)),
    ];
    const instants = [
      this.opening.occurredAt,
      ...before.flatMap(({ done, skip }) => done?.occurredAt ?? skip?.occurredAt ?? []),
      ...returns
        .filter(({ toStep }) => undoneByReturn(this.document, toStep).has(step.code))
        .map(({ occurredAt }) => occurredAt),
      ...(reopenedAt === null ? [] : [reopenedAt]),
    ];
    return instants.reduce((latest, instant) => (instant > latest ? instant : latest));
  }
}

function valueIn(answers: Answers, field: string): AnswerValue | null {
  return Object.hasOwn(answers, field) ? (answers[field] ?? null) : null;
}

function valueFound(value: AnswerValue | null): Found {
  const unknown = value === null || value === UNKNOWN || (Array.isArray(value) && value.includes(UNKNOWN));
  return unknown ? { status: 'unknown' } : { status: 'known', value };
}
