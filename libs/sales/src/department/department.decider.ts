import {
  assertNotInFuture,
  type Decider,
  type DecisionContext,
  type WrittenUnion,
  refuse,
  saysTheSame,
  unreachable,
} from '@voronka/kernel';
import { assignmentOn, type EmployeeState } from '../employee/employee.state.js';
import type { AppointHead, CreateDepartment, DepartmentCommand } from './department.commands.js';
import type { DepartmentCreated, DepartmentEvent, DepartmentHeadAppointed } from './department.events.js';

export type DepartmentState =
  | { readonly status: 'none' }
  | {
      readonly status: 'active';
      readonly created: DepartmentCreated['data'];
      /** The latest appointed. */
      readonly head: DepartmentHeadAppointed['data'] | null;
      /** All of them, in the order of their first days. */
      readonly heads: readonly DepartmentHeadAppointed['data'][];
    };

export interface DepartmentFacts {
  readonly parent?: DepartmentState;
  readonly head?: EmployeeState;
}

type Context = DecisionContext<DepartmentFacts>;

export const departmentDecider: Decider<DepartmentState, DepartmentCommand, DepartmentEvent, DepartmentFacts> = {
  initialState: () => ({ status: 'none' }),
  evolve,
  decide(command, state, context) {
    assertNotInFuture(context);
    switch (command.type) {
      case 'CreateDepartment':
        return create(command.body, state, context);
      case 'AppointHead':
        return appoint(command.body, state, context);
      default:
        return unreachable(command);
    }
  },
};

function evolve(state: DepartmentState, event: WrittenUnion<DepartmentEvent>): DepartmentState {
  switch (event.type) {
    case 'DepartmentCreated':
      return { status: 'active', created: event.data, head: null, heads: [] };
    case 'DepartmentHeadAppointed':
      if (state.status === 'none') return state;
      return { ...state, head: event.data, heads: [...state.heads, event.data] };
    default:
      event satisfies never;
      return state;
  }
}

function create(body: CreateDepartment, state: DepartmentState, context: Context): readonly DepartmentEvent[] {
  const data = { name: body.name, parentId: body.parentId ?? null };
  if (state.status === 'active') {
    if (saysTheSame(state.created, data)) return [];
    throw refuse.conflict('DEPARTMENT_EXISTS', 'the id is taken by another department; choose another id', {
      departmentId: context.id,
    });
  }
  if (data.parentId === context.id) {
    throw refuse.invalid('DEPARTMENT_UNDER_ITSELF', 'a department cannot stand under itself; name another parent');
  }
  if (data.parentId !== null && context.facts.parent?.status !== 'active') {
    throw refuse.rule('DEPARTMENT_UNKNOWN', 'create the parent department first', { departmentId: data.parentId });
  }
  return [{ type: 'DepartmentCreated', data }];
}

function appoint(body: AppointHead, state: DepartmentState, context: Context): readonly DepartmentEvent[] {
  if (state.status === 'none') {
    throw refuse.notFound('DEPARTMENT_NOT_FOUND', 'create the department first', { departmentId: context.id });
  }
  const data = { employeeId: body.employeeId, effectiveOn: body.effectiveOn };
  if (saysTheSame(state.head, data)) return [];
  const { head } = context.facts;
  if (head === undefined || assignmentOn(head, data.effectiveOn) === null) {
    throw refuse.rule('HEAD_NOT_EMPLOYED', 'appoint somebody who is employed on that day', data);
  }
  if (state.head !== null && data.effectiveOn < state.head.effectiveOn) {
    throw refuse.conflict(
      'HEAD_APPOINTED_LATER',
      'a head was appointed from a later day; choose that day or a later one',
      {
        effectiveOn: state.head.effectiveOn,
      },
    );
  }
  return [{ type: 'DepartmentHeadAppointed', data }];
}
