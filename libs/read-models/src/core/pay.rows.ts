import type { Recorded, RecordedUnion } from '@voronka/kernel';
import {
  changesIn,
  type PayRegulationPublished,
  type PayRegulationRetired,
  type PlanCellChange,
  type PlanEvent,
  type StatementIssued,
} from '@voronka/pay/events';
import type { Row, RowsProjection } from '@voronka/projections';
import { insertion } from './known-rows.js';
import { planChanges, regulationVersions, statements } from './pay.tables.js';
import { thingOf } from './thing-id.js';

/** Changes of plans that count: a row per cell, for ever; the plan at K is the fold of those known then. */
export const planChangeRows: RowsProjection = {
  kind: 'rows',
  name: 'plan_changes',
  tables: [planChanges],
  on: { PlanAssigned: changed, PlanRevised: changed, PlanWithdrawn: changed, PlanChangeApproved: changed },
};

function changed(recorded: Recorded) {
  const event = recorded as RecordedUnion<PlanEvent>;
  const { eventId, position, recordedAt, metadata, data } = event;
  const common: Row = {
    plan_id: thingOf(event.stream).id,
    author: metadata.person,
    recorded_at: recordedAt,
    proposed_by: ('proposedBy' in data ? data.proposedBy : null) ?? null,
    reason: ('reason' in data ? data.reason : null) ?? null,
    event_id: eventId,
  };
  return changesIn(event).map((cell, ordinal) =>
    insertion(planChanges, { ...common, ...rowOf(cell), ordinal }, position),
  );
}

function rowOf(cell: PlanCellChange): Row {
  return {
    indicator: cell.indicator,
    owner_kind: cell.owner.kind,
    owner_id: cell.owner.id,
    period: cell.period,
    change: cell.change,
    value: 'value' in cell ? cell.value : null,
    from_date: 'from' in cell ? cell.from : null,
    proration: 'proration' in cell ? cell.proration : null,
  };
}

export const regulationVersionRows: RowsProjection = {
  kind: 'rows',
  name: 'pay_regulation_versions',
  tables: [regulationVersions],
  on: { PayRegulationPublished: versionRow, PayRegulationRetired: versionRow },
};

function versionRow(event: Recorded) {
  const { data, eventId, position } = event as Recorded<PayRegulationPublished | PayRegulationRetired>;
  const { regulation, version, effectiveFrom } = data;
  const document = 'document' in data ? data.document : null;
  const row = { regulation, version, effective_from: effectiveFrom, document, event_id: eventId };
  return [insertion(regulationVersions, row, position)];
}

export const statementRows: RowsProjection = {
  kind: 'rows',
  name: 'statements',
  tables: [statements],
  on: {
    StatementIssued: (event) => {
      const { data, eventId, position } = event as Recorded<StatementIssued>;
      const { document, hash } = data;
      const { period, employeeId, version } = document;
      const row = { period, employee_id: employeeId, version, document, hash, event_id: eventId };
      return [insertion(statements, row, position)];
    },
  },
};
