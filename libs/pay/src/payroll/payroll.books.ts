import { type DecisionContext, isClosed, refuse } from '@voronka/kernel';
import type { RegulationVersion } from '../pay-regulation/pay-regulation.versions.js';
import { assertAnother, assertPerson } from '../shared/two-people.js';
import type { OpenDispute, PayrollCommand, PostManualAdjustment } from './payroll.commands.js';
import type { PayrollEvent } from './payroll.events.js';
import { type ManualState, type PayrollState, periodState } from './payroll.state.js';

/** What payroll needs to know of the company. */
export type PayCompanyFact =
  | { readonly status: 'none' }
  | { readonly status: 'configured'; readonly zone: string; readonly firstPayrollPeriod: string };

export interface PayrollFacts {
  readonly company?: PayCompanyFact;
  /** All regulations, where a closing is to name those in force. */
  readonly regulations?: { readonly versions: readonly RegulationVersion[] };
  /** Whom an adjustment by hand or a dispute is for; left out where nobody was ever hired by that id. */
  readonly employee?: { readonly status: string };
}

type Context = Pick<DecisionContext<PayrollFacts>, 'person' | 'roles' | 'facts'>;
type Adjusting = Extract<PayrollCommand, { type: `${string}ManualAdjustment` }>;
type Disputing = Extract<PayrollCommand, { type: `${string}Dispute` }>;

/** Adjustments by hand: proposed by one person, posted or rejected by another. */
export function adjust(command: Adjusting, state: PayrollState, context: Context): readonly PayrollEvent[] {
  if (command.type === 'PostManualAdjustment') return proposeAdjustment(command.body, state, context);
  const { adjustmentId } = command.body;
  const { data } = proposed(adjustmentId, state);
  assertAnother(context, data.proposedBy);
  if (command.type === 'RejectManualAdjustment') {
    return [{ type: 'ManualAdjustmentRejected', data: { adjustmentId, reason: command.body.reason } }];
  }
  assertNotClosed(data.period, state);
  // It may have been opened again since: what two people agree on is the difference of a statement that stands.
  assertSettles(data.settles, state);
  if (context.person === data.employeeId) {
    throw refuse.forbidden('OWN_PAY', 'you are paid by this: let somebody else approve it', { adjustmentId });
  }
  return [{ type: 'ManualAdjustmentPosted', data: { adjustmentId } }];
}

function proposeAdjustment(body: PostManualAdjustment, state: PayrollState, context: Context): readonly PayrollEvent[] {
  const proposedBy = assertPerson(context);
  const { adjustmentId, employeeId, period, amountKopecks, reason } = body;
  const settles = body.settles ?? null;
  if (state.manual[adjustmentId] !== undefined) {
    throw refuse.conflict('ADJUSTMENT_EXISTS', 'give the adjustment an id of its own', { adjustmentId });
  }
  if (proposedBy === employeeId) {
    throw refuse.forbidden('OWN_PAY', 'you are paid by this: let somebody else propose it', { adjustmentId });
  }
  assertEmployee(employeeId, context);
  assertWithinPayroll([period, ...(settles === null ? [] : [settles])], context);
  assertNotClosed(period, state);
  assertSettles(settles, state);
  const data = { adjustmentId, employeeId, period, amountKopecks, settles, proposedBy, reason };
  return [{ type: 'ManualAdjustmentProposed', data }];
}

function assertEmployee(employeeId: string, { facts }: Context): void {
  if ((facts.employee?.status ?? 'none') !== 'none') return;
  throw refuse.rule('EMPLOYEE_NOT_FOUND', 'nobody was hired by this id: name an employee', { employeeId });
}

/** No statement carries a month before the first of payroll, and none settles it. */
function assertWithinPayroll(months: readonly string[], { facts: { company } }: Context): void {
  if (company === undefined || company.status === 'none') {
    throw refuse.rule('COMPANY_NOT_CONFIGURED', 'configure the company first: it says when payroll begins');
  }
  const { firstPayrollPeriod } = company;
  const period = months.find((month) => month < firstPayrollPeriod);
  if (period === undefined) return;
  throw refuse.rule('PERIOD_BEFORE_PAYROLL', 'name a month since payroll began', { period, firstPayrollPeriod });
}

function assertNotClosed(period: string, state: PayrollState): void {
  if (!isClosed(state, period)) return;
  const { closedThrough } = state;
  throw refuse.rule('PERIOD_CLOSED', 'let the statement of an open month carry it', { period, closedThrough });
}

/** While a closing is under way, or has failed, nothing is posted yet from which a month could differ. */
function assertSettles(settles: string | null, state: PayrollState): void {
  if (settles === null) return;
  const { status } = periodState(state, settles);
  if (status === 'closed' || status === 'paid') return;
  const detail = 'only the difference of a closed month can be settled: name one, or wait until this one is closed';
  throw refuse.rule('SETTLES_OPEN_PERIOD', detail, { settles, status });
}

function proposed(adjustmentId: string, state: PayrollState): ManualState {
  const found = state.manual[adjustmentId];
  if (found === undefined)
    throw refuse.notFound('ADJUSTMENT_NOT_FOUND', 'no such adjustment was proposed: check the id', { adjustmentId });
  if (found.status === 'proposed') return found;
  throw refuse.conflict('ADJUSTMENT_SETTLED', `it was ${found.status} before: propose another adjustment`, {
    adjustmentId,
  });
}

/** Disputes: opened by whoever is paid, or for him; resolved by payroll. */
export function dispute(command: Disputing, state: PayrollState, context: Context): readonly PayrollEvent[] {
  if (command.type === 'OpenDispute') return openDispute(command.body, state, context);
  const { disputeId, outcome, reason } = command.body;
  const found = state.disputes[disputeId];
  if (found === undefined)
    throw refuse.notFound('DISPUTE_NOT_FOUND', 'no such dispute was opened: check the id', { disputeId });
  if (found.status === 'resolved')
    throw refuse.conflict('DISPUTE_RESOLVED', 'it was answered before: open another dispute', { disputeId });
  return [{ type: 'DisputeResolved', data: { disputeId, outcome, reason } }];
}

function openDispute(body: OpenDispute, state: PayrollState, context: Context): readonly PayrollEvent[] {
  const openedBy = assertPerson(context);
  const { disputeId, employeeId, period, rules, reason } = body;
  assertEmployee(employeeId, context);
  const onlyOwn = context.roles.length > 0 && context.roles.every((role) => role === 'manager');
  if (onlyOwn && openedBy !== employeeId) {
    throw refuse.forbidden('NOT_OWN_STATEMENT', 'doubt your own statement', { employeeId });
  }
  if (state.disputes[disputeId] !== undefined) {
    throw refuse.conflict('DISPUTE_EXISTS', 'give the dispute an id of its own', { disputeId });
  }
  return [{ type: 'DisputeOpened', data: { disputeId, period, employeeId, rules: rules ?? [], openedBy, reason } }];
}
