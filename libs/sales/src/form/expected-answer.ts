import { LONG_TEXT } from '@voronka/kernel';
import { UNKNOWN } from '../shared/answers.js';
import type { FormField } from './form.document.js';

const MOST_OPTIONS = 30;

/** What may be answered to a field, in words: for whoever answered something else. */
export function expectedOf(field: FormField): string {
  switch (field.type) {
    case 'text':
      return `a text of at most ${Math.min(field.maximum ?? LONG_TEXT, LONG_TEXT)} characters`;
    case 'number':
      return `a number${limitsOf(field)}`;
    case 'money':
      return `whole kopecks${limitsOf({ minimum: 0, ...field })}`;
    case 'date':
      return 'a date such as 2009-08-31';
    case 'yesNo':
      return `true, false or "${UNKNOWN}"`;
    case 'choice':
      return `one of ${optionsOf(field)}`;
    case 'choices':
      return `a list of some of ${optionsOf(field)}, each once, "${UNKNOWN}" alone`;
    default:
      return field.type satisfies never;
  }
}

function limitsOf({ minimum, maximum }: Pick<FormField, 'minimum' | 'maximum'>): string {
  if (minimum === undefined) return maximum === undefined ? '' : ` up to ${maximum}`;
  return maximum === undefined ? ` from ${minimum}` : ` from ${minimum} to ${maximum}`;
}

function optionsOf({ options = [] }: FormField): string {
  const codes = options.slice(0, MOST_OPTIONS).map(({ code }) => code);
  return `${codes.join(', ')}${options.length > MOST_OPTIONS ? ' …' : ''}`;
}
