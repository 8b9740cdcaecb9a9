import { didYouMean, isId, isLocalDate, LONG_TEXT, refuse } from '@voronka/kernel';
import type { FormField } from './form.document.js';
import { expectedOf } from './expected-answer.js';
import { isStorableText } from '../shared/answer-values.js';
import { type Answers, type AnswerValue, UNKNOWN } from '../shared/answers.js';

export interface AnswerFault {
  readonly field: string;
  readonly code:
    | 'FIELD_UNKNOWN'
    | 'ANSWER_MISSING'
    | 'ANSWER_TYPE'
    | 'ANSWER_LIMIT'
    | 'OPTION_UNKNOWN'
    | 'UNKNOWN_WITH_OTHERS';
  /** What the answer may be, in words; never what it was. */
  readonly detail: string;
}

export interface SortedAnswers {
  readonly answers: Answers;
  /** Answers to personal fields, encrypted by the log; null if there are none. */
  readonly personalAnswers: Answers | null;
}

/**
 * Answers checked against a step's form and parted into plain and personal ones.
 * @throws DomainError `FORM_INVALID` with every fault (field, code and what it may be, never the answer).
 */
export function sortedAnswers(step: string, form: readonly FormField[], given: object): SortedAnswers {
  const { faults, ...sorted } = sort(form, given);
  if (faults.length === 0) return sorted;
  throw refuse.rule('FORM_INVALID', 'correct the answers that `faults` names; unknown is an answer, none is not', {
    step,
    faults,
  });
}

/**
 * Answers for some fields of the portrait, likewise: what is not answered stays as it is, and of any field it may turn
 * out that nobody knows (any more). A null says nothing, so it is none.
 * @throws DomainError `PORTRAIT_INVALID` with every fault (field, code and what it may be, never the answer).
 */
export function sortedPortrait(fields: readonly FormField[], given: object): SortedAnswers {
  const { faults, ...sorted } = sort(fields, given, (field, value) =>
    value === UNKNOWN && field.type !== 'choices' ? null : faultOf(field, value),
  );
  const nulls = Object.entries(given).flatMap(([field, value]) =>
    value === null && isId(field) ? { field, code: 'ANSWER_TYPE' as const, detail: 'null is no answer' } : [],
  );
  const wrong = [...faults.filter(({ code }) => code !== 'ANSWER_MISSING'), ...nulls];
  if (wrong.length === 0) return sorted;
  throw refuse.rule('PORTRAIT_INVALID', 'correct the answers that `faults` names; the portrait says what each may be', {
    faults: wrong,
  });
}

function sort(
  form: readonly FormField[],
  given: object,
  faultIn: (field: FormField, value: unknown) => Fault = faultOf,
): SortedAnswers & { readonly faults: readonly AnswerFault[] } {
  const values = new Map<string, unknown>(Object.entries(given).filter(([, value]) => value !== null));
  const fields = form.map(({ code }) => code);
  const strangers = [...values.keys()].filter((code) => !fields.includes(code));
  const faults: AnswerFault[] = strangers.map((code) => stranger(code, fields));
  const plain: Record<string, AnswerValue> = {};
  const personal: Record<string, AnswerValue> = {};
  for (const field of form) {
    const value = values.get(field.code);
    if (value === undefined) {
      if (field.required) faults.push({ field: field.code, code: 'ANSWER_MISSING', detail: expectedOf(field) });
      continue;
    }
    const fault = faultIn(field, value);
    if (fault !== null) faults.push({ field: field.code, code: fault, detail: expectedOf(field) });
    else (field.personal === true ? personal : plain)[field.code] = value as AnswerValue;
  }
  return { answers: plain, personalAnswers: Object.keys(personal).length === 0 ? null : personal, faults };
}

function stranger(code: string, fields: readonly string[]): AnswerFault {
  const meant = didYouMean(code, fields);
  return { field: isId(code) ? code : '', code: 'FIELD_UNKNOWN', detail: `there is no such field here${meant}` };
}

type Fault = AnswerFault['code'] | null;

function faultOf(field: FormField, value: unknown): Fault {
  switch (field.type) {
    case 'text':
      return textFault(field, value);
    case 'number':
      return Number.isFinite(value) ? limitFault(field, Number(value)) : 'ANSWER_TYPE';
    case 'money':
      return Number.isSafeInteger(value) ? limitFault({ minimum: 0, ...field }, Number(value)) : 'ANSWER_TYPE';
    case 'date':
      return isDate(value) ? null : 'ANSWER_TYPE';
    case 'yesNo':
      return isYesNo(value) ? null : 'ANSWER_TYPE';
    case 'choice':
      return typeof value === 'string' ? optionFault(field, [value]) : 'ANSWER_TYPE';
    case 'choices':
      return choicesFault(field, value);
    default:
      field.type satisfies never;
      return 'ANSWER_TYPE';
  }
}

function isDate(value: unknown): boolean {
  return typeof value === 'string' && isLocalDate(value);
}

/** A yes, a no, or that nobody knows. */
function isYesNo(value: unknown): boolean {
  return typeof value === 'boolean' || value === UNKNOWN;
}

function textFault({ required, maximum = LONG_TEXT }: FormField, value: unknown): Fault {
  if (typeof value !== 'string' || !isStorableText(value, Number.MAX_SAFE_INTEGER)) return 'ANSWER_TYPE';
  if (value.length > Math.min(maximum, LONG_TEXT)) return 'ANSWER_LIMIT';
  return required && value.trim() === '' ? 'ANSWER_MISSING' : null;
}

function limitFault({ minimum = -Infinity, maximum = Infinity }: Partial<FormField>, value: number): Fault {
  return value >= minimum && value <= maximum ? null : 'ANSWER_LIMIT';
}

function optionFault({ options = [] }: FormField, chosen: readonly unknown[]): Fault {
  const known = new Set<unknown>(options.map(({ code }) => code));
  return chosen.every((code) => known.has(code)) ? null : 'OPTION_UNKNOWN';
}

function choicesFault(field: FormField, value: unknown): Fault {
  if (!Array.isArray(value) || new Set(value).size !== value.length) return 'ANSWER_TYPE';
  if (field.required && value.length === 0) return 'ANSWER_MISSING';
  if (value.length > 1 && value.includes(UNKNOWN)) return 'UNKNOWN_WITH_OTHERS';
  return optionFault(field, value);
}
