import { type CommandOf, IsAnswers, IsCode, IsIdentifier, IsInstant, IsText, LONG_TEXT } from '@voronka/kernel';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import type { Answers } from '../shared/answers.js';
import { DealEntry } from './deal.entry.js';

/** What is left out stays as it was recorded. */
export class CorrectStep extends DealEntry {
  @IsCode()
  step: string;

  /** Event id of the completion; the latest standing one of the step unless it is said. */
  @IsOptional()
  @IsIdentifier()
  completionId?: string | null;

  /** When the step was done in truth. */
  @IsOptional()
  @IsInstant()
  completedAt?: string | null;

  /** Employee (or robot) who did it in truth; null: nobody is known. */
  @IsOptional()
  @IsIdentifier()
  performedBy?: string | null;

  /** All answers to the step's form as they should have been. */
  @IsOptional()
  @IsAnswers()
  answers?: Answers | null;

  @IsText(LONG_TEXT)
  reason: string;
}

/** What is left out stays as it was recorded; null says that there is none, or that nobody knows. */
export class CorrectActivity extends DealEntry {
  @IsIdentifier()
  activityId: string;

  /** When it happened in truth. */
  @IsOptional()
  @IsInstant()
  happenedAt?: string | null;

  @IsOptional()
  @IsCode()
  kind?: string | null;

  /** What it was about, in a few words for reports; nothing personal. */
  @IsOptional()
  @IsText()
  topic?: string | null;

  @IsOptional()
  @IsCode()
  outcome?: string | null;

  /** Employee (or robot) who did it in truth. */
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

  @IsText(LONG_TEXT)
  reason: string;
}

export type DealCorrectionCommand =
  | CommandOf<'CorrectStep', CorrectStep>
  | CommandOf<'CorrectActivity', CorrectActivity>;
