import type { Recorded, RecordedUnion } from '@voronka/kernel';
import type { PayrollEvent } from '@voronka/pay/events';
import { type Change, defineFold, type FoldProjection, type Row, type TableDefinition } from '@voronka/projections';
import { closing, insertion } from './known-rows.js';
import { disputes, payProposals, payrollPeriods } from './pay.tables.js';
import { thingOf } from './thing-id.js';

/** The one row of a key that is believed, and since when; rows hold documents, which are JSON as they are. */
interface Latest {
  readonly row: Row | null;
  readonly from: string;
}

const NOTHING: Latest = { row: null, from: '' };

/** Puts a row in the place of the one before. */
function latest(
  table: TableDefinition,
  before: Latest,
  row: Row,
  { position, eventId }: Recorded,
): { state: Latest; changes: Change[] } {
  const natural = table.primaryKey.filter((name) => name !== 'known_from');
  const key = Object.fromEntries(natural.map((name) => [name, row[name] ?? null]));
  const after = { ...row, event_id: eventId };
  const closed = before.row === null ? [] : [closing(table, key, before.from, position)];
  return { state: { row: after, from: String(position) }, changes: [...closed, insertion(table, after, position)] };
}

interface Settling {
  readonly kind: 'plan' | 'regulation' | 'reopening' | 'manual';
  readonly status: 'proposed' | 'approved' | 'rejected';
}

/** Events of what takes two people, and the member of their data that names it; none: the stream's id does. */
const SETTLING: Readonly<Record<string, Settling & { readonly id?: string }>> = {
  PlanChangeProposed: { kind: 'plan', status: 'proposed' },
  PlanChangeApproved: { kind: 'plan', status: 'approved' },
  PlanChangeRejected: { kind: 'plan', status: 'rejected' },
  PayRegulationProposed: { kind: 'regulation', status: 'proposed', id: 'proposal' },
  PayRegulationPublished: { kind: 'regulation', status: 'approved', id: 'proposal' },
  PayRegulationRetired: { kind: 'regulation', status: 'approved', id: 'proposal' },
  PayRegulationRejected: { kind: 'regulation', status: 'rejected', id: 'proposal' },
  PeriodReopeningProposed: { kind: 'reopening', status: 'proposed', id: 'period' },
  PeriodReopened: { kind: 'reopening', status: 'approved', id: 'period' },
  PeriodReopeningRejected: { kind: 'reopening', status: 'rejected', id: 'period' },
  ManualAdjustmentProposed: { kind: 'manual', status: 'proposed', id: 'adjustmentId' },
  ManualAdjustmentPosted: { kind: 'manual', status: 'approved', id: 'adjustmentId' },
  ManualAdjustmentRejected: { kind: 'manual', status: 'rejected', id: 'adjustmentId' },
};

/** Null for a regulation that was published without a proposal. */
function proposalOf({ type, data, stream }: Recorded): (Settling & { readonly id: string }) | null {
  const found = SETTLING[type];
  if (found === undefined) return null;
  const id: unknown = found.id === undefined ? thingOf(stream).id : Reflect.get(data, found.id);
  return typeof id === 'string' ? { kind: found.kind, status: found.status, id } : null;
}

function settled(before: Latest, event: Recorded): { state: Latest; changes: Change[] } {
  const found = proposalOf(event);
  if (found === null) return { state: before, changes: [] };
  const { kind, id, status } = found;
  // What was proposed stays in the row; what settles it adds its own word.
  const proposed = status === 'proposed' ? {} : (before.row?.['data'] as object | undefined);
  const data = { ...proposed, ...event.data };
  const told = { person: event.metadata.person, recorded_at: event.recordedAt };
  return latest(payProposals, before, { kind, proposal: id, status, data, ...told }, event);
}

export const payProposalsFold: FoldProjection = defineFold<Latest>({
  kind: 'fold',
  name: 'pay_proposals',
  tables: [payProposals],
  key: (event) => {
    const found = proposalOf(event);
    return found === null ? null : `${found.kind}:${found.id}`;
  },
  initialState: () => NOTHING,
  on: Object.fromEntries(Object.keys(SETTLING).map((type) => [type, settled])),
});

const STATUS: Readonly<Record<string, string>> = {
  PeriodClosing: 'closing',
  PeriodClosingStopped: 'stopped',
  PeriodClosingFailed: 'failed',
  PeriodClosingResumed: 'closing',
  PeriodClosingAbandoned: 'abandoned',
  PeriodClosed: 'closed',
  PeriodPaid: 'paid',
  PeriodReopened: 'reopened',
};

function period(before: Latest, event: Recorded): { state: Latest; changes: Change[] } {
  const data = event.data as { readonly period: string; readonly version?: number };
  const version = data.version ?? Number(before.row?.['version'] ?? 0);
  const status = STATUS[event.type] ?? 'closing';
  // A month that is paid is still the one that was closed: as of where, with how many statements, under which hash.
  const told = status === 'paid' ? { ...(before.row?.['data'] as object | undefined), ...data } : data;
  return latest(payrollPeriods, before, { period: data.period, status, version, data: told }, event);
}

export const payrollPeriodsFold: FoldProjection = defineFold<Latest>({
  kind: 'fold',
  name: 'payroll_periods',
  tables: [payrollPeriods],
  key: ({ data }) => ('period' in data && typeof data.period === 'string' ? data.period : null),
  initialState: () => NOTHING,
  on: Object.fromEntries(Object.keys(STATUS).map((type) => [type, period])),
});

function dispute(before: Latest, recorded: Recorded): { state: Latest; changes: Change[] } {
  const event = recorded as RecordedUnion<Extract<PayrollEvent, { type: 'DisputeOpened' | 'DisputeResolved' }>>;
  if (event.type === 'DisputeOpened') {
    const { disputeId, period: month, employeeId } = event.data;
    const row = { dispute_id: disputeId, period: month, employee_id: employeeId, status: 'open' };
    return latest(disputes, before, { ...row, opened_at: String(event.position), data: event.data }, event);
  }
  if (before.row === null) return { state: before, changes: [] };
  const { outcome, reason } = event.data;
  const data = { ...(before.row['data'] as object), answer: reason };
  return latest(disputes, before, { ...before.row, status: outcome, data }, event);
}

export const disputesFold: FoldProjection = defineFold<Latest>({
  kind: 'fold',
  name: 'disputes',
  tables: [disputes],
  key: ({ data }) => ('disputeId' in data && typeof data.disputeId === 'string' ? data.disputeId : null),
  initialState: () => NOTHING,
  on: { DisputeOpened: dispute, DisputeResolved: dispute },
});
