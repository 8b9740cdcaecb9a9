// The only door for read models: event types, their definitions, and the documents they carry. No decisions.
export * from './calendar/calendar.events.js';
export * from './company/company.events.js';
export * from './customer/customer.events.js';
export * from './deal/deal.events.js';
export * from './department/department.events.js';
export * from './employee/employee.events.js';
export * from './form/form.document.js';
export * from './product/product.events.js';
export * from './reminder/reminder.events.js';
export * from './route-map/route-map.document.js';
export * from './route-map/route-map.events.js';
export * from './service-case/service-case.events.js';
export * from './service-case/service-case.way.events.js';
export * from './shared/answers.js';
