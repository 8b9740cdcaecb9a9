import {
  BusinessCommand,
  type CommandDefinition,
  type CommandOf,
  IsCodes,
  IsIdentifier,
  IsLocalDate,
  IsMonth,
  IsText,
  type Role,
} from '@voronka/kernel';
import { IsIn, IsInt, IsOptional, Max, Min, NotEquals } from 'class-validator';
import {
  AbandonClosing,
  ClosePeriod,
  CompleteClosing,
  FailClosing,
  ResumeClosing,
  StopClosing,
} from './payroll.closing.js';
import type { PayrollState } from './payroll.state.js';

export class MarkPaid extends BusinessCommand {
  @IsMonth()
  period: string;

  @IsLocalDate()
  paidOn: string;
}

export class ReopenPeriod extends BusinessCommand {
  @IsMonth()
  period: string;

  @IsText()
  reason: string;
}

export class ApproveReopening extends BusinessCommand {
  @IsMonth()
  period: string;
}

export class RejectReopening extends ReopenPeriod {}

export class PostManualAdjustment extends BusinessCommand {
  @IsIdentifier()
  adjustmentId: string;

  @IsIdentifier()
  employeeId: string;

  /** Month whose statement carries it; not closed yet. */
  @IsMonth()
  period: string;

  @IsInt()
  @NotEquals(0)
  @Min(-Number.MAX_SAFE_INTEGER)
  @Max(Number.MAX_SAFE_INTEGER)
  amountKopecks: number;

  /** Closed month whose difference it settles; outside of the netting unless it is said. */
  @IsOptional()
  @IsMonth()
  settles?: string | null;

  @IsText()
  reason: string;
}

export class ApproveManualAdjustment extends BusinessCommand {
  @IsIdentifier()
  adjustmentId: string;
}

export class RejectManualAdjustment extends ApproveManualAdjustment {
  @IsText()
  reason: string;
}

export class OpenDispute extends BusinessCommand {
  @IsIdentifier()
  disputeId: string;

  @IsIdentifier()
  employeeId: string;

  @IsMonth()
  period: string;

  /** Codes of the rules in doubt; all unless it is said. */
  @IsOptional()
  @IsCodes(50)
  rules?: string[] | null;

  @IsText()
  reason: string;
}

export class ResolveDispute extends BusinessCommand {
  @IsIdentifier()
  disputeId: string;

  @IsIn(['upheld', 'dismissed'])
  outcome: 'upheld' | 'dismissed';

  @IsText()
  reason: string;
}

export type PayrollCommand =
  | CommandOf<'ClosePeriod', ClosePeriod>
  | CommandOf<'StopClosing', StopClosing>
  | CommandOf<'FailClosing', FailClosing>
  | CommandOf<'ResumeClosing', ResumeClosing>
  | CommandOf<'AbandonClosing', AbandonClosing>
  | CommandOf<'CompleteClosing', CompleteClosing>
  | CommandOf<'MarkPaid', MarkPaid>
  | CommandOf<'ReopenPeriod', ReopenPeriod>
  | CommandOf<'ApproveReopening', ApproveReopening>
  | CommandOf<'RejectReopening', RejectReopening>
  | CommandOf<'PostManualAdjustment', PostManualAdjustment>
  | CommandOf<'ApproveManualAdjustment', ApproveManualAdjustment>
  | CommandOf<'RejectManualAdjustment', RejectManualAdjustment>
  | CommandOf<'OpenDispute', OpenDispute>
  | CommandOf<'ResolveDispute', ResolveDispute>;

const PAYERS: readonly Role[] = ['admin', 'service', 'payroll'];
const DECIDERS: readonly Role[] = ['admin', 'service', 'director', 'payroll'];
const ANYBODY_PAID: readonly Role[] = ['admin', 'service', 'manager', 'head', 'director', 'payroll'];
/** What the closing itself does: no key may send it. */
const NOBODY: readonly Role[] = [];

const period = '2009-08';
const company = { company: { category: 'company', id: 'main' } };
const NO_HASH = '0'.repeat(64);
const adjustment = { adjustmentId: 'a1', employeeId: 'ivanova', period: '2100-01', amountKopecks: 100_000 };

type Definition = CommandDefinition<PayrollState> & { type: PayrollCommand['type'] };

function command(
  type: Definition['type'],
  more: Pick<Definition, 'body' | 'summary' | 'example' | 'roles'>,
): Definition {
  const route = type.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  return { type, route, creates: true, ...more };
}

export const payrollCommands: readonly Definition[] = [
  {
    ...command('ClosePeriod', {
      body: ClosePeriod,
      summary: 'Begins to close a month that has ended: statements are issued as of this position.',
      roles: PAYERS,
      example: { period, accept: ['NO_PLAN'] },
    }),
    facts: () => ({ ...company, regulations: { category: 'payRegulation', id: 'main' } }),
  },
  command('StopClosing', {
    body: StopClosing,
    summary: 'Stops a closing over something on the checklist that was not accepted.',
    roles: NOBODY,
    example: { period, version: 1, items: [{ code: 'NO_PLAN', count: 1, examples: ['ivanova'] }] },
  }),
  command('FailClosing', {
    body: FailClosing,
    summary: 'Says that a closing could not go on, and why.',
    roles: NOBODY,
    example: { period, version: 1, at: 'calculation', code: 'TypeError', reason: 'not counted: meetings|self|2009-08' },
  }),
  command('ResumeClosing', {
    body: ResumeClosing,
    summary: 'Goes on with a closing that failed, as of the position at which it began.',
    roles: PAYERS,
    example: { period },
  }),
  command('AbandonClosing', {
    body: AbandonClosing,
    summary: 'Gives a closing up: the month is open again, what was issued of it counts for nothing.',
    roles: PAYERS,
    example: { period, reason: 'It is closed again once the regulation is mended' },
  }),
  command('CompleteClosing', {
    body: CompleteClosing,
    summary: 'Ends a closing once all statements are issued.',
    roles: NOBODY,
    example: { period, version: 1, position: '42', eventId: 'e1', statements: 0, hash: NO_HASH, checklist: [] },
  }),
  command('MarkPaid', {
    body: MarkPaid,
    summary: 'Says that the statements of a closed month were paid.',
    roles: PAYERS,
    example: { period, paidOn: '2009-09-10' },
  }),
  command('ReopenPeriod', {
    body: ReopenPeriod,
    summary: 'Proposes to open the last closed, unpaid month again; somebody else approves it.',
    roles: PAYERS,
    example: { period, reason: 'A regulation was missing' },
  }),
  command('ApproveReopening', {
    body: ApproveReopening,
    summary: 'Opens a month again as another person proposed.',
    roles: DECIDERS,
    example: { period },
  }),
  command('RejectReopening', {
    body: RejectReopening,
    summary: 'Leaves the month closed.',
    roles: DECIDERS,
    example: { period, reason: 'The next month will settle it' },
  }),
  {
    ...command('PostManualAdjustment', {
      body: PostManualAdjustment,
      summary: 'Proposes an adjustment by hand; somebody else approves it.',
      roles: PAYERS,
      example: { ...adjustment, reason: 'Agreed on after the exhibition' },
    }),
    facts: ({ employeeId }: PostManualAdjustment) => ({
      ...company,
      employee: { category: 'employee', id: employeeId },
    }),
  },
  command('ApproveManualAdjustment', {
    body: ApproveManualAdjustment,
    summary: 'Posts an adjustment that another person proposed.',
    roles: DECIDERS,
    example: { adjustmentId: adjustment.adjustmentId },
  }),
  command('RejectManualAdjustment', {
    body: RejectManualAdjustment,
    summary: 'Rejects an adjustment that was proposed.',
    roles: DECIDERS,
    example: { adjustmentId: adjustment.adjustmentId, reason: 'It was paid in July' },
  }),
  {
    ...command('OpenDispute', {
      body: OpenDispute,
      summary: 'Doubts a statement, or the figures of a month, as they are known at this position.',
      roles: ANYBODY_PAID,
      example: { disputeId: 'd1', employeeId: 'ivanova', period, reason: 'Two meetings are missing' },
    }),
    facts: ({ employeeId }: OpenDispute) => ({ employee: { category: 'employee', id: employeeId } }),
  },
  command('ResolveDispute', {
    body: ResolveDispute,
    summary: 'Answers a dispute.',
    roles: DECIDERS,
    example: { disputeId: 'd1', outcome: 'dismissed', reason: 'They were held in September' },
  }),
];
