import type { StepDefinition } from '@voronka/sales/events';
import type { Translate } from '../template.js';

const meeting = (t: Translate): StepDefinition => ({
  code: 'meeting',
  name: t('Встреча', 'Meeting'),
  stage: 'offer',
  kind: 'meeting',
  funnelRank: 60,
  mandatory: true,
  after: ['gathering'],
  roles: ['manager'],
  form: [
    {
      code: 'result',
      name: t('О чём договорились', 'What was agreed'),
      type: 'text',
      required: true,
      maximum: 2000,
    },
  ],
  evidence: [{ kind: 'meeting', count: 1 }],
  normWorkingHours: 40,
  guidance: t(
    'Покажите то, о чём спрашивал клиент, и договоритесь о следующем шаге.',
    'Show what the customer asked about, and agree on the next step.',
  ),
  guidanceBySegment: [
    {
      segment: 'micro',
      text: t('Хватит сорока минут и одного примера.', 'Forty minutes and one example will do.'),
    },
    {
      segment: 'large',
      text: t('Пригласите специалиста: спросят об интеграции.', 'Bring a specialist: they will ask about integration.'),
    },
  ],
});

const demo = (t: Translate): StepDefinition => ({
  code: 'demo',
  name: t('Показ решения', 'Demonstration'),
  stage: 'offer',
  kind: 'other',
  mandatory: false,
  after: ['questionnaire'],
  roles: ['manager', 'analyst'],
  form: [],
  evidence: [{ kind: 'demo', count: 1 }],
});

const proposal = (t: Translate): StepDefinition => ({
  code: 'proposal',
  name: t('Коммерческое предложение', 'Proposal'),
  stage: 'offer',
  kind: 'proposal',
  funnelRank: 70,
  mandatory: true,
  after: ['verification', 'meeting', 'survey'],
  roles: ['manager'],
  form: [
    { code: 'amount', name: t('Сумма', 'Amount'), type: 'money', required: true, minimum: 0 },
    { code: 'validUntil', name: t('Действует до', 'Valid until'), type: 'date', required: false },
    {
      code: 'discountPercent',
      name: t('Скидка, %', 'Discount, %'),
      type: 'number',
      required: false,
      minimum: 0,
      maximum: 100,
    },
  ],
  normWorkingHours: 16,
});

const approval = (t: Translate): StepDefinition => ({
  code: 'approval',
  name: t('Согласование крупной суммы', 'Approval of a large amount'),
  stage: 'offer',
  kind: 'other',
  mandatory: true,
  after: ['proposal'],
  when: 'answers.proposal.amount >= 1_000_000_00',
  roles: ['head'],
  form: [],
  normWorkingHours: 8,
});

/** What we offer them. */
export const offer = (t: Translate): readonly StepDefinition[] => [meeting(t), demo(t), proposal(t), approval(t)];

const contract = (t: Translate): StepDefinition => ({
  code: 'contract',
  name: t('Договор согласован', 'Contract agreed'),
  stage: 'agreement',
  kind: 'contract',
  funnelRank: 80,
  mandatory: true,
  after: ['proposal', 'approval'],
  roles: ['manager'],
  form: [{ code: 'signOn', name: t('Подписание назначено на', 'To be signed on'), type: 'date', required: false }],
  normWorkingHours: 40,
});

/** What was agreed. */
export const agreement = (t: Translate): readonly StepDefinition[] => [contract(t)];
