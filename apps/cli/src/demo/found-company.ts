import { startOfLocalDay } from '@voronka/kernel';
import { indicatorCatalogue } from '@voronka/pay';
import { PORTRAIT_ID } from '@voronka/sales';
import {
  CALENDAR,
  advantages,
  CURRENCY,
  departments,
  FIRST_DAY,
  formerProduct,
  managers,
  needs,
  portrait,
  products,
  ROUTE_MAP_ID,
  routeMap,
  ZONE,
} from './company.js';
import { servedProducts, SERVICE_MAP_ID, serviceMap } from './service-map.js';
import { companyLife } from './company-life.js';
import { publicationOf } from '../templates/publication.js';
import { departmentPlans, plans, regulation } from './found-pay.js';
import type { ScheduledCommand } from './scheduled-command.js';

/** Everything that stands before the first deal, in the order it must be founded; and what the staff goes through. */
export function foundCompany(): readonly ScheduledCommand[] {
  const start = startOfLocalDay(FIRST_DAY, ZONE);
  const at: At = (category, id, type, body) => ({
    at: start,
    category,
    id,
    type,
    body,
    person: null,
    roles: ['admin'],
  });
  const company = { name: 'Konstanta', zone: ZONE, currency: CURRENCY, firstPayrollPeriod: FIRST_DAY.slice(0, 7) };
  return [
    at('company', 'main', 'ConfigureCompany', company),
    at('calendar', 'main', 'PublishCalendar', { name: 'Working days of Russia', ...CALENDAR }),
    ...departments.map(({ id, name }) => at('department', id, 'CreateDepartment', { name })),
    ...departments.map(({ id, head, headName }) =>
      at(
        'employee',
        head,
        'HireEmployee',
        hired({
          name: headName,
          departmentId: id,
          roles: ['head', 'manager'],
          hiredOn: '2024-01-09',
          position: 'Head of sales',
        }),
      ),
    ),
    ...departments.map(({ id, head }) =>
      at('department', id, 'AppointHead', { employeeId: head, effectiveOn: '2024-01-09' }),
    ),
    ...managers.map(({ id, name, department, hiredOn }) =>
      at(
        'employee',
        id,
        'HireEmployee',
        hired({
          name: name,
          departmentId: department,
          roles: ['manager'],
          hiredOn: hiredOn,
          position: 'Sales manager',
        }),
      ),
    ),
    at('portrait', PORTRAIT_ID, 'PublishPortrait', portrait),
    ...offered(at),
    at('questionnaire', needs.code, 'PublishQuestionnaire', { name: needs.name, fields: needs.fields }),
    at('routeMap', ROUTE_MAP_ID, 'PublishRouteMap', { ...publicationOf(routeMap, [needs]) }),
    at('routeMap', SERVICE_MAP_ID, 'PublishRouteMap', { ...serviceMap }),
    ...servedProducts.map((id) => at('product', id, 'AssignServiceMap', { routeMapId: SERVICE_MAP_ID })),
    ...indicatorCatalogue.map(({ code, definition }) => at('indicator', code, 'DefineIndicator', { ...definition })),
    at('payRegulation', 'main', 'PublishPayRegulation', regulation),
    at('plan', 'founding', 'AssignPlan', plans()),
    at('plan', 'departments', 'AssignPlan', departmentPlans()),
    ...companyLife(),
  ];
}

type At = (category: string, id: string, type: string, body: Record<string, unknown>) => ScheduledCommand;

/** Products, and what speaks for them. */
function offered(at: At): readonly ScheduledCommand[] {
  return [
    ...[...products, formerProduct].map(({ id, name, line }) => at('product', id, 'AddProduct', { name, line })),
    ...advantages.map(({ productId, segment, text }) =>
      at('product', productId, 'StateAdvantage', { advantageId: segment ?? 'all', segment, text }),
    ),
  ];
}

interface Hiring {
  readonly name: string;
  readonly departmentId: string;
  readonly roles: readonly string[];
  readonly hiredOn: string;
  readonly position: string;
}

/** Body of HireEmployee. */
const hired = (hiring: Hiring): Record<string, unknown> => ({ ...hiring });
