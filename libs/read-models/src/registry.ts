import type { ProjectionSet } from '@voronka/projections';
import { auditRows } from './audit/audit.rows.js';
import { absencesFold } from './core/absences.fold.js';
import { companyFold } from './core/company.fold.js';
import { calendarsFold, indicatorsFold, indicatorVersionRows } from './core/definitions.folds.js';
import { customersFold, productsFold } from './core/customer.folds.js';
import { dealFold } from './core/deal.fold.js';
import { logClockFold } from './core/log-clock.fold.js';
import { disputesFold, payProposalsFold, payrollPeriodsFold } from './core/pay.folds.js';
import { payCauseRows } from './core/pay-causes.rows.js';
import { planChangeRows, regulationVersionRows, statementRows } from './core/pay.rows.js';
import { reminderRows } from './core/reminders.rows.js';
import { portraitsFold, questionnaireRows } from './core/portrait.folds.js';
import { routeMapsFold } from './core/route-maps.fold.js';
import { otherSide, serviceCasesFold, serviceVariant } from './core/service-cases.fold.js';
import { departmentsFold, employeesFold } from './core/staff.folds.js';
import { workingRolesFold } from './core/working-roles.fold.js';

/** What sales figures are counted from: tables that are joined belong together. */
export const coreSet: ProjectionSet = {
  name: 'core',
  version: 17,
  // What others look up comes before them.
  projections: [
    companyFold,
    routeMapsFold,
    departmentsFold,
    employeesFold,
    absencesFold,
    workingRolesFold,
    portraitsFold,
    questionnaireRows,
    customersFold,
    productsFold,
    calendarsFold,
    indicatorsFold,
    indicatorVersionRows,
    planChangeRows,
    regulationVersionRows,
    statementRows,
    payProposalsFold,
    payrollPeriodsFold,
    disputesFold,
    logClockFold,
    dealFold,
    serviceCasesFold,
    reminderRows,
    payCauseRows,
  ],
  // Asked about service, the questions of sales are asked of the service cases.
  variants: { service: { ...serviceVariant, ...otherSide } },
  erasures: { CustomerPersonalDataErased: ({ stream }) => stream },
};

/** Who did what, for auditors. */
export const auditSet: ProjectionSet = { name: 'audit', version: 1, projections: [auditRows] };

/** Every set that the projector keeps. */
export const projectionSets: readonly ProjectionSet[] = [coreSet, auditSet];
