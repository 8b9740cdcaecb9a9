import 'reflect-metadata';
import { GRAINS } from '@voronka/kernel';
import { ALL_SLICES, SLICES, type SliceName } from '@voronka/read-models';
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
} from 'class-validator';
import type { Grain } from '@voronka/kernel';
import { Several, WholeNumber } from './convert.js';
import { HorizonDays, PortraitAnswers, Values } from './param-kinds.js';

/** Position of the log in decimal digits, or an instant with an offset. */
const AS_OF = /^(\d{1,18}|\d{4}-\d{2}-\d{2}T.{1,30})$/;
const POSITION = /^\d{1,18}$/;
const ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;

/** Slices that indicators are cut by and that every other figure has, too: the person credited, and the map. */
const OF_EVERY_FACT: readonly SliceName[] = ['employee', 'routeMap'];
/** A slice of every fact, or an answer of the customer's portrait: `portrait:industry`. */
export const SLICE = sliceAmong([...SLICES, ...OF_EVERY_FACT]);
/** The same for indicators, which are cut by what the single event tells, too. */
export const ANY_SLICE = sliceAmong(ALL_SLICES);

export const SLICE_ADVICE = 'a slice is performer, owner, department and their like, or portrait: and a field';

function sliceAmong(names: readonly string[]): RegExp {
  return new RegExp(`^(?:${names.join('|')}|portrait:[A-Za-z0-9][A-Za-z0-9_.:-]{0,63})$`);
}

/** What every question about the read models may say. */
export class AskedParams {
  /** K: a position, or an instant of the log's clock. */
  @IsOptional()
  @Matches(AS_OF, { message: 'asOf is a position in digits, or an instant such as 2009-08-01T00:00:00Z' })
  asOf?: string;

  /** T. */
  @IsOptional()
  @IsString()
  @MaxLength(40)
  at?: string;

  /** Wait until the read models have handled this position. */
  @IsOptional()
  @Matches(POSITION, { message: 'after is the position of an earlier answer, in digits' })
  after?: string;
}

export class PagedParams extends AskedParams {
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(1000)
  limit?: number;

  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  offset?: number;
}

export const PURPOSES = ['sale', 'service'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Period, its division, and filters; an empty value means "nobody" or "none". Paged only where a list is asked for. */
export class FigureParams extends PagedParams {
  /** What is asked about: deals, on route maps of sale (unless it is said), or service cases, on those of service. */
  @IsOptional()
  @IsIn(PURPOSES)
  purpose?: Purpose;

  @IsOptional()
  @IsString()
  @MaxLength(40)
  period?: string;

  @IsOptional()
  @IsIn(GRAINS)
  grain?: Grain;

  @Values()
  performer?: string[];

  @Values()
  owner?: string[];

  @Values()
  department?: string[];

  @Values()
  product?: string[];

  @Values()
  productLine?: string[];

  @Values()
  segment?: string[];

  @Values()
  source?: string[];

  @Values()
  routeMapVersion?: string[];

  @PortraitAnswers()
  portrait?: string[];

  /** Opens a number: the values of the row's slices, in the order of the slices; empty for the row without a value. */
  @IsOptional()
  @Several()
  @IsArray()
  @ArrayMaxSize(8)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  value?: string[];

  /** Opens a number: the key of its period, as the answer gave it. */
  @IsOptional()
  @IsString()
  @MaxLength(40)
  bucket?: string;

  /** Opens a number: which part of the figure. */
  @IsOptional()
  @IsString()
  @MaxLength(20)
  part?: string;

  /** Opens a number: which step. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  step?: string;
}

class SlicedParams extends FigureParams {
  @IsOptional()
  @Matches(SLICE, { message: SLICE_ADVICE })
  slice?: SliceName;
}

class GroupedParams extends FigureParams {
  @IsOptional()
  @Several()
  @IsArray()
  @ArrayMaxSize(8)
  @Matches(SLICE, { each: true, message: SLICE_ADVICE })
  groupBy?: SliceName[];

  @HorizonDays()
  horizonDays?: number;
}

export class FunnelQuery extends SlicedParams {
  @Matches(ID)
  routeMap: string;

  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  version?: number;

  @IsOptional()
  @IsIn(['touch', 'implied'])
  reach?: 'touch' | 'implied';

  @IsOptional()
  @IsIn(['cohort', 'flow'])
  basis?: 'cohort' | 'flow';
}

/** From one bar of a route map to another. */
export class PassageParams extends FigureParams {
  @Matches(ID)
  routeMap: string;

  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  version?: number;

  @IsString()
  @MaxLength(64)
  fromStep: string;

  @IsString()
  @MaxLength(64)
  toStep: string;

  @IsOptional()
  @IsIn(['touch', 'implied'])
  reach?: 'touch' | 'implied';
}

export class ConversionQuery extends PassageParams {
  @IsOptional()
  @Matches(SLICE, { message: SLICE_ADVICE })
  slice?: SliceName;

  @IsOptional()
  @IsIn(['cohort', 'flow'])
  kind?: 'cohort' | 'flow';

  /** Days, or all the time so far if left out. */
  @HorizonDays()
  horizonDays?: number;
}

export class WinRateQuery extends SlicedParams {
  @IsOptional()
  @Matches(ID)
  routeMap?: string;

  @IsOptional()
  @IsIn(['close', 'opening'])
  by?: 'close' | 'opening';

  @IsOptional()
  @IsIn(['count', 'value'])
  measure?: 'count' | 'value';
}

export class ActivityQuery extends GroupedParams {
  @IsOptional()
  @Matches(ID)
  routeMap?: string;

  @IsOptional()
  @Several()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  kind?: string[];

  /** Empty: about nothing in particular. */
  @IsOptional()
  @Several()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  topic?: string[];
}

export class StepActivityQuery extends GroupedParams {
  @Matches(ID)
  routeMap: string;

  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  version?: number;
}
