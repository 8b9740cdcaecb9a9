import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

const CODE = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;
const IsMappingCode = () => Matches(CODE, { message: 'must be a code: letters, digits, _ . : or -' });

/** Where a value comes from: a field of the source, its other spellings, and what stands in when it is missing. */
export class ValueFrom {
  /** Name of the source's field; fields of an XES trace are written `case:NAME`. */
  @IsString()
  field: string;

  /** Used where the field is empty; the value is then marked as assumed. */
  @IsOptional()
  @IsString()
  default?: string;

  /** Other spelling → the right one. */
  @IsOptional()
  @IsObject()
  aliases?: Record<string, string>;

  /** Ids only: `agent` makes ids such as `agent-1f0c…` of a hash, so that no name is written into an id. */
  @IsOptional()
  @IsMappingCode()
  pseudonym?: string;
}

export class AmountFrom extends ValueFrom {
  /** `major` (roubles, euros: the default) or `minor` (kopecks, cents). */
  @IsOptional()
  @IsIn(['major', 'minor'])
  unit?: 'major' | 'minor';
}

export class CompanyMapping {
  @IsString()
  @MaxLength(200)
  name: string;

  /** IANA zone in which dates without a time are read. */
  @IsString()
  zone: string;

  @Matches(/^[A-Z]{3}$/, { message: 'must be an ISO 4217 code of three letters: EUR' })
  currency: string;
}

export class DealMapping {
  /** Also the deal's id, after the optional prefix. */
  @ValidateNested()
  @Type(() => ValueFrom)
  id: ValueFrom;

  @ValidateNested()
  @Type(() => ValueFrom)
  openedAt: ValueFrom;

  @IsOptional()
  @ValidateNested()
  @Type(() => AmountFrom)
  amount?: AmountFrom;

  @IsOptional()
  @ValidateNested()
  @Type(() => ValueFrom)
  owner?: ValueFrom;

  @IsOptional()
  @ValidateNested()
  @Type(() => ValueFrom)
  customer?: ValueFrom;

  @IsOptional()
  @ValidateNested()
  @Type(() => ValueFrom)
  product?: ValueFrom;

  @IsOptional()
  @ValidateNested()
  @Type(() => ValueFrom)
  source?: ValueFrom;
}

export class ActivityFact {
  @IsMappingCode()
  kind: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  topic?: string;
}

/** What a source record means; a record may mean several things, in the order written. */
export class FactMapping {
  /** A step of the route map was done. */
  @IsOptional()
  @IsMappingCode()
  step?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => ActivityFact)
  activity?: ActivityFact;

  /** A contract was signed for this amount. */
  @IsOptional()
  @ValidateNested()
  @Type(() => AmountFrom)
  contract?: AmountFrom;

  /** The deal was lost for this reason (a code of the route map). */
  @IsOptional()
  @IsMappingCode()
  lost?: string;

  /** When; the mapping's `time` unless it is said. */
  @IsOptional()
  @ValidateNested()
  @Type(() => ValueFrom)
  at?: ValueFrom;
}

export class RuleMapping {
  /** Field → the value it must have, or a list of them. */
  @IsObject()
  when: Record<string, string | string[]>;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => FactMapping)
  facts?: FactMapping[];

  /** Says why the record is left out; it is counted, not quarantined. */
  @IsOptional()
  @IsString()
  ignore?: string;
}

export class PerformerMapping extends ValueFrom {
  /** Performers that are programs. */
  @IsOptional()
  @IsArray()
  robots?: string[];

  @IsMappingCode()
  department: string;

  @IsString()
  position: string;
}

/** A table beside the main file: who works where, what is sold. */
export class ReferenceFile {
  @IsString()
  file: string;

  @IsString()
  name: string;

  /** Employees: column of the department. Products: column of the line. */
  @IsString()
  group: string;
}

export class ReferenceMapping {
  @IsOptional()
  @ValidateNested()
  @Type(() => ReferenceFile)
  employees?: ReferenceFile;

  @IsOptional()
  @ValidateNested()
  @Type(() => ReferenceFile)
  products?: ReferenceFile;
}

/** How a foreign log becomes ours. Written in YAML; every field is checked before anything is read. */
export class ImportMapping {
  /** Names this mapping in every reference; changing it makes the same file new history. */
  @IsMappingCode()
  id: string;

  @IsIn(['xes', 'csv'])
  format: 'xes' | 'csv';

  /** CSV: separator; a comma unless it is said. */
  @IsOptional()
  @IsIn([',', ';', '\t'])
  delimiter?: ',' | ';' | '\t';

  /** CSV: the column that names the deal, where a row is one event of it; unless it is said, a row is a whole deal. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  caseColumn?: string;

  @ValidateNested()
  @Type(() => CompanyMapping)
  company: CompanyMapping;

  @IsMappingCode()
  routeMapId: string;

  /** Body of PublishRouteMap. */
  @IsObject()
  routeMap: Record<string, unknown>;

  @ValidateNested()
  @Type(() => DealMapping)
  deal: DealMapping;

  /** When a record happened. */
  @ValidateNested()
  @Type(() => ValueFrom)
  time: ValueFrom;

  @ValidateNested()
  @Type(() => PerformerMapping)
  performer: PerformerMapping;

  @IsOptional()
  @ValidateNested()
  @Type(() => ReferenceMapping)
  reference?: ReferenceMapping;

  /** First day of work of everybody whom the history names. */
  @Matches(/^\d{4}-\d\d-\d\d$/, { message: "must be a day in quotes: '2020-01-31'" })
  employedSince: string;

  /** CSV: do all rules that match apply, or the first? XES records mean one thing each: `first`. */
  @IsOptional()
  @IsIn(['first', 'all'])
  match?: 'first' | 'all';

  @IsArray()
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => RuleMapping)
  rules: RuleMapping[];

  /** Deals written at once; 16 unless it is said. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(64)
  concurrency?: number;

  /** Records that no rule matches: `quarantine` (the default) or leave them out quietly. */
  @IsOptional()
  @IsBoolean()
  ignoreUnmatched?: boolean;
}
