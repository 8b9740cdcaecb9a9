import { BusinessCommand, IsCode, IsCodes, IsListOf, IsText, LONG_TEXT } from '@voronka/kernel';
import { Type } from 'class-transformer';
import { ArrayMinSize, IsIn, IsInt, IsObject, IsOptional, Max, Min, ValidateNested } from 'class-validator';
import { DEVIATION_KINDS, type DeviationKind, STEP_KINDS, type StepKind } from '../shared/vocabulary.js';
import { CUSTOMER_EVENTS, DEAL_EVENTS, type Measure, STATISTICS, type Unit, UNITS } from './indicator.document.js';
import { MEASURES } from './indicator.measures.js';

const MOST_VALUES = 200;
const MEASURE_NAMES = Object.keys(MEASURES) as Measure[];
const EVENT_NAMES = [...new Set([...DEAL_EVENTS, ...CUSTOMER_EVENTS])];

/** A list of codes to select by: at least one. */
function Selects(): PropertyDecorator {
  return (target, property) => {
    IsCodes(MOST_VALUES)(target, property);
    ArrayMinSize(1)(target, property);
    IsOptional()(target, property);
  };
}

function Nested(body: () => new () => object): PropertyDecorator {
  return (target, property) => {
    Type(body)(target, property);
    ValidateNested()(target, property);
    IsObject()(target, property);
  };
}

export class LocalTextBody {
  @IsText(LONG_TEXT)
  ru: string;

  @IsText(LONG_TEXT)
  en: string;
}

export class PortraitFilterBody {
  @IsCode()
  field: string;

  @ArrayMinSize(1)
  @IsCodes(MOST_VALUES)
  values: string[];
}

export class IndicatorFiltersBody {
  @Selects()
  routeMaps?: string[] | null;

  @Selects()
  steps?: string[] | null;

  @IsOptional()
  @IsIn(STEP_KINDS, { each: true })
  @ArrayMinSize(1)
  @IsCodes(STEP_KINDS.length)
  stepKinds?: StepKind[] | null;

  @Selects()
  activityKinds?: string[] | null;

  @Selects()
  topics?: string[] | null;

  @Selects()
  outcomes?: string[] | null;

  @Selects()
  lossReasons?: string[] | null;

  @IsOptional()
  @IsIn(DEVIATION_KINDS, { each: true })
  @ArrayMinSize(1)
  @IsCodes(DEVIATION_KINDS.length)
  deviationKinds?: DeviationKind[] | null;

  @Selects()
  products?: string[] | null;

  @Selects()
  productLines?: string[] | null;

  @Selects()
  segments?: string[] | null;

  @Selects()
  sources?: string[] | null;

  @IsOptional()
  @IsListOf(() => PortraitFilterBody, { min: 1, max: 20 })
  portrait?: PortraitFilterBody[] | null;
}

/** Exactly one of the three. */
export class PlaceBody {
  /** Code of a step; then `filters.routeMaps` names the one map it belongs to. */
  @IsOptional()
  @IsCode()
  step?: string | null;

  /** Any step of this kind, on any map. */
  @IsOptional()
  @IsIn(STEP_KINDS)
  kind?: StepKind | null;

  /** The opening of the deal, or its contract. */
  @IsOptional()
  @IsIn(['entry', 'win'])
  end?: 'entry' | 'win' | null;
}

export class CreditBody {
  @IsIn(['performer', 'owner', 'shares'])
  by: 'performer' | 'owner' | 'shares';

  /** For `shares`: the role under which they are held. */
  @IsOptional()
  @IsCode()
  role?: string | null;
}

/** The definition; `measure` says which of the fields from `counting` on belong to it. */
export class IndicatorBody extends BusinessCommand {
  @Nested(() => LocalTextBody)
  name: LocalTextBody;

  @Nested(() => LocalTextBody)
  description: LocalTextBody;

  @IsIn(MEASURE_NAMES)
  measure: Measure;

  /** What the measure is usually shown in, unless it is said. */
  @IsOptional()
  @IsIn(UNITS)
  unit?: Unit | null;

  @IsOptional()
  @Nested(() => IndicatorFiltersBody)
  filters?: IndicatorFiltersBody | null;

  /** The performer for work, the owner for what comes of it, unless it is said; none for a ratio. */
  @IsOptional()
  @Nested(() => CreditBody)
  credit?: CreditBody | null;

  @IsIn(['higher', 'lower'])
  better: 'higher' | 'lower';

  /** Code of the result shown beside it: required for indicators of activity. */
  @IsOptional()
  @IsCode()
  resultIndicator?: string | null;

  @IsOptional()
  @IsIn(['every', 'first'])
  counting?: 'every' | 'first' | null;

  @IsOptional()
  @IsIn(['period', 'wonDeals'])
  over?: 'period' | 'wonDeals' | null;

  @IsOptional()
  @IsIn(EVENT_NAMES)
  event?: (typeof EVENT_NAMES)[number] | null;

  @IsOptional()
  @IsCode()
  numerator?: string | null;

  @IsOptional()
  @IsCode()
  denominator?: string | null;

  @IsOptional()
  @IsIn(['cohort', 'flow', 'exit'])
  conversion?: 'cohort' | 'flow' | 'exit' | null;

  @IsOptional()
  @Nested(() => PlaceBody)
  from?: PlaceBody | null;

  @IsOptional()
  @Nested(() => PlaceBody)
  to?: PlaceBody | null;

  @IsOptional()
  @IsIn(['touch', 'implied'])
  reach?: 'touch' | 'implied' | null;

  /** H in local calendar days; so far, where it is left out. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  horizonDays?: number | null;

  @IsOptional()
  @IsIn(['close', 'opening'])
  by?: 'close' | 'opening' | null;

  @IsOptional()
  @IsIn(['count', 'value'])
  weigh?: 'count' | 'value' | null;

  @IsOptional()
  @IsIn(['waiting', 'stay', 'cycle'])
  time?: 'waiting' | 'stay' | 'cycle' | null;

  @IsOptional()
  @Nested(() => PlaceBody)
  at?: PlaceBody | null;

  @IsOptional()
  @IsIn(STATISTICS)
  statistic?: (typeof STATISTICS)[number] | null;

  @IsOptional()
  @IsIn(['working', 'calendar'])
  hours?: 'working' | 'calendar' | null;

  @IsOptional()
  @IsIn(['steps', 'activities'])
  work?: 'steps' | 'activities' | null;

  @IsOptional()
  @IsIn(['inTime', 'late'])
  share?: 'inTime' | 'late' | null;
}
