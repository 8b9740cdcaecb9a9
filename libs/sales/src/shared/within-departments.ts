import type { CommandDefinition, FactRefs, FactSender, Role } from '@voronka/kernel';
import { type DepartmentState, headOn } from '../department/department.decider.js';
import { assignmentOn, type EmployeeState } from '../employee/employee.state.js';
import { hasAnyOf } from './access.js';

/** Those who act on everybody's work. */
const EVERYWHERE: readonly Role[] = ['admin', 'service', 'director'];

/** Whose work it is, and the departments he stands in up to the topmost: looked up where a head acts. */
export interface DepartmentFacts {
  readonly worksFor?: EmployeeState;
  readonly departments?: readonly (DepartmentState | undefined)[];
}

/** Does somebody lead by being a head alone: where his departments are, there is he. */
function isHeadAlone(roles: readonly Role[]): boolean {
  return roles.includes('head') && !hasAnyOf(roles, EVERYWHERE);
}

/**
 * Whether the sender leads whoever the work belongs to: anybody, or those of the departments that he heads on a local
 * date and of all below them. What belongs to nobody may be done by any head.
 */
export function leads(
  { roles, person }: Pick<FactSender, 'roles' | 'person'>,
  { worksFor, departments = [] }: DepartmentFacts,
  { ownerId, date }: { readonly ownerId: string | null; readonly date: string },
): boolean {
  if (hasAnyOf(roles, EVERYWHERE)) return true;
  if (!roles.includes('head') || person === null) return false;
  if (ownerId === null) return true;
  const lastDepartment = worksFor === undefined ? null : departmentOf(worksFor, date);
  const known = new Map(departments.map((state) => [idOf(state), state] as const));
  const seen = new Set<string>();
  for (let id = lastDepartment; id !== null && !seen.has(id); id = parentOf(known.get(id))) {
    seen.add(id);
    const department = known.get(id);
    if (department !== undefined && headOn(department, date) === person) return true;
  }
  return false;
}

/** Of somebody who has left, or is not here yet: where he worked last, or will first. */
function departmentOf(state: EmployeeState, date: string): string | null {
  if (state.status === 'none') return null;
  const { assignments } = state.current;
  return (assignmentOn(state, date) ?? assignments.at(-1))?.departmentId ?? null;
}

/** Makes of a definition the same one that looks up, besides, what `leads` needs; only where a head sends it. */
export const withinDepartments =
  <State>(ownerOf: (body: never, state: State, sender: FactSender) => string | null | undefined) =>
  <Definition extends CommandDefinition<State>>(definition: Definition): Definition => ({
    ...definition,
    facts: (body: never, state: State, sender: FactSender): FactRefs => {
      const refs = definition.facts?.(body, state, sender) ?? {};
      const ownerId = isHeadAlone(sender.roles) ? ownerOf(body, state, sender) : null;
      return typeof ownerId === 'string' ? { ...refs, worksFor: { category: 'employee', id: ownerId } } : refs;
    },
    further: (facts: DepartmentFacts): FactRefs => {
      const wanted = wantedDepartments(facts);
      // Nothing came to those that were asked for, whether they are there or not.
      if (wanted.length === (facts.departments ?? []).length) return {};
      return { departments: wanted.map((id) => ({ category: 'department', id })) };
    },
  });

/** Departments somebody was ever in, and those above the ones that are known. */
function wantedDepartments({ worksFor, departments = [] }: DepartmentFacts): readonly string[] {
  const own = worksFor === undefined || worksFor.status === 'none' ? [] : worksFor.employments;
  const assigned = own.flatMap(({ assignments }) => assignments.map(({ departmentId }) => departmentId));
  const above = departments.flatMap((department) => parentOf(department) ?? []);
  return [...new Set([...assigned, ...above])];
}

function idOf(state: DepartmentState | undefined): string | null {
  return state === undefined || state.status === 'none' ? null : state.id;
}

function parentOf(state: DepartmentState | undefined): string | null {
  return state === undefined || state.status === 'none' ? null : state.created.parentId;
}
