import {
  assertNotInFuture,
  type Decider,
  type DecisionContext,
  parsePeriod,
  periodBounds,
  previousPeriod,
  refuse,
  unreachable,
} from '@voronka/kernel';
import { ENGINE } from '../calculation/engine.js';
import { inForceOn } from '../pay-regulation/pay-regulation.versions.js';
import { assertAnother, assertPerson } from '../shared/two-people.js';
import { adjust, dispute, type PayrollFacts } from './payroll.books.js';
import type { AbandonClosing, ClosePeriod, CompleteClosing, FailClosing, StopClosing } from './payroll.closing.js';
import type { MarkPaid, PayrollCommand, ReopenPeriod } from './payroll.commands.js';
import type { PayrollEvent } from './payroll.events.js';
import { evolvePayroll, NO_PAYROLL, type PayrollState, type PeriodState, periodState } from './payroll.state.js';

/** The only id: months are closed one after another. */
export const PAYROLL_ID = 'main';

type Context = DecisionContext<PayrollFacts>;

export const payrollDecider: Decider<PayrollState, PayrollCommand, PayrollEvent, PayrollFacts> = {
  initialState: () => NO_PAYROLL,
  evolve: evolvePayroll,
  decide(command, state, context) {
    assertNotInFuture(context);
    if (context.id !== PAYROLL_ID) {
      throw refuse.invalid('PAYROLL_ID_FIXED', `there is one payroll per company: address it as ${PAYROLL_ID}`);
    }
    switch (command.type) {
      case 'ClosePeriod':
        return close(command.body, state, context);
      case 'StopClosing':
        return stop(command.body, state);
      case 'FailClosing':
        return fail(command.body, state);
      case 'ResumeClosing':
        return resume(command.body.period, state);
      case 'AbandonClosing':
        return abandon(command.body, state);
      case 'CompleteClosing':
        return complete(command.body, state);
      case 'MarkPaid':
        return pay(command.body, state);
      case 'ReopenPeriod':
      case 'ApproveReopening':
      case 'RejectReopening':
        return reopen(command, state, context);
      case 'PostManualAdjustment':
      case 'ApproveManualAdjustment':
      case 'RejectManualAdjustment':
        return adjust(command, state, context);
      case 'OpenDispute':
      case 'ResolveDispute':
        return dispute(command, state, context);
      default:
        return unreachable(command);
    }
  },
};

function close({ period, accept }: ClosePeriod, state: PayrollState, context: Context): readonly PayrollEvent[] {
  const { company } = context.facts;
  if (company === undefined || company.status === 'none') {
    throw refuse.rule('COMPANY_NOT_CONFIGURED', 'configure the company first: it says when payroll begins');
  }
  const { status, version } = periodState(state, period);
  if (status !== 'open') {
    throw refuse.conflict(
      'PERIOD_NOT_OPEN',
      BEGUN.includes(status)
        ? `the month is ${status}: go on with it, or give it up`
        : `the month is ${status}: choose an open one`,
      { period },
    );
  }
  if (period < company.firstPayrollPeriod) {
    const { firstPayrollPeriod } = company;
    throw refuse.rule('PERIOD_BEFORE_PAYROLL', 'name a month since payroll began', { period, firstPayrollPeriod });
  }
  const { to } = periodBounds(parsePeriod(period), company.zone);
  if (context.now < to) throw refuse.rule('PERIOD_RUNNING', 'close the month after it has ended', { period, ends: to });
  assertEarlierClosed(period, state, company.firstPayrollPeriod);
  const inForce = inForceOn(context.facts.regulations?.versions ?? [], parsePeriod(period).from);
  const regulations = inForce.map((one) => `${one.regulation}@${one.version}`).sort();
  const data = { period, version: version + 1, accepted: accept ?? [], engine: ENGINE, regulations };
  return [{ type: 'PeriodClosing', data }];
}

function assertEarlierClosed(period: string, state: PayrollState, first: string): void {
  if (period === first) return;
  const { key } = previousPeriod(parsePeriod(period));
  const { status } = periodState(state, key);
  if (status === 'closed' || status === 'paid') return;
  throw refuse.rule('EARLIER_PERIOD_OPEN', 'close the months one after another', { period, earlier: key, status });
}

function stop({ period, version, items }: StopClosing, state: PayrollState): readonly PayrollEvent[] {
  assertClosing(period, version, periodState(state, period));
  return [{ type: 'PeriodClosingStopped', data: { period, version, items } }];
}

function fail({ period, version, at, code, reason }: FailClosing, state: PayrollState): readonly PayrollEvent[] {
  assertClosing(period, version, periodState(state, period));
  return [{ type: 'PeriodClosingFailed', data: { period, version, at, code, reason } }];
}

const BEGUN: readonly string[] = ['closing', 'failed'];

/** Also a closing that is called under way: it may have been given up by a program that knew no failures. */
function resume(period: string, state: PayrollState): readonly PayrollEvent[] {
  const { status, version, began } = periodState(state, period);
  if (began === null || !BEGUN.includes(status)) {
    throw refuse.conflict('PERIOD_NOT_CLOSING', 'no closing of the month is under way or has failed: close the month', {
      period,
      status,
    });
  }
  return [{ type: 'PeriodClosingResumed', data: { period, version, ...began } }];
}

function abandon({ period, reason }: AbandonClosing, state: PayrollState): readonly PayrollEvent[] {
  const { status, version } = periodState(state, period);
  if (!BEGUN.includes(status)) {
    throw refuse.conflict(
      'PERIOD_NOT_CLOSING',
      'no closing of the month is under way or has failed: leave it as it is',
      { period, status },
    );
  }
  return [{ type: 'PeriodClosingAbandoned', data: { period, version, reason } }];
}

function complete(body: CompleteClosing, state: PayrollState): readonly PayrollEvent[] {
  const { period, version, position, eventId, statements, hash, checklist, versions } = body;
  assertClosing(period, version, periodState(state, period));
  const asOf = { position, eventId };
  const data = { period, version, asOf, statements, hash, checklist };
  return [{ type: 'PeriodClosed', data: versions ? { ...data, versions } : data }];
}

function assertClosing(period: string, version: number, state: PeriodState): void {
  if (state.status === 'closing' && state.version === version) return;
  throw refuse.conflict('PERIOD_NOT_CLOSING', 'this closing is under way no more: begin it again', { period, version });
}

function pay({ period, paidOn }: MarkPaid, state: PayrollState): readonly PayrollEvent[] {
  const { status } = periodState(state, period);
  if (status === 'paid') return [];
  if (status !== 'closed') throw refuse.conflict('PERIOD_NOT_CLOSED', 'close the month first', { period, status });
  return [{ type: 'PeriodPaid', data: { period, paidOn } }];
}

type Reopening = Extract<PayrollCommand, { type: 'ReopenPeriod' | 'ApproveReopening' | 'RejectReopening' }>;

function reopen(command: Reopening, state: PayrollState, context: Context): readonly PayrollEvent[] {
  const { period } = command.body;
  const { reopening } = periodState(state, period);
  if (command.type === 'ReopenPeriod') {
    assertReopenable(period, state);
    return proposeReopening(command.body, reopening, context);
  }
  if (reopening === null)
    throw refuse.conflict('REOPENING_NOT_PROPOSED', 'nobody proposed to open it again: propose it first', { period });
  // What cannot be approved any more can still be rejected: else it would be pending for ever.
  if (command.type === 'RejectReopening') {
    return [{ type: 'PeriodReopeningRejected', data: { period, reason: command.body.reason } }];
  }
  assertReopenable(period, state);
  assertAnother(context, reopening);
  return [{ type: 'PeriodReopened', data: { period } }];
}

function assertReopenable(period: string, state: PayrollState): void {
  const { status } = periodState(state, period);
  if (status === 'closed' && state.closedThrough === period) return;
  const detail = 'name the last closed month: no other is opened again, nor one that is paid';
  throw refuse.conflict('PERIOD_NOT_REOPENABLE', detail, { period, status, last: state.closedThrough });
}

function proposeReopening(
  { period, reason }: ReopenPeriod,
  reopening: string | null,
  context: Context,
): readonly PayrollEvent[] {
  const proposedBy = assertPerson(context);
  if (reopening !== null) {
    throw refuse.conflict('REOPENING_PROPOSED', 'it was proposed before: let somebody else approve it', { period });
  }
  return [{ type: 'PeriodReopeningProposed', data: { period, proposedBy, reason } }];
}
