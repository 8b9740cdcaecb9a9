import { type CommandOf, IsCode, IsCodes, IsIdentifier, IsText, LONG_TEXT } from '@voronka/kernel';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import type { DealCorrectionCommand } from '../deal/deal.correction.commands.js';
import { type DealCommand, MigrateDeal, MOST_LINES, ReassignDeal, ReturnDeal } from '../deal/deal.commands.js';
import { DealEntry } from '../deal/deal.entry.js';
import type { DealPlanCommand } from '../deal/deal.plan.commands.js';

export class OpenServiceCase extends DealEntry {
  @IsOptional()
  @IsText()
  title?: string | null;

  @IsIdentifier()
  customerId: string;

  /** A map of purpose `service`. */
  @IsIdentifier()
  routeMapId: string;

  /** The latest version unless it is said. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  routeMapVersion?: number | null;

  /** Employee who answers for the case; the sender's person unless it is said. */
  @IsOptional()
  @IsIdentifier()
  ownerId?: string | null;

  /** Products that are introduced or cared for. */
  @IsOptional()
  @IsCodes(MOST_LINES)
  productIds?: string[] | null;

  /** Deal of the same customer that the case comes from. */
  @IsOptional()
  @IsIdentifier()
  dealId?: string | null;
}

export class ReturnServiceCase extends ReturnDeal {}

export class ReassignServiceCase extends ReassignDeal {}

export class MigrateServiceCase extends MigrateDeal {}

export class CloseServiceCase extends DealEntry {
  /** `completed`: every mandatory step is done. `abandoned`: given up. */
  @IsIn(['completed', 'abandoned'])
  outcome: 'completed' | 'abandoned';

  /** Code from the loss reasons of the map; needed where the case is given up. */
  @IsOptional()
  @IsCode()
  lossReason?: string | null;

  @IsOptional()
  @IsText(LONG_TEXT)
  note?: string | null;
}

export class ReopenServiceCase extends DealEntry {
  @IsText(LONG_TEXT)
  reason: string;
}

/** Commands that a case takes as a deal does. */
export type WorkCommand =
  | DealPlanCommand
  | DealCorrectionCommand
  | Extract<
      DealCommand,
      { type: 'CompleteStep' | 'VerifyStep' | 'SkipStep' | 'VoidStep' | 'RecordActivity' | 'VoidActivity' }
    >;

export type ServiceCaseCommand =
  | WorkCommand
  | CommandOf<'OpenServiceCase', OpenServiceCase>
  | CommandOf<'ReturnServiceCase', ReturnServiceCase>
  | CommandOf<'ReassignServiceCase', ReassignServiceCase>
  | CommandOf<'MigrateServiceCase', MigrateServiceCase>
  | CommandOf<'CloseServiceCase', CloseServiceCase>
  | CommandOf<'ReopenServiceCase', ReopenServiceCase>;
