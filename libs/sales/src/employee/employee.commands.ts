import {
  BusinessCommand,
  type CommandDefinition,
  type CommandOf,
  IsCode,
  IsCodes,
  IsIdentifier,
  IsLocalDate,
  IsText,
} from '@voronka/kernel';
import { IsBoolean, IsEmail, IsOptional, MaxLength } from 'class-validator';
import { KEEPERS } from '../shared/access.js';
import type { EmployeeState } from './employee.state.js';

const MOST_ROLES = 20;

export class HireEmployee extends BusinessCommand {
  @IsText()
  name: string;

  @IsOptional()
  @IsEmail()
  @MaxLength(254)
  email?: string | null;

  @IsText()
  position: string;

  @IsIdentifier()
  departmentId: string;

  /** Working roles that steps of route maps ask for; not access roles. */
  @IsOptional()
  @IsCodes(MOST_ROLES)
  roles?: string[] | null;

  /** First working day. */
  @IsLocalDate()
  hiredOn: string;

  /** A program that performs steps. */
  @IsOptional()
  @IsBoolean()
  robot?: boolean | null;
}

export class TransferEmployee extends BusinessCommand {
  @IsIdentifier()
  departmentId: string;

  /** The old position unless it is said. */
  @IsOptional()
  @IsText()
  position?: string | null;

  /** The old working roles unless they are said. */
  @IsOptional()
  @IsCodes(MOST_ROLES)
  roles?: string[] | null;

  /** First day in the new place. */
  @IsLocalDate()
  effectiveOn: string;
}

export class DismissEmployee extends BusinessCommand {
  /** Last working day. */
  @IsLocalDate()
  lastDay: string;
}

export class RecordAbsence extends BusinessCommand {
  @IsIdentifier()
  absenceId: string;

  /** A code that the company agreed on. */
  @IsCode()
  kind: string;

  @IsLocalDate()
  firstDay: string;

  @IsLocalDate()
  lastDay: string;
}

export class CancelAbsence extends BusinessCommand {
  @IsIdentifier()
  absenceId: string;

  @IsText()
  reason: string;
}

export type EmployeeCommand =
  | CommandOf<'HireEmployee', HireEmployee>
  | CommandOf<'TransferEmployee', TransferEmployee>
  | CommandOf<'DismissEmployee', DismissEmployee>
  | CommandOf<'RecordAbsence', RecordAbsence>
  | CommandOf<'CancelAbsence', CancelAbsence>;

const department = (body: { departmentId: string }) => ({
  department: { category: 'department', id: body.departmentId },
});

export const employeeCommands: readonly (CommandDefinition<EmployeeState> & { type: EmployeeCommand['type'] })[] = [
  {
    type: 'HireEmployee',
    body: HireEmployee,
    route: 'hire-employee',
    summary: 'Hires somebody (or sets a robot to work), also somebody who had left.',
    roles: KEEPERS,
    example: {
      name: 'Anna Ivanova',
      email: 'ivanova@example.com',
      position: 'Sales manager',
      departmentId: 'sales',
      roles: ['manager'],
      hiredOn: '2009-02-01',
    },
    creates: true,
    facts: (body: HireEmployee) => department(body),
  },
  {
    type: 'TransferEmployee',
    body: TransferEmployee,
    route: 'transfer-employee',
    summary: 'Moves an employee to a department, position and working roles from a day on.',
    roles: KEEPERS,
    example: { departmentId: 'key-accounts', position: 'Key account manager', effectiveOn: '2009-09-01' },
    facts: (body: TransferEmployee) => department(body),
  },
  {
    type: 'DismissEmployee',
    body: DismissEmployee,
    route: 'dismiss-employee',
    summary: 'Ends the employment with a last working day.',
    roles: KEEPERS,
    example: { lastDay: '2010-01-31' },
  },
  {
    type: 'RecordAbsence',
    body: RecordAbsence,
    route: 'record-absence',
    summary: 'Records days on which somebody else is not at work: plans may be prorated by them.',
    roles: KEEPERS,
    example: { absenceId: 'vacation-2009', kind: 'vacation', firstDay: '2009-08-10', lastDay: '2009-08-21' },
  },
  {
    type: 'CancelAbsence',
    body: CancelAbsence,
    route: 'cancel-absence',
    summary: 'Takes back an absence that did not come about, or was told wrongly.',
    roles: KEEPERS,
    example: { absenceId: 'vacation-2009', reason: 'Put off to October' },
  },
];
