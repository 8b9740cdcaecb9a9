import type { Instant } from '@voronka/kernel';
import type { CustomerState } from '../customer/customer.decider.js';
import type { AnswerTurn, SegmentTurn } from '../customer/customer.segments.js';
import { conditionOf } from '../route-map/route-map.conditions.js';
import type { RouteMapDocument, StepDefinition } from '../route-map/route-map.document.js';
import { orderOf } from '../route-map/route-map.order.js';
import type { Answers, AnswerValue } from '../shared/answers.js';
import { askingsOf, type Operand } from '../shared/condition.js';
import { ConditionSyntaxError } from '../shared/condition.parser.js';

/**
 * What conditions may look at of a customer, and what it was before. Personal fields are no part of it: they can be
 * erased and decide nothing.
 */
export interface CustomerPortrait {
  readonly segment: string | null;
  readonly portrait: Answers;
  /** From when on it has been so; left out: always. */
  readonly since?: Instant;
  readonly before?: CustomerPortrait;
}

/** A customer of whom nothing was told, or none. */
export const UNTOLD_CUSTOMER: CustomerPortrait = { segment: null, portrait: {} };

/**
 * What a customer was from each instant on at which anything changed, in their order. All that is told of one instant
 * holds from it on together, whoever told which part of it.
 */
export function portraitsOf(
  answers: readonly AnswerTurn[],
  segments: readonly Pick<SegmentTurn, 'segment' | 'effectiveFrom'>[],
): readonly CustomerPortrait[] {
  const instants = new Set([...answers.map(({ from }) => from), ...segments.map(({ effectiveFrom }) => effectiveFrom)]);
  const held = new Map<string, AnswerValue>();
  const portraits: CustomerPortrait[] = [];
  let next = 0;
  for (const since of [...instants].sort()) {
    for (let turn = answers[next]; turn !== undefined && turn.from <= since; turn = answers[next]) {
      held.set(turn.field, turn.value);
      next += 1;
    }
    const segment = segments.findLast(({ effectiveFrom }) => effectiveFrom <= since)?.segment ?? null;
    const before = portraits.at(-1) ?? UNTOLD_CUSTOMER;
    portraits.push({ segment, portrait: Object.fromEntries(held), since, before });
  }
  return portraits;
}

/** The portrait as gates ask for it: what it is now, whatever it was before. */
export function portraitNow(customer: CustomerState | undefined): CustomerPortrait {
  if (customer === undefined || customer.status === 'none') return UNTOLD_CUSTOMER;
  return { segment: customer.segment?.segment ?? null, portrait: customer.portrait };
}

/** The portrait with all that it was before, as it is now, or as it was at an instant. */
export function portraitOf(customer: CustomerState | undefined, at?: Instant): CustomerPortrait {
  if (customer === undefined || customer.status === 'none') return UNTOLD_CUSTOMER;
  const portraits = portraitsOf(customer.answers, customer.segments);
  return portraits.findLast(({ since }) => at === undefined || since === undefined || since <= at) ?? UNTOLD_CUSTOMER;
}

/** What the conditions of a map ask of the customer. */
export interface AskedOfCustomer {
  readonly segment: boolean;
  readonly fields: ReadonlySet<string>;
}

const asked = new WeakMap<RouteMapDocument, AskedOfCustomer>();

export function askedOfCustomer(document: RouteMapDocument): AskedOfCustomer {
  const known = asked.get(document);
  if (known !== undefined) return known;
  const operands = document.steps.flatMap(operandsOf);
  const fields = operands.flatMap((operand) => (operand.source === 'portrait' ? [operand.field] : []));
  const made = { segment: operands.some(({ source }) => source === 'segment'), fields: new Set(fields) };
  asked.set(document, made);
  return made;
}

/** Does a map ask anything of the customer? */
export function looksAtCustomer(document: RouteMapDocument): boolean {
  const { segment, fields } = askedOfCustomer(document);
  return segment || fields.size > 0;
}

const looking = new WeakMap<RouteMapDocument, ReadonlySet<string>>();

/**
 * Steps whose waiting may hang on the customer: by their own condition, by that of a step that they ask about or
 * concern, or because they come after such a step.
 */
export function stepsOnCustomer(document: RouteMapDocument): ReadonlySet<string> {
  const known = looking.get(document);
  if (known !== undefined) return known;
  const found = new Set<string>();
  for (let before = -1; looksAtCustomer(document) && found.size > before;) {
    before = found.size;
    for (const step of document.steps) if (hangsOnCustomer(step, document, found)) found.add(step.code);
  }
  looking.set(document, found);
  return found;
}

function hangsOnCustomer(step: StepDefinition, document: RouteMapDocument, found: ReadonlySet<string>): boolean {
  if (step.concerns !== undefined && found.has(step.concerns)) return true;
  if ([...orderOf(document).before(step.code)].some((code) => found.has(code))) return true;
  return operandsOf(step).some(({ source, ...operand }) => {
    if (source === 'segment' || source === 'portrait') return true;
    return 'step' in operand && found.has(operand.step);
  });
}

function operandsOf(step: StepDefinition): readonly Operand[] {
  const condition = conditionOf(step);
  if (condition === null || condition instanceof ConditionSyntaxError) return [];
  return askingsOf(condition).map(({ operand }) => operand);
}
