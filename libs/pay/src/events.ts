// The door for read models: event types and the documents they carry, with what follows from a document alone.
export * from './indicator/indicator.document.js';
export * from './indicator/indicator.events.js';
export * from './indicator/indicator.traits.js';
export * from './indicator/indicator.versions.js';
export * from './shared/vocabulary.js';
export * from './payroll/payroll.document.js';
export * from './payroll/payroll.events.js';
export * from './plan/plan.document.js';
export * from './plan/plan.events.js';
export * from './pay-regulation/pay-regulation.document.js';
export * from './pay-regulation/pay-regulation.events.js';
export * from './pay-regulation/pay-regulation.versions.js';
export * from './statement/statement.events.js';
export { type ExportKind, type ExportRow, exportRowsOf } from './payroll/payroll.export.js';
