import type { StepKind } from '../../shared/vocabulary.js';
import type { LocalText } from '../indicator.document.js';
import { type CatalogueEntry, entry, text } from './entry.js';

/** Steps of one kind, each deal and step once, with what comes of them. */
function steps(code: string, kind: StepKind, name: LocalText, resultIndicator: string): CatalogueEntry {
  const description = text(
    'Принятые шаги этого вида за период, каждый шаг сделки один раз',
    'Accepted steps of this kind in the period, each step of a deal once',
  );
  return entry(
    code,
    [name, description],
    { measure: 'steps', counting: 'first' },
    { filters: { stepKinds: [kind] }, resultIndicator },
  );
}

function done(code: string, kind: string, name: LocalText): CatalogueEntry {
  const description = text('Состоявшиеся за период', 'Done in the period');
  return entry(
    code,
    [name, description],
    { measure: 'activities', over: 'period' },
    { filters: { activityKinds: [kind] }, resultIndicator: 'deals_won' },
  );
}

/** What people do; each with the result that is looked at beside it. */
export const activities = [
  steps('first_contacts', 'contact', text('Первые контакты', 'First contacts'), 'contact_to_meeting'),
  steps(
    'information_gathered',
    'gathering',
    text('Собранные сведения', 'Information gathered'),
    'gathering_to_questionnaire',
  ),
  steps(
    'questionnaires_filled',
    'questionnaire',
    text('Заполненные анкеты', 'Questionnaires filled'),
    'questionnaire_to_verified',
  ),
  steps(
    'questionnaires_analysed',
    'analysis',
    text('Проанализированные анкеты', 'Questionnaires analysed'),
    'analysis_to_proposal',
  ),
  steps(
    'questionnaires_verified',
    'verification',
    text('Проверенные анкеты', 'Questionnaires verified'),
    'verified_to_proposal',
  ),
  steps('meetings', 'meeting', text('Встречи', 'Meetings'), 'meeting_to_proposal'),
  steps('proposals', 'proposal', text('Предложения', 'Proposals'), 'proposal_to_win'),
  done('calls', 'call', text('Звонки', 'Calls')),
  done('visits', 'visit', text('Выезды', 'Visits')),
  done('demos', 'demo', text('Показы', 'Demonstrations')),
  entry(
    'activities_done',
    [text('Действия', 'Activities'), text('Все состоявшиеся действия за период', 'All activities done in the period')],
    { measure: 'activities', over: 'period' },
    { resultIndicator: 'deals_won' },
  ),
  entry(
    'activities_on_won',
    [
      text('Действия по выигранным', 'Activities on won deals'),
      text(
        'Действия, когда-либо сделанные по сделкам, выигранным за период',
        'Activities ever done on the deals won in the period',
      ),
    ],
    { measure: 'activities', over: 'wonDeals' },
    { better: 'lower', resultIndicator: 'deals_won' },
  ),
];

function perWin(code: string, name: LocalText, numerator: string, denominator: string): CatalogueEntry {
  const description = text('Сколько работы приходится на один результат', 'How much work one result takes');
  return entry(
    code,
    [name, description],
    { measure: 'ratio', numerator, denominator },
    { better: 'lower', resultIndicator: 'win_rate' },
  );
}

/** What a result takes. */
export const efforts = [
  perWin('calls_per_contract', text('Звонков на договор', 'Calls per contract'), 'calls', 'contracts_signed'),
  perWin('meetings_per_contract', text('Встреч на договор', 'Meetings per contract'), 'meetings', 'contracts_signed'),
  perWin(
    'activities_per_win',
    text('Действий на выигранную сделку', 'Activities per win'),
    'activities_done',
    'deals_won',
  ),
  perWin(
    'activities_per_won_deal',
    text('Действий по выигранной сделке', 'Activities on a won deal'),
    'activities_on_won',
    'deals_won',
  ),
];
