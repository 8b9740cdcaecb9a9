import { isLocalDate } from '@voronka/kernel';
import { type Answers, type AnswerValue, UNKNOWN } from './answers.js';

/**
 * Conditions: one small form in which a route map says when a step belongs to the way of a deal.
 *
 *     answers.questionnaire.office = 'large' and (amount >= 1_000_000_00 or segment in ('retail', 'wholesale'))
 *
 * - **What is asked about**: `answers.<step>.<field>`, `portrait.<field>`, `segment`, `amount` (kopecks that the deal
 *   is expected to bring), `products` (ids of the deal's lines). A code with other signs than letters, digits, `_` and
 *   `-` stands in double quotes: `answers."a.b".c`.
 * - **How**: `=` `!=` `<` `<=` `>` `>=`, `in ('a', 'b')`, `not in (…)`, `has 'a'` (lists: `choices` and `products`),
 *   `is known`, `is not known`; joined by `and`, `or`, `not` and parentheses; `and` binds closer than `or`.
 * - **With what**: texts and codes in single quotes (a quote within is doubled), dates as `'2009-08-01'`, numbers
 *   (`_` between digits), `yes` and `no`.
 *
 * **Three values.** Unknown is not no. A comparison is true, false, or *undefined* where its operand has no value:
 * nobody asked yet, or the answer is that nobody knows. `not` of undefined is undefined; `and` is false if any part
 * is false, else undefined if any is; `or` is true if any part is true, else undefined if any is. `is known` is
 * undefined only as long as the step that asks lies ahead; then it is true or false.
 */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'known'; readonly operand: Operand }
  | { readonly kind: 'compare'; readonly operand: Operand; readonly operator: Comparison; readonly literal: Literal }
  | { readonly kind: 'in'; readonly operand: Operand; readonly literals: readonly Literal[] }
  | { readonly kind: 'has'; readonly operand: Operand; readonly literal: Literal };

export const COMPARISONS = ['<=', '>=', '!=', '=', '<', '>'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** What a condition asks about, with its place in the text (characters from 0). */
export type Operand = { readonly at: number } & (
  | { readonly source: 'answers'; readonly step: string; readonly field: string }
  | { readonly source: 'portrait'; readonly field: string }
  | { readonly source: 'segment' | 'amount' | 'products' }
);

export interface Literal {
  readonly value: string | number | boolean;
  readonly at: number;
}

/** Null: undefined, which is neither true nor false. */
export type Truth = boolean | null;

/**
 * What is there for an operand. `pending`: the step that asks lies ahead; `unknown`: it was asked, or may be at any
 * time, and there is no value; `excluded`: the step that asks does not belong to this deal's way.
 */
export type Found =
  | { readonly status: 'known'; readonly value: AnswerValue }
  | { readonly status: 'pending' | 'unknown' | 'excluded' };

export type Lookup = (operand: Operand) => Found;

/** An operand without a value, as written in conditions, and why it has none. */
export interface MissingOperand {
  readonly operand: string;
  readonly status: 'pending' | 'unknown' | 'excluded';
}

export interface Evaluation {
  readonly truth: Truth;
  /** Where the truth is undefined: every operand that leaves it so, each once. */
  readonly missing: readonly MissingOperand[];
}

/** The truth of a condition, by the three values described above. Never throws. */
export function evaluate(condition: Condition, lookup: Lookup): Evaluation {
  const truth = truthOf(condition, lookup);
  if (truth !== null) return { truth, missing: [] };
  const missing = new Map<string, MissingOperand>();
  collectMissing(condition, lookup, missing);
  return { truth, missing: [...missing.values()] };
}

function truthOf(condition: Condition, lookup: Lookup): Truth {
  switch (condition.kind) {
    case 'and':
      return joined(condition.parts, lookup, false);
    case 'or':
      return joined(condition.parts, lookup, true);
    case 'not': {
      const truth = truthOf(condition.part, lookup);
      return truth === null ? null : !truth;
    }
    case 'known':
    case 'compare':
    case 'in':
    case 'has':
      return askedTruth(condition, lookup(condition.operand));
    default:
      condition satisfies never;
      return null;
  }
}

/** `decisive` settles the whole, whatever the other parts are: false for `and`, true for `or`. */
function joined(parts: readonly Condition[], lookup: Lookup, decisive: boolean): Truth {
  let truth: Truth = !decisive;
  for (const part of parts) {
    const one = truthOf(part, lookup);
    if (one === decisive) return decisive;
    if (one === null) truth = null;
  }
  return truth;
}

/** An answer as a condition finds it: unknown, alone or as the one choice, is as good as none. */
export function valueFound(value: AnswerValue | null): Found {
  const unknown = value === null || value === UNKNOWN || (isList(value) && value.includes(UNKNOWN));
  return unknown ? { status: 'unknown' } : { status: 'known', value };
}

/** The answer of that code; null if there is none. Names that every object has are no answers. */
export function answerIn(answers: Answers, field: string): AnswerValue | null {
  return Object.hasOwn(answers, field) ? (answers[field] ?? null) : null;
}

/** A place where a condition asks for a value. */
export type Asking = Extract<Condition, { operand: Operand }>;

function askedTruth(condition: Asking, found: Found): Truth {
  if (condition.kind === 'known') return found.status === 'pending' ? null : found.status === 'known';
  if (found.status !== 'known') return null;
  const { value } = found;
  switch (condition.kind) {
    case 'compare':
      return compared(value, condition.operator, condition.literal.value);
    case 'in': {
      const each = condition.literals.map((literal) => compared(value, '=', literal.value));
      return each.includes(true) ? true : each.includes(null) ? null : false;
    }
    case 'has':
      return isList(value) && typeof condition.literal.value === 'string'
        ? value.includes(condition.literal.value)
        : null;
    default:
      condition satisfies never;
      return null;
  }
}

function isList(value: AnswerValue): value is readonly string[] {
  return Array.isArray(value);
}

/** Values of different kinds do not compare: the portrait may hold what the map did not expect. */
function compared(value: AnswerValue, operator: Comparison, literal: Literal['value']): Truth {
  if (isList(value) || typeof value !== typeof literal) return null;
  if (operator === '=') return value === literal;
  if (operator === '!=') return value !== literal;
  if (typeof value === 'boolean') return null;
  if (typeof value === 'string' && !(isLocalDate(value) && isLocalDate(String(literal)))) return null;
  switch (operator) {
    case '<':
      return value < literal;
    case '<=':
      return value <= literal;
    case '>':
      return value > literal;
    case '>=':
      return value >= literal;
    default:
      operator satisfies never;
      return null;
  }
}

/** Only through parts that are undefined themselves: what is decided needs no answer. */
function collectMissing(condition: Condition, lookup: Lookup, missing: Map<string, MissingOperand>): void {
  if (truthOf(condition, lookup) !== null) return;
  if ('parts' in condition) {
    for (const part of condition.parts) collectMissing(part, lookup, missing);
  } else if ('part' in condition) collectMissing(condition.part, lookup, missing);
  else {
    const operand = printOperand(condition.operand);
    const { status } = lookup(condition.operand);
    missing.set(operand, { operand, status: status === 'known' ? 'unknown' : status });
  }
}

/** Every place where a condition asks for a value, in the order of the text. */
export function askingsOf(condition: Condition): readonly Asking[] {
  if ('parts' in condition) return condition.parts.flatMap(askingsOf);
  return 'part' in condition ? askingsOf(condition.part) : [condition];
}

/** Steps whose answers a condition asks for, each once. */
export function stepsAskedBy(condition: Condition): readonly string[] {
  const steps = askingsOf(condition).flatMap(({ operand }) => (operand.source === 'answers' ? [operand.step] : []));
  return [...new Set(steps)];
}

/** The condition in its one canonical spelling; parsing it gives the same condition. */
export function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.map(printPart).join(` ${condition.kind} `);
    case 'not':
      return `not ${printPart(condition.part)}`;
    case 'known':
      return `${printOperand(condition.operand)} is known`;
    case 'compare':
      return `${printOperand(condition.operand)} ${condition.operator} ${printLiteral(condition.literal)}`;
    case 'in':
      return `${printOperand(condition.operand)} in (${condition.literals.map(printLiteral).join(', ')})`;
    case 'has':
      return `${printOperand(condition.operand)} has ${printLiteral(condition.literal)}`;
    default:
      return condition satisfies never;
  }
}

function printPart(part: Condition): string {
  return 'parts' in part ? `(${printCondition(part)})` : printCondition(part);
}

function printLiteral({ value }: Literal): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}

/** `answers.questionnaire.office`, as conditions write it. */
export function printOperand(operand: Operand): string {
  if (operand.source === 'answers') return `answers.${printCode(operand.step)}.${printCode(operand.field)}`;
  return operand.source === 'portrait' ? `portrait.${printCode(operand.field)}` : operand.source;
}

function printCode(code: string): string {
  return /^[\w-]+$/.test(code) ? code : `"${code}"`;
}
