import type { FormField } from '../form/form.document.js';

/** A version of a questionnaire: a form described once, asked by steps of any route maps. */
export interface QuestionnaireDocument {
  readonly name: string;
  readonly fields: readonly FormField[];
}
