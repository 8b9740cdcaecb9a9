import { isId, LONG_TEXT, refuse } from '@voronka/kernel';
import type { AnswerValue } from './answers.js';

const STORABLE = /^[^\0\p{Cs}]*$/u;
const MOST_ANSWERS = 200;

/** Is it one of the kinds of answer at all: storable text, a finite number, yes or no, a list of codes? */
export function isAnswerValue(value: unknown): value is AnswerValue {
  if (typeof value === 'string') return isStorableText(value, LONG_TEXT);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'boolean') return true;
  return Array.isArray(value) && value.length <= MOST_ANSWERS && value.every(isId);
}

/** Text without NUL and half surrogate pairs, which neither the log nor the read tables could keep. */
export function isStorableText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest && STORABLE.test(value);
}

/**
 * Answers where no form says what each must be.
 * @throws DomainError `ANSWERS_INVALID` with a pointer to each that is no answer; values are not repeated.
 */
export function assertAnswers(answers: object, pointer: string): void {
  const entries = Object.entries(answers);
  const errors = entries
    .filter(([code, value]) => !isId(code) || !isAnswerValue(value))
    .map(([code]) => ({ pointer: `${pointer}/${isId(code) ? code : ''}`, code: 'NOT_AN_ANSWER' }));
  if (entries.length > MOST_ANSWERS) errors.push({ pointer, code: 'TOO_MANY' });
  if (errors.length > 0) {
    throw refuse.invalid('ANSWERS_INVALID', 'answer with text, a number, true or false, a code or a list of codes', {
      errors: errors.slice(0, MOST_ANSWERS),
    });
  }
}
