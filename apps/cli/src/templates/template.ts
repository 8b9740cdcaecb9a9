import type { IndicatorDocument } from '@voronka/pay/events';
import { PORTRAIT_ID } from '@voronka/sales';
import type { FormField, RouteMapDocument } from '@voronka/sales/events';
import { publicationOf } from './publication.js';

export const LANGUAGES = ['ru', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A text of a template in both languages; the language chosen is what goes into the log. */
export type Translate = (ru: string, en: string) => string;

export const translateInto =
  (language: Language): Translate =>
  (ru, en) =>
    language === 'ru' ? ru : en;

/** A list of questions about a customer. */
export interface QuestionnaireTemplate {
  readonly code: string;
  readonly name: string;
  readonly fields: readonly FormField[];
}

export interface SegmentTemplate {
  readonly code: string;
  readonly name: string;
  /** Condition on portrait fields, in the form that route maps write theirs; the first that holds is the segment. */
  readonly rule: string;
}

/** What a company needs to begin with: plain data, loaded by commands like everything else. */
export interface CompanyTemplate {
  readonly routeMaps: readonly { readonly id: string; readonly document: RouteMapDocument }[];
  readonly portrait: readonly FormField[];
  readonly questionnaires: readonly QuestionnaireTemplate[];
  readonly segments: readonly SegmentTemplate[];
  /** In an order in which they can be defined. */
  readonly indicators: readonly { readonly code: string; readonly definition: IndicatorDocument }[];
  /** Working roles that the route maps ask for, with what they are called. */
  readonly workingRoles: readonly { readonly code: string; readonly name: string }[];
}

export interface TemplateCommand {
  readonly category: string;
  readonly id: string;
  readonly type: string;
  readonly body: object;
}

/** The commands that load it, in order: maps ask questionnaires, indicators may name steps of the maps. */
export function templateCommands(template: CompanyTemplate): readonly TemplateCommand[] {
  const { routeMaps, indicators, portrait: fields, segments, questionnaires } = template;
  const portrait = { fields, segments };
  return [
    { category: 'portrait', id: PORTRAIT_ID, type: 'PublishPortrait', body: portrait },
    ...questionnaires.map(({ code: id, name, fields: asked }) => {
      const body = { name, fields: asked };
      return { category: 'questionnaire', id, type: 'PublishQuestionnaire', body };
    }),
    ...routeMaps.map(({ id, document }) => {
      const body = publicationOf(document, questionnaires);
      return { category: 'routeMap', id, type: 'PublishRouteMap', body };
    }),
    ...indicators.map(({ code, definition }) => ({
      category: 'indicator',
      id: code,
      type: 'DefineIndicator',
      body: definition,
    })),
  ];
}
