import { fieldFrom } from '../form/form.body.js';
import type { FormField } from '../form/form.document.js';
import type { DocumentFault } from '../form/form.faults.js';
import type { QuestionnaireState } from '../questionnaire/questionnaire.decider.js';
import type { StepBody } from './route-map.commands.js';
import type { RouteMapDocument, StepDefinition } from './route-map.document.js';

/** Ids of the questionnaires that steps ask, each once, in their order. */
export function questionnaireIds(steps: readonly Pick<StepBody, 'questionnaire'>[]): readonly string[] {
  return [...new Set(steps.flatMap(({ questionnaire }) => questionnaire?.id ?? []))];
}

/** The form of a step, its questionnaire's fields first; a fault for a questionnaire or version that is not there. */
export function formOf(
  { form, questionnaire }: Pick<StepBody, 'form' | 'questionnaire'>,
  known: ReadonlyMap<string, QuestionnaireState | undefined>,
): Pick<StepDefinition, 'form' | 'questionnaire'> | Pick<DocumentFault, 'code' | 'detail'> {
  const own: readonly FormField[] = form.map(fieldFrom);
  if (questionnaire === undefined || questionnaire === null) return { form: own };
  const { id } = questionnaire;
  const versions = known.get(id)?.versions ?? [];
  const version = questionnaire.version ?? versions.length;
  const asked = versions[version - 1];
  if (asked !== undefined) return { form: [...asked.fields, ...own], questionnaire: { id, version } };
  const detail =
    versions.length === 0 ? `publish the questionnaire ${id} first` : `${id} has versions 1 to ${versions.length}`;
  return { code: 'QUESTIONNAIRE_UNKNOWN', detail };
}

/** Points into what was sent: there, the fields of a questionnaire stand for themselves, and a step's own count from 0. */
export function asSent(
  { pointer, ...fault }: DocumentFault,
  { steps }: RouteMapDocument,
  sent: readonly Pick<StepBody, 'form'>[],
): DocumentFault {
  const [, place = '', field = '', rest = ''] = /^\/steps\/(\d+)\/form\/(\d+)(.*)$/.exec(pointer) ?? [];
  const [step, own] = [steps[Number(place)], sent[Number(place)]];
  if (place === '' || step === undefined || own === undefined) return { pointer, ...fault };
  const index = Number(field) - (step.form.length - own.form.length);
  return { pointer: index < 0 ? `/steps/${place}/questionnaire` : `/steps/${place}/form/${index}${rest}`, ...fault };
}
