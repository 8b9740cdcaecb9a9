import {
  type CommandOf,
  IsAnswers,
  IsCode,
  IsIdentifier,
  IsInstant,
  IsKopecks,
  IsListOf,
  IsLocalDate,
  IsText,
  LONG_TEXT,
} from '@voronka/kernel';
import { IsBoolean, IsInt, IsOptional, Max, Min } from 'class-validator';
import type { Answers } from '../shared/answers.js';
import type { DealCorrectionCommand } from './deal.correction.commands.js';
import { DealEntry } from './deal.entry.js';
import type { RecordHistory } from './deal.history.commands.js';
import type { DealMoneyCommand } from './deal.money.commands.js';
import type { DealPlanCommand } from './deal.plan.commands.js';

export { DealEntry } from './deal.entry.js';

/** Most lines of a deal or a contract. */
export const MOST_LINES = 200;

export class DealLineBody {
  @IsIdentifier()
  productId: string;

  /** What the product may bring; left out as long as nobody knows. */
  @IsOptional()
  @IsKopecks()
  amountKopecks?: number | null;
}

export class OpenDeal extends DealEntry {
  @IsOptional()
  @IsText()
  title?: string | null;

  @IsIdentifier()
  customerId: string;

  @IsIdentifier()
  routeMapId: string;

  /** The latest version unless it is said. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  routeMapVersion?: number | null;

  /** Employee who answers for the deal; the sender's person unless it is said. */
  @IsOptional()
  @IsIdentifier()
  ownerId?: string | null;

  /** How the deal came about. */
  @IsOptional()
  @IsCode()
  source?: string | null;

  @IsOptional()
  @IsListOf(() => DealLineBody, { max: MOST_LINES })
  lines?: DealLineBody[] | null;

  /** The sum of the lines, where each has an amount, unless it is said. */
  @IsOptional()
  @IsKopecks()
  expectedAmountKopecks?: number | null;

  @IsOptional()
  @IsLocalDate()
  expectedCloseOn?: string | null;
}

export class CompleteStep extends DealEntry {
  @IsCode()
  step: string;

  /** Employee (or robot) who did it; the sender's person unless it is said. */
  @IsOptional()
  @IsIdentifier()
  performedBy?: string | null;

  /** Answers to the step's form, by field code. */
  @IsOptional()
  @IsAnswers()
  answers?: Answers | null;
}

export class VerifyStep extends DealEntry {
  @IsCode()
  step: string;

  /** True accepts the step; false sends it back to be done again. */
  @IsBoolean()
  accepted: boolean;

  /** Event id of the completion; the one that waits unless it is said. */
  @IsOptional()
  @IsIdentifier()
  completionId?: string | null;

  /** Why it is sent back; needed then. */
  @IsOptional()
  @IsText(LONG_TEXT)
  reason?: string | null;
}

export class SkipStep extends DealEntry {
  @IsCode()
  step: string;

  @IsText(LONG_TEXT)
  reason: string;
}

export class ReturnDeal extends DealEntry {
  /** Step, done before, at which the deal stands from now on. */
  @IsCode()
  toStep: string;

  @IsText(LONG_TEXT)
  reason: string;
}

export class VoidStep extends DealEntry {
  @IsCode()
  step: string;

  /** Event id of the completion; the latest of the step unless it is said. */
  @IsOptional()
  @IsIdentifier()
  completionId?: string | null;

  @IsText(LONG_TEXT)
  reason: string;
}

export class RecordActivity extends DealEntry {
  /** Unique in the deal; that of the plan, or else made by the server, unless it is said. */
  @IsOptional()
  @IsIdentifier()
  activityId?: string | null;

  /** Planned activity that is done by it; the one with the same id, if there is one, unless it is said. */
  @IsOptional()
  @IsIdentifier()
  plannedActivityId?: string | null;

  /** `call`, `meeting`, `email`, `demo`, `visit` or another code. */
  @IsCode()
  kind: string;

  /** What it was about, in a few words for reports; nothing personal. */
  @IsOptional()
  @IsText()
  topic?: string | null;

  @IsOptional()
  @IsCode()
  outcome?: string | null;

  /** Employee (or robot) who did it; the sender's person unless it is said. */
  @IsOptional()
  @IsIdentifier()
  performedBy?: string | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100_000)
  durationMinutes?: number | null;

  /** Step that it belongs to. */
  @IsOptional()
  @IsCode()
  step?: string | null;

  @IsOptional()
  @IsText(LONG_TEXT)
  note?: string | null;
}

export class VoidActivity extends DealEntry {
  @IsIdentifier()
  activityId: string;

  @IsText(LONG_TEXT)
  reason: string;
}

export class ReassignDeal extends DealEntry {
  @IsIdentifier()
  toOwnerId: string;

  /** From when the new owner answers for the deal; the command's own time unless it is said. */
  @IsOptional()
  @IsInstant()
  effectiveFrom?: string | null;

  @IsText(LONG_TEXT)
  reason: string;
}

export class ContractLineBody {
  /** Unique in the contract; its place, from 1, unless it is said. */
  @IsOptional()
  @IsIdentifier()
  lineId?: string | null;

  @IsIdentifier()
  productId: string;

  @IsKopecks()
  amountKopecks: number;
}

export class SignContract extends DealEntry {
  /** Made by the server unless it is said. */
  @IsOptional()
  @IsIdentifier()
  contractId?: string | null;

  @IsText(64)
  number: string;

  @IsListOf(() => ContractLineBody, { min: 1, max: MOST_LINES })
  lines: ContractLineBody[];
}

export class LoseDeal extends DealEntry {
  /** Code from the list of the deal's route map. */
  @IsCode()
  lossReason: string;

  @IsOptional()
  @IsText(LONG_TEXT)
  note?: string | null;
}

export class ReopenDeal extends DealEntry {
  @IsText(LONG_TEXT)
  reason: string;
}

export class MigrateDeal extends DealEntry {
  /** The latest published version unless it is said. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  toVersion?: number | null;

  @IsText(LONG_TEXT)
  reason: string;
}

export type DealCommand =
  | DealMoneyCommand
  | DealPlanCommand
  | DealCorrectionCommand
  | CommandOf<'OpenDeal', OpenDeal>
  | CommandOf<'CompleteStep', CompleteStep>
  | CommandOf<'VerifyStep', VerifyStep>
  | CommandOf<'SkipStep', SkipStep>
  | CommandOf<'ReturnDeal', ReturnDeal>
  | CommandOf<'VoidStep', VoidStep>
  | CommandOf<'RecordActivity', RecordActivity>
  | CommandOf<'VoidActivity', VoidActivity>
  | CommandOf<'ReassignDeal', ReassignDeal>
  | CommandOf<'SignContract', SignContract>
  | CommandOf<'LoseDeal', LoseDeal>
  | CommandOf<'ReopenDeal', ReopenDeal>
  | CommandOf<'MigrateDeal', MigrateDeal>
  | CommandOf<'RecordHistory', RecordHistory>;
