import * as pay from '@voronka/pay/events';
import * as sales from '@voronka/sales/events';

/** Names of every event the log may hold, for what reads all of them. */
export const eventTypes: readonly string[] = distinct([
  sales.companyEvents,
  sales.calendarEvents,
  sales.departmentEvents,
  sales.employeeEvents,
  sales.customerEvents,
  sales.portraitEvents,
  sales.questionnaireEvents,
  sales.productEvents,
  sales.routeMapEvents,
  sales.dealEvents,
  sales.serviceCaseEvents,
  sales.reminderEvents,
  pay.indicatorEvents,
  pay.planEvents,
  pay.payRegulationEvents,
  pay.payrollEvents,
  pay.statementEvents,
]);

/** Names in order; things may share events. */
function distinct(definitions: readonly object[]): readonly string[] {
  return [...new Set(definitions.flatMap((some) => Object.keys(some)))];
}
