import {
  BusinessCommand,
  IsCode,
  IsCodes,
  IsIdentifier,
  IsKopecks,
  IsListOf,
  IsLocalDate,
  IsText,
  SHORT_TEXT,
} from '@voronka/kernel';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { PAY_GRAINS, type PayGrain, PAYOUT_KINDS, SCOPES, type Scope } from './pay-regulation.document.js';

const MOST_COVERED = 500;
const MOST_RULES = 50;
const WHOLE_BPS = 10_000;

function Nested(body: () => new () => object): PropertyDecorator {
  return (target, property) => {
    Type(body)(target, property);
    ValidateNested()(target, property);
    IsObject()(target, property);
  };
}

function Covers(): PropertyDecorator {
  return (target, property) => {
    IsCodes(MOST_COVERED)(target, property);
    ArrayMinSize(1)(target, property);
    IsOptional()(target, property);
  };
}

/** Basis points: 10,000 is the whole. */
function IsBps(most: number): PropertyDecorator {
  return (target, property) => {
    IsInt()(target, property);
    Min(0)(target, property);
    Max(most)(target, property);
  };
}

/** Those are covered whom every list that is given names. */
export class CoverageBody {
  /** As they are written where people are hired. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_COVERED)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(SHORT_TEXT, { each: true })
  positions?: string[] | null;

  @Covers()
  departments?: string[] | null;

  @Covers()
  employees?: string[] | null;

  @Covers()
  exceptEmployees?: string[] | null;
}

export class GateBody {
  @IsCode()
  indicator: string;

  @IsIn(SCOPES)
  scope: Scope;

  /** Whose plan; that of `scope` unless it is said. */
  @IsOptional()
  @IsIn(SCOPES)
  planScope?: Scope | null;

  /** Fulfilment to be reached, in basis points: 10,000 is 100 %. */
  @IsBps(1_000_000)
  thresholdBps: number;
}

export class BracketBody {
  /** Included. Basis points of fulfilment, or the smallest unit of the indicator. */
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  from: number;

  /** Not included; null for the last one. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  to: number | null;

  /** Kopecks per unit, basis points, or kopecks. */
  @IsKopecks()
  value: number;
}

/** `kind` says which of the other fields belong to it. */
export class PayoutBody {
  @IsIn(PAYOUT_KINDS)
  kind: (typeof PAYOUT_KINDS)[number];

  /** For `perUnit` and `fixed`. */
  @IsOptional()
  @IsKopecks()
  kopecks?: number | null;

  /** For `fixed`: less for those who were not there all the period. */
  @IsOptional()
  @IsBoolean()
  prorated?: boolean | null;

  /** For `percentOfAmount`. */
  @IsOptional()
  @IsBps(1_000_000)
  bps?: number | null;

  @IsOptional()
  @IsIn(['fulfilment', 'actual'])
  by?: 'fulfilment' | 'actual' | null;

  @IsOptional()
  @IsIn(['marginal', 'slab'])
  mode?: 'marginal' | 'slab' | null;

  @IsOptional()
  @IsIn(['perUnit', 'percent', 'fixed'])
  pays?: 'perUnit' | 'percent' | 'fixed' | null;

  @IsOptional()
  @IsListOf(() => BracketBody, { min: 1, max: 50 })
  brackets?: BracketBody[] | null;
}

export class RuleBody {
  @IsCode()
  code: string;

  @IsText()
  name: string;

  /** A rule of a quarter or a year is paid in the month in which it ends. */
  @IsOptional()
  @IsIn(PAY_GRAINS)
  period?: PayGrain | null;

  @IsCode()
  indicator: string;

  /** Whose figure; his own unless it is said. */
  @IsOptional()
  @IsIn(SCOPES)
  scope?: Scope | null;

  /** Whose plan; that of `scope` unless it is said. */
  @IsOptional()
  @IsIn(SCOPES)
  planScope?: Scope | null;

  @IsOptional()
  @IsListOf(() => GateBody, { max: 10 })
  gates?: GateBody[] | null;

  @Nested(() => PayoutBody)
  payout: PayoutBody;

  @IsOptional()
  @IsKopecks()
  floorKopecks?: number | null;

  @IsOptional()
  @IsKopecks()
  capKopecks?: number | null;
}

export class ClawbackBody {
  /** Only what was earned at most so many months before the statement. */
  @IsInt()
  @Min(0)
  @Max(1_200)
  months: number;

  /** Of what is too much, so many basis points. */
  @IsBps(WHOLE_BPS)
  shareBps: number;

  /** Of one statement's earnings at most so many basis points; 10,000 sets no limit. */
  @IsBps(WHOLE_BPS)
  statementShareBps: number;
}

/** The whole document; each publication is the next version. */
export class RegulationBody extends BusinessCommand {
  /** Code of the regulation: one per kind of work that is paid. */
  @IsIdentifier()
  regulation: string;

  /** First day of a month. */
  @IsLocalDate()
  effectiveFrom: string;

  @IsText()
  name: string;

  @Nested(() => CoverageBody)
  covers: CoverageBody;

  @IsListOf(() => RuleBody, { min: 1, max: MOST_RULES })
  rules: RuleBody[];

  /** What may be taken back when facts change after the money was paid; nothing unless it is said. */
  @IsOptional()
  @Nested(() => ClawbackBody)
  clawback?: ClawbackBody | null;
}
