import {
  BusinessCommand,
  type CommandDefinition,
  type CommandOf,
  type FactRefs,
  IsCode,
  IsCodes,
  IsIdentifier,
  IsListOf,
  IsText,
  LONG_TEXT,
} from '@voronka/kernel';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsNumber, IsObject, IsOptional, Max, Min, ValidateNested } from 'class-validator';
import { FormFieldBody } from '../form/form.body.js';
import { KEEPERS } from '../shared/access.js';
import { LONGEST_CONDITION } from '../shared/condition.parser.js';
import { STEP_KINDS, type StepKind } from './route-map.document.js';
import { exampleRouteMap } from './route-map.example.js';
import { PORTRAIT_ID } from '../portrait/portrait.decider.js';
import { questionnaireIds } from './route-map.questionnaires.js';
import type { RouteMapState } from './route-map.decider.js';

const MOST_STEPS = 200;

export class StageBody {
  @IsCode()
  code: string;

  @IsText()
  name: string;
}

export class LossReasonBody {
  @IsCode()
  code: string;

  @IsText()
  name: string;

  /** False leaves the ending out of the win rate. */
  @IsBoolean()
  countsAsLoss: boolean;
}

export class VerificationBody {
  /** Working role of the person who accepts the step. */
  @IsCode()
  role: string;
}

export class EvidenceBody {
  /** `call`, `meeting`, `email`, `demo`, `visit` or another code. */
  @IsCode()
  kind: string;

  /** Counts only activities with this outcome. */
  @IsOptional()
  @IsCode()
  outcome?: string | null;

  @IsInt()
  @Min(1)
  @Max(1000)
  count: number;
}

export class QuestionnaireRefBody {
  @IsIdentifier()
  id: string;

  /** The latest version unless it is said. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  version?: number | null;
}

export class SegmentGuidanceBody {
  @IsCode()
  segment: string;

  @IsText(LONG_TEXT)
  text: string;
}

export class StepBody {
  @IsCode()
  code: string;

  @IsText()
  name: string;

  /** Code of the stage it belongs to. */
  @IsCode()
  stage: string;

  @IsIn(STEP_KINDS)
  kind: StepKind;

  /** Present on bars of the funnel: their order. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  funnelRank?: number | null;

  /** Step that an analysis or verification is about. */
  @IsOptional()
  @IsCode()
  concerns?: string | null;

  /** No contract without it. */
  @IsBoolean()
  mandatory: boolean;

  /** Steps that must be done before. */
  @IsCodes(MOST_STEPS)
  after: string[];

  /**
   * Condition under which the step belongs to the way: `answers.<step>.<field> = 'large' and amount >= 100000`. Asks
   * for answers, `portrait.<field>`, `segment`, `amount` (kopecks) and `products`.
   */
  @IsOptional()
  @IsText(LONGEST_CONDITION)
  when?: string | null;

  /** Working roles that may perform it; empty for anyone. */
  @IsCodes(50)
  roles: string[];

  /** Fields of the step's own; those of its questionnaire come before them. */
  @IsListOf(() => FormFieldBody, { max: 200 })
  form: FormFieldBody[];

  /** Questionnaire that the step asks. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => QuestionnaireRefBody)
  questionnaire?: QuestionnaireRefBody | null;

  /** Activities that must be recorded before it can be completed. */
  @IsOptional()
  @IsListOf(() => EvidenceBody, { max: 20 })
  evidence?: EvidenceBody[] | null;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => VerificationBody)
  verification?: VerificationBody | null;

  /** How many working hours it should take from when it could be begun. */
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(10_000)
  normWorkingHours?: number | null;

  /** How to do it well, in words for the performer. */
  @IsOptional()
  @IsText(LONG_TEXT)
  guidance?: string | null;

  /** The same for customers of one segment. */
  @IsOptional()
  @IsListOf(() => SegmentGuidanceBody, { max: 100 })
  guidanceBySegment?: SegmentGuidanceBody[] | null;
}

export class PublishRouteMap extends BusinessCommand {
  @IsText()
  name: string;

  @IsIn(['sale', 'service'])
  purpose: 'sale' | 'service';

  @IsListOf(() => StageBody, { max: 100 })
  stages: StageBody[];

  @IsListOf(() => LossReasonBody, { max: 100 })
  lossReasons: LossReasonBody[];

  @IsListOf(() => StepBody, { max: MOST_STEPS })
  steps: StepBody[];
}

export class RetireRouteMap extends BusinessCommand {
  @IsText()
  reason: string;
}

export type RouteMapCommand =
  | CommandOf<'PublishRouteMap', PublishRouteMap>
  | CommandOf<'RetireRouteMap', RetireRouteMap>;

export const routeMapCommands: readonly (CommandDefinition<RouteMapState> & { type: RouteMapCommand['type'] })[] = [
  {
    type: 'PublishRouteMap',
    body: PublishRouteMap,
    route: 'publish-route-map',
    summary: 'Publishes the whole route map as its next version; deals under way keep theirs.',
    roles: KEEPERS,
    example: exampleRouteMap,
    creates: true,
    facts: ({ steps }: PublishRouteMap): FactRefs => ({
      portrait: { category: 'portrait', id: PORTRAIT_ID },
      questionnaires: questionnaireIds(steps).map((id) => ({ category: 'questionnaire', id })),
    }),
  },
  {
    type: 'RetireRouteMap',
    body: RetireRouteMap,
    route: 'retire-route-map',
    summary: 'Opens no new deals on this map; deals under way go on.',
    roles: KEEPERS,
    example: { reason: 'Replaced by the map of 2010' },
  },
];
