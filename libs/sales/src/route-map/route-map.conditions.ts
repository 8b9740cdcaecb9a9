import { askedFault, type OperandType } from '../form/asked.faults.js';
import { type Asking, askingsOf, type Condition, type Operand, stepsAskedBy } from '../shared/condition.js';
import { ConditionSyntaxError, parseCondition } from '../shared/condition.parser.js';
import type { FormField } from '../form/form.document.js';
import type { RouteMapDocument, StepDefinition } from './route-map.document.js';
import type { Report } from '../form/form.faults.js';
import { orderOf } from './route-map.order.js';

const parsed = new WeakMap<StepDefinition, Condition | ConditionSyntaxError | null>();

/**
 * The condition of a step, read once; null: the step always belongs to the way. An error stands for a text that is no
 * condition, which publication refuses; whoever meets one in a log treats it as never decided.
 */
export function conditionOf(step: StepDefinition): Condition | ConditionSyntaxError | null {
  const known = parsed.get(step);
  if (known !== undefined) return known;
  const made = step.when === undefined ? null : readCondition(step.when);
  parsed.set(step, made);
  return made;
}

function readCondition(text: string): Condition | ConditionSyntaxError {
  try {
    return parseCondition(text);
  } catch (error) {
    if (error instanceof ConditionSyntaxError) return error;
    throw error;
  }
}

/** A map, and the portrait's fields where they are described; null: the portrait may hold anything. */
export interface Described {
  readonly document: RouteMapDocument;
  readonly portrait: readonly FormField[] | null;
}

/** The type of what a condition asks about; null for what neither a form of the map nor the portrait asks for. */
export function typeOf(
  operand: Operand,
  document: RouteMapDocument,
  portrait: readonly FormField[] | null = null,
): OperandType | null {
  switch (operand.source) {
    case 'answers': {
      const form = orderOf(document).steps.get(operand.step)?.form ?? [];
      const field = form.find(({ code }) => code === operand.field);
      return field === undefined ? null : { type: field.type, field };
    }
    case 'portrait': {
      if (portrait === null) return { type: 'any' };
      const field = portrait.find(({ code }) => code === operand.field);
      return field === undefined ? null : { type: field.type, field };
    }
    case 'segment':
      return { type: 'text' };
    case 'amount':
      return { type: 'money' };
    case 'products':
      return { type: 'choices' };
    default:
      operand satisfies never;
      return null;
  }
}

/** Everything wrong with the condition of a step: its form, what it asks about, and when that can be known. */
export function conditionFaults(described: Described, step: StepDefinition, pointer: string, report: Report): void {
  const { document } = described;
  const condition = conditionOf(step);
  if (condition === null) return;
  const tell = (code: string, detail: string, at: number): void => report(`${pointer}/when`, code, detail, at);
  if (condition instanceof ConditionSyntaxError) {
    tell('CONDITION_SYNTAX', condition.message, condition.at);
    return;
  }
  for (const asking of askingsOf(condition)) askingFault(asking, described, tell);
  for (const asked of stepsAskedBy(condition)) {
    if (!isBehind(asked, step.code, document)) continue;
    const detail = `${asked} is asked only after this step, so that the condition is never decided; ask earlier`;
    report(`${pointer}/when`, 'CONDITION_ON_LATER_STEP', detail);
  }
}

type Tell = (code: string, detail: string, at: number) => void;

/** What is wrong with what a condition asks about. */
export function askingFault(asking: Asking, { document, portrait }: Described, tell: Tell): void {
  const { operand } = asking;
  const type = typeOf(operand, document, portrait);
  if (type !== null) askedFault(asking, type, tell);
  else if (operand.source === 'portrait') {
    tell('CONDITION_FIELD_UNKNOWN', `the portrait has no field ${operand.field}`, operand.at);
  } else if (operand.source === 'answers') {
    const { step, field } = operand;
    if (!orderOf(document).steps.has(step)) tell('CONDITION_STEP_UNKNOWN', `there is no step ${step}`, operand.at);
    else tell('CONDITION_FIELD_UNKNOWN', `the form of ${step} has no field ${field}`, operand.at);
  }
}

/** Must `code` be settled before the answers of `asked` can be known, by `after` or by conditions on the way? */
function isBehind(asked: string, code: string, document: RouteMapDocument): boolean {
  const { steps } = orderOf(document);
  const seen = new Set<string>();
  const waiting = [asked];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === code) return true;
    const step = steps.get(next);
    if (step === undefined || seen.has(next)) continue;
    seen.add(next);
    waiting.push(...step.after, ...askedBy(step));
  }
  return false;
}

/** Steps that the condition of a step asks; none where it has no readable condition. */
export function askedBy(step: StepDefinition): readonly string[] {
  const condition = conditionOf(step);
  return condition === null || condition instanceof ConditionSyntaxError ? [] : stepsAskedBy(condition);
}

/** The step that an analysis or a verification is about: without it there is nothing to look at. */
export function concernedBy({ concerns }: StepDefinition, document: RouteMapDocument): StepDefinition | undefined {
  return concerns === undefined ? undefined : orderOf(document).steps.get(concerns);
}

const behind = new WeakMap<StepDefinition, { document: RouteMapDocument; steps: ReadonlySet<StepDefinition> }>();

/** Whatever decides whether a step belongs: itself, the steps that it is about or asks, and theirs. Worked out once. */
export function stepsBehind(step: StepDefinition, document: RouteMapDocument): ReadonlySet<StepDefinition> {
  const known = behind.get(step);
  if (known?.document === document) return known.steps;
  const steps = everythingBehind(step, document);
  behind.set(step, { document, steps });
  return steps;
}

function everythingBehind(step: StepDefinition, document: RouteMapDocument): ReadonlySet<StepDefinition> {
  const { steps } = orderOf(document);
  const seen = new Set<StepDefinition>([step]);
  // A set takes in what is added while it is walked through.
  for (const one of seen) {
    const about = concernedBy(one, document);
    if (about !== undefined) seen.add(about);
    for (const code of askedBy(one)) {
      const asked = steps.get(code);
      if (asked !== undefined) seen.add(asked);
    }
  }
  return seen;
}

/** The answers that conditions of a map ask for: fields by step. */
export function askedFieldsOf(document: RouteMapDocument): ReadonlyMap<string, ReadonlySet<string>> {
  const asked = new Map<string, Set<string>>();
  for (const step of document.steps) {
    const condition = conditionOf(step);
    if (condition === null || condition instanceof ConditionSyntaxError) continue;
    for (const { operand } of askingsOf(condition)) {
      if (operand.source !== 'answers') continue;
      asked.set(operand.step, (asked.get(operand.step) ?? new Set()).add(operand.field));
    }
  }
  return asked;
}
