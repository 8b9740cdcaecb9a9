import type { FormField } from '@voronka/sales/events';
import type { QuestionnaireTemplate, SegmentTemplate, Translate } from '../template.js';

/** Every closed list offers it. */
export const unknown = (t: Translate) => ({ code: 'unknown', name: t('Неизвестно', 'Not known') });

/** Sizes of an office, asked in the questionnaire and used by branches of the map. */
const workplaces = (t: Translate) => [
  { code: 'up-to-15', name: t('До 15', 'Up to 15') },
  { code: '16-50', name: t('16–50', '16 to 50') },
  { code: 'over-50', name: t('Больше 50', 'More than 50') },
  unknown(t),
];

const currentSystems = (t: Translate) => [
  { code: 'none', name: t('Нет, бумага и таблицы', 'None: paper and spreadsheets') },
  { code: 'own', name: t('Собственная разработка', 'Built in-house') },
  { code: 'boxed', name: t('Типовая программа', 'Boxed software') },
  { code: 'cloud', name: t('Облачный сервис', 'Cloud service') },
  unknown(t),
];

/** Needs that the questionnaire finds out and the analysis answers. */
export const areas = (t: Translate) => [
  { code: 'trade', name: t('Торговля и склад', 'Trade and stock') },
  { code: 'accounting', name: t('Бухгалтерия', 'Accounting') },
  { code: 'payroll', name: t('Зарплата и кадры', 'Payroll and staff') },
  { code: 'documents', name: t('Документооборот', 'Documents') },
  { code: 'production', name: t('Производство', 'Production') },
  unknown(t),
];

/** What is asked of every customer in the step `questionnaire`. */
export const questionnaireFields = (t: Translate): readonly FormField[] => [
  {
    code: 'workplaces',
    name: t('Рабочих мест', 'Workplaces'),
    type: 'choice',
    required: true,
    options: workplaces(t),
  },
  {
    code: 'areas',
    name: t('Что нужно автоматизировать', 'What is to be automated'),
    type: 'choices',
    required: true,
    options: areas(t),
  },
  {
    code: 'currentSystem',
    name: t('Чем пользуются сейчас', 'What is used today'),
    type: 'choice',
    required: true,
    options: currentSystems(t),
  },
  {
    code: 'pain',
    name: t('Что мешает работать', 'What hinders the work'),
    type: 'text',
    required: true,
    maximum: 2000,
  },
  { code: 'itStaff', name: t('Есть свои специалисты', 'Has specialists of its own'), type: 'yesNo', required: false },
  { code: 'budget', name: t('Бюджет', 'Budget'), type: 'money', required: false, minimum: 0 },
  { code: 'startBy', name: t('Когда нужно начать', 'Wanted by'), type: 'date', required: false },
  {
    code: 'decider',
    name: t('Кто принимает решение', 'Who decides'),
    type: 'text',
    required: false,
    personal: true,
    maximum: 200,
  },
];

export const questionnaires = (t: Translate): readonly QuestionnaireTemplate[] => [
  { code: 'automation', name: t('Анкета потребностей', 'Needs of the customer'), fields: questionnaireFields(t) },
];

/** What is known of a customer whatever the deal: slices, segments and branches ask for it. */
export const portrait = (t: Translate): readonly FormField[] => [
  {
    code: 'industry',
    name: t('Отрасль', 'Industry'),
    type: 'choice',
    required: false,
    options: [
      { code: 'retail', name: t('Розница', 'Retail') },
      { code: 'wholesale', name: t('Опт', 'Wholesale') },
      { code: 'manufacturing', name: t('Производство', 'Manufacturing') },
      { code: 'services', name: t('Услуги', 'Services') },
      { code: 'construction', name: t('Строительство', 'Construction') },
      { code: 'public', name: t('Бюджетная сфера', 'Public sector') },
      unknown(t),
    ],
  },
  { code: 'employees', name: t('Сотрудников', 'Employees'), type: 'number', required: false, minimum: 0, maximum: 1e6 },
  { code: 'yearlyTurnover', name: t('Годовой оборот', 'Yearly turnover'), type: 'money', required: false, minimum: 0 },
  { code: 'branches', name: t('Филиалов', 'Branches'), type: 'number', required: false, minimum: 0, maximum: 1e5 },
  {
    code: 'currentSystem',
    name: t('Учётная система', 'System in use'),
    type: 'choice',
    required: false,
    options: currentSystems(t),
  },
  { code: 'knownSince', name: t('Знакомы с', 'Known since'), type: 'date', required: false },
];

export const segments = (t: Translate): readonly SegmentTemplate[] => [
  { code: 'micro', name: t('Микробизнес', 'Micro'), rule: 'portrait.employees <= 15' },
  {
    code: 'small',
    name: t('Малый бизнес', 'Small'),
    rule: 'portrait.employees > 15 and portrait.employees <= 100',
  },
  {
    code: 'medium',
    name: t('Средний бизнес', 'Medium'),
    rule: 'portrait.employees > 100 and portrait.employees <= 250',
  },
  { code: 'large', name: t('Крупный бизнес', 'Large'), rule: 'portrait.employees > 250' },
];
