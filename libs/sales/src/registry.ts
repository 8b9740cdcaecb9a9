import { defineThing, type Thing } from '@voronka/kernel';
import { calendarCommands } from './calendar/calendar.commands.js';
import { calendarDecider } from './calendar/calendar.decider.js';
import { calendarEvents } from './calendar/calendar.events.js';
import { companyCommands } from './company/company.commands.js';
import { companyDecider } from './company/company.decider.js';
import { companyEvents } from './company/company.events.js';
import { customerCommands } from './customer/customer.commands.js';
import { customerDecider } from './customer/customer.decider.js';
import { customerEvents } from './customer/customer.events.js';
import { dealDecider } from './deal/deal.decider.js';
import { dealCommands } from './deal/deal.definitions.js';
import { dealEvents } from './deal/deal.events.js';
import { departmentCommands } from './department/department.commands.js';
import { departmentDecider } from './department/department.decider.js';
import { departmentEvents } from './department/department.events.js';
import { employeeCommands } from './employee/employee.commands.js';
import { employeeDecider } from './employee/employee.decider.js';
import { employeeEvents } from './employee/employee.events.js';
import { portraitCommands } from './portrait/portrait.commands.js';
import { portraitDecider } from './portrait/portrait.decider.js';
import { portraitEvents } from './portrait/portrait.events.js';
import { productCommands } from './product/product.commands.js';
import { productDecider } from './product/product.decider.js';
import { productEvents } from './product/product.events.js';
import { questionnaireCommands } from './questionnaire/questionnaire.commands.js';
import { questionnaireDecider } from './questionnaire/questionnaire.decider.js';
import { questionnaireEvents } from './questionnaire/questionnaire.events.js';
import { reminderCommands, reminderDecider } from './reminder/reminder.decider.js';
import { reminderEvents } from './reminder/reminder.events.js';
import { routeMapCommands } from './route-map/route-map.commands.js';
import { routeMapDecider } from './route-map/route-map.decider.js';
import { routeMapEvents } from './route-map/route-map.events.js';
import { serviceCaseDecider } from './service-case/service-case.decider.js';
import { serviceCaseCommands } from './service-case/service-case.definitions.js';
import { serviceCaseEvents } from './service-case/service-case.events.js';

/** Every kind of thing in the sales rooms: what the API offers, the log keeps and the documentation lists. */
export const salesThings: readonly Thing[] = [
  defineThing({
    category: 'company',
    collection: 'companies',
    summary: 'The company of this installation: its zone, currency and limits.',
    decider: companyDecider,
    commands: companyCommands,
    events: companyEvents,
  }),
  defineThing({
    category: 'calendar',
    collection: 'calendars',
    summary: 'Working days and hours.',
    decider: calendarDecider,
    commands: calendarCommands,
    events: calendarEvents,
  }),
  defineThing({
    category: 'department',
    collection: 'departments',
    summary: 'A department, with a department above it and a head.',
    decider: departmentDecider,
    commands: departmentCommands,
    events: departmentEvents,
  }),
  defineThing({
    category: 'employee',
    collection: 'employees',
    summary: 'Somebody who works here (or a robot), with department, position and working roles.',
    decider: employeeDecider,
    commands: employeeCommands,
    events: employeeEvents,
  }),
  defineThing({
    category: 'customer',
    collection: 'customers',
    summary: 'A customer with portrait and segment.',
    decider: customerDecider,
    commands: customerCommands,
    events: customerEvents,
  }),
  defineThing({
    category: 'portrait',
    collection: 'portraits',
    summary: 'What is asked of every customer whatever the deal, and the segments that follow from the answers.',
    decider: portraitDecider,
    commands: portraitCommands,
    events: portraitEvents,
  }),
  defineThing({
    category: 'questionnaire',
    collection: 'questionnaires',
    summary: 'A questionnaire, described once and asked by steps of any route maps.',
    decider: questionnaireDecider,
    commands: questionnaireCommands,
    events: questionnaireEvents,
  }),
  defineThing({
    category: 'product',
    collection: 'products',
    summary: 'A product of a product line, with what speaks for it.',
    decider: productDecider,
    commands: productCommands,
    events: productEvents,
  }),
  defineThing({
    category: 'routeMap',
    collection: 'route-maps',
    summary: 'A route map: the versioned step-by-step plan of working with a customer.',
    decider: routeMapDecider,
    commands: routeMapCommands,
    events: routeMapEvents,
  }),
  defineThing({
    category: 'deal',
    collection: 'deals',
    summary: 'A customer’s way along one version of a route map.',
    decider: dealDecider,
    commands: dealCommands,
    events: dealEvents,
  }),
  defineThing({
    category: 'serviceCase',
    collection: 'service-cases',
    summary: 'A customer’s way along one version of a service route map, after the sale.',
    decider: serviceCaseDecider,
    commands: serviceCaseCommands,
    events: serviceCaseEvents,
  }),
  defineThing({
    category: 'reminder',
    collection: 'reminders',
    summary: 'A reminder of an overdue step or activity.',
    decider: reminderDecider,
    commands: reminderCommands,
    events: reminderEvents,
  }),
];
