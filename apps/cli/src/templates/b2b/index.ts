import { type CompanyTemplate, type Language, translateInto } from '../template.js';
import { indicators } from './indicators.js';
import { portrait, questionnaires, segments } from './questions.js';
import { SALE_MAP_ID, saleMap } from './sale-map.js';
import { SERVICE_MAP_ID, serviceMap } from './service-map.js';

/** A department that sells to businesses, in one language. */
export function b2bTemplate(language: Language): CompanyTemplate {
  const t = translateInto(language);
  return {
    routeMaps: [
      { id: SALE_MAP_ID, document: saleMap(t) },
      { id: SERVICE_MAP_ID, document: serviceMap(t) },
    ],
    portrait: portrait(t),
    questionnaires: questionnaires(t),
    segments: segments(t),
    indicators,
    workingRoles: [
      { code: 'manager', name: t('Менеджер по продажам', 'Sales manager') },
      { code: 'head', name: t('Руководитель отдела', 'Head of department') },
      { code: 'analyst', name: t('Аналитик', 'Analyst') },
      { code: 'service', name: t('Специалист сервиса', 'Service specialist') },
    ],
  };
}
