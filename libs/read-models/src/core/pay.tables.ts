import type { TableDefinition } from '@voronka/projections';
import { column, known, optional } from './columns.js';

const source = { event_id: column('uuid', 'Event that this row comes from') };

export const planChanges: TableDefinition = {
  name: 'plan_changes',
  comment: 'One row per cell and change of plans, from the position at which the change counts',
  columns: {
    plan_id: column('text', 'The change: id of its stream'),
    ordinal: column('integer', 'Place of the cell in the change, from 0'),
    indicator: column('text', 'Code of the indicator'),
    owner_kind: column('text', 'employee, department or company'),
    owner_id: column('text', 'Employee or department; main for the company'),
    period: column('text', 'Key of the period: 2009-08, 2009-Q3, 2009, 2009-W33, a range of days'),
    change: column('text', 'replace, fromDate, add or withdraw'),
    value: optional('bigint', 'Smallest units of the indicator; empty where it is withdrawn'),
    from_date: optional('date', 'First day of the new level, for fromDate'),
    proration: optional('text', 'none or workingDays; empty: as before'),
    author: optional('text', 'Employee who made it count; empty: nobody in person'),
    proposed_by: optional('text', 'Employee who proposed it; empty: it needed no second person'),
    recorded_at: column('timestamptz', 'When the log learned of it'),
    reason: optional('text', 'Why; empty for the first approvals, whose proposals say it'),
    ...source,
    ...known,
  },
  primaryKey: ['event_id', 'ordinal'],
  indexes: [{ columns: ['indicator', 'period', 'owner_kind', 'owner_id'] }],
};

export const regulationVersions: TableDefinition = {
  name: 'pay_regulation_versions',
  comment: 'One row per version of a pay regulation',
  columns: {
    regulation: column('text', 'Code of the regulation'),
    version: column('integer', 'Version, from 1'),
    effective_from: column('date', 'First day of the month from which it is in force'),
    document: optional('jsonb', 'Coverage, rules, clawback clause; empty: it covers nobody any more'),
    ...source,
    ...known,
  },
  primaryKey: ['regulation', 'version'],
};

export const statements: TableDefinition = {
  name: 'statements',
  comment: 'One row per version of an employee’s statement of a month',
  columns: {
    period: column('text', 'Month'),
    employee_id: column('text', 'Employee'),
    version: column('integer', 'From 1; a month that was opened again has the next'),
    document: column('jsonb', 'Lines, adjustments and totals'),
    hash: column('text', 'SHA-256 of the document'),
    ...source,
    ...known,
  },
  primaryKey: ['period', 'employee_id', 'version'],
  indexes: [{ columns: ['employee_id', 'period'] }],
};

export const payProposals: TableDefinition = {
  name: 'pay_proposals',
  comment: 'What takes two people, as known in an interval of the log',
  columns: {
    proposal: column('text', 'Id within its kind'),
    kind: column('text', 'plan, regulation, reopening or manual'),
    status: column('text', 'proposed, approved or rejected'),
    data: column('jsonb', 'What was proposed, by whom, and why'),
    person: optional('text', 'Employee who gave it this status; empty: nobody in person'),
    recorded_at: column('timestamptz', 'When the log learned of it'),
    ...source,
    ...known,
  },
  primaryKey: ['kind', 'proposal', 'known_from'],
};

export const payrollPeriods: TableDefinition = {
  name: 'payroll_periods',
  comment: 'One row per month of payroll that was closed or began to be, as known in an interval of the log',
  columns: {
    period: column('text', 'Month'),
    status: column('text', 'closing, closed, paid, stopped (over the checklist), failed, abandoned or reopened'),
    version: column('integer', 'Of the closing'),
    data: column('jsonb', 'What the last event of it said'),
    ...source,
    ...known,
  },
  primaryKey: ['period', 'known_from'],
};

export const disputes: TableDefinition = {
  name: 'disputes',
  comment: 'One row per dispute, as known in an interval of the log',
  columns: {
    dispute_id: column('text', 'Dispute'),
    period: column('text', 'Month in doubt'),
    employee_id: column('text', 'Employee'),
    status: column('text', 'open, upheld or dismissed'),
    opened_at: column('bigint', 'Position at which the figures are looked at'),
    data: column('jsonb', 'Rules in doubt, by whom, why, and the answer'),
    ...source,
    ...known,
  },
  primaryKey: ['dispute_id', 'known_from'],
};
