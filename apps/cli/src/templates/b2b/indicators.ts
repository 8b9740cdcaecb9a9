import { type CatalogueEntry, indicatorCatalogue } from '@voronka/pay';
import type { IndicatorDocument } from '@voronka/pay/events';
import { SALE_MAP_ID } from './sale-map.js';
import { SERVICE_MAP_ID } from './service-map.js';

/** Does it select by kinds of steps, so that steps of the service map would be counted among the sales? */
function asksForKinds(definition: IndicatorDocument): boolean {
  const { stepKinds } = definition.filters;
  const places = [
    'from' in definition ? definition.from : null,
    'to' in definition ? definition.to : null,
    'at' in definition ? definition.at : null,
  ];
  return stepKinds !== undefined || places.some((place) => place !== null && 'kind' in place);
}

const onSales = ({ code, definition }: CatalogueEntry): CatalogueEntry =>
  asksForKinds(definition)
    ? { code, definition: { ...definition, filters: { ...definition.filters, routeMaps: [SALE_MAP_ID] } } }
    : { code, definition };

const onService = { routeMaps: [SERVICE_MAP_ID] };

const service: readonly CatalogueEntry[] = [
  {
    code: 'service_accepted',
    definition: {
      name: { ru: 'Заявка → приёмка', en: 'Request → acceptance' },
      description: {
        ru: 'Доля заявок, сданных за 60 календарных дней',
        en: 'The share of requests that were accepted within 60 calendar days',
      },
      unit: 'percent',
      filters: onService,
      credit: { by: 'owner' },
      better: 'higher',
      resultIndicator: null,
      measure: 'conversion',
      conversion: 'cohort',
      from: { step: 'request' },
      to: { step: 'acceptance' },
      reach: 'touch',
      horizonDays: 60,
    },
  },
  {
    code: 'service_requests',
    definition: {
      name: { ru: 'Заявки на обслуживание', en: 'Service requests' },
      description: { ru: 'Принятые за период', en: 'Taken in the period' },
      unit: 'count',
      filters: { ...onService, steps: ['request'] },
      credit: { by: 'performer' },
      better: 'higher',
      resultIndicator: 'service_accepted',
      measure: 'steps',
      counting: 'first',
    },
  },
  {
    code: 'service_setup_time',
    definition: {
      name: { ru: 'Время настройки', en: 'Time of the set-up' },
      description: {
        ru: 'Медиана рабочих часов от плана работ до конца настройки',
        en: 'Median working hours from the plan of the work to the end of the set-up',
      },
      unit: 'workingHours',
      filters: onService,
      credit: { by: 'owner' },
      better: 'lower',
      resultIndicator: null,
      measure: 'time',
      time: 'waiting',
      at: { step: 'setup' },
      statistic: 'median',
      hours: 'working',
    },
  },
];

/** The whole catalogue, its steps those of the sales map, and what is looked at in service. */
export const indicators: readonly CatalogueEntry[] = [...indicatorCatalogue.map(onSales), ...service];
