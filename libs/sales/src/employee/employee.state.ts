import type { AbsenceRecorded, EmployeeHired } from './employee.events.js';

/** Where somebody works from a day on. */
export interface Assignment {
  /** Local date. */
  readonly effectiveOn: string;
  readonly departmentId: string;
  readonly position: string;
  readonly roles: readonly string[];
}

/** From hiring to dismissal; somebody who comes back has several. */
export interface Employment {
  readonly hired: EmployeeHired['data'];
  /** By day, the first on the day of hiring. */
  readonly assignments: readonly Assignment[];
  /** Last working day; null while it goes on. */
  readonly lastDay: string | null;
}

export type EmployeeState =
  | { readonly status: 'none' }
  | {
      readonly status: 'employed' | 'dismissed';
      readonly employments: readonly Employment[];
      readonly current: Employment;
      /** In the order of recording; the cancelled ones, too. */
      readonly absences: readonly Absence[];
    };

export type Absence = AbsenceRecorded['data'] & { readonly cancelled: boolean };

/** Department, position and working roles of somebody on a local date; null when not employed that day. */
export function assignmentOn(state: EmployeeState, date: string): Assignment | null {
  if (state.status === 'none') return null;
  const employment = state.employments.findLast(({ hired }) => hired.hiredOn <= date);
  if (employment === undefined || (employment.lastDay !== null && date > employment.lastDay)) return null;
  return employment.assignments.findLast(({ effectiveOn }) => effectiveOn <= date) ?? null;
}
