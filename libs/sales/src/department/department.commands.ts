import {
  BusinessCommand,
  type CommandDefinition,
  type CommandOf,
  type FactRefs,
  IsIdentifier,
  IsLocalDate,
  IsText,
} from '@voronka/kernel';
import { IsOptional } from 'class-validator';
import { KEEPERS } from '../shared/access.js';
import type { DepartmentState } from './department.decider.js';

export class CreateDepartment extends BusinessCommand {
  @IsText()
  name: string;

  /** Department above it; none for the top of the company. */
  @IsOptional()
  @IsIdentifier()
  parentId?: string | null;
}

export class AppointHead extends BusinessCommand {
  @IsIdentifier()
  employeeId: string;

  /** First day as head. */
  @IsLocalDate()
  effectiveOn: string;
}

export type DepartmentCommand = CommandOf<'CreateDepartment', CreateDepartment> | CommandOf<'AppointHead', AppointHead>;

export const departmentCommands: readonly (CommandDefinition<DepartmentState> & { type: DepartmentCommand['type'] })[] =
  [
    {
      type: 'CreateDepartment',
      body: CreateDepartment,
      route: 'create-department',
      summary: 'Creates a department, under another one or at the top.',
      roles: KEEPERS,
      example: { name: 'Sales' },
      creates: true,
      facts: (body: CreateDepartment): FactRefs =>
        typeof body.parentId === 'string' ? { parent: { category: 'department', id: body.parentId } } : {},
    },
    {
      type: 'AppointHead',
      body: AppointHead,
      route: 'appoint-head',
      summary: 'Makes an employee the head of the department from a day on.',
      roles: KEEPERS,
      example: { employeeId: 'orlova', effectiveOn: '2009-02-01' },
      facts: (body: AppointHead) => ({ head: { category: 'employee', id: body.employeeId } }),
    },
  ];
