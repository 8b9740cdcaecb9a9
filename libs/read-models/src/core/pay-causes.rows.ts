import type { Recorded, RecordedUnion } from '@voronka/kernel';
import { changesIn, type PlanEvent } from '@voronka/pay/events';
import * as pay from '@voronka/pay/events';
import { type Change, type Row, type RowsProjection, type TableDefinition } from '@voronka/projections';
import * as sales from '@voronka/sales/events';
import { column, optional } from './columns.js';
import { eventTypes } from '../event-types.js';

export const payCauses: TableDefinition = {
  name: 'pay_causes',
  comment: 'One row per reason for counting pay anew: what an event may have changed of it',
  columns: {
    position: column('bigint', 'Position of the event'),
    ordinal: column('integer', 'Place in the event, from 0'),
    kind: column('text', 'facts, plan, regulation, absence, staff, or company: anything that may move every figure'),
    subject: optional(
      'text',
      'Stream of the event; of an absence or of staff the employee; empty for plans and regulations',
    ),
    type: column('text', 'Name of the event'),
    event_id: column('uuid', 'The event'),
    occurred_at: column('timestamptz', 'When it happened in business'),
    indicator: optional('text', 'Of a plan: its cell'),
    owner_kind: optional('text', 'Of a plan: employee, department or company'),
    owner_id: optional('text', 'Of a plan: whose it is'),
    period: optional('text', 'Of a plan: key of the period; of a regulation: first day from which it is in force'),
  },
  primaryKey: ['position', 'ordinal'],
  indexes: [{ columns: ['subject'], include: ['occurred_at'], where: "kind = 'facts'" }],
};

/** Events that no bonus depends on; statements and payroll are read anew by every draft. */
const BESIDE_PAY: readonly object[] = [
  pay.payrollEvents,
  pay.statementEvents,
  sales.reminderEvents,
  // Bonus is counted over sales; service cases have tables of their own.
  sales.serviceCaseEvents,
];
const PLANNED = ['PlanAssigned', 'PlanRevised', 'PlanWithdrawn', 'PlanChangeApproved'];
const WITHOUT_EFFECT = ['PlanChangeProposed', 'PlanChangeRejected', 'PayRegulationProposed', 'PayRegulationRejected'];

/** What no figure, place or term is taken from: counts go by the ids of departments and products, and by lines. */
const NOT_COUNTED = [
  'DepartmentCreated',
  'DepartmentHeadAppointed',
  'AdvantageStated',
  'ProductRetired',
  'ServiceMapAssigned',
  'RouteMapRetired',
  'PortraitUseNoted',
  'QuestionnairePublished',
];
const STAFF = ['EmployeeHired', 'EmployeeTransferred', 'EmployeeDismissed'];

/** What the pay worker reads instead of the log: every event that may move a bonus, and how far. */
export const payCauseRows: RowsProjection = {
  kind: 'rows',
  name: 'pay_causes',
  tables: [payCauses],
  on: Object.fromEntries(
    eventTypes
      .filter((type) => isDealEvent(type) || !BESIDE_PAY.some((some) => type in some))
      .filter((type) => !WITHOUT_EFFECT.includes(type) && !NOT_COUNTED.includes(type))
      .map((type) => [type, rowsFor(type)]),
  ),
};

function isDealEvent(type: string): boolean {
  return type in sales.dealEvents;
}

function rowsFor(type: string): (event: Recorded) => readonly Change[] {
  if (PLANNED.includes(type)) return planned;
  if (type === 'PayRegulationPublished' || type === 'PayRegulationRetired') {
    return (event) => [cause(event, { kind: 'regulation', period: effectiveFrom(event) })];
  }
  if (type === 'AbsenceRecorded' || type === 'AbsenceCancelled') return ofEmployee('absence');
  if (STAFF.includes(type)) return ofEmployee('staff');
  if (type === 'CustomerPersonalDataErased') return (event) => [cause(event, { kind: 'company' })];
  // Steps and activities of service cases bear the names that those of deals do.
  return (event) => {
    if (event.stream.startsWith('serviceCase-')) return [];
    const isFacts = event.stream.startsWith('deal-') || event.stream.startsWith('customer-');
    return [cause(event, { kind: isFacts ? 'facts' : 'company', subject: event.stream })];
  };
}

function ofEmployee(kind: 'absence' | 'staff'): (event: Recorded) => readonly Change[] {
  return (event) => [cause(event, { kind, subject: event.stream.slice('employee-'.length) })];
}

function planned(recorded: Recorded): readonly Change[] {
  return changesIn(recorded as RecordedUnion<PlanEvent>).map(({ indicator, owner, period }, ordinal) =>
    cause(recorded, { kind: 'plan', ordinal, indicator, owner_kind: owner.kind, owner_id: owner.id, period }),
  );
}

function effectiveFrom({ data }: Recorded): string {
  return (data as { readonly effectiveFrom: string }).effectiveFrom;
}

/** Columns that not every cause has, and its kind. */
interface Said {
  readonly kind: string;
  readonly ordinal?: number;
  readonly subject?: string;
  readonly indicator?: string;
  readonly owner_kind?: string;
  readonly owner_id?: string;
  readonly period?: string;
}

// One plain literal: nearly every event has such a row, and an object put together from several is a slow one.
function cause({ position, metadata, type, eventId }: Recorded, said: Said): Change {
  const row: Row = {
    position,
    ordinal: said.ordinal ?? 0,
    kind: said.kind,
    subject: said.subject ?? null,
    type,
    event_id: eventId,
    occurred_at: metadata.occurredAt,
    indicator: said.indicator ?? null,
    owner_kind: said.owner_kind ?? null,
    owner_id: said.owner_id ?? null,
    period: said.period ?? null,
  };
  return { op: 'insert', table: payCauses.name, row };
}
