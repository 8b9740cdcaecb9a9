import { isLocalDate } from '@voronka/kernel';
import { UNKNOWN } from '../shared/answers.js';
import { askingsOf, type Condition, type Literal, type Operand, stepsAskedBy } from '../shared/condition.js';
import { ConditionSyntaxError, parseCondition } from '../shared/condition.parser.js';
import type { FieldType, FormField } from '../form/form.document.js';
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

/** What an operand is, as far as a map can tell: the portrait's fields are described elsewhere and may be anything. */
export interface OperandType {
  readonly type: FieldType | 'any';
  readonly field?: FormField;
}

/** The type of what a condition asks about; null for an answer that no form of the map asks for. */
export function typeOf(operand: Operand, document: RouteMapDocument): OperandType | null {
  switch (operand.source) {
    case 'answers': {
      const form = orderOf(document).steps.get(operand.step)?.form ?? [];
      const field = form.find(({ code }) => code === operand.field);
      return field === undefined ? null : { type: field.type, field };
    }
    case 'portrait':
      return { type: 'any' };
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
export function conditionFaults(
  document: RouteMapDocument,
  step: StepDefinition,
  pointer: string,
  report: Report,
): void {
  const condition = conditionOf(step);
  if (condition === null) return;
  const tell = (code: string, detail: string, at: number): void => report(`${pointer}/when`, code, detail, at);
  if (condition instanceof ConditionSyntaxError) {
    tell('CONDITION_SYNTAX', condition.message, condition.at);
    return;
  }
  for (const asking of askingsOf(condition)) askingFault(asking, document, tell);
  for (const asked of stepsAskedBy(condition)) {
    if (!isBehind(asked, step.code, document)) continue;
    const detail = `${asked} is asked only after this step, so that the condition is never decided; ask earlier`;
    report(`${pointer}/when`, 'CONDITION_ON_LATER_STEP', detail);
  }
}

type Asking = ReturnType<typeof askingsOf>[number];
type Tell = (code: string, detail: string, at: number) => void;

function askingFault(asking: Asking, document: RouteMapDocument, tell: Tell): void {
  const { operand } = asking;
  const type = typeOf(operand, document);
  if (type === null) {
    if (operand.source !== 'answers') return;
    const { step, field } = operand;
    if (!orderOf(document).steps.has(step)) tell('CONDITION_STEP_UNKNOWN', `there is no step ${step}`, operand.at);
    else tell('CONDITION_FIELD_UNKNOWN', `the form of ${step} has no field ${field}`, operand.at);
    return;
  }
  if (type.field?.personal === true) {
    tell('CONDITION_FIELD_PERSONAL', 'personal answers can be erased: ask for a field that is not', operand.at);
    return;
  }
  const fault = typeFault(asking, type.type);
  if (fault !== null) tell('CONDITION_TYPE', fault.detail, fault.at);
  else for (const literal of literalsOf(asking)) optionFault(literal, type, tell);
}

function literalsOf(asking: Asking): readonly Literal[] {
  if (asking.kind === 'known') return [];
  return asking.kind === 'in' ? asking.literals : [asking.literal];
}

function optionFault({ value, at }: Literal, { field }: OperandType, tell: Tell): void {
  if (field?.options === undefined) return;
  if (value === UNKNOWN) tell('CONDITION_ON_UNKNOWN', 'unknown is no value: write is known, or is not known', at);
  else if (!field.options.some(({ code }) => code === value)) {
    tell('CONDITION_OPTION_UNKNOWN', `${field.code} does not offer ${String(value)}`, at);
  }
}

const ORDERED: ReadonlySet<FieldType | 'any'> = new Set(['number', 'money', 'date', 'any']);

function typeFault(asking: Asking, type: FieldType | 'any'): { detail: string; at: number } | null {
  const { at } = asking.operand;
  if (asking.kind === 'known') return null;
  const list = type === 'choices';
  if (asking.kind === 'has' && !list && type !== 'any') return { detail: 'only a list has something: use =', at };
  if (asking.kind !== 'has' && list) return { detail: 'ask a list what it has: has or is known', at };
  const ordering = asking.kind === 'compare' && asking.operator !== '=' && asking.operator !== '!=';
  if (ordering && !ORDERED.has(type)) return { detail: `a ${type} is neither less nor more: use = or !=`, at };
  const misfit = literalsOf(asking).find(({ value }) => !fits(value, asking.kind === 'has' ? 'text' : type, ordering));
  return misfit === undefined ? null : { detail: `this is not what a ${type} compares with`, at: misfit.at };
}

function fits(value: Literal['value'], wanted: FieldType | 'any', ordering: boolean): boolean {
  switch (wanted) {
    case 'text':
    case 'choice':
    case 'choices':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'money':
      return Number.isSafeInteger(value);
    case 'date':
      return typeof value === 'string' && isLocalDate(value);
    case 'yesNo':
      return typeof value === 'boolean';
    case 'any':
      return !ordering || typeof value === 'number' || (typeof value === 'string' && isLocalDate(value));
    default:
      wanted satisfies never;
      return false;
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
