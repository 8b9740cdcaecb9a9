import type { EventDefinitions, EventOf, Personal } from '@voronka/kernel';

export type EmployeeHired = EventOf<
  'EmployeeHired',
  {
    readonly name: Personal<string>;
    readonly email: Personal<string> | null;
    readonly position: string;
    readonly departmentId: string;
    /** Working roles that route-map steps ask for (`manager`, `analyst` …); not access roles. */
    readonly roles: readonly string[];
    /** First working day, local date. */
    readonly hiredOn: string;
    /** A program that performs steps; kept out of personal indicators, in a row of its own. */
    readonly robot: boolean;
  }
>;

export type EmployeeTransferred = EventOf<
  'EmployeeTransferred',
  {
    readonly departmentId: string;
    readonly position: string;
    readonly roles: readonly string[];
    /** First day in the new place, local date. */
    readonly effectiveOn: string;
  }
>;

export type EmployeeDismissed = EventOf<
  'EmployeeDismissed',
  {
    /** Last working day, local date. */
    readonly lastDay: string;
  }
>;

/** Days on which somebody is not at work: plans that are prorated by working days leave them out. */
export type AbsenceRecorded = EventOf<
  'AbsenceRecorded',
  {
    readonly absenceId: string;
    /** A code that the company agreed on: vacation, training … */
    readonly kind: string;
    /** First and last day of absence, local dates. */
    readonly firstDay: string;
    readonly lastDay: string;
  }
>;

/** It did not come about, or was told wrongly. */
export type AbsenceCancelled = EventOf<'AbsenceCancelled', { readonly absenceId: string; readonly reason: string }>;

/** What employment, places and working roles follow from. */
export type EmploymentEvent = EmployeeHired | EmployeeTransferred | EmployeeDismissed;

export type EmployeeEvent = EmploymentEvent | AbsenceRecorded | AbsenceCancelled;

export const employeeEvents: EventDefinitions<EmployeeEvent> = {
  EmployeeHired: { personal: { subject: (_data, stream) => stream, fields: ['name', 'email'] } },
  EmployeeTransferred: {},
  EmployeeDismissed: {},
  AbsenceRecorded: {},
  AbsenceCancelled: {},
};
