import { addDays, isLocalDate } from '@voronka/kernel';
import type { AnswerValue } from '../shared/answers.js';
import { UNKNOWN } from '../shared/answers.js';
import {
  type Asking,
  askingsOf,
  type Condition,
  evaluate,
  type Found,
  type Operand,
  printOperand,
} from '../shared/condition.js';
import { ConditionSyntaxError } from '../shared/condition.parser.js';
import { concernedBy, conditionOf, type Described, stepsBehind, typeOf } from './route-map.conditions.js';
import type { FormField } from '../form/form.document.js';
import type { RouteMapDocument, StepDefinition } from './route-map.document.js';
import { orderOf } from './route-map.order.js';

/** So many combinations of answers are tried for a step; beyond them it is taken to be reachable. */
const MOST_TRIED = 20_000;
/** All lists of so many codes are more than are tried. */
const MOST_LISTED = 15;

/** A map, and what customers may be. */
export interface Surroundings extends Described {
  /** Codes that the portrait lists; none: segments are free. */
  readonly segments: readonly string[];
  /** Codes of steps whose own faults leave open when they apply: nothing is said of what hangs on them. */
  readonly unsound: ReadonlySet<string>;
  /** Codes of steps whose forms are faulty: nothing is said of what asks them. */
  readonly unasked: ReadonlySet<string>;
}

/** Null: nobody knows. */
type Candidate = AnswerValue | null;

interface Variable {
  readonly key: string;
  readonly candidates: readonly Candidate[];
}

/**
 * Steps whose condition cannot hold whatever is answered, described or offered: a condition that contradicts itself,
 * the limits of a field, or the condition under which its question is asked at all. Every value at which one of the
 * conditions may turn is tried, so that what is reported is certain, of customers as the portrait in force describes
 * them; where that would be too many, nothing is.
 */
export function unreachableSteps(surroundings: Surroundings): readonly string[] {
  return surroundings.document.steps.filter((step) => !isReachable(step, surroundings)).map(({ code }) => code);
}

function readable(step: StepDefinition): Condition | null {
  const condition = conditionOf(step);
  return condition instanceof ConditionSyntaxError ? null : condition;
}

function isReachable(step: StepDefinition, surroundings: Surroundings): boolean {
  if (readable(step) === null) return true;
  const asked = stepsBehind(step, surroundings.document);
  const { unsound, unasked } = surroundings;
  if ([...asked].some((one) => unsound.has(one.code) || (one !== step && unasked.has(one.code)))) return true;
  const variables = variablesOf(asked, surroundings);
  const combinations = variables.reduce((product, { candidates }) => product * candidates.length, 1);
  if (combinations > MOST_TRIED) return true;
  for (let number = 0; number < combinations; number += 1) {
    if (new Trial(surroundings.document, chosen(variables, number)).applies(step)) return true;
  }
  return false;
}

/** The n-th combination, read as a number whose digits are the candidates. */
function chosen(variables: readonly Variable[], number: number): ReadonlyMap<string, Candidate> {
  let rest = number;
  return new Map(
    variables.map(({ key, candidates }) => {
      const value = candidates[rest % candidates.length] ?? null;
      rest = Math.floor(rest / candidates.length);
      return [key, value];
    }),
  );
}

/** One way things may be: every question asked has this answer. */
class Trial {
  private readonly applying = new Map<string, boolean>();

  constructor(
    private readonly document: RouteMapDocument,
    private readonly values: ReadonlyMap<string, Candidate>,
  ) {}

  applies(step: StepDefinition): boolean {
    const known = this.applying.get(step.code);
    if (known !== undefined) return known;
    // Stands while steps are about each other, which their order forbids.
    this.applying.set(step.code, true);
    const condition = readable(step);
    const concerned = concernedBy(step, this.document);
    const applies =
      (concerned === undefined || this.applies(concerned)) &&
      (condition === null || evaluate(condition, (operand) => this.found(operand)).truth === true);
    this.applying.set(step.code, applies);
    return applies;
  }

  private found(operand: Operand): Found {
    if (operand.source === 'answers') {
      const asked = orderOf(this.document).steps.get(operand.step);
      if (asked === undefined || !this.applies(asked)) return { status: 'excluded' };
    }
    const value = this.values.get(printOperand(operand)) ?? null;
    return value === null ? { status: 'unknown' } : { status: 'known', value };
  }
}

/** Everything that the conditions of the steps ask for. */
function variablesOf(asked: ReadonlySet<StepDefinition>, surroundings: Surroundings): readonly Variable[] {
  const askings = new Map<string, Asking[]>();
  for (const condition of [...asked].map(readable)) {
    for (const asking of condition === null ? [] : askingsOf(condition)) {
      const key = printOperand(asking.operand);
      askings.set(key, [...(askings.get(key) ?? []), asking]);
    }
  }
  return [...askings].map(([key, about]) => ({ key, candidates: candidatesOf(about, surroundings) }));
}

function candidatesOf(
  askings: readonly Asking[],
  { document, portrait, segments }: Surroundings,
): readonly Candidate[] {
  const [first] = askings;
  const type = first === undefined ? null : typeOf(first.operand, document, portrait);
  if (first === undefined || type === null) return [null];
  const { source } = first.operand;
  if (source === 'segment' && segments.length > 0) return [...segments, null];
  const literals = askings.flatMap((asking) => {
    if (asking.kind === 'known') return [];
    return (asking.kind === 'in' ? asking.literals : [asking.literal]).map(({ value }) => value);
  });
  // Whatever a form must have, of the portrait nobody may know a thing (any more).
  const field = { ...type.field, ...(source === 'portrait' ? { required: false } : {}) };
  switch (type.type) {
    case 'choice':
      return [...(type.field?.options ?? []).map(({ code }) => code).filter((code) => code !== UNKNOWN), null];
    case 'yesNo':
      return [true, false, null];
    case 'choices':
      return [...subsets(literals.filter((value) => typeof value === 'string')), null];
    case 'number':
    case 'money':
      return withAbsence(field, turningNumbers(literals, type.type, field));
    case 'date':
      return withAbsence(field, turningDates(literals));
    case 'text':
      return withAbsence(field, texts(literals, field));
    case 'any':
      return [...anything(literals), ...subsets(literals.filter((value) => typeof value === 'string')), null];
    default:
      type.type satisfies never;
      return [null];
  }
}

type Values = readonly (string | number | boolean)[];

/** Only a field that must be answered has always a value. */
function withAbsence({ required = false }: Partial<FormField>, values: readonly Candidate[]): readonly Candidate[] {
  return required ? values : [...values, null];
}

/** The numbers compared with, one between each two, one below and one above; as far as the limits let them. */
function turningNumbers(literals: Values, type: 'number' | 'money', field: Partial<FormField>): number[] {
  const { minimum = type === 'money' ? 0 : -Infinity, maximum = Infinity } = field;
  const stated = literals.filter((value) => typeof value === 'number');
  const marks = [...new Set([...stated, minimum, maximum].filter(Number.isFinite))].sort((a, b) => a - b);
  const between = marks.slice(1).map((mark, index) => middle(marks[index] ?? mark, mark));
  const around = [(marks[0] ?? 0) - 1, (marks.at(-1) ?? 0) + 1];
  return [...new Set([...marks, ...between, ...around])].filter(
    (value) => value >= minimum && value <= maximum && (type === 'number' || Number.isInteger(value)),
  );
}

/** Whole where there is a whole number between them: amounts are. */
function middle(low: number, high: number): number {
  return high - low > 1 ? Math.floor(low) + 1 : (low + high) / 2;
}

function turningDates(literals: Values): string[] {
  const dates = literals.filter((value) => typeof value === 'string').filter(isLocalDate);
  return [...new Set(dates.flatMap((date) => [date, ...[-1, 1].flatMap((days) => shifted(date, days))]))];
}

function shifted(date: string, days: number): string[] {
  try {
    return [addDays(date, days)];
  } catch {
    return [];
  }
}

function texts(literals: Values, { maximum = Infinity }: Partial<FormField>): string[] {
  const stated = literals.filter((value) => typeof value === 'string').filter((text) => text.length <= maximum);
  // A text that no condition names.
  return [...stated, '\u0000'];
}

function anything(literals: Values): Candidate[] {
  const numbers = literals.some((value) => typeof value === 'number') ? turningNumbers(literals, 'number', {}) : [];
  const either = literals.some((value) => typeof value === 'boolean') ? [true, false] : [];
  return [...numbers, ...either, ...turningDates(literals), ...texts(literals, {})];
}

/** Every list of some of the codes. */
function subsets(codes: readonly string[]): readonly (readonly string[])[] {
  const different = [...new Set(codes)].slice(0, MOST_LISTED);
  return different.reduce<readonly (readonly string[])[]>(
    (lists, code) => [...lists, ...lists.map((list) => [...list, code])],
    [[]],
  );
}
