import type { Role } from '@voronka/kernel';
import {
  absencesList,
  calendarsList,
  customersList,
  departmentsList,
  duplicatesList,
  employeesList,
  portraitsList,
  productsList,
  questionnairesList,
  remindersList,
  routeMapsList,
} from '@voronka/read-models';
import { FIGURE_READERS } from './figure.queries.js';
import { PagedParams } from './params.js';
import {
  askCore,
  defineQuery,
  type QueryDefinition,
  type QuerySources,
  type ScopedContext,
} from './query.definition.js';
import { DEAL_READERS } from './record.queries.js';

export class ReferenceQuery extends PagedParams {}

interface ReferenceList {
  readonly name: string;
  readonly path: string;
  readonly summary: string;
  readonly roles: readonly Role[];
  readonly read: (context: ScopedContext, params: ReferenceQuery) => Promise<object>;
}

const lists: readonly ReferenceList[] = [
  {
    name: 'Departments',
    path: 'departments',
    summary: 'Departments, with the one above and who heads them.',
    roles: FIGURE_READERS,
    read: departmentsList,
  },
  {
    name: 'Employees',
    path: 'employees',
    summary: 'Employees and robots, with the department and position they have at T.',
    roles: FIGURE_READERS,
    read: employeesList,
  },
  {
    name: 'Customers',
    path: 'customers',
    summary: 'Customers, with segment and portrait at T, and with whom they share a tax number, phone or e-mail.',
    roles: DEAL_READERS,
    read: customersList,
  },
  {
    name: 'CustomerDuplicates',
    path: 'customers/duplicates',
    summary: 'Tax numbers, phones and e-mails that several customers have, by keyed hash: which customers share one.',
    roles: DEAL_READERS,
    read: duplicatesList,
  },
  {
    name: 'Portraits',
    path: 'portraits',
    summary: 'The portrait: what is asked of every customer, and the segments that follow.',
    roles: FIGURE_READERS,
    read: portraitsList,
  },
  {
    name: 'Questionnaires',
    path: 'questionnaires',
    summary: 'Questionnaires, every version with its fields.',
    roles: FIGURE_READERS,
    read: questionnairesList,
  },
  {
    name: 'Products',
    path: 'products',
    summary: 'Products and their lines.',
    roles: FIGURE_READERS,
    read: productsList,
  },
  {
    name: 'Calendars',
    path: 'calendars',
    summary: 'The working calendar: weekly hours, days that differ, and the years whose days are all stated.',
    roles: FIGURE_READERS,
    read: calendarsList,
  },
  {
    name: 'Reminders',
    path: 'reminders',
    summary: 'Reminders of overdue steps and activities, the latest first: one’s own, of a head’s people, or all.',
    roles: DEAL_READERS,
    read: (context, params) => remindersList(context, context.scope, params),
  },
  {
    name: 'Absences',
    path: 'absences',
    summary: 'Absences, the latest first: one’s own, of a head’s people, or all.',
    roles: DEAL_READERS,
    read: (context, params) => absencesList(context, context.scope, params),
  },
  {
    name: 'RouteMaps',
    path: 'route-maps',
    summary: 'Route maps, every version with its steps.',
    roles: FIGURE_READERS,
    read: routeMapsList,
  },
];

export const referenceQueries: readonly QueryDefinition[] = lists.map(({ name, path, summary, roles, read }) =>
  defineQuery({
    name,
    path,
    summary,
    roles,
    params: ReferenceQuery,
    example: { limit: '10' },
    answer: (sources: QuerySources, params: ReferenceQuery) =>
      askCore(sources, params, (context) => read(context, params)),
  }),
);
