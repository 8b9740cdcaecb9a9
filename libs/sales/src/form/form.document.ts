export const FIELD_TYPES = ['text', 'number', 'money', 'date', 'choice', 'choices', 'yesNo'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** A question with the kind of answer it takes: of a step's form, a questionnaire or the portrait. */
export interface FormField {
  readonly code: string;
  readonly name: string;
  readonly type: FieldType;
  readonly required: boolean;
  /** Encrypted under the customer's key, and erased with it. */
  readonly personal?: boolean;
  /** For choice and choices: codes; each list holds `unknown`. */
  readonly options?: readonly { readonly code: string; readonly name: string }[];
  /** For number and money (kopecks): inclusive limits. For text: most characters. */
  readonly minimum?: number;
  readonly maximum?: number;
}
