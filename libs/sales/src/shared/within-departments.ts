import {
  type CommandDefinition,
  type DepartmentFact,
  departmentsUp,
  type FactRefs,
  type FactSender,
  headsDepartment,
  reachOf,
} from '@voronka/kernel';
import { assignmentOn, type EmployeeState } from '../employee/employee.state.js';

/** Whose work it is, and the departments he was in with all above them: looked up where a head acts. */
export interface DepartmentFacts {
  readonly worksFor?: EmployeeState;
  /** In the order of `departmentsUp`. */
  readonly departments?: readonly (DepartmentFact | undefined)[];
}

/**
 * Whether the sender leads whoever the work belongs to: anybody, or those of the departments that he heads on a local
 * date and of all below them. What belongs to nobody may be done by any head.
 */
export function leads(
  { roles, person }: Pick<FactSender, 'roles' | 'person'>,
  { worksFor, departments: known = [] }: DepartmentFacts,
  { ownerId, day }: { readonly ownerId: string | null; readonly day: string },
): boolean {
  const reach = reachOf(roles);
  if (reach !== 'departments' || person === null) return reach === 'company';
  if (ownerId === null) return true;
  const department = departmentOf(worksFor, day);
  return department !== null && headsDepartment(person, department, { starts: startsOf(worksFor), known, day });
}

/** The department of a person on a local date, for refusals: of somebody who has left, or is not here yet: where he worked last, or will first. */
export function departmentOf(state: EmployeeState | undefined, day: string): string | null {
  if (state === undefined || state.status === 'none') return null;
  const { assignments } = state.current;
  return (assignmentOn(state, day) ?? assignments.at(-1))?.departmentId ?? null;
}

/** Departments somebody was ever in. */
function startsOf(worksFor: EmployeeState | undefined): readonly string[] {
  const employments = worksFor === undefined || worksFor.status === 'none' ? [] : worksFor.employments;
  return employments.flatMap(({ assignments }) => assignments.map(({ departmentId }) => departmentId));
}

/** Makes of a definition the same one that looks up, besides, what `leads` needs; only where a head sends it. */
export const withinDepartments =
  <State>(ownerOf: (body: never, state: State, sender: FactSender) => string | null | undefined) =>
  <Definition extends CommandDefinition<State>>(definition: Definition): Definition => ({
    ...definition,
    facts: (body: never, state: State, sender: FactSender): FactRefs => {
      const refs = definition.facts?.(body, state, sender) ?? {};
      const ownerId = reachOf(sender.roles) === 'departments' ? ownerOf(body, state, sender) : null;
      return typeof ownerId === 'string' ? { ...refs, worksFor: { category: 'employee', id: ownerId } } : refs;
    },
    further: ({ worksFor, departments = [] }: DepartmentFacts): FactRefs => {
      const ids = worksFor === undefined ? [] : departmentsUp(startsOf(worksFor), departments);
      return ids.length === 0 ? {} : { departments: ids.map((id) => ({ category: 'department', id })) };
    },
  });
