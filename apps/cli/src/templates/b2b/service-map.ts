import type { RouteMapDocument, StepDefinition } from '@voronka/sales/events';
import type { Translate } from '../template.js';

export const SERVICE_MAP_ID = 'b2b-service';

const request = (t: Translate): StepDefinition => ({
  code: 'request',
  name: t('Заявка принята', 'Request taken'),
  stage: 'start',
  kind: 'contact',
  funnelRank: 10,
  mandatory: true,
  after: [],
  roles: ['service', 'manager'],
  form: [{ code: 'subject', name: t('Что нужно', 'What is needed'), type: 'text', required: true, maximum: 2000 }],
  normWorkingHours: 4,
});

const plan = (t: Translate): StepDefinition => ({
  code: 'plan',
  name: t('План работ', 'Plan of the work'),
  stage: 'start',
  kind: 'gathering',
  funnelRank: 20,
  mandatory: true,
  after: ['request'],
  roles: ['service'],
  form: [
    { code: 'finishOn', name: t('Закончить к', 'To be finished by'), type: 'date', required: true },
    { code: 'training', name: t('Нужно обучение', 'Training is needed'), type: 'yesNo', required: true },
  ],
  normWorkingHours: 16,
});

const setup = (t: Translate): StepDefinition => ({
  code: 'setup',
  name: t('Настройка', 'Set-up'),
  stage: 'work',
  kind: 'other',
  funnelRank: 30,
  mandatory: true,
  after: ['plan'],
  roles: ['service'],
  form: [],
  normWorkingHours: 80,
});

const training = (t: Translate): StepDefinition => ({
  code: 'training',
  name: t('Обучение', 'Training'),
  stage: 'work',
  kind: 'meeting',
  mandatory: true,
  after: ['plan'],
  when: 'answers.plan.training = yes',
  roles: ['service'],
  form: [],
  evidence: [{ kind: 'meeting', count: 1 }],
});

const acceptance = (t: Translate): StepDefinition => ({
  code: 'acceptance',
  name: t('Приёмка', 'Acceptance'),
  stage: 'handover',
  kind: 'verification',
  concerns: 'setup',
  funnelRank: 40,
  mandatory: true,
  after: ['setup', 'training'],
  roles: ['head', 'manager'],
  form: [{ code: 'remarks', name: t('Замечания', 'Remarks'), type: 'text', required: false, maximum: 4000 }],
  normWorkingHours: 16,
});

const review = (t: Translate): StepDefinition => ({
  code: 'review',
  name: t('Отзыв через месяц', 'Review after a month'),
  stage: 'handover',
  kind: 'contact',
  funnelRank: 50,
  mandatory: true,
  after: ['acceptance'],
  roles: ['manager'],
  form: [
    { code: 'score', name: t('Оценка', 'Score'), type: 'number', required: false, minimum: 0, maximum: 10 },
    { code: 'nextNeed', name: t('Что нужно ещё', 'What else is needed'), type: 'text', required: false },
  ],
  normWorkingHours: 176,
});

/** What follows the contract: from the request to a customer who works with what was sold. */
export const serviceMap = (t: Translate): RouteMapDocument => ({
  name: t('Внедрение и сопровождение', 'Introduction and service'),
  purpose: 'service',
  stages: [
    { code: 'start', name: t('Начало', 'Start') },
    { code: 'work', name: t('Работы', 'Work') },
    { code: 'handover', name: t('Сдача', 'Handover') },
  ],
  lossReasons: [
    { code: 'refused', name: t('Клиент отказался', 'The customer declined'), countsAsLoss: true },
    { code: 'mistake', name: t('Заведено по ошибке', 'Entered by mistake'), countsAsLoss: false },
  ],
  steps: [request(t), plan(t), setup(t), training(t), acceptance(t), review(t)],
});
