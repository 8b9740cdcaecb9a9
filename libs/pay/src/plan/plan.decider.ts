import {
  assertNotInFuture,
  type Decider,
  type DecisionContext,
  isClosed,
  localDateOf,
  type WrittenUnion,
  refuse,
  saysTheSame,
  unreachable,
} from '@voronka/kernel';
import type { CompanyFact } from '../indicator/indicator.faults.js';
import { NO_PAYROLL, type PayrollState } from '../payroll/payroll.state.js';
import { NO_REGULATIONS, type RegulationState } from '../pay-regulation/pay-regulation.decider.js';
import type { AuthorFact } from '../shared/author.js';
import { assertAnother, assertPerson, refuseUnseen } from '../shared/two-people.js';
import type {
  ApprovePlanChange,
  PlanCommand,
  ProposePlanChange,
  RejectPlanChange,
  WithdrawPlan,
} from './plan.commands.js';
import type { PlanCellChange } from './plan.document.js';
import type { PlanAssigned, PlanEvent } from './plan.events.js';
import { type AnyCell, cellFaults, changesFrom, type Known, paidIn } from './plan.faults.js';
import { paysHimself } from './plan.interest.js';
import { assertWithinReach, type ReachFacts } from './plan.reach.js';

/** One plan stream is one change. */
export type PlanState =
  | { readonly status: 'none' }
  | {
      readonly status: 'effective' | 'proposed' | 'rejected';
      readonly cells: readonly PlanCellChange[];
      /** Null where it was no proposal. */
      readonly proposedBy: string | null;
      /** Of the preview that the proposer looked at; null where he saw none. */
      readonly previewHash: string | null;
      readonly reason: string;
    };

export interface PlanFacts extends Known {
  readonly company?: CompanyFact;
  /** Left out as long as no month was closed. */
  readonly payroll?: PayrollState;
  /** Left out as long as none was published. */
  readonly regulations?: RegulationState;
  /** The person who acts, or none. */
  readonly author: readonly (AuthorFact | undefined)[];
  readonly above?: ReachFacts['above'];
}

type Context = DecisionContext<PlanFacts>;

export const planDecider: Decider<PlanState, PlanCommand, PlanEvent, PlanFacts> = {
  initialState: () => ({ status: 'none' }),
  evolve,
  decide(command, state, context) {
    assertNotInFuture(context);
    switch (command.type) {
      case 'AssignPlan':
        return changed(command.body, state, context).map((data) => ({ type: 'PlanAssigned', data }));
      case 'RevisePlan':
        return changed(command.body, state, context).map((data) => ({ type: 'PlanRevised', data }));
      case 'WithdrawPlan':
        return withdraw(command.body, state, context);
      case 'ProposePlanChange':
        return propose(command.body, state, context);
      case 'ApprovePlanChange':
        return approve(command.body, state, context);
      case 'RejectPlanChange':
        return reject(command.body, state, context);
      default:
        return unreachable(command);
    }
  },
};

const UNPROPOSED = { proposedBy: null, previewHash: null };

function evolve(state: PlanState, event: WrittenUnion<PlanEvent>): PlanState {
  switch (event.type) {
    case 'PlanAssigned':
    case 'PlanRevised':
      return { status: 'effective', cells: event.data.cells, ...UNPROPOSED, reason: event.data.reason };
    case 'PlanWithdrawn': {
      const cells = event.data.cells.map((cell): PlanCellChange => ({ ...cell, change: 'withdraw' }));
      return { status: 'effective', cells, ...UNPROPOSED, reason: event.data.reason };
    }
    case 'PlanChangeProposed': {
      const { cells, proposedBy, previewHash, reason } = event.data;
      return { status: 'proposed', cells, proposedBy, previewHash, reason };
    }
    case 'PlanChangeApproved':
      return state.status === 'none' ? state : { ...state, status: 'effective' };
    case 'PlanChangeRejected':
      return state.status === 'none' ? state : { ...state, status: 'rejected' };
    default:
      event satisfies never;
      return state;
  }
}

type Opening = { readonly cells: readonly AnyCell[]; readonly reason: string };

/** What the change says; nothing if it was said before. */
function changed(body: Opening, state: PlanState, context: Context): readonly PlanAssigned['data'][] {
  const cells = soundChange(body, context);
  if (isRepeated(state, cells, 'effective')) return [];
  assertOpen(cells, context);
  return [{ cells, reason: body.reason }];
}

function withdraw(body: WithdrawPlan, state: PlanState, context: Context): readonly PlanEvent[] {
  const named = body.cells.map(({ indicator, owner, period }) => ({ indicator, owner, period }));
  const cells = soundChange({ cells: named.map((cell) => ({ ...cell, change: 'withdraw' })) }, context);
  if (isRepeated(state, cells, 'effective')) return [];
  assertOpen(cells, context);
  const withdrawn = cells.map(({ indicator, owner, period }) => ({ indicator, owner, period }));
  return [{ type: 'PlanWithdrawn', data: { cells: withdrawn, reason: body.reason } }];
}

function propose(body: ProposePlanChange, state: PlanState, context: Context): readonly PlanEvent[] {
  const proposedBy = assertPerson(context);
  const cells = soundChange(body, context);
  if (isRepeated(state, cells, 'proposed')) return [];
  const { reason, previewHash = null } = body;
  assertSeen(cells, previewHash, context);
  return [{ type: 'PlanChangeProposed', data: { cells, reason, proposedBy, previewHash } }];
}

function approve(body: ApprovePlanChange, state: PlanState, context: Context): readonly PlanEvent[] {
  const { cells, proposedBy, previewHash, reason } = proposed(state, context);
  assertAnother(context, proposedBy ?? '');
  assertDisinterested(cells, context);
  const faults = cellFaults(cells, context.facts);
  if (faults.length > 0) {
    const detail = 'what it rests on changed since it was proposed, see `faults`: reject it and propose it anew';
    throw refuse.conflict('PLAN_CHANGE_OUTDATED', detail, { plan: context.id, faults });
  }
  // The period may have been closed after it was proposed without.
  assertSeen(cells, previewHash ?? body.previewHash ?? null, context);
  return [{ type: 'PlanChangeApproved', data: { cells, reason, ...(proposedBy === null ? {} : { proposedBy }) } }];
}

function reject({ reason }: RejectPlanChange, state: PlanState, context: Context): readonly PlanEvent[] {
  proposed(state, context);
  return [{ type: 'PlanChangeRejected', data: { reason } }];
}

function proposed(state: PlanState, { id }: Pick<Context, 'id'>): Exclude<PlanState, { status: 'none' }> {
  if (state.status === 'none')
    throw refuse.notFound('PLAN_CHANGE_NOT_FOUND', 'nothing was proposed by this id: check it, or propose first', {
      plan: id,
    });
  if (state.status === 'proposed') return state;
  throw refuse.conflict('PLAN_CHANGE_SETTLED', `it is ${state.status}; propose anew under another id`, { plan: id });
}

/** The same change again changes nothing; another one is another stream. */
function isRepeated(state: PlanState, cells: readonly PlanCellChange[], status: 'effective' | 'proposed'): boolean {
  if (state.status === 'none') return false;
  if (state.status === status && saysTheSame(state.cells, cells)) return true;
  throw refuse.conflict('PLAN_CHANGE_EXISTS', 'one plan is one change: send another one under another id', {});
}

function soundChange({ cells }: Pick<Opening, 'cells'>, context: Context): readonly PlanCellChange[] {
  const { person, roles, now, facts } = context;
  if (facts.company === undefined || facts.company.status === 'none') {
    throw refuse.rule('COMPANY_NOT_CONFIGURED', 'configure the company first');
  }
  const faults = cellFaults(cells, context.facts);
  if (faults.length > 0) {
    throw refuse.rule('PLAN_FAULTY', 'correct the places that `faults` points at and send it again', { faults });
  }
  const changes = changesFrom(cells);
  const day = localDateOf(now, facts.company.zone);
  assertWithinReach(changes, { person, roles, day }, facts);
  assertDisinterested(changes, context);
  return changes;
}

/** Nobody changes what pays himself. */
function assertDisinterested(cells: readonly PlanCellChange[], { person, facts }: Context): void {
  const [author] = facts.author;
  if (person === null || author === undefined) return;
  const regulations = facts.regulations ?? NO_REGULATIONS;
  const own = cells.findIndex((cell) => paysHimself(cell, { person, author, regulations }));
  if (own < 0) return;
  throw refuse.forbidden('OWN_PAY', 'you are paid by this plan: let somebody else change it', { cell: own });
}

/** Index of the first cell whose month is closed; -1: none. */
function closedCell(cells: readonly PlanCellChange[], { facts }: Pick<Context, 'facts'>): number {
  const { closedThrough } = facts.payroll ?? NO_PAYROLL;
  return cells.findIndex(({ period }) => {
    const month = paidIn(period);
    return month !== null && isClosed({ closedThrough }, month);
  });
}

/** Of what touches closed periods somebody has looked at a preview. */
function assertSeen(cells: readonly PlanCellChange[], previewHash: string | null, context: Context): void {
  const closed = closedCell(cells, context);
  if (previewHash === null && closed >= 0) refuseUnseen({ cell: closed, period: cells[closed]?.period });
}

function assertOpen(cells: readonly PlanCellChange[], { facts }: Context): void {
  const closed = closedCell(cells, { facts });
  if (closed < 0) return;
  const { closedThrough } = facts.payroll ?? NO_PAYROLL;
  const detail = 'the period is closed: propose the change, and let somebody else approve it';
  throw refuse.rule('PERIOD_CLOSED', detail, { cell: closed, period: cells[closed]?.period, closedThrough });
}
