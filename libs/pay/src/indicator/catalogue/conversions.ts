import type { StepKind } from '../../shared/vocabulary.js';
import type { LocalText, Place } from '../indicator.document.js';
import { type CatalogueEntry, entry, text } from './entry.js';

const kind = (of: StepKind): Place => ({ kind: of });

interface Cohort {
  readonly code: string;
  readonly name: LocalText;
  readonly from: Place;
  readonly to: Place;
  /** H in local calendar days. */
  readonly days: number;
}

function cohort({ code, name, from, to, days }: Cohort): CatalogueEntry {
  const description = text(
    `Доля дошедших за ${days} календарных дней; считаются сделки, у которых этот срок прошёл`,
    `The share that arrived within ${days} calendar days, of deals for which these days have passed`,
  );
  return entry(code, [name, description], {
    measure: 'conversion',
    conversion: 'cohort',
    from,
    to,
    reach: 'touch',
    horizonDays: days,
  });
}

/** The ways from one kind of step to another, so that they hold on any route map. */
export const conversions = [
  cohort({
    code: 'contact_to_questionnaire',
    name: text('Контакт → анкета', 'Contact → questionnaire'),
    from: kind('contact'),
    to: kind('questionnaire'),
    days: 30,
  }),
  cohort({
    code: 'gathering_to_questionnaire',
    name: text('Сбор сведений → анкета', 'Information → questionnaire'),
    from: kind('gathering'),
    to: kind('questionnaire'),
    days: 30,
  }),
  cohort({
    code: 'questionnaire_to_verified',
    name: text('Анкета → проверенный анализ', 'Questionnaire → verified analysis'),
    from: kind('questionnaire'),
    to: kind('verification'),
    days: 14,
  }),
  cohort({
    code: 'analysis_to_proposal',
    name: text('Анализ → предложение', 'Analysis → proposal'),
    from: kind('analysis'),
    to: kind('proposal'),
    days: 30,
  }),
  cohort({
    code: 'verified_to_proposal',
    name: text('Проверка → предложение', 'Verification → proposal'),
    from: kind('verification'),
    to: kind('proposal'),
    days: 30,
  }),
  cohort({
    code: 'contact_to_meeting',
    name: text('Контакт → встреча', 'Contact → meeting'),
    from: kind('contact'),
    to: kind('meeting'),
    days: 30,
  }),
  cohort({
    code: 'meeting_to_proposal',
    name: text('Встреча → предложение', 'Meeting → proposal'),
    from: kind('meeting'),
    to: kind('proposal'),
    days: 30,
  }),
  cohort({
    code: 'proposal_to_win',
    name: text('Предложение → договор', 'Proposal → contract'),
    from: kind('proposal'),
    to: { end: 'win' },
    days: 60,
  }),
  cohort({
    code: 'entry_to_win',
    name: text('Вход → договор', 'Entry → contract'),
    from: { end: 'entry' },
    to: { end: 'win' },
    days: 90,
  }),
  entry(
    'contact_to_win_flow',
    [
      text('Поток: контакт → договор', 'Flow: contact → contract'),
      text(
        'Договоры периода к первым контактам периода; может превысить 100 %',
        'Contracts of the period over first contacts of the period; may pass 100 %',
      ),
    ],
    { measure: 'conversion', conversion: 'flow', from: kind('contact'), to: { end: 'win' }, reach: 'touch' },
  ),
  entry(
    'proposal_forward_exits',
    [
      text('Выход вперёд из предложения', 'Forward exits from the proposal'),
      text(
        'Доля пребываний на шаге, завершённых за период продвижением',
        'Of stays at the step that ended in the period, the share that ended forward',
      ),
    ],
    { measure: 'conversion', conversion: 'exit', from: kind('proposal') },
  ),
];
