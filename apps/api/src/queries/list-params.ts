import 'reflect-metadata';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { WholeNumber } from './convert.js';
import { PortraitAnswers, Values } from './param-kinds.js';
import { AskedParams, PagedParams, type Purpose, PURPOSES } from './params.js';

export class OverviewQuery extends AskedParams {
  /** Deals, unless it is said, or service cases. */
  @IsOptional()
  @IsIn(PURPOSES)
  purpose?: Purpose;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  routeMap?: string;

  /** Period of opening. */
  @IsOptional()
  @IsString()
  @MaxLength(40)
  opened?: string;
}

/** An empty value asks for deals without one. */
export class DealsQuery extends PagedParams {
  @IsOptional()
  @IsIn(['open', 'won', 'lost'])
  status?: 'open' | 'won' | 'lost';

  @IsOptional()
  @IsString()
  @MaxLength(64)
  routeMap?: string;

  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  version?: number;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  ownerId?: string;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  departmentId?: string;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  step?: string;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  customerId?: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  source?: string;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  product?: string;

  @Values()
  segment?: string[];

  @PortraitAnswers()
  portrait?: string[];

  @IsOptional()
  @IsString()
  @MaxLength(40)
  opened?: string;
}

export class DealQuery extends AskedParams {}

export class HistoryQuery {
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(0)
  fromRevision?: number;

  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(1000)
  limit?: number;
}

export class EventsQuery {
  /** Events after this position (before it, backwards). */
  @IsOptional()
  @Matches(/^\d{1,18}$/, { message: 'after is a position, in digits' })
  after?: string;

  @IsOptional()
  @IsIn(['forwards', 'backwards'])
  direction?: 'forwards' | 'backwards';

  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(1000)
  limit?: number;
}
