import { ERASED } from '@voronka/kernel';
import { departmentDecider } from '../department/department.decider.js';
import { salesThings } from '../registry.js';
import { scene } from '../testing/thing-scene.js';
import { stateOf, world } from '../testing/world.js';
import { employeeDecider } from './employee.decider.js';
import type { EmployeeDismissed, EmployeeHired, EmployeeTransferred } from './employee.events.js';
import { assignmentOn } from './employee.state.js';

const [thing] = salesThings.filter(({ category }) => category === 'employee');
if (thing === undefined) throw new Error('no employee');
const given = scene(employeeDecider, thing);
const department = stateOf(departmentDecider, [
  { type: 'DepartmentCreated' as const, data: { name: 'Sales', parentId: null } },
]);
const house = { world: new Map([...world, ['department-sales', department], ['department-keys', department]]) };
const body = {
  name: 'Anna Ivanova',
  position: 'Seller',
  departmentId: 'sales',
  roles: ['manager'],
  hiredOn: '2009-02-01',
};
const hired = (more: Partial<EmployeeHired['data']> = {}): EmployeeHired => ({
  type: 'EmployeeHired',
  data: { ...body, email: null, robot: false, ...more },
});
const moved = (more: Partial<EmployeeTransferred['data']> = {}): EmployeeTransferred => ({
  type: 'EmployeeTransferred',
  data: { departmentId: 'keys', position: 'Seller', roles: ['manager'], effectiveOn: '2009-06-01', ...more },
});
const left = (lastDay: string): EmployeeDismissed => ({ type: 'EmployeeDismissed', data: { lastDay } });

describe('HireEmployee', () => {
  it('hires into a department, a robot too', () => {
    given().when('HireEmployee', body, house).then([hired()]);
    given()
      .when('HireEmployee', { ...body, robot: true, roles: null }, house)
      .then([hired({ robot: true, roles: [] })]);
  });

  it('takes over who was hired long ago, without any limit on late entries', () => {
    given()
      .when('HireEmployee', { ...body, hiredOn: '1999-01-01' }, { ...house, occurredAt: '1999-01-01T06:00:00.000Z' })
      .then([hired({ hiredOn: '1999-01-01' })]);
  });

  it('DEPARTMENT_UNKNOWN: the department exists', () => {
    given()
      .when('HireEmployee', { ...body, departmentId: 'nowhere' })
      .thenRefused('DEPARTMENT_UNKNOWN', { departmentId: 'nowhere' });
  });

  it('is quiet about the same hiring, and a conflict with another (EMPLOYEE_EXISTS)', () => {
    given(hired()).when('HireEmployee', body, house).then([]);
    given(hired())
      .when('HireEmployee', { ...body, position: 'Head' }, house)
      .thenRefused('EMPLOYEE_EXISTS');
  });

  it('cannot recognise somebody whose data are erased', () => {
    given(hired({ name: ERASED, email: ERASED }))
      .when('HireEmployee', body, house)
      .thenRefused('EMPLOYEE_EXISTS');
  });

  it('hires again who had left, from after the last day', () => {
    given(hired(), left('2009-05-31'))
      .when('HireEmployee', { ...body, hiredOn: '2009-07-01' }, house)
      .then([hired({ hiredOn: '2009-07-01' })]);
    given(hired(), left('2009-05-31'))
      .when('HireEmployee', { ...body, hiredOn: '2009-05-31' }, house)
      .thenRefused('EMPLOYEE_EXISTS');
  });
});

describe('TransferEmployee', () => {
  const order = { departmentId: 'keys', effectiveOn: '2009-06-01' };

  it('moves from a day on; what is not said stays', () => {
    given(hired()).when('TransferEmployee', order, house).then([moved()]);
    given(hired())
      .when('TransferEmployee', { ...order, position: 'Head', roles: ['head'] }, house)
      .then([moved({ position: 'Head', roles: ['head'] })]);
  });

  it('is quiet where it changes nothing, and corrects the same day', () => {
    given(hired(), moved()).when('TransferEmployee', order, house).then([]);
    given(hired(), moved())
      .when('TransferEmployee', { ...order, departmentId: 'sales' }, house)
      .then([moved({ departmentId: 'sales' })]);
  });

  it('TRANSFERRED_LATER: not before the last transfer', () => {
    given(hired(), moved())
      .when('TransferEmployee', { ...order, effectiveOn: '2009-05-01' }, house)
      .thenRefused('TRANSFERRED_LATER', { effectiveOn: '2009-06-01' });
  });

  it('EMPLOYEE_NOT_EMPLOYED: on a day of the employment', () => {
    given(hired())
      .when('TransferEmployee', { ...order, effectiveOn: '2009-01-31' }, house)
      .thenRefused('EMPLOYEE_NOT_EMPLOYED');
    given(hired(), left('2009-05-31')).when('TransferEmployee', order, house).thenRefused('EMPLOYEE_NOT_EMPLOYED');
  });

  it('DEPARTMENT_UNKNOWN and EMPLOYEE_NOT_FOUND', () => {
    given(hired()).when('TransferEmployee', order).thenRefused('DEPARTMENT_UNKNOWN');
    given().when('TransferEmployee', order, house).thenRefused('EMPLOYEE_NOT_FOUND');
  });
});

describe('DismissEmployee', () => {
  it('ends the employment once', () => {
    given(hired())
      .when('DismissEmployee', { lastDay: '2009-05-31' })
      .then([left('2009-05-31')]);
    given(hired(), left('2009-05-31')).when('DismissEmployee', { lastDay: '2009-05-31' }).then([]);
    given(hired(), left('2009-05-31'))
      .when('DismissEmployee', { lastDay: '2009-06-30' })
      .thenRefused('EMPLOYEE_DISMISSED', { lastDay: '2009-05-31' });
  });

  it('DISMISSED_BEFORE_HIRED and EMPLOYEE_NOT_FOUND', () => {
    given(hired()).when('DismissEmployee', { lastDay: '2009-01-31' }).thenRefused('DISMISSED_BEFORE_HIRED');
    given().when('DismissEmployee', { lastDay: '2009-01-31' }).thenRefused('EMPLOYEE_NOT_FOUND');
  });
});

describe('where somebody works on a day', () => {
  const state = stateOf(employeeDecider, [
    hired(),
    moved(),
    left('2009-07-31'),
    hired({ hiredOn: '2010-01-01', departmentId: 'keys' }),
  ]);

  it.each([
    ['2009-01-31', null],
    ['2009-02-01', 'sales'],
    ['2009-05-31', 'sales'],
    ['2009-06-01', 'keys'],
    ['2009-07-31', 'keys'],
    ['2009-08-01', null],
    ['2009-12-31', null],
    ['2010-01-01', 'keys'],
  ])('%s: %s', (day, expected) => expect(assignmentOn(state, day)?.departmentId ?? null).toBe(expected));
});
