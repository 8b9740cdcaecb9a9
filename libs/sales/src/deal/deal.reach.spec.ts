import { type Role } from '@voronka/kernel';
import { departmentDecider } from '../department/department.decider.js';
import { employeeDecider } from '../employee/employee.decider.js';
import type { EmployeeEvent } from '../employee/employee.events.js';
import { given, lost, opened, done, signed, verified, walked } from '../testing/deal-scene.js';
import { stateOf, world } from '../testing/world.js';
import type { DealCommand } from './deal.commands.js';
import { dealCommands } from './deal.definitions.js';

// Orlova heads sales, below which are key accounts under Smirnov; Ivanova and Petrov sell in sales, Karpov there.

const department = (parentId: string | null, ...heads: readonly [string, string][]) =>
  stateOf(departmentDecider, [
    { type: 'DepartmentCreated', data: { name: 'A department', parentId } },
    ...heads.map(([employeeId, effectiveOn]) => ({
      type: 'DepartmentHeadAppointed' as const,
      data: { employeeId, effectiveOn },
    })),
  ]);
const hired = (departmentId: string, roles: readonly string[] = ['manager']): EmployeeEvent => ({
  type: 'EmployeeHired',
  data: { name: 'x', email: null, position: 'x', departmentId, roles, hiredOn: '2009-02-01', robot: false },
});
const moved = (departmentId: string, effectiveOn: string): EmployeeEvent => ({
  type: 'EmployeeTransferred',
  data: { departmentId, position: 'x', roles: ['manager'], effectiveOn },
});
const house = new Map([
  ...world,
  ['department-sales', department('firm', ['orlova', '2009-02-01'])],
  ['department-keys', department('sales', ['smirnov', '2009-02-01'], ['fedorov', '2009-08-11'])],
  ['department-firm', department(null, ['chief', '2009-02-01'])],
  ['employee-karpov', stateOf(employeeDecider, [hired('keys')])],
  ['employee-smirnov', stateOf(employeeDecider, [hired('keys', ['head'])])],
  ['employee-fedorov', stateOf(employeeDecider, [hired('keys', ['head'])])],
  ['employee-chief', stateOf(employeeDecider, [hired('firm', ['head'])])],
  ['employee-mover', stateOf(employeeDecider, [hired('sales'), moved('keys', '2009-08-10')])],
  [
    'employee-gone',
    stateOf(employeeDecider, [hired('keys'), { type: 'EmployeeDismissed', data: { lastDay: '2009-08-05' } }]),
  ],
]);
const as = (person: string, ...roles: readonly Role[]) => ({
  person,
  roles: roles.length > 0 ? roles : (['head'] as const),
  world: house,
});
const contact = { step: 'first-contact', performedBy: 'ivanova' };

/** Who may do the first step of a deal, by its owner. */
function may(person: string, ownerId: string | null, ...roles: readonly Role[]): boolean {
  const scene = given(opened({ ownerId })).when('CompleteStep', contact, as(person, ...roles));
  try {
    scene.thenRefused('NOT_YOUR_DEPARTMENT', { dealId: 'd1' });
    return false;
  } catch {
    scene.then([done('first-contact')]);
    return true;
  }
}

describe('a head acts within the departments he heads', () => {
  it('and those below, not beside or above', () => {
    expect([may('orlova', 'ivanova'), may('orlova', 'karpov')]).toEqual([true, true]);
    expect([may('smirnov', 'karpov'), may('smirnov', 'ivanova')]).toEqual([true, false]);
    expect([may('chief', 'ivanova'), may('chief', 'karpov')]).toEqual([true, true]);
  });

  it('by where the owner works when the command comes, and who heads it then', () => {
    expect([may('smirnov', 'mover'), may('fedorov', 'karpov')]).toEqual([true, false]);
  });

  it('with what somebody left behind who worked there last, and without nobody’s deals', () => {
    expect([may('smirnov', 'gone'), may('orlova', null)]).toEqual([true, false]);
  });

  it('and on deals of his own, even where he heads nothing', () => {
    expect(may('ivanova', 'ivanova')).toBe(true);
    expect(may('ivanova', 'petrov')).toBe(false);
  });

  it('whatever roles he has that only look', () => {
    expect(may('smirnov', 'ivanova', 'head', 'auditor')).toBe(false);
    expect(may('smirnov', 'ivanova', 'head', 'director')).toBe(true);
  });

  it('says which department it would take', () => {
    given(opened())
      .when('CompleteStep', contact, as('smirnov'))
      .thenRefused('NOT_YOUR_DEPARTMENT', { dealId: 'd1', departmentId: 'sales' });
    given()
      .when('OpenDeal', { customerId: 'volga-tools', routeMapId: 'automation', ownerId: 'ivanova' }, as('smirnov'))
      .thenRefused('NOT_YOUR_DEPARTMENT', { ownerId: 'ivanova', departmentId: 'sales' });
  });
});

describe('every command on a deal', () => {
  const bodies = new Map(dealCommands.map(({ type, example }) => [type, example]));
  // Completing asks first whether the deal is open, verifying what waits: both are told of by themselves.
  const elsewhere = ['RecordHistory', 'OpenDeal', 'CompleteStep', 'VerifyStep'];
  const onDeal = [...bodies].filter(([type]) => !elsewhere.includes(type));
  const deals: readonly (readonly [string, ReturnType<typeof given>])[] = [
    ['open', given(...walked())],
    ['won', given(...walked(), signed())],
    ['lost', given(...walked(), lost())],
  ];

  it.each(onDeal)('%s is refused to the head of another department before anything else is judged', (type, example) => {
    for (const [, deal] of deals) {
      deal.when(type as DealCommand['type'], example, as('smirnov')).thenRefused('NOT_YOUR_DEPARTMENT');
    }
  });

  it('a verifier with the right working role is asked where the deal is, too', () => {
    const waiting = [
      opened(),
      done('first-contact'),
      done('questionnaire'),
      done('analysis', { awaitsVerification: true }),
    ];
    const accept = { step: 'analysis', accepted: true };
    given(...waiting)
      .when('VerifyStep', accept, as('smirnov'))
      .thenRefused('NOT_YOUR_DEPARTMENT', { dealId: 'd1', departmentId: 'sales' });
    given(...waiting)
      .when('VerifyStep', accept, as('orlova'))
      .then([verified('analysis', 3)]);
    given(...waiting)
      .when('VerifyStep', accept, as('petrov', 'director'))
      .thenRefused('VERIFIER_ROLE_MISSING', { role: 'head' });
  });

  it('what a head decides of others, he does not decide of his own account', () => {
    given(...walked())
      .when('VoidStep', { step: 'proposal', reason: 'Mistake' }, as('ivanova'))
      .thenRefused('NOT_YOUR_DEPARTMENT');
  });
});
