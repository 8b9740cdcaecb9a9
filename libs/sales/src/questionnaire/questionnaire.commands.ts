import { BusinessCommand, type CommandDefinition, type CommandOf, IsListOf, IsText } from '@voronka/kernel';
import { FormFieldBody } from '../form/form.body.js';
import { KEEPERS } from '../shared/access.js';
import type { QuestionnaireState } from './questionnaire.decider.js';

export class PublishQuestionnaire extends BusinessCommand {
  @IsText()
  name: string;

  @IsListOf(() => FormFieldBody, { max: 200 })
  fields: FormFieldBody[];
}

export type QuestionnaireCommand = CommandOf<'PublishQuestionnaire', PublishQuestionnaire>;

export const questionnaireCommands: readonly (CommandDefinition<QuestionnaireState> & {
  type: QuestionnaireCommand['type'];
})[] = [
  {
    type: 'PublishQuestionnaire',
    body: PublishQuestionnaire,
    route: 'publish-questionnaire',
    summary: 'Publishes a questionnaire as its next version; route maps ask it from their next publication on.',
    roles: KEEPERS,
    example: {
      name: 'Needs of the customer',
      fields: [
        { code: 'need', name: 'What is to be automated', type: 'text', required: true, maximum: 2000 },
        { code: 'budget', name: 'Budget', type: 'money', required: false },
      ],
    },
    creates: true,
  },
];
