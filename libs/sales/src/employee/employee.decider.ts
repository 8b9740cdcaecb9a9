import {
  assertNotInFuture,
  type Decider,
  type DecisionContext,
  type WrittenUnion,
  refuse,
  saysTheSame,
  unreachable,
} from '@voronka/kernel';
import type { DepartmentState } from '../department/department.decider.js';
import { cancelAbsence, recordAbsence } from './employee.absences.js';
import type { DismissEmployee, EmployeeCommand, HireEmployee, TransferEmployee } from './employee.commands.js';
import type { EmployeeEvent, EmployeeHired, EmployeeTransferred } from './employee.events.js';
import { type Assignment, assignmentOn, type EmployeeState, type Employment } from './employee.state.js';

export interface EmployeeFacts {
  readonly department?: DepartmentState;
}

type Context = DecisionContext<EmployeeFacts>;
type Known = Exclude<EmployeeState, { status: 'none' }>;

export const employeeDecider: Decider<EmployeeState, EmployeeCommand, EmployeeEvent, EmployeeFacts> = {
  initialState: () => ({ status: 'none' }),
  evolve,
  decide(command, state, context) {
    assertNotInFuture(context);
    switch (command.type) {
      case 'HireEmployee':
        return hire(command.body, state, context);
      case 'TransferEmployee':
        return transfer(command.body, known(state, context), context);
      case 'DismissEmployee':
        return dismiss(command.body, known(state, context));
      case 'RecordAbsence':
        return recordAbsence(command.body, known(state, context), context);
      case 'CancelAbsence':
        return cancelAbsence(command.body, known(state, context), context);
      default:
        return unreachable(command);
    }
  },
};

function evolve(state: EmployeeState, event: WrittenUnion<EmployeeEvent>): EmployeeState {
  switch (event.type) {
    case 'EmployeeHired': {
      const before = state.status === 'none' ? [] : state.employments;
      const employment: Employment = {
        hired: event.data,
        assignments: [assignmentAtHiring(event.data)],
        lastDay: null,
      };
      const absences = state.status === 'none' ? [] : state.absences;
      return { status: 'employed', employments: [...before, employment], current: employment, absences };
    }
    case 'EmployeeTransferred':
      return state.status === 'none' ? state : withCurrent(state, placed(state.current, event.data));
    case 'EmployeeDismissed':
      return state.status === 'none'
        ? state
        : { ...withCurrent(state, { ...state.current, lastDay: event.data.lastDay }), status: 'dismissed' };
    case 'AbsenceRecorded':
      return state.status === 'none'
        ? state
        : { ...state, absences: [...state.absences, { ...event.data, cancelled: false }] };
    case 'AbsenceCancelled': {
      if (state.status === 'none') return state;
      const { absenceId } = event.data;
      const absences = state.absences.map((one) => (one.absenceId === absenceId ? { ...one, cancelled: true } : one));
      return { ...state, absences };
    }
    default:
      event satisfies never;
      return state;
  }
}

function assignmentAtHiring({ hiredOn, departmentId, position, roles }: EmployeeHired['data']): Assignment {
  return { effectiveOn: hiredOn, departmentId, position, roles };
}

/** The later entry for a day replaces the earlier one. */
function placed(employment: Employment, to: Assignment): Employment {
  const others = employment.assignments.filter(({ effectiveOn }) => effectiveOn !== to.effectiveOn);
  const assignments = [...others, to].sort((a, b) => (a.effectiveOn < b.effectiveOn ? -1 : 1));
  return { ...employment, assignments };
}

function withCurrent(state: Known, current: Employment): Known {
  return { ...state, employments: [...state.employments.slice(0, -1), current], current };
}

function known(state: EmployeeState, context: Context): Known {
  if (state.status !== 'none') return state;
  throw refuse.notFound('EMPLOYEE_NOT_FOUND', 'hire the employee first', { employeeId: context.id });
}

function hire(body: HireEmployee, state: EmployeeState, context: Context): readonly EmployeeEvent[] {
  const data: EmployeeHired['data'] = {
    name: body.name,
    email: body.email ?? null,
    position: body.position,
    departmentId: body.departmentId,
    roles: body.roles ?? [],
    hiredOn: body.hiredOn,
    robot: body.robot ?? false,
  };
  if (state.status !== 'none') {
    if (saysTheSame(state.current.hired, data)) return [];
    const { lastDay } = state.current;
    if (lastDay === null || data.hiredOn <= lastDay) {
      throw refuse.conflict('EMPLOYEE_EXISTS', 'the id is taken by somebody employed then; choose another id', {
        employeeId: context.id,
      });
    }
  }
  assertDepartment(body.departmentId, context);
  return [{ type: 'EmployeeHired', data }];
}

function transfer(body: TransferEmployee, state: Known, context: Context): readonly EmployeeEvent[] {
  const from = assignmentOn(state, body.effectiveOn);
  if (from === null) {
    throw refuse.rule('EMPLOYEE_NOT_EMPLOYED', 'transfer on a day of the employment', {
      effectiveOn: body.effectiveOn,
    });
  }
  const latest = state.current.assignments.at(-1)?.effectiveOn ?? from.effectiveOn;
  if (body.effectiveOn < latest) {
    throw refuse.conflict('TRANSFERRED_LATER', 'there is a transfer on a later day; choose that day or a later one', {
      effectiveOn: latest,
    });
  }
  const data: EmployeeTransferred['data'] = {
    departmentId: body.departmentId,
    position: body.position ?? from.position,
    roles: body.roles ?? from.roles,
    effectiveOn: body.effectiveOn,
  };
  if (saysTheSame({ ...from, effectiveOn: body.effectiveOn }, data)) return [];
  assertDepartment(body.departmentId, context);
  return [{ type: 'EmployeeTransferred', data }];
}

function dismiss(body: DismissEmployee, state: Known): readonly EmployeeEvent[] {
  const { hired, lastDay } = state.current;
  if (lastDay === body.lastDay) return [];
  if (lastDay !== null) {
    throw refuse.conflict(
      'EMPLOYEE_DISMISSED',
      'the employment has already ended: hire the person again, or leave it',
      {
        lastDay,
      },
    );
  }
  if (body.lastDay < hired.hiredOn) {
    throw refuse.rule('DISMISSED_BEFORE_HIRED', 'give a last day that is not before the day of hiring', {
      hiredOn: hired.hiredOn,
    });
  }
  return [{ type: 'EmployeeDismissed', data: { lastDay: body.lastDay } }];
}

function assertDepartment(departmentId: string, context: Context): void {
  if (context.facts.department?.status !== 'active') {
    throw refuse.rule('DEPARTMENT_UNKNOWN', 'create the department first', { departmentId });
  }
}
