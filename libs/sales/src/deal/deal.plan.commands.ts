import { type CommandOf, IsCode, IsIdentifier, IsInstant, IsText, LONG_TEXT } from '@voronka/kernel';
import { IsOptional } from 'class-validator';
import { DealEntry } from './deal.entry.js';

export class PlanActivity extends DealEntry {
  /** Unique among the activities of the deal, planned or recorded; made by the server unless it is said. */
  @IsOptional()
  @IsIdentifier()
  activityId?: string | null;

  /** `call`, `meeting`, `email`, `demo`, `visit` or another code. */
  @IsCode()
  kind: string;

  /** What it will be about, in a few words for reports; nothing personal. */
  @IsOptional()
  @IsText()
  topic?: string | null;

  /** By when it is to be done. */
  @IsInstant()
  dueAt: string;

  /** Employee (or robot) who is to do it; the sender's person unless it is said. */
  @IsOptional()
  @IsIdentifier()
  performer?: string | null;

  /** Step that it belongs to. */
  @IsOptional()
  @IsCode()
  step?: string | null;

  @IsOptional()
  @IsText(LONG_TEXT)
  note?: string | null;
}

export class RescheduleActivity extends DealEntry {
  @IsIdentifier()
  activityId: string;

  @IsInstant()
  dueAt: string;

  @IsText(LONG_TEXT)
  reason: string;
}

export class CancelActivity extends DealEntry {
  @IsIdentifier()
  activityId: string;

  @IsText(LONG_TEXT)
  reason: string;
}

export type DealPlanCommand =
  | CommandOf<'PlanActivity', PlanActivity>
  | CommandOf<'RescheduleActivity', RescheduleActivity>
  | CommandOf<'CancelActivity', CancelActivity>;
