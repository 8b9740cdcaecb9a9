import type { DeviationKind, StepKind } from '../shared/vocabulary.js';

/** One text in the languages of the product. */
export interface LocalText {
  readonly ru: string;
  readonly en: string;
}

/** Kopecks are shown as money; hours are what a clock shows, working hours what the company's calendar counts. */
export const UNITS = ['count', 'kopecks', 'percent', 'ratio', 'hours', 'workingHours'] as const;
export type Unit = (typeof UNITS)[number];

/**
 * Who gets the figure: the performer of the step or activity, the owner at the event's `occurredAt`, or everyone who
 * holds a share under one credit role (10,000 basis points per role).
 */
export type Credit =
  | { readonly by: 'performer' }
  | { readonly by: 'owner' }
  | { readonly by: 'shares'; readonly role: string };

/** Which facts count. A list that is left out selects all; lists are never empty; all lists must fit at once. */
export interface IndicatorFilters {
  readonly routeMaps?: readonly string[];
  readonly steps?: readonly string[];
  readonly stepKinds?: readonly StepKind[];
  readonly activityKinds?: readonly string[];
  readonly topics?: readonly string[];
  readonly outcomes?: readonly string[];
  readonly lossReasons?: readonly string[];
  readonly deviationKinds?: readonly DeviationKind[];
  readonly products?: readonly string[];
  readonly productLines?: readonly string[];
  readonly segments?: readonly string[];
  readonly sources?: readonly string[];
  readonly portrait?: readonly PortraitFilter[];
}

export interface PortraitFilter {
  readonly field: string;
  readonly values: readonly string[];
}

/** A place on the way: a step by its code (then one route map is named), any step of a kind, or one of the ends. */
export type Place =
  | { readonly step: string }
  | { readonly kind: StepKind }
  /** `entry`: the deal opened. `win`: its contract. */
  | { readonly end: 'entry' | 'win' };

/** What an indicator counts; each form names one formula. Every figure is of a period P and dated by `occurredAt`. */
export type Measurement =
  /** Accepted completions of steps in P: every one, or each deal and step once, at its first. */
  | { readonly measure: 'steps'; readonly counting: 'every' | 'first' }
  /** Activities done in P, or activities ever done on the deals won in P. */
  | { readonly measure: 'activities'; readonly over: 'period' | 'wonDeals' }
  /** Deals by what happened to them in P. Won, lost and closed go by the last closing that no reopening undid. */
  | { readonly measure: 'deals'; readonly event: DealEventKind }
  /** Different customers; `firstWon` counts a customer once for ever, at the first contract. */
  | { readonly measure: 'customers'; readonly event: CustomerEventKind }
  /** Valid contracts by their signing. */
  | { readonly measure: 'contracts' }
  /** Sum of the lines of valid contracts by their signing. */
  | { readonly measure: 'amount' }
  /** Payments less reversals. */
  | { readonly measure: 'payments' }
  /** One indicator ÷ another, over the same slice; never averaged. */
  | { readonly measure: 'ratio'; readonly numerator: string; readonly denominator: string }
  /** Of deals that reached `from` in P, the share that reached `to` within H local days; without H, so far. */
  | {
      readonly measure: 'conversion';
      readonly conversion: 'cohort';
      readonly from: Place;
      readonly to: Place;
      readonly reach: 'touch' | 'implied';
      readonly horizonDays?: number;
    }
  /** Deals that reached `to` in P ÷ deals that reached `from` in P. */
  | {
      readonly measure: 'conversion';
      readonly conversion: 'flow';
      readonly from: Place;
      readonly to: Place;
      readonly reach: 'touch' | 'implied';
    }
  /** Of stays in `from` that ended in P, the share that ended forward. */
  | { readonly measure: 'conversion'; readonly conversion: 'exit'; readonly from: Place }
  /** won ÷ (won + lost), by close or by opening, by number or by amount. */
  | { readonly measure: 'winRate'; readonly by: 'close' | 'opening'; readonly weigh: 'count' | 'value' }
  /** Waiting for a step that was done in P; stays in a bar that ended in P; from opening to win of deals won in P. */
  | {
      readonly measure: 'time';
      readonly time: 'waiting' | 'stay';
      readonly at: Place;
      readonly statistic: Statistic;
      readonly hours: 'working' | 'calendar';
    }
  | {
      readonly measure: 'time';
      readonly time: 'cycle';
      readonly statistic: Statistic;
      readonly hours: 'working' | 'calendar';
    }
  /** Of the steps or activities that had a due time in P, the share done in time, or the share that was not. */
  | { readonly measure: 'timeliness'; readonly work: 'steps' | 'activities'; readonly share: 'inTime' | 'late' }
  /** Deviations from the route map. */
  | { readonly measure: 'deviations' };

export type Measure = Measurement['measure'];
export const DEAL_EVENTS = ['opened', 'won', 'lost', 'closed', 'reopened', 'returned'] as const;
export type DealEventKind = (typeof DEAL_EVENTS)[number];
export const CUSTOMER_EVENTS = ['opened', 'worked', 'won', 'firstWon'] as const;
export type CustomerEventKind = (typeof CUSTOMER_EVENTS)[number];
export const STATISTICS = ['median', 'p90'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** What stands beside the formula, whatever it is. */
export interface IndicatorCommon {
  readonly name: LocalText;
  readonly description: LocalText;
  readonly unit: Unit;
  readonly filters: IndicatorFilters;
  /** Null for a ratio: its parts say it. */
  readonly credit: Credit | null;
  readonly better: 'higher' | 'lower';
  /** For an indicator of activity always: the result that is shown beside it. */
  readonly resultIndicator: string | null;
}

/** A version of an indicator's definition. Its code is the id of its stream. */
export type IndicatorDocument = IndicatorCommon & Measurement;
