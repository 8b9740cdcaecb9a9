import { entry, text } from './entry.js';

const lower = { better: 'lower' } as const;

/** How well the route map is kept, and how long things take. */
export const quality = [
  entry(
    'steps_in_time',
    [
      text('Шаги в срок', 'Steps in time'),
      text(
        'Доля шагов со сроком в периоде, сделанных вовремя',
        'Of steps due in the period, the share that was done in time',
      ),
    ],
    { measure: 'timeliness', work: 'steps', share: 'inTime' },
  ),
  entry(
    'steps_late',
    [
      text('Просроченные шаги', 'Late steps'),
      text(
        'Доля шагов со сроком в периоде, не сделанных вовремя',
        'Of steps due in the period, the share that was late',
      ),
    ],
    { measure: 'timeliness', work: 'steps', share: 'late' },
    lower,
  ),
  entry(
    'activities_late',
    [
      text('Просроченные действия', 'Late activities'),
      text(
        'Доля запланированных на период действий, не сделанных вовремя',
        'Of activities planned for the period, the share that was not done in time',
      ),
    ],
    { measure: 'timeliness', work: 'activities', share: 'late' },
    lower,
  ),
  entry(
    'deviations',
    [
      text('Отклонения от карты', 'Deviations from the map'),
      text('Все нарушения карты маршрута за период', 'All ways in which the route map was left in the period'),
    ],
    { measure: 'deviations' },
    lower,
  ),
  entry(
    'skipped_steps',
    [
      text('Пропущенные шаги', 'Steps skipped'),
      text('Обязательные шаги, которые обошли', 'Mandatory steps that were passed over'),
    ],
    { measure: 'deviations' },
    { ...lower, filters: { deviationKinds: ['skipped'] } },
  ),
  entry(
    'steps_out_of_order',
    [
      text('Шаги не по порядку', 'Steps out of order'),
      text('Шаги, сделанные раньше того, что должно им предшествовать', 'Steps done before what must come first'),
    ],
    { measure: 'deviations' },
    { ...lower, filters: { deviationKinds: ['wrongOrder'] } },
  ),
  entry(
    'deals_reopened',
    [text('Возобновлённые сделки', 'Deals reopened'), text('Открытые снова за период', 'Taken up again in the period')],
    { measure: 'deals', event: 'reopened' },
  ),
  entry(
    'deals_returned',
    [
      text('Возвраты назад', 'Deals gone back'),
      text('Сделки, возвращённые за период на более ранний шаг', 'Deals that went back to an earlier step'),
    ],
    { measure: 'deals', event: 'returned' },
    lower,
  ),
  entry(
    'waiting_for_proposal',
    [
      text('Ожидание предложения', 'Waiting for the proposal'),
      text(
        'Медиана рабочих часов от готовности до предложения',
        'Median working hours from when it could be begun until it was made',
      ),
    ],
    { measure: 'time', time: 'waiting', at: { kind: 'proposal' }, statistic: 'median', hours: 'working' },
    lower,
  ),
  entry(
    'stay_at_proposal',
    [
      text('Время на предложении', 'Time at the proposal'),
      text(
        'За сколько рабочих часов завершаются девять из десяти пребываний',
        'The working hours within which nine of ten stays end',
      ),
    ],
    { measure: 'time', time: 'stay', at: { kind: 'proposal' }, statistic: 'p90', hours: 'working' },
    lower,
  ),
  entry(
    'sales_cycle',
    [
      text('Цикл сделки', 'Sales cycle'),
      text('Медиана часов от открытия до договора', 'Median hours from opening to contract'),
    ],
    { measure: 'time', time: 'cycle', statistic: 'median', hours: 'calendar' },
    { ...lower, unit: 'hours' },
  ),
];
