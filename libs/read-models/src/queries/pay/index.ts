export { LANGUAGES, type Language } from '@voronka/pay/calculation';
export { type Bonuses, bonusesOf, type CurrentBonus, type CurrentBonuses, type EmployeeBonus } from './bonuses.js';
export {
  closedMonths,
  earliestOpen,
  issuedAt,
  type IssuedStatement,
  isClosedMonth,
  type Payroll,
  payrollAt,
  type PayrollPeriod,
} from './payroll.js';
export { payContext } from './context-of-pay.js';
export { ENGINE } from '@voronka/pay/calculation';
export * from './audit.js';
export { type Draft, type Drafts, draftsOf, hashOf, hashOfLines } from './statements.js';
export { type ShownDispute, withDisputes } from './disputes.js';
export * from './explanation.js';
export * from './export.js';
export * from './lists.js';
export { type PlanRow, plansOf, type PlansAnswer, type PlansParams } from './plans.js';
export * from './checklist.js';
export * from './attention.js';
export * from './plan-decomposition.js';
export { departmentCells, type DepartmentPlan, type PlannedCell } from './plan-work.js';
export * from './preview.js';
