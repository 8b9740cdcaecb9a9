import { salesThings } from '../registry.js';
import { scene } from '../testing/thing-scene.js';
import { stateOf, world } from '../testing/world.js';
import { departmentDecider } from './department.decider.js';
import type { DepartmentCreated, DepartmentHeadAppointed } from './department.events.js';

const [thing] = salesThings.filter(({ category }) => category === 'department');
if (thing === undefined) throw new Error('no department');
const given = scene(departmentDecider, thing);
const created = (parentId: string | null = null): DepartmentCreated => ({
  type: 'DepartmentCreated',
  data: { name: 'Sales', parentId },
});
const headed = (employeeId: string, effectiveOn: string): DepartmentHeadAppointed => ({
  type: 'DepartmentHeadAppointed',
  data: { employeeId, effectiveOn },
});
const withParent = { world: new Map([...world, ['department-top', stateOf(departmentDecider, [created()])]]) };

describe('CreateDepartment', () => {
  it('stands at the top or under a department that is there', () => {
    given().when('CreateDepartment', { name: 'Sales' }).then([created()]);
    given()
      .when('CreateDepartment', { name: 'Sales', parentId: 'top' }, withParent)
      .then([created('top')]);
  });

  it('DEPARTMENT_UNKNOWN and DEPARTMENT_UNDER_ITSELF: the parent is another one that exists', () => {
    given().when('CreateDepartment', { name: 'Sales', parentId: 'top' }).thenRefused('DEPARTMENT_UNKNOWN');
    given().when('CreateDepartment', { name: 'Sales', parentId: 'x' }).thenRefused('DEPARTMENT_UNDER_ITSELF');
  });

  it('is quiet about the same department, and a conflict with another (DEPARTMENT_EXISTS)', () => {
    given(created()).when('CreateDepartment', { name: 'Sales' }).then([]);
    given(created()).when('CreateDepartment', { name: 'Service' }).thenRefused('DEPARTMENT_EXISTS');
  });
});

describe('AppointHead', () => {
  const appointment = { employeeId: 'orlova', effectiveOn: '2009-03-01' };

  it('appoints somebody who is employed on that day', () => {
    given(created())
      .when('AppointHead', appointment)
      .then([headed('orlova', '2009-03-01')]);
    given(created(), headed('orlova', '2009-03-01'))
      .when('AppointHead', { employeeId: 'petrov', effectiveOn: '2009-04-01' })
      .then([headed('petrov', '2009-04-01')]);
  });

  it('HEAD_NOT_EMPLOYED: not yet, not any more, or nobody', () => {
    const refused = (employeeId: string, effectiveOn: string) =>
      given(created())
        .when('AppointHead', { employeeId, effectiveOn })
        .thenRefused('HEAD_NOT_EMPLOYED', { employeeId });
    refused('orlova', '2009-01-31');
    refused('lebedev', '2009-08-01');
    refused('stranger', '2009-08-01');
  });

  it('is quiet about the same appointment; HEAD_APPOINTED_LATER refuses one before it', () => {
    given(created(), headed('orlova', '2009-03-01')).when('AppointHead', appointment).then([]);
    given(created(), headed('orlova', '2009-03-01'))
      .when('AppointHead', { employeeId: 'petrov', effectiveOn: '2009-02-28' })
      .thenRefused('HEAD_APPOINTED_LATER', { effectiveOn: '2009-03-01' });
  });

  it('DEPARTMENT_NOT_FOUND: there is no department to head', () => {
    given().when('AppointHead', appointment).thenRefused('DEPARTMENT_NOT_FOUND');
  });
});
