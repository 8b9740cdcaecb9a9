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
export { type Draft, type Drafts, draftsOf, ENGINE, hashOf, payContext } from './statements.js';
export * from './explanation.js';
export * from './export.js';
export * from './lists.js';
export { type PlanRow, plansOf, type PlansAnswer, type PlansParams } from './plans.js';
export * from './checklist.js';
