import { BusinessCommand, type CommandDefinition, type CommandOf, IsMonth, IsText, payrollRef } from '@voronka/kernel';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { OPERATORS } from '../shared/access.js';
import type { CompanyState } from './company.decider.js';

export class ConfigureCompany extends BusinessCommand {
  @IsText()
  name: string;

  /** IANA zone of every period boundary; fixed by the first configuration. */
  @IsText(64)
  zone: string;

  /** ISO 4217 code of the one currency; fixed by the first configuration. */
  @Matches(/^[A-Z]{3}$/, { message: 'must be an ISO 4217 code of three letters: RUB' })
  currency: string;

  /** First payroll month; the month of the first configuration unless it is said. Fixed once a month was closed. */
  @IsOptional()
  @IsMonth()
  firstPayrollPeriod?: string | null;

  /** Calendar that counts working days. */
  @IsOptional()
  @IsIn(['main'])
  calendarId?: string | null;

  /** Entries older than this many working days need authority and a reason; 5 unless it is said. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(366)
  backdatingWorkingDays?: number | null;
}

export type CompanyCommand = CommandOf<'ConfigureCompany', ConfigureCompany>;

export const companyCommands: readonly (CommandDefinition<CompanyState> & { type: CompanyCommand['type'] })[] = [
  {
    type: 'ConfigureCompany',
    body: ConfigureCompany,
    route: 'configure-company',
    summary: 'Sets the company up: zone and currency for good, the rest until the next time.',
    roles: OPERATORS,
    example: { name: 'Konstanta', zone: 'Europe/Samara', currency: 'RUB', firstPayrollPeriod: '2009-08' },
    creates: true,
    facts: () => ({ payroll: payrollRef }),
  },
];
