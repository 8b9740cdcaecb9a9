import { assertNotInFuture, type Decider, refuse, saysTheSame, toPlain } from '@voronka/kernel';
import { fieldFrom } from '../form/form.body.js';
import { type DocumentFault, formFaults } from '../form/form.faults.js';
import type { PublishQuestionnaire, QuestionnaireCommand } from './questionnaire.commands.js';
import type { QuestionnaireDocument } from './questionnaire.document.js';
import type { QuestionnaireEvent } from './questionnaire.events.js';

/** Versions by their number less one. */
export interface QuestionnaireState {
  readonly versions: readonly QuestionnaireDocument[];
}

export const questionnaireDecider: Decider<QuestionnaireState, QuestionnaireCommand, QuestionnaireEvent> = {
  initialState: () => ({ versions: [] }),
  evolve(state, event) {
    switch (event.type) {
      case 'QuestionnairePublished':
        return { versions: [...state.versions, event.data.document] };
      default:
        event.type satisfies never;
        return state;
    }
  },
  decide(command, state, context) {
    assertNotInFuture(context);
    return publish(command.body, state);
  },
};

function publish({ name, fields }: PublishQuestionnaire, state: QuestionnaireState): readonly QuestionnaireEvent[] {
  const document: QuestionnaireDocument = toPlain({ name, fields: fields.map(fieldFrom) });
  const faults: DocumentFault[] = [];
  if (fields.length === 0) {
    faults.push({ pointer: '/fields', code: 'NO_FIELDS', detail: 'a questionnaire asks at least one question' });
  }
  formFaults(document.fields, '/fields', (pointer, code, detail) => faults.push({ pointer, code, detail }));
  if (faults.length > 0) {
    const advice = 'correct the places that `faults` points at and publish again';
    throw refuse.rule('QUESTIONNAIRE_FAULTY', advice, { faults });
  }
  if (saysTheSame(state.versions.at(-1) ?? null, document)) return [];
  return [{ type: 'QuestionnairePublished', data: { version: state.versions.length + 1, document } }];
}
