import { UNKNOWN } from '../shared/answers.js';
import type { FormField } from './form.document.js';

/** What makes a document unusable, and where (RFC 6901 pointer into it). */
export interface DocumentFault {
  readonly pointer: string;
  readonly code: string;
  /** What is wrong, and what to do. */
  readonly detail: string;
  /** For a text that has its own rules (`when`): the character at which it goes wrong, from 0. */
  readonly at?: number;
}

export type Report = (pointer: string, code: string, detail: string, at?: number) => void;

/** Everything wrong with the questions of a form. */
export function formFaults(form: readonly FormField[], pointer: string, report: Report): void {
  repeated(form, pointer, report);
  form.forEach((field, place) => fieldFaults(field, `${pointer}/${place}`, report));
}

/** Reports every code that stands in the list before. */
export function repeated(
  list: readonly { readonly code: string }[],
  pointer: string,
  report: Report,
  name = 'code',
): void {
  const seen = new Set<string>();
  list.forEach(({ code }, index) => {
    if (seen.has(code))
      report(`${pointer}/${index}/${name}`, 'CODE_REPEATED', `${code} is there already; choose another`);
    seen.add(code);
  });
}

function fieldFaults(field: FormField, pointer: string, report: Report): void {
  if (field.type === 'choice' || field.type === 'choices') optionFaults(field, pointer, report);
  else if (field.options !== undefined) {
    report(`${pointer}/options`, 'OPTIONS_NOT_ALLOWED', `a field of type ${field.type} has no options`);
  }
  limitFaults(field, pointer, report);
}

function optionFaults({ options = [] }: FormField, pointer: string, report: Report): void {
  const at = `${pointer}/options`;
  if (options.length === 0) {
    report(at, 'OPTIONS_MISSING', 'list the options, unknown among them');
    return;
  }
  repeated(options, at, report);
  if (!options.some(({ code }) => code === UNKNOWN)) {
    report(at, 'UNKNOWN_OPTION_MISSING', 'every closed list offers unknown');
  }
  if (options.every(({ code }) => code === UNKNOWN)) {
    report(at, 'OPTIONS_MISSING', 'unknown alone is no choice');
  }
}

function limitFaults({ type, minimum, maximum }: FormField, pointer: string, report: Report): void {
  const limits = [minimum, maximum].filter((limit) => limit !== undefined);
  if (limits.length === 0) return;
  const allowed = type === 'number' || type === 'money' || (type === 'text' && minimum === undefined);
  if (!allowed) report(pointer, 'LIMITS_NOT_ALLOWED', `a field of type ${type} has no such limits`);
  else if (type !== 'number' && limits.some((limit) => !Number.isSafeInteger(limit) || limit < 0)) {
    report(pointer, 'LIMITS_NOT_WHOLE', 'limits of texts and amounts are whole numbers from 0');
  } else if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
    report(pointer, 'LIMITS_TURNED', 'the minimum is above the maximum');
  }
}
