import type { EventDefinitions, EventOf } from '@voronka/kernel';

export type DepartmentCreated = EventOf<
  'DepartmentCreated',
  { readonly name: string; readonly parentId: string | null }
>;

export type DepartmentHeadAppointed = EventOf<
  'DepartmentHeadAppointed',
  {
    readonly employeeId: string;
    /** Local date, `YYYY-MM-DD`. */
    readonly effectiveOn: string;
  }
>;

export type DepartmentEvent = DepartmentCreated | DepartmentHeadAppointed;

export const departmentEvents: EventDefinitions<DepartmentEvent> = {
  DepartmentCreated: {},
  DepartmentHeadAppointed: {},
};
