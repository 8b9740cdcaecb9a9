import type { EventDefinitions, EventOf } from '@voronka/kernel';
import type { QuestionnaireDocument } from './questionnaire.document.js';

/** The whole document; each publication is the next version, from 1. */
export type QuestionnairePublished = EventOf<
  'QuestionnairePublished',
  { readonly version: number; readonly document: QuestionnaireDocument }
>;

export type QuestionnaireEvent = QuestionnairePublished;

export const questionnaireEvents: EventDefinitions<QuestionnaireEvent> = { QuestionnairePublished: {} };
