import {
  BusinessCommand,
  type CommandDefinition,
  type CommandOf,
  type FactRefs,
  IsCode,
  IsIdentifier,
  IsListOf,
  IsLocalDate,
  IsText,
  type Role,
} from '@voronka/kernel';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, IsOptional, Matches, Max, Min, ValidateNested } from 'class-validator';
import { IsPreviewHash } from '../shared/preview-hash.js';
import type { PlanState } from './plan.decider.js';
import { idsNamed, PLANNERS } from './plan.named.js';
import { type ReachFacts, reachRefs } from './plan.reach.js';
import { OWNER_KINDS, type OwnerKind, PRORATIONS, type Proration } from './plan.document.js';

const MOST_CELLS = 1_000;
const MOST = Number.MAX_SAFE_INTEGER;
/** Names of periods; whether there is such a day or week is checked where they are read. */
const PERIOD = /^\d{4}(-\d\d(-\d\d)?|-Q[1-4]|-W\d\d)?(\.\.\d{4}(-\d\d(-\d\d)?|-Q[1-4]|-W\d\d)?)?$/;

export class PlanOwnerBody {
  @IsIn(OWNER_KINDS)
  kind: OwnerKind;

  /** Employee or department; `main` for the company. */
  @IsIdentifier()
  id: string;
}

export class PlanCellBody {
  @IsCode()
  indicator: string;

  @Type(() => PlanOwnerBody)
  @ValidateNested()
  @IsObject()
  owner: PlanOwnerBody;

  /** `2009-08`, `2009-Q3` and `2009` are paid by; a week `2009-W33` or days `2009-08-03..2009-08-14` are steered by. */
  @Matches(PERIOD, { message: 'must be a period: 2009-08, 2009-Q3, 2009, 2009-W33 or 2009-08-03..2009-08-14' })
  period: string;
}

export class AssignedCellBody extends PlanCellBody {
  /** In the smallest unit: whole ones, kopecks, basis points of percents, ten-thousandths of ratios, minutes. */
  @IsInt()
  @Min(0)
  @Max(MOST)
  value: number;

  /** `workingDays`: less for those who were not there all the period. Personal plans only; none unless it is said. */
  @IsOptional()
  @IsIn(PRORATIONS)
  proration?: Proration | null;
}

export class ChangedCellBody extends PlanCellBody {
  @IsIn(['replace', 'fromDate', 'add', 'withdraw'])
  change: 'replace' | 'fromDate' | 'add' | 'withdraw';

  /** As for an assigned cell; for `add` it may be negative; none for `withdraw`. */
  @IsOptional()
  @IsInt()
  @Min(-MOST)
  @Max(MOST)
  value?: number | null;

  /** For `fromDate`: the first day of the new level. */
  @IsOptional()
  @IsLocalDate()
  from?: string | null;

  /** As it was, unless it is said. */
  @IsOptional()
  @IsIn(PRORATIONS)
  proration?: Proration | null;
}

export class AssignPlan extends BusinessCommand {
  @IsListOf(() => AssignedCellBody, { min: 1, max: MOST_CELLS })
  cells: AssignedCellBody[];

  @IsText()
  reason: string;
}

export class RevisePlan extends BusinessCommand {
  @IsListOf(() => ChangedCellBody, { min: 1, max: MOST_CELLS })
  cells: ChangedCellBody[];

  @IsText()
  reason: string;
}

export class WithdrawPlan extends BusinessCommand {
  @IsListOf(() => PlanCellBody, { min: 1, max: MOST_CELLS })
  cells: PlanCellBody[];

  @IsText()
  reason: string;
}

export class ProposePlanChange extends RevisePlan {
  @IsPreviewHash()
  previewHash?: string | null;
}

export class ApprovePlanChange extends BusinessCommand {
  @IsPreviewHash()
  previewHash?: string | null;
}

export class RejectPlanChange extends BusinessCommand {
  @IsText()
  reason: string;
}

export type PlanCommand =
  | CommandOf<'AssignPlan', AssignPlan>
  | CommandOf<'RevisePlan', RevisePlan>
  | CommandOf<'WithdrawPlan', WithdrawPlan>
  | CommandOf<'ProposePlanChange', ProposePlanChange>
  | CommandOf<'ApprovePlanChange', ApprovePlanChange>
  | CommandOf<'RejectPlanChange', RejectPlanChange>;

const APPROVERS: readonly Role[] = ['admin', 'service', 'director'];

const fixed = {
  company: { category: 'company', id: 'main' },
  payroll: { category: 'payroll', id: 'main' },
  regulations: { category: 'payRegulation', id: 'main' },
};

/** The things that cells name, each once; in the order of `idsNamed`. */
function spokenOf({ cells }: { readonly cells: readonly PlanCellBody[] }, person: string | null): FactRefs {
  const { indicators, employees, departments } = idsNamed(cells);
  const all = (category: string, ids: readonly string[]) => ids.map((id) => ({ category, id }));
  return {
    ...fixed,
    indicators: all('indicator', indicators),
    employees: all('employee', employees),
    departments: all('department', departments),
    author: person === null ? [] : [{ category: 'employee', id: person }],
  };
}

const company = { kind: 'company', id: 'main' };
const cell = { indicator: 'first_contacts', owner: company, period: '2100-01' };

type Definition = CommandDefinition<PlanState> & { type: PlanCommand['type'] };

function opening(
  type: Definition['type'],
  definition: Pick<Definition, 'body' | 'summary' | 'example' | 'roles'>,
): Definition {
  const route = type.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  const facts: Definition['facts'] = (body: AssignPlan, _state, { person }) => spokenOf(body, person);
  const further: Definition['further'] = (known: ReachFacts, asked) => reachRefs(known, asked);
  return { type, route, creates: true, facts, further, ...definition };
}

export const planCommands: readonly Definition[] = [
  opening('AssignPlan', {
    body: AssignPlan,
    summary: 'Assigns plans for open periods: 1 to 1,000 cells as one change.',
    roles: PLANNERS,
    example: { cells: [{ ...cell, value: 40 }], reason: 'Plan of the year' },
  }),
  opening('RevisePlan', {
    body: RevisePlan,
    summary: 'Changes plans of open periods: replaces, adds, sets a level from a day on, withdraws.',
    roles: PLANNERS,
    example: { cells: [{ ...cell, change: 'replace', value: 45 }], reason: 'Too few first contacts' },
  }),
  opening('WithdrawPlan', {
    body: WithdrawPlan,
    summary: 'Withdraws plans of open periods: what they were needed for is not paid.',
    roles: PLANNERS,
    example: { cells: [cell], reason: 'Not measured any more' },
  }),
  opening('ProposePlanChange', {
    body: ProposePlanChange,
    summary: 'Proposes a change that touches closed periods; it counts once somebody else approves it.',
    roles: PLANNERS,
    example: { cells: [{ ...cell, change: 'replace', value: 45 }], reason: 'Agreed on with the department' },
  }),
  {
    type: 'ApprovePlanChange',
    body: ApprovePlanChange,
    route: 'approve-plan-change',
    summary: 'Approves what another person proposed.',
    roles: APPROVERS,
    example: {},
    facts: (_body, state: PlanState, { person }) =>
      spokenOf({ cells: state.status === 'none' ? [] : state.cells }, person),
  },
  {
    type: 'RejectPlanChange',
    body: RejectPlanChange,
    route: 'reject-plan-change',
    summary: 'Rejects what was proposed.',
    roles: APPROVERS,
    example: { reason: 'The plan was known in time' },
  },
];
