import {
  IsAnswers,
  IsCode,
  IsCodes,
  IsIdentifier,
  IsInstant,
  IsKopecks,
  IsListOf,
  IsLocalDate,
  IsText,
  LONG_TEXT,
} from '@voronka/kernel';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  Max,
  Min,
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import type { Answers } from '../shared/answers.js';

export const HISTORY_KINDS = [
  'opened',
  'stepCompleted',
  'stepSkipped',
  'activity',
  'contract',
  'lost',
  'reopened',
  'reassigned',
  'returned',
] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];

const MOST_LINES = 200;

/** One fact of a deal's history, as its source tells it. */
export class HistoryEntry {
  @IsIn(HISTORY_KINDS)
  kind: HistoryKind;

  /** Where it stands in its source; a second import of the same place is skipped. */
  @IsText()
  ref: string;

  @IsInstant()
  occurredAt: string;

  /** Names of the fields whose value was assumed, not read. */
  @IsOptional()
  @IsCodes(20)
  assumed?: string[] | null;
}

export class HistoryLine {
  @IsOptional()
  @IsIdentifier()
  lineId?: string | null;

  @IsOptional()
  @IsIdentifier()
  productId?: string | null;

  @IsOptional()
  @IsKopecks()
  amountKopecks?: number | null;
}

export class OpenedEntry extends HistoryEntry {
  declare kind: 'opened';

  @IsOptional()
  @IsText()
  title?: string | null;

  @IsOptional()
  @IsIdentifier()
  customerId?: string | null;

  @IsIdentifier()
  routeMapId: string;

  /** The latest version unless it is said. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  routeMapVersion?: number | null;

  @IsOptional()
  @IsIdentifier()
  ownerId?: string | null;

  @IsOptional()
  @IsCode()
  source?: string | null;

  @IsOptional()
  @IsListOf(() => HistoryLine, { max: MOST_LINES })
  lines?: HistoryLine[] | null;

  @IsOptional()
  @IsKopecks()
  expectedAmountKopecks?: number | null;

  @IsOptional()
  @IsLocalDate()
  expectedCloseOn?: string | null;
}

export class StepCompletedEntry extends HistoryEntry {
  declare kind: 'stepCompleted';

  @IsCode()
  step: string;

  @IsOptional()
  @IsIdentifier()
  performedBy?: string | null;

  @IsOptional()
  @IsAnswers()
  answers?: Answers | null;

  @IsOptional()
  @IsAnswers()
  personalAnswers?: Answers | null;
}

export class StepSkippedEntry extends HistoryEntry {
  declare kind: 'stepSkipped';

  @IsCode()
  step: string;

  @IsOptional()
  @IsIdentifier()
  authorisedBy?: string | null;

  @IsOptional()
  @IsText(LONG_TEXT)
  reason?: string | null;
}

export class ActivityEntry extends HistoryEntry {
  declare kind: 'activity';

  /** `call`, `meeting`, `email`, `demo`, `visit` or another code. */
  @IsCode()
  activityKind: string;

  @IsOptional()
  @IsIdentifier()
  activityId?: string | null;

  @IsOptional()
  @IsText()
  topic?: string | null;

  @IsOptional()
  @IsCode()
  outcome?: string | null;

  @IsOptional()
  @IsIdentifier()
  performedBy?: string | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  durationMinutes?: number | null;

  @IsOptional()
  @IsCode()
  step?: string | null;

  @IsOptional()
  @IsText(LONG_TEXT)
  note?: string | null;
}

export class ContractEntry extends HistoryEntry {
  declare kind: 'contract';

  @IsOptional()
  @IsIdentifier()
  contractId?: string | null;

  /** The contract's id unless it is said. */
  @IsOptional()
  @IsText(64)
  number?: string | null;

  @IsListOf(() => HistoryLine, { min: 1, max: MOST_LINES })
  lines: HistoryLine[];
}

export class LostEntry extends HistoryEntry {
  declare kind: 'lost';

  @IsCode()
  lossReason: string;

  /** What the route map says of the reason, else true, unless it is said. */
  @IsOptional()
  @IsBoolean()
  countsAsLoss?: boolean | null;

  @IsOptional()
  @IsText(LONG_TEXT)
  note?: string | null;
}

export class ReopenedEntry extends HistoryEntry {
  declare kind: 'reopened';

  @IsOptional()
  @IsText(LONG_TEXT)
  reason?: string | null;
}

export class ReassignedEntry extends HistoryEntry {
  declare kind: 'reassigned';

  @IsIdentifier()
  toOwnerId: string;

  @IsOptional()
  @IsInstant()
  effectiveFrom?: string | null;

  @IsOptional()
  @IsText(LONG_TEXT)
  reason?: string | null;
}

export class ReturnedEntry extends HistoryEntry {
  declare kind: 'returned';

  @IsCode()
  toStep: string;

  @IsOptional()
  @IsText(LONG_TEXT)
  reason?: string | null;
}

export type AnyHistoryEntry =
  | OpenedEntry
  | StepCompletedEntry
  | StepSkippedEntry
  | ActivityEntry
  | ContractEntry
  | LostEntry
  | ReopenedEntry
  | ReassignedEntry
  | ReturnedEntry;

/** The class of each kind of entry; the documentation offers them as alternatives. */
export const HISTORY_ENTRY_CLASSES: Readonly<Record<HistoryKind, new () => HistoryEntry>> = {
  opened: OpenedEntry,
  stepCompleted: StepCompletedEntry,
  stepSkipped: StepSkippedEntry,
  activity: ActivityEntry,
  contract: ContractEntry,
  lost: LostEntry,
  reopened: ReopenedEntry,
  reassigned: ReassignedEntry,
  returned: ReturnedEntry,
};

export class RecordHistory {
  /** In the order of their happening, the opening first. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  // An entry of no known kind is checked as a bare one, which reports the kind.
  @Type(() => HistoryEntry, {
    keepDiscriminatorProperty: true,
    discriminator: {
      property: 'kind',
      subTypes: Object.entries(HISTORY_ENTRY_CLASSES).map(([name, value]) => ({ name, value })),
    },
  })
  entries: AnyHistoryEntry[];
}
