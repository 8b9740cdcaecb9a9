import {
  type CommandOf,
  IsCode,
  IsIdentifier,
  IsKopecks,
  IsListOf,
  IsLocalDate,
  IsText,
  LONG_TEXT,
} from '@voronka/kernel';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { ContractLineBody, DealEntry, DealLineBody, MOST_LINES } from './deal.commands.js';

/** What is left out stays as it is; null says that nobody knows it any more. */
export class ReviseDeal extends DealEntry {
  @IsOptional()
  @IsText()
  title?: string | null;

  /** All lines as they are to be; null or an empty list: none. */
  @IsOptional()
  @IsListOf(() => DealLineBody, { max: MOST_LINES })
  lines?: DealLineBody[] | null;

  /** Where it is left out and new lines all have amounts, their sum. */
  @IsOptional()
  @IsKopecks()
  expectedAmountKopecks?: number | null;

  @IsOptional()
  @IsLocalDate()
  expectedCloseOn?: string | null;
}

export class CreditShareBody {
  @IsIdentifier()
  employeeId: string;

  /** Part of the whole of 10,000. */
  @IsInt()
  @Min(1)
  @Max(10_000)
  basisPoints: number;
}

export class ShareCredit extends DealEntry {
  /** Role in which the credit is shared: a code that indicators name. */
  @IsCode()
  creditRole: string;

  /** Together 10,000 basis points. */
  @IsListOf(() => CreditShareBody, { min: 1, max: 100 })
  shares: CreditShareBody[];
}

export class AmendContract extends DealEntry {
  @IsIdentifier()
  contractId: string;

  /** All lines as they are to be. */
  @IsListOf(() => ContractLineBody, { min: 1, max: MOST_LINES })
  lines: ContractLineBody[];

  /** Day from which the parties hold to it. */
  @IsLocalDate()
  effectiveOn: string;

  @IsText(LONG_TEXT)
  reason: string;
}

export class VoidContract extends DealEntry {
  @IsIdentifier()
  contractId: string;

  @IsText(LONG_TEXT)
  reason: string;

  /** What the deal is then; needed where it was the last contract of a won deal, and only there. */
  @IsOptional()
  @IsIn(['open', 'lost'])
  dealBecomes?: 'open' | 'lost' | null;

  /** Code from the list of the deal's route map; needed where the deal is lost by it. */
  @IsOptional()
  @IsCode()
  lossReason?: string | null;
}

export class TerminateContract extends DealEntry {
  @IsIdentifier()
  contractId: string;

  /** Day from which it is no longer in force. */
  @IsLocalDate()
  effectiveOn: string;

  @IsText(LONG_TEXT)
  reason: string;
}

/** `occurredAt` is when the money came. */
export class RecordPayment extends DealEntry {
  /** Unique in the deal. */
  @IsIdentifier()
  paymentId: string;

  @IsIdentifier()
  contractId: string;

  @IsKopecks()
  @Min(1)
  amountKopecks: number;
}

export class ReversePayment extends DealEntry {
  @IsIdentifier()
  paymentId: string;

  @IsText(LONG_TEXT)
  reason: string;
}

export type DealMoneyCommand =
  | CommandOf<'ReviseDeal', ReviseDeal>
  | CommandOf<'ShareCredit', ShareCredit>
  | CommandOf<'AmendContract', AmendContract>
  | CommandOf<'VoidContract', VoidContract>
  | CommandOf<'TerminateContract', TerminateContract>
  | CommandOf<'RecordPayment', RecordPayment>
  | CommandOf<'ReversePayment', ReversePayment>;
