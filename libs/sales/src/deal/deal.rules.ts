import type { Instant } from '@voronka/kernel';
import { conditionOf } from '../route-map/route-map.conditions.js';
import type { RouteMapDocument, StepDefinition } from '../route-map/route-map.document.js';
import { orderOf } from '../route-map/route-map.order.js';
import type { Answers } from '../shared/answers.js';
import {
  answerIn,
  askingsOf,
  evaluate,
  type Found,
  type MissingOperand,
  type Operand,
  valueFound,
} from '../shared/condition.js';
import { ConditionSyntaxError } from '../shared/condition.parser.js';
import type { CustomerPortrait } from './deal.customer.js';

/** What the rules of a map ask of how a step stands. */
export interface Stands {
  readonly done: { readonly occurredAt: Instant; readonly answers: Answers } | null;
  readonly skip: { readonly occurredAt: Instant } | null;
}

/** What conditions may look at of a deal itself, since when it is so, and what was before. */
export interface Terms {
  readonly amountKopecks: number | null;
  readonly products: readonly string[];
  readonly since: Instant;
  readonly before: Terms | null;
}

/** Terms as a revision leaves them: one that changes nothing that conditions look at begins none. */
export function termsAfter(before: Terms, { amountKopecks, products, since }: Omit<Terms, 'before'>): Terms {
  const isSame = amountKopecks === before.amountKopecks && String(products) === String(before.products);
  return isSame ? before : { amountKopecks, products, since, before };
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

export interface Prerequisite<Standing extends Stands> {
  readonly code: string;
  readonly standing: Standing;
}

/** What has to be done before a step, and the steps before it that do not belong to the way. */
export interface WaitedFor<Standing extends Stands> {
  readonly prerequisites: readonly Prerequisite<Standing>[];
  readonly aside: readonly StepDefinition[];
}

const APPLIES: Applicability = { applies: 'yes' };

/** What a map says of a deal, whatever its standings are kept in: branches and order. */
export abstract class WayRules<Standing extends Stands> {
  private readonly applying = new Map<string, Applicability>();

  constructor(
    readonly document: RouteMapDocument,
    protected readonly customer: CustomerPortrait,
  ) {}

  abstract standing(code: string): Standing;
  protected abstract get terms(): Terms | null;

  /** By the latest standing answers, the portrait, lines and amount as they are now. */
  applicability(step: StepDefinition): Applicability {
    if (step.when === undefined && step.concerns === undefined) return APPLIES;
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
    if (condition === null) return APPLIES;
    const when = step.when ?? '';
    if (condition instanceof ConditionSyntaxError) return { applies: 'undecided', when, missing: [] };
    const { truth, missing } = evaluate(condition, (operand) => this.found(operand));
    if (truth === true) return APPLIES;
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
        return valueFound(answerIn(this.customer.portrait, operand.field));
      case 'segment':
        return valueFound(this.customer.segment);
      case 'amount':
        return valueFound(this.terms?.amountKopecks ?? null);
      case 'products': {
        // A deal without lines is one of which nobody has said what it is about.
        const products = this.terms?.products ?? [];
        return valueFound(products.length === 0 ? null : products);
      }
      default:
        return operand satisfies never;
    }
  }

  private answered(code: string, field: string): Found {
    const { done, skip } = this.standing(code);
    if (done !== null) return valueFound(answerIn(done.answers, field));
    const step = orderOf(this.document).steps.get(code);
    if (step === undefined || this.applicability(step).applies === 'no') return { status: 'excluded' };
    return { status: skip === null ? 'pending' : 'unknown' };
  }

  /**
   * What a step waits for. A prerequisite that does not belong to the way stands aside, and what it would have waited
   * for takes its place: a branch that is not taken does not loosen the order around it.
   */
  prerequisites(step: StepDefinition): readonly Prerequisite<Standing>[] {
    return this.waitedFor(step).prerequisites;
  }

  protected waitedFor(step: StepDefinition): WaitedFor<Standing> {
    const found = new Map<string, Prerequisite<Standing>>();
    const aside: StepDefinition[] = [];
    const seen = new Set<string>();
    const waiting = [...step.after].reverse();
    for (let code = waiting.pop(); code !== undefined; code = waiting.pop()) {
      if (seen.has(code)) continue;
      seen.add(code);
      const standing = this.standing(code);
      const definition = orderOf(this.document).steps.get(code);
      const stands =
        isSatisfied(standing) || definition === undefined || this.applicability(definition).applies !== 'no';
      if (stands) found.set(code, { code, standing });
      else {
        aside.push(definition);
        waiting.push(...[...definition.after].reverse());
      }
    }
    return { prerequisites: [...found.values()], aside };
  }

  /** Codes of the prerequisites that are neither done nor skipped. */
  missingBefore(step: StepDefinition): readonly string[] {
    return this.prerequisites(step)
      .filter(({ standing }) => !isSatisfied(standing))
      .map(({ code }) => code);
  }

  /** Nobody can tell that a step does not belong to the way. */
  mayBelong(code: string): boolean {
    const step = orderOf(this.document).steps.get(code);
    return step !== undefined && this.applicability(step).applies !== 'no';
  }

  /** Could it be done now: does it belong to the way, and is all that it waits for done? */
  protected isReady(step: StepDefinition): boolean {
    return this.applicability(step).applies === 'yes' && this.missingBefore(step).length === 0;
  }
}

/** Does the condition of a step ask what the deal is about, or how much it may bring? */
export function asksTerms(step: StepDefinition): boolean {
  const condition = conditionOf(step);
  if (condition === null || condition instanceof ConditionSyntaxError) return false;
  return askingsOf(condition).some(({ operand }) => operand.source === 'amount' || operand.source === 'products');
}

/** Done, or skipped by somebody who may: what comes after need not wait for it. */
export function isSatisfied({ done, skip }: Stands): boolean {
  return done !== null || skip !== null;
}
