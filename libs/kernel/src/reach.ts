import type { Role } from './decider.js';

/** How much of the company somebody reaches: all of it, the departments he heads and those below, or his own work. */
export type Reach = 'company' | 'departments' | 'own';

/** What each role reaches where a command or query lets it in, in commands and queries alike. */
export const REACH: Readonly<Record<Role, Reach>> = {
  admin: 'company',
  service: 'company',
  manager: 'own',
  head: 'departments',
  director: 'company',
  payroll: 'company',
  auditor: 'company',
  bi: 'company',
};

/** The widest reach of several roles. */
export function reachOf(roles: readonly Role[]): Reach {
  const reaches = roles.map((role) => REACH[role]);
  if (reaches.includes('company')) return 'company';
  return reaches.includes('departments') ? 'departments' : 'own';
}

/** A department, as far as reach goes by it. */
export interface DepartmentFact {
  readonly status: 'none' | 'active';
  readonly created?: { readonly parentId: string | null };
  /** Every appointment, in the order of recording. */
  readonly heads?: readonly { readonly employeeId: string; readonly effectiveOn: string }[];
}

/** Who heads a department on a local date; null for nobody. */
export function headOn({ heads = [] }: DepartmentFact, day: string): string | null {
  return heads.findLast(({ effectiveOn }) => effectiveOn <= day)?.employeeId ?? null;
}

type Departments = readonly (DepartmentFact | undefined)[];

/**
 * Ids of departments and of all above them, each once: first those asked about, then parents as `known`, whose order is
 * that of the answer, tells of them. Looking up what it names and asking again leads to the top.
 */
export function departmentsUp(starts: readonly string[], known: Departments): readonly string[] {
  const ids = [...new Set(starts)];
  for (let at = 0; at < ids.length; at += 1) {
    const parent = known[at]?.created?.parentId ?? null;
    if (parent !== null && !ids.includes(parent)) ids.push(parent);
  }
  return ids;
}

/** Does a person head a department, or one above it, on a local date? `known` as for `departmentsUp`. */
export function headsDepartment(
  person: string,
  departmentId: string,
  { starts, known, day }: { readonly starts: readonly string[]; readonly known: Departments; readonly day: string },
): boolean {
  const ids = departmentsUp(starts, known);
  const seen = new Set<string>();
  for (let id: string | null = departmentId; id !== null && !seen.has(id);) {
    seen.add(id);
    const department: DepartmentFact | undefined = known[ids.indexOf(id)];
    if (department === undefined) return false;
    if (headOn(department, day) === person) return true;
    id = department.created?.parentId ?? null;
  }
  return false;
}
