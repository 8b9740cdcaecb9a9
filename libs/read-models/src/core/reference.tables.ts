import type { TableDefinition } from '@voronka/projections';
import { column, known, optional, valid } from './columns.js';

const source = { event_id: column('uuid', 'Event that this row comes from') } as const;

export const company: TableDefinition = {
  name: 'company',
  comment: 'The company as configured, as known in an interval of the log',
  columns: {
    company_id: column('text', 'Always main'),
    name: column('text', 'Name'),
    zone: column('text', 'IANA time zone of all period boundaries'),
    currency: column('text', 'ISO 4217 code'),
    first_payroll_period: column('text', 'First month of payroll'),
    ...source,
    ...known,
  },
  primaryKey: ['company_id', 'known_from'],
};

export const departments: TableDefinition = {
  name: 'departments',
  comment: 'One row per department, as known in an interval of the log',
  columns: {
    department_id: column('text', 'Department'),
    name: column('text', 'Name'),
    parent_id: optional('text', 'Department above it'),
    ...source,
    ...known,
  },
  primaryKey: ['department_id', 'known_from'],
};

/** Who heads what, in two times: valid in business, known in the log. */
export const departmentHeads: TableDefinition = {
  name: 'department_heads',
  comment: 'One row per spell of an employee at the head of a department, as known in an interval of the log',
  columns: {
    department_id: column('text', 'Department'),
    employee_id: column('text', 'Employee who heads it'),
    ...valid,
    ...source,
    ...known,
  },
  primaryKey: ['department_id', 'valid_from', 'event_id', 'known_from'],
};

export const employees: TableDefinition = {
  name: 'employees',
  comment: 'One row per employee or robot, as known in an interval of the log',
  columns: {
    employee_id: column('text', 'Employee'),
    name: optional('text', 'Name; blank once erased'),
    robot: column('boolean', 'A program: kept out of personal indicators'),
    hired_on: column('date', 'First working day'),
    dismissed_on: optional('date', 'Last working day'),
    ...source,
    ...known,
  },
  primaryKey: ['employee_id', 'known_from'],
};

/** Where somebody worked, in two times: valid in business, known in the log. */
export const employeeAssignments: TableDefinition = {
  name: 'employee_assignments',
  comment: 'One row per spell of an employee in one department and position, as known in an interval of the log',
  columns: {
    employee_id: column('text', 'Employee'),
    department_id: column('text', 'Department'),
    position: column('text', 'Position'),
    ...valid,
    ...source,
    ...known,
  },
  primaryKey: ['employee_id', 'valid_from', 'event_id', 'known_from'],
};

export const absences: TableDefinition = {
  name: 'absences',
  comment: 'One row per absence that was not cancelled, as known in an interval of the log',
  columns: {
    employee_id: column('text', 'Employee'),
    absence_id: column('text', 'Absence'),
    kind: column('text', 'vacation, training or another code'),
    first_day: column('date', 'First day of absence'),
    last_day: column('date', 'Last day of absence'),
    ...source,
    ...known,
  },
  primaryKey: ['employee_id', 'absence_id', 'known_from'],
};

export const customers: TableDefinition = {
  name: 'customers',
  comment: 'One row per customer, as known in an interval of the log',
  columns: {
    customer_id: column('text', 'Customer'),
    kind: column('text', 'company or person'),
    name: optional('text', 'Name; blank once erased'),
    source: optional('text', 'How the customer came to us'),
    ...source,
    ...known,
  },
  primaryKey: ['customer_id', 'known_from'],
  personal: { category: 'customer', id: 'customer_id', columns: ['name'] },
};

export const customerSegments: TableDefinition = {
  name: 'customer_segments',
  comment: 'One row per spell of a customer in one segment, as known in an interval of the log',
  columns: {
    customer_id: column('text', 'Customer'),
    segment: column('text', 'Segment code'),
    ...valid,
    ...source,
    ...known,
  },
  primaryKey: ['customer_id', 'valid_from', 'event_id', 'known_from'],
};

export const customerPortrait: TableDefinition = {
  name: 'customer_portrait',
  comment:
    'One row per spell of one portrait field of a customer, nothing personal, as known in an interval of the log',
  columns: {
    customer_id: column('text', 'Customer'),
    field: column('text', 'Code of the field'),
    value: column('text', 'The answer as text: true or false for yes and no; of several choices all, by comma'),
    choices: column('text[]', 'The answer as a list: each of several choices, else the one answer'),
    ...valid,
    ...source,
    ...known,
  },
  primaryKey: ['customer_id', 'field', 'valid_from', 'event_id', 'known_from'],
};

const keyed = (comment: string) => ({ ...optional('text[]', comment), keyed: true as const });

export const customerIdentities: TableDefinition = {
  name: 'customer_identities',
  comment: 'One row per customer: what it shares with others if it is one of them, as keyed hashes; blank once erased',
  columns: {
    customer_id: column('text', 'Customer'),
    tax_numbers: keyed('Keyed hash of the tax number'),
    phones: keyed('Keyed hashes of the contacts’ phones'),
    emails: keyed('Keyed hashes of the contacts’ e-mail addresses'),
    ...source,
    ...known,
  },
  primaryKey: ['customer_id', 'known_from'],
  personal: { category: 'customer', id: 'customer_id', columns: ['tax_numbers', 'phones', 'emails'] },
};

export const products: TableDefinition = {
  name: 'products',
  comment: 'One row per product, as known in an interval of the log',
  columns: {
    product_id: column('text', 'Product'),
    name: column('text', 'Name'),
    line: column('text', 'Product line'),
    retired: column('boolean', 'No longer sold'),
    service_map_id: optional('text', 'Map on which a deal won with it opens a service case; empty: it opens none'),
    ...source,
    ...known,
  },
  primaryKey: ['product_id', 'known_from'],
};

export const routeMapSteps: TableDefinition = {
  name: 'route_map_steps',
  comment: 'One row per step of a version of a route map',
  columns: {
    route_map_id: column('text', 'Route map'),
    version: column('integer', 'Version, from 1'),
    step: column('text', 'Step code'),
    name: column('text', 'Name'),
    stage: column('text', 'Stage code'),
    kind: column('text', 'Kind of step'),
    rank: optional('integer', 'Funnel rank, if it is a bar'),
    mandatory: column('boolean', 'No contract without it'),
    norm_minutes: optional('integer', 'Its norm, in minutes of working time; empty without one'),
    ordinal: column('integer', 'Place in the document, from 0'),
    ...source,
    ...known,
  },
  primaryKey: ['route_map_id', 'version', 'step', 'known_from'],
};

export const routeMaps: TableDefinition = {
  name: 'route_maps',
  comment: 'One row per version of a route map',
  columns: {
    route_map_id: column('text', 'Route map'),
    version: column('integer', 'Version, from 1'),
    name: column('text', 'Name'),
    purpose: column('text', 'sale or service'),
    loss_reasons: column('jsonb', 'Reasons to lose a deal, or abandon a case, on it: code, name, countsAsLoss'),
    ...source,
    ...known,
  },
  primaryKey: ['route_map_id', 'version', 'known_from'],
};

/** Turns an instant into a position: the last one before the first event recorded after it. */
export const logClock: TableDefinition = {
  name: 'log_clock',
  comment: 'One row per position at which the latest recording time so far moved on',
  columns: {
    position: column('bigint', 'Position of the event'),
    recorded_at: column('timestamptz', 'Its recording time, the latest so far'),
  },
  primaryKey: ['position'],
  indexes: [{ columns: ['recorded_at'] }],
};
