import type { ClosedMonths, WrittenUnion } from '@voronka/kernel';
import type { ManualAdjustmentProposed, PayrollEvent, PeriodClosingResumed } from './payroll.events.js';

/** `failed`: a closing that could not go on; the month counts as being closed until it is abandoned. */
export type PeriodStatus = 'open' | 'closing' | 'failed' | 'closed' | 'paid';

export interface PeriodState {
  readonly status: PeriodStatus;
  /** Of the last closing that began; 0 before the first. */
  readonly version: number;
  /** Who proposed to open it again; null where nobody did. */
  readonly reopening: string | null;
  /** Where the last closing began, and what it accepts; null before the first. */
  readonly began: Pick<PeriodClosingResumed['data'], 'asOf' | 'accepted'> | null;
}

export interface ManualState {
  readonly status: 'proposed' | 'posted' | 'rejected';
  readonly data: ManualAdjustmentProposed['data'];
}

/** The one payroll of the company; months by key. Immutable: every change makes new maps. */
export interface PayrollState extends ClosedMonths {
  readonly periods: Readonly<Record<string, PeriodState>>;
  readonly manual: Readonly<Record<string, ManualState>>;
  readonly disputes: Readonly<Record<string, { readonly status: 'open' | 'resolved'; readonly period: string }>>;
}

export const NO_PAYROLL: PayrollState = { periods: {}, manual: {}, disputes: {}, closedThrough: null };
const OPEN: PeriodState = { status: 'open', version: 0, reopening: null, began: null };

export function periodState({ periods }: PayrollState, month: string): PeriodState {
  return periods[month] ?? OPEN;
}

export function evolvePayroll(state: PayrollState, event: WrittenUnion<PayrollEvent>): PayrollState {
  switch (event.type) {
    case 'PeriodClosing': {
      const { period, version, accepted } = event.data;
      const began = { asOf: { position: String(event.position), eventId: event.eventId }, accepted };
      return withPeriod(state, period, { status: 'closing', version, reopening: null, began });
    }
    case 'PeriodClosingFailed':
      return withPeriod(state, event.data.period, { status: 'failed' });
    case 'PeriodClosingResumed':
      return withPeriod(state, event.data.period, { status: 'closing' });
    case 'PeriodClosingAbandoned':
    case 'PeriodClosingStopped':
    case 'PeriodReopened':
      return withPeriod(state, event.data.period, { status: 'open', reopening: null });
    case 'PeriodClosed':
      return withPeriod(state, event.data.period, { status: 'closed', version: event.data.version });
    case 'PeriodPaid':
      return withPeriod(state, event.data.period, { status: 'paid' });
    case 'PeriodReopeningProposed':
      return withPeriod(state, event.data.period, { reopening: event.data.proposedBy });
    case 'PeriodReopeningRejected':
      return withPeriod(state, event.data.period, { reopening: null });
    case 'ManualAdjustmentProposed':
    case 'ManualAdjustmentPosted':
    case 'ManualAdjustmentRejected':
    case 'DisputeOpened':
    case 'DisputeResolved':
      return evolveBooks(state, event);
    default:
      event satisfies never;
      return state;
  }
}

type BookEvent = Exclude<PayrollEvent, { type: `Period${string}` }>;

function evolveBooks(state: PayrollState, event: WrittenUnion<BookEvent>): PayrollState {
  switch (event.type) {
    case 'ManualAdjustmentProposed':
      return withManual(state, event.data.adjustmentId, { status: 'proposed', data: event.data });
    case 'ManualAdjustmentPosted':
    case 'ManualAdjustmentRejected': {
      const known = state.manual[event.data.adjustmentId];
      if (known === undefined) return state;
      const status = event.type === 'ManualAdjustmentPosted' ? 'posted' : 'rejected';
      return withManual(state, event.data.adjustmentId, { ...known, status });
    }
    case 'DisputeOpened':
      return withDispute(state, event.data.disputeId, { status: 'open', period: event.data.period });
    case 'DisputeResolved': {
      const known = state.disputes[event.data.disputeId];
      return known === undefined ? state : withDispute(state, event.data.disputeId, { ...known, status: 'resolved' });
    }
    default:
      event satisfies never;
      return state;
  }
}

function withPeriod(state: PayrollState, month: string, change: Partial<PeriodState>): PayrollState {
  const periods = { ...state.periods, [month]: { ...periodState(state, month), ...change } };
  const closed = Object.keys(periods).filter((key) => periods[key]?.status !== 'open');
  return { ...state, periods, closedThrough: closed.sort().at(-1) ?? null };
}

function withManual(state: PayrollState, id: string, manual: ManualState): PayrollState {
  return { ...state, manual: { ...state.manual, [id]: manual } };
}

function withDispute(state: PayrollState, id: string, dispute: PayrollState['disputes'][string]): PayrollState {
  return { ...state, disputes: { ...state.disputes, [id]: dispute } };
}
