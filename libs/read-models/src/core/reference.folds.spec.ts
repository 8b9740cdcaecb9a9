import { ERASED } from '@voronka/kernel';
import type { Row } from '@voronka/projections';
import { coreSet } from '../registry.js';
import { DealLog, instant } from './testing/deal-log.js';
import { Materialised } from './testing/materialised.js';

const pick = (rows: readonly Row[], ...columns: string[]): unknown[][] =>
  rows.map((row) => columns.map((column) => row[column]));

describe('Reference data in the read tables', () => {
  let log: DealLog;
  const read = (): Materialised => new Materialised(coreSet).project(log.events);
  beforeEach(() => {
    log = new DealLog().prepared();
  });

  test('a route map has one row per version and one per step, bars with their ranks', () => {
    const tables = read();
    expect(pick(tables.asOf('route_maps'), 'route_map_id', 'version', 'purpose')).toEqual([['sale', 1, 'sale']]);
    expect(pick(tables.asOf('route_map_steps'), 'step', 'rank', 'ordinal')).toEqual([
      ['contact', 1, 0],
      ['questionnaire', 2, 1],
      ['analysis', null, 2],
      ['proposal', 3, 3],
      ['contract', 4, 4],
    ]);
  });

  test('configuring the company again closes the row before', () => {
    const data = { name: 'Konstanta', zone: 'Europe/Samara', currency: 'RUB', firstPayrollPeriod: '2009-09' };
    const again = { ...data, name: 'Konstanta Plus', calendarId: 'main', backdatingWorkingDays: 3 };
    const event = log.tell('company-main', { type: 'CompanyConfigured', data: again }, '2009-03-01');
    expect(pick(read().asOf('company', event.position - 1n), 'name')).toEqual([['Konstanta']]);
    expect(pick(read().asOf('company'), 'name', 'zone')).toEqual([['Konstanta Plus', 'Europe/Samara']]);
  });

  test('dates follow UTC while no company is configured', () => {
    const bare = new DealLog();
    bare.opened('2009-07-31T21:00:00.000Z');
    const rows = new Materialised(coreSet).project(bare.events).asOf('deals');
    expect(pick(rows, 'local_date')).toEqual([['2009-07-31']]);
  });

  test('a department has a head from a day on, until the next one’s', () => {
    log.tell('department-sales', { type: 'DepartmentCreated', data: { name: 'Sales', parentId: null } }, '2009-01-02');
    const head = { employeeId: 'anna', effectiveOn: '2009-01-03' };
    log.tell('department-sales', { type: 'DepartmentHeadAppointed', data: head }, '2009-01-03');
    const next = { employeeId: 'boris', effectiveOn: '2009-09-01' };
    const told = log.tell('department-sales', { type: 'DepartmentHeadAppointed', data: next }, '2009-08-20');
    const heads = (position?: bigint): unknown[][] =>
      pick(read().asOf('department_heads', position), 'employee_id', 'valid_from', 'valid_to');
    const [first, then] = ['2009-01-02T20:00:00.000Z', '2009-08-31T19:00:00.000Z'];
    expect(heads()).toEqual([
      ['anna', first, then],
      ['boris', then, 'infinity'],
    ]);
    expect(heads(told.position - 1n)).toEqual([['anna', first, 'infinity']]);
    expect(pick(read().asOf('departments'), 'name')).toEqual([['Sales']]);
  });

  describe('an employee', () => {
    const assignments = (tables: Materialised, position?: bigint): unknown[][] =>
      pick(tables.asOf('employee_assignments', position), 'department_id', 'valid_from', 'valid_to');

    test('transfer and dismissal inside a month: days become moments of the company zone', () => {
      log.hired('anna', 'sales', '2009-08-03');
      const transfer = { departmentId: 'service', position: 'manager', roles: [], effectiveOn: '2009-08-17' };
      const moved = log.tell('employee-anna', { type: 'EmployeeTransferred', data: transfer }, '2009-08-20');
      log.tell('employee-anna', { type: 'EmployeeDismissed', data: { lastDay: '2009-08-31' } }, '2009-09-01');
      expect(assignments(read(), moved.position - 1n)).toEqual([['sales', '2009-08-02T19:00:00.000Z', 'infinity']]);
      expect(assignments(read())).toEqual([
        ['sales', '2009-08-02T19:00:00.000Z', '2009-08-16T19:00:00.000Z'],
        ['service', '2009-08-16T19:00:00.000Z', '2009-08-31T19:00:00.000Z'],
      ]);
      expect(pick(read().asOf('employees'), 'hired_on', 'dismissed_on')).toEqual([['2009-08-03', '2009-08-31']]);
    });

    test('the later entry for a day replaces the earlier one', () => {
      log.hired('anna', 'sales', '2009-08-03');
      for (const departmentId of ['service', 'support']) {
        const data = { departmentId, position: 'manager', roles: [], effectiveOn: '2009-08-17' };
        log.tell('employee-anna', { type: 'EmployeeTransferred', data }, '2009-08-20');
      }
      expect(assignments(read()).map(([department]) => department)).toEqual(['sales', 'support']);
    });

    test('who comes back has two employments and a gap between', () => {
      log.hired('anna', 'sales', '2009-08-03');
      log.tell('employee-anna', { type: 'EmployeeDismissed', data: { lastDay: '2009-08-09' } }, '2009-08-09');
      log.hired('anna', 'service', '2009-08-17');
      expect(assignments(read())).toEqual([
        ['sales', '2009-08-02T19:00:00.000Z', '2009-08-09T19:00:00.000Z'],
        ['service', '2009-08-16T19:00:00.000Z', 'infinity'],
      ]);
      expect(pick(read().asOf('employees'), 'dismissed_on')).toEqual([[null]]);
    });

    test('bug: the last day of all, which has none after it, stopped the read models for good', () => {
      log.hired('anna', 'sales', '2009-08-03');
      log.tell('employee-anna', { type: 'EmployeeDismissed', data: { lastDay: '9999-12-31' } }, '2009-08-09');
      expect(assignments(read())).toEqual([['sales', '2009-08-02T19:00:00.000Z', 'infinity']]);
    });

    test('an erased name is empty', () => {
      log.hired('anna', 'sales', '2009-08-03', { name: ERASED });
      expect(pick(read().asOf('employees'), 'employee_id', 'name')).toEqual([['anna', null]]);
    });
  });

  test('a segment from a past date takes the place of the later one, as known from its entry on', () => {
    log.segment('c1', 'large', '2009-08-10');
    const late = log.segment('c1', 'small', '2009-06-01');
    const tables = read();
    expect(pick(tables.asOf('customer_segments', late.position - 1n), 'segment', 'valid_from', 'valid_to')).toEqual([
      ['large', instant('2009-08-10'), 'infinity'],
    ]);
    expect(pick(tables.asOf('customer_segments'), 'segment', 'valid_from', 'valid_to')).toEqual([
      ['small', instant('2009-06-01'), 'infinity'],
    ]);
  });

  test('the state of a customer holds no name; the row does, unless it is erased', () => {
    const data = { kind: 'person', taxNumber: null, contacts: [], source: 'website' };
    log.tell('customer-c1', { type: 'CustomerRegistered', data: { ...data, name: 'Petrova' } }, '2009-01-02');
    log.tell('customer-c2', { type: 'CustomerRegistered', data: { ...data, name: ERASED } }, '2009-01-02');
    const tables = read();
    expect(pick(tables.asOf('customers'), 'customer_id', 'name')).toEqual([
      ['c1', 'Petrova'],
      ['c2', null],
    ]);
    expect(JSON.stringify(tables.state('customers', 'c1'))).not.toContain('Petrova');
  });

  test('a retired product stays, marked', () => {
    log.tell('product-p1', { type: 'ProductAdded', data: { name: 'One', line: 'first' } }, '2009-01-02');
    log.tell('product-p1', { type: 'ProductRetired', data: { reason: 'old' } }, '2009-02-02');
    expect(pick(read().asOf('products'), 'name', 'retired')).toEqual([['One', true]]);
  });

  test('the log clock never runs back: an instant finds the last position before what was recorded after it', () => {
    const bare = new DealLog();
    bare.opened('2009-08-01');
    bare.done('contact', '2009-08-03');
    // A clock that was set back, then went on.
    bare.done('contact', '2009-08-02');
    bare.done('contact', '2009-08-04');
    const rows = new Materialised(coreSet).project(bare.events).asOf('log_clock');
    expect(pick(rows, 'position', 'recorded_at')).toEqual([
      [10n, instant('2009-08-01')],
      [20n, instant('2009-08-03')],
      [40n, instant('2009-08-04')],
    ]);
  });
});
