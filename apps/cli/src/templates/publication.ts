import type { RouteMapDocument } from '@voronka/sales/events';

/** A form that steps may ask, by its id. */
export interface AskedForm {
  readonly code: string;
  readonly fields: readonly { readonly code: string }[];
}

/** A map as it is sent to be published: what a step asks by a questionnaire comes from there, not from its own form. */
export function publicationOf(document: RouteMapDocument, questionnaires: readonly AskedForm[]): object {
  const steps = document.steps.map((step) => {
    const asked = questionnaires.find(({ code }) => code === step.questionnaire?.id);
    const codes = new Set(asked?.fields.map(({ code }) => code));
    return { ...step, form: step.form.filter(({ code }) => !codes.has(code)) };
  });
  return { ...document, steps };
}
