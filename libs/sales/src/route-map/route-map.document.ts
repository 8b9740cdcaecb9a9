import type { FormField } from '../form/form.document.js';

/** A version of a route map: the step-by-step plan of working with a customer. */
export interface RouteMapDocument {
  readonly name: string;
  readonly purpose: 'sale' | 'service';
  readonly stages: readonly Stage[];
  readonly lossReasons: readonly LossReason[];
  readonly steps: readonly StepDefinition[];
}

/** A label over steps. */
export interface Stage {
  readonly code: string;
  readonly name: string;
}

export interface LossReason {
  readonly code: string;
  readonly name: string;
  /** False for endings that say nothing about selling (a duplicate, a test): left out of the win rate. */
  readonly countsAsLoss: boolean;
}

export const STEP_KINDS = [
  'contact',
  'gathering',
  'questionnaire',
  'analysis',
  'verification',
  'meeting',
  'proposal',
  'contract',
  'other',
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

export interface StepDefinition {
  readonly code: string;
  readonly name: string;
  readonly stage: string;
  readonly kind: StepKind;
  /** Present on bars of the funnel: their order, unique in the map, never against `after`. */
  readonly funnelRank?: number;
  /** For analysis and verification: the step it is about. */
  readonly concerns?: string;
  /** No contract is signed while it is not done or skipped by someone authorised. */
  readonly mandatory: boolean;
  /** Codes of the steps that must be done before: a partial order. */
  readonly after: readonly string[];
  /** Condition under which the step belongs to a deal's way (see `Condition`); always, where it is left out. */
  readonly when?: string;
  /** Working roles that may perform it; empty: anyone. */
  readonly roles: readonly string[];
  /** Everything that is asked: first the fields of the questionnaire, if there is one, then the step's own. */
  readonly form: readonly FormField[];
  /** Questionnaire whose fields, as of a version, are part of the form. */
  readonly questionnaire?: { readonly id: string; readonly version: number };
  /** Activities that the deal must hold before the step can be completed. */
  readonly evidence?: readonly Evidence[];
  /** Working role of the person who accepts it: never the performer. */
  readonly verification?: { readonly role: string };
  /** How many working hours it should take from when it could be begun. */
  readonly normWorkingHours?: number;
  /** How to do it well, in words for the performer. */
  readonly guidance?: string;
  /** What to do otherwise, or besides, with customers of one segment. */
  readonly guidanceBySegment?: readonly { readonly segment: string; readonly text: string }[];
}

/** So many recorded activities of a kind that were not voided. */
export interface Evidence {
  /** Kind of activity: `call`, `meeting` or another code. */
  readonly kind: string;
  /** Counts only activities with this outcome; any, where it is left out. */
  readonly outcome?: string;
  /** From 1. */
  readonly count: number;
}
