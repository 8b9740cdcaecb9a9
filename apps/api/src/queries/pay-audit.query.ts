import { payrollAuditOf } from '@voronka/read-models';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { WholeNumber } from './convert.js';
import { AskedParams } from './params.js';
import { askCore, defineQuery, SEE_EVERYTHING } from './query.definition.js';

export class PayrollAuditQuery extends AskedParams {
  /** Month; all that were ever closed unless it is said. */
  @IsOptional()
  @Matches(/^\d{4}-(0[1-9]|1[0-2])$/, { message: 'must be a month: 2009-08' })
  period?: string;

  /** Closings at once: each is worked out whole. */
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;

  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(0)
  @Max(100_000)
  offset?: number;
}

export const payrollAuditQuery = defineQuery<PayrollAuditQuery>({
  name: 'PayrollAudit',
  path: 'payroll/audit',
  params: PayrollAuditQuery,
  roles: SEE_EVERYTHING,
  summary: 'Every issued statement worked out anew as of its own K₀: hashes stated and recomputed, and what differs.',
  example: { period: '2009-08' },
  needsHistory: 'PERIOD_NOT_CLOSED',
  answer: (sources, params) => askCore(sources, params, (context) => payrollAuditOf(context, params.period, params)),
});
