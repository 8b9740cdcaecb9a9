import { ROLES } from '@voronka/kernel';
import { queries } from './query.controller.js';

const EVERYBODY = 'admin service manager head director payroll auditor';
/** Those who work with deals: nothing of customers to payroll. */
const OF_DEALS = 'admin service manager head director auditor';
/** Those who see the whole company. */
const OF_ALL = 'admin service director payroll auditor';

/** Who may ask what. Managers and heads are answered within their scope, whatever they ask. */
const TABLE: Readonly<Record<string, string>> = {
  Funnel: EVERYBODY,
  FunnelDrill: EVERYBODY,
  Conversion: EVERYBODY,
  ConversionDrill: EVERYBODY,
  WinRate: EVERYBODY,
  WinRateDrill: EVERYBODY,
  Activity: EVERYBODY,
  ActivityDrill: EVERYBODY,
  Steps: EVERYBODY,
  StepsDrill: EVERYBODY,
  Overview: OF_ALL,
  FunnelAnalysis: EVERYBODY,
  Conformance: EVERYBODY,
  Cohorts: EVERYBODY,
  ConformanceDrill: EVERYBODY,
  FunnelDecomposition: EVERYBODY,
  Indicators: EVERYBODY,
  IndicatorFigures: EVERYBODY,
  IndicatorFiguresDrill: EVERYBODY,
  Payroll: OF_ALL,
  PayDrafts: EVERYBODY,
  PayExplanation: EVERYBODY,
  PayrollExport: OF_ALL,
  PayrollAudit: OF_ALL,
  Statements: EVERYBODY,
  Plans: EVERYBODY,
  PayRegulations: EVERYBODY,
  PlanAttention: EVERYBODY,
  PlanDecomposition: EVERYBODY,
  PlanDepartment: EVERYBODY,
  PlanDistribution: EVERYBODY,
  Deals: OF_DEALS,
  Deal: OF_DEALS,
  ServiceCases: OF_DEALS,
  ServiceCase: OF_DEALS,
  DealHistory: OF_DEALS,
  ServiceCaseHistory: OF_DEALS,
  Events: 'admin auditor',
  DealNext: OF_DEALS,
  DealMigration: OF_DEALS,
  ServiceCaseMigration: OF_DEALS,
  ServiceCaseNext: OF_DEALS,
  Worklist: OF_DEALS,
  Departments: EVERYBODY,
  Employees: EVERYBODY,
  Customers: OF_DEALS,
  CustomerDuplicates: OF_DEALS,
  Portraits: EVERYBODY,
  Questionnaires: EVERYBODY,
  Products: EVERYBODY,
  Calendars: EVERYBODY,
  Reminders: OF_DEALS,
  Absences: OF_DEALS,
  RouteMaps: EVERYBODY,
  RouteMap: EVERYBODY,
};

describe('query × role', () => {
  it('has a line for every query', () => {
    expect(queries.map(({ name }) => name).sort()).toEqual(Object.keys(TABLE).sort());
  });

  const cells = queries.flatMap(({ name, roles }) => ROLES.map((role) => ({ name, role, may: roles.includes(role) })));
  it.each(cells)('$name by $role', ({ name, role, may }) => {
    expect(may).toBe(TABLE[name]?.split(' ').includes(role));
  });

  it('bi reads the schema of the database, and nothing here', () => {
    expect(queries.filter(({ roles }) => roles.includes('bi'))).toEqual([]);
  });
});
