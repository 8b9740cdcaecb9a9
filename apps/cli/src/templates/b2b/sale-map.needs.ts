import type { StepDefinition } from '@voronka/sales/events';
import type { Translate } from '../template.js';
import { areas, questionnaireFields, unknown } from './questions.js';

const firstContact = (t: Translate): StepDefinition => ({
  code: 'first-contact',
  name: t('Первый контакт', 'First contact'),
  stage: 'acquaintance',
  kind: 'contact',
  funnelRank: 10,
  mandatory: true,
  after: [],
  roles: ['manager'],
  form: [
    {
      code: 'channel',
      name: t('Как связались', 'How'),
      type: 'choice',
      required: true,
      options: [
        { code: 'call', name: t('Звонок', 'Call') },
        { code: 'email', name: t('Письмо', 'E-mail') },
        { code: 'visit', name: t('Визит', 'Visit') },
        { code: 'exhibition', name: t('Выставка', 'Exhibition') },
        unknown(t),
      ],
    },
    { code: 'interested', name: t('Интересно ли это им', 'Are they interested'), type: 'yesNo', required: true },
  ],
  normWorkingHours: 8,
  guidance: t(
    'Узнайте, кто отвечает за вопрос и когда удобно говорить. Не предлагайте цену.',
    'Find out who answers for the matter and when it suits them to talk. Offer no price yet.',
  ),
});

const gathering = (t: Translate): StepDefinition => ({
  code: 'gathering',
  name: t('Сбор сведений', 'Gathering information'),
  stage: 'acquaintance',
  kind: 'gathering',
  funnelRank: 20,
  mandatory: true,
  after: ['first-contact'],
  roles: ['manager'],
  form: [
    { code: 'summary', name: t('Чем занимается компания', 'What the company does'), type: 'text', required: true },
    {
      code: 'contact',
      name: t('Контактное лицо', 'Whom to talk to'),
      type: 'text',
      required: false,
      personal: true,
      maximum: 200,
    },
  ],
  normWorkingHours: 16,
  guidance: t(
    'Заполните портрет клиента: отрасль и число сотрудников определят сегмент.',
    'Fill in the portrait: industry and number of employees decide the segment.',
  ),
});

/** Who they are. */
export const acquaintance = (t: Translate): readonly StepDefinition[] => [firstContact(t), gathering(t)];

const questionnaire = (t: Translate): StepDefinition => ({
  code: 'questionnaire',
  name: t('Анкета', 'Questionnaire'),
  stage: 'needs',
  kind: 'questionnaire',
  funnelRank: 30,
  mandatory: true,
  after: ['gathering'],
  roles: ['manager'],
  questionnaire: { id: 'automation', version: 1 },
  form: questionnaireFields(t),
  normWorkingHours: 24,
  guidance: t(
    'Спрашивайте, как устроена работа сейчас, и записывайте слова клиента. «Неизвестно» лучше догадки.',
    'Ask how the work is done today and write down the words of the customer. “Not known” is better than a guess.',
  ),
});

const analysis = (t: Translate): StepDefinition => ({
  code: 'analysis',
  name: t('Анализ анкеты', 'Analysis of the questionnaire'),
  stage: 'needs',
  kind: 'analysis',
  concerns: 'questionnaire',
  funnelRank: 40,
  mandatory: true,
  after: ['questionnaire'],
  roles: ['manager', 'analyst'],
  form: [
    {
      code: 'solution',
      name: t('Что предложить', 'What to offer'),
      type: 'choices',
      required: true,
      options: areas(t),
    },
    { code: 'conclusion', name: t('Вывод', 'Conclusion'), type: 'text', required: true, maximum: 4000 },
  ],
  normWorkingHours: 8,
});

const verification = (t: Translate): StepDefinition => ({
  code: 'verification',
  name: t('Проверка анкеты', 'Verification of the questionnaire'),
  stage: 'needs',
  kind: 'verification',
  concerns: 'questionnaire',
  funnelRank: 50,
  mandatory: true,
  after: ['questionnaire', 'analysis'],
  roles: ['head'],
  form: [{ code: 'remarks', name: t('Замечания', 'Remarks'), type: 'text', required: false, maximum: 4000 }],
  normWorkingHours: 8,
  guidance: t(
    'Проверяет не тот, кто заполнял: перезвоните клиенту и сверьте главное.',
    'Never by the one who filled it in: call the customer and check what matters.',
  ),
});

const survey = (t: Translate): StepDefinition => ({
  code: 'survey',
  name: t('Обследование', 'Survey on site'),
  stage: 'needs',
  kind: 'gathering',
  mandatory: true,
  after: ['questionnaire'],
  when: "answers.questionnaire.workplaces in ('16-50', 'over-50')",
  roles: ['manager', 'analyst'],
  form: [{ code: 'surveyedOn', name: t('Дата обследования', 'Day of the survey'), type: 'date', required: true }],
  evidence: [{ kind: 'visit', count: 1 }],
  normWorkingHours: 40,
});

/** What they need: filled in, analysed, and verified by another person. */
export const needs = (t: Translate): readonly StepDefinition[] => [
  questionnaire(t),
  analysis(t),
  verification(t),
  survey(t),
];
