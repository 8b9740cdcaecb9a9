import * as pay from '@voronka/pay/events';
import * as sales from '@voronka/sales/events';

/** Names of every event the log may hold, for what reads all of them. */
export const eventTypes: readonly string[] = [
  sales.companyEvents,
  sales.calendarEvents,
  sales.departmentEvents,
  sales.employeeEvents,
  sales.customerEvents,
  sales.productEvents,
  sales.routeMapEvents,
  sales.dealEvents,
  pay.indicatorEvents,
  pay.planEvents,
  pay.payRegulationEvents,
  pay.payrollEvents,
  pay.statementEvents,
].flatMap((definitions) => Object.keys(definitions));
