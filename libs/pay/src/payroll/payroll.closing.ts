import {
  BusinessCommand,
  IsCodes,
  IsIdentifier,
  IsListOf,
  IsMonth,
  IsText,
  LONG_TEXT,
  SHORT_TEXT,
} from '@voronka/kernel';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import { CHECKLIST, type ChecklistCode } from './payroll.events.js';

// Bodies of the commands of a closing: those that payroll sends, and those that the closing itself does.

const MOST_EMPLOYEES = 100_000;
const HASH = /^[0-9a-f]{64}$/;

export class ClosePeriod extends BusinessCommand {
  @IsMonth()
  period: string;

  /** Items of the checklist that are closed over knowingly. */
  @IsOptional()
  @IsIn(CHECKLIST, { each: true })
  @IsCodes(CHECKLIST.length)
  accept?: ChecklistCode[] | null;
}

export class ChecklistItemBody {
  @IsIn(CHECKLIST)
  code: ChecklistCode;

  @IsInt()
  @Min(1)
  count: number;

  /** Ids, the first ones. */
  @IsArray()
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @MaxLength(SHORT_TEXT, { each: true })
  examples: string[];
}

export class StopClosing extends BusinessCommand {
  @IsMonth()
  period: string;

  @IsInt()
  @Min(1)
  version: number;

  @IsListOf(() => ChecklistItemBody, { min: 1, max: CHECKLIST.length })
  items: ChecklistItemBody[];
}

export class FailClosing extends BusinessCommand {
  @IsMonth()
  period: string;

  @IsInt()
  @Min(1)
  version: number;

  /** What could not be done. */
  @IsText()
  at: string;

  @IsText()
  code: string;

  @IsText(LONG_TEXT)
  reason: string;
}

export class ResumeClosing extends BusinessCommand {
  @IsMonth()
  period: string;
}

export class AbandonClosing extends ResumeClosing {
  @IsText()
  reason: string;
}

/** Far more than the regulations and definitions of any company. */
const MOST_VERSIONS = 10_000;

export class ClosingVersionsBody {
  @IsText()
  engine: string;

  @IsText()
  zoneData: string;

  @IsArray()
  @ArrayMaxSize(MOST_VERSIONS)
  @IsString({ each: true })
  @MaxLength(SHORT_TEXT, { each: true })
  regulations: string[];

  @IsArray()
  @ArrayMaxSize(MOST_VERSIONS)
  @IsString({ each: true })
  @MaxLength(SHORT_TEXT, { each: true })
  definitions: string[];

  @IsInt()
  @Min(0)
  planEvents: number;

  @Matches(HASH)
  plansHash: string;
}

export class CompleteClosing extends BusinessCommand {
  @IsMonth()
  period: string;

  @IsInt()
  @Min(1)
  version: number;

  /** Position of the event by which the closing began, and its id. */
  @Matches(/^\d+$/)
  position: string;

  @IsIdentifier()
  eventId: string;

  @IsInt()
  @Min(0)
  @Max(MOST_EMPLOYEES)
  statements: number;

  @Matches(HASH)
  hash: string;

  @IsListOf(() => ChecklistItemBody, { max: CHECKLIST.length })
  checklist: ChecklistItemBody[];

  @IsOptional()
  @ValidateNested()
  @Type(() => ClosingVersionsBody)
  versions?: ClosingVersionsBody | null;
}
