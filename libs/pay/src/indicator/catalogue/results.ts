import { entry, text } from './entry.js';

/** What comes of the work: deals, contracts, money, customers. */
export const results = [
  entry(
    'deals_opened',
    [text('Открытые сделки', 'Deals opened'), text('Сделки, открытые за период', 'Deals opened in the period')],
    { measure: 'deals', event: 'opened' },
  ),
  entry(
    'deals_won',
    [
      text('Выигранные сделки', 'Deals won'),
      text(
        'Сделки, закрытые договором за период, если их не открыли снова',
        'Deals closed by a contract in the period and not reopened since',
      ),
    ],
    { measure: 'deals', event: 'won' },
  ),
  entry(
    'deals_lost',
    [
      text('Проигранные сделки', 'Deals lost'),
      text(
        'Сделки, закрытые отказом за период, если их не открыли снова',
        'Deals closed as lost in the period and not reopened since',
      ),
    ],
    { measure: 'deals', event: 'lost' },
    { better: 'lower' },
  ),
  entry(
    'deals_closed',
    [
      text('Закрытые сделки', 'Deals closed'),
      text('Выигранные и проигранные за период', 'Deals won or lost in the period'),
    ],
    { measure: 'deals', event: 'closed' },
  ),
  entry(
    'contracts_signed',
    [
      text('Договоры', 'Contracts signed'),
      text('Действующие договоры по дате подписания', 'Valid contracts by their date of signing'),
    ],
    { measure: 'contracts' },
  ),
  entry(
    'contracts_amount',
    [
      text('Сумма договоров', 'Contract amount'),
      text('Сумма строк действующих договоров по дате подписания', 'Lines of valid contracts by the date of signing'),
    ],
    { measure: 'amount' },
  ),
  entry(
    'payments_received',
    [
      text('Поступления', 'Payments received'),
      text('Оплаты за период за вычетом возвратов', 'Payments in the period less reversals'),
    ],
    { measure: 'payments' },
  ),
  entry(
    'average_contract',
    [
      text('Средний договор', 'Average contract'),
      text('Сумма договоров, делённая на их число', 'Contract amount divided by the number of contracts'),
    ],
    { measure: 'ratio', numerator: 'contracts_amount', denominator: 'contracts_signed' },
    { unit: 'kopecks' },
  ),
  entry(
    'new_customers',
    [
      text('Новые клиенты', 'New customers'),
      text('Клиенты, чей первый договор пришёлся на период', 'Customers whose first contract falls into the period'),
    ],
    { measure: 'customers', event: 'firstWon' },
  ),
  entry(
    'customers_won',
    [
      text('Клиенты с договором', 'Customers with a contract'),
      text('Разные клиенты, подписавшие договор за период', 'Different customers who signed in the period'),
    ],
    { measure: 'customers', event: 'won' },
  ),
  entry(
    'customers_worked',
    [
      text('Клиенты в работе', 'Customers worked with'),
      text(
        'Разные клиенты, с которыми за период был шаг или действие',
        'Different customers with a step or an activity in the period',
      ),
    ],
    { measure: 'customers', event: 'worked' },
  ),
  entry(
    'win_rate',
    [
      text('Доля выигранных', 'Win rate'),
      text('Выигранные из закрытых за период', 'Won among the deals closed in the period'),
    ],
    { measure: 'winRate', by: 'close', weigh: 'count' },
  ),
  entry(
    'win_rate_by_value',
    [
      text('Доля выигранных по сумме', 'Win rate by value'),
      text('То же, взвешенное суммой сделок', 'The same, weighed by the amounts of the deals'),
    ],
    { measure: 'winRate', by: 'close', weigh: 'value' },
  ),
  entry(
    'win_rate_of_opened',
    [
      text('Доля выигранных из открытых', 'Win rate of opened deals'),
      text(
        'Выигранные из закрытых среди сделок, открытых за период',
        'Won among the closed of the deals opened in the period',
      ),
    ],
    { measure: 'winRate', by: 'opening', weigh: 'count' },
  ),
];
