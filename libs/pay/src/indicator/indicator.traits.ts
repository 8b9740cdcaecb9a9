import { WHOLE_BPS } from '@voronka/kernel';
import type { IndicatorDocument, Measurement } from './indicator.document.js';
import { MEASURES } from './indicator.measures.js';

/**
 * What figures can be cut by. `employee` is whoever is credited, whichever role that is, so a ratio of calls (performer)
 * to contracts (owner) can be cut by it; `performer` and `owner` are those of the fact itself.
 */
export const DIMENSIONS = [
  'employee',
  'performer',
  'owner',
  'department',
  'product',
  'productLine',
  'segment',
  'portrait',
  'source',
  'routeMap',
  'routeMapVersion',
  'step',
  'stepKind',
  'activityKind',
  'topic',
  'outcome',
  'lossReason',
  'deviationKind',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** `quality` is neither what was done nor what came of it: time, lateness, deviations. */
export function natureOf(definition: Measurement): 'activity' | 'result' | 'quality' {
  return MEASURES[definition.measure].nature;
}

/**
 * Do the figures of neighbouring periods, and of the values of a single-valued dimension, add up to the figure of the
 * whole? Counts of facts and sums do; different customers, ratios, shares and times do not.
 */
export function isAdditive(definition: Measurement): boolean {
  if (definition.measure === 'customers') return definition.event === 'firstWon';
  return isCountable(definition);
}

/**
 * In how many parts of one a figure is counted: a count by shares in ten-thousandths, so that a contract shared 60 to 40
 * counts 0.6 and 0.4; anything else whole.
 */
export function partsOfOne(definition: IndicatorDocument): bigint {
  const isShared = definition.credit?.by === 'shares';
  return isShared && MEASURES[definition.measure].shape === 'count' ? WHOLE_BPS : 1n;
}

/** May it be a part of a ratio? Counts and sums may, so a ratio is never made of ratios. */
export function isCountable(definition: Measurement): boolean {
  const { shape } = MEASURES[definition.measure];
  return shape === 'count' || shape === 'sum';
}

const OF_ALL: readonly Dimension[] = [
  'employee',
  'owner',
  'department',
  'product',
  'productLine',
  'segment',
  'portrait',
  'source',
  'routeMap',
  'routeMapVersion',
];

/**
 * The dimensions an indicator can be cut by, in the order of `DIMENSIONS`. A ratio has those that all its parts have;
 * `parts` are the definitions of numerator and denominator (ignored for anything else).
 */
export function dimensionsOf(
  definition: IndicatorDocument,
  parts: readonly IndicatorDocument[] = [],
): readonly Dimension[] {
  if (definition.measure === 'ratio') {
    return DIMENSIONS.filter((one) => parts.length > 0 && parts.every((part) => dimensionsOf(part).includes(one)));
  }
  const own = new Set([...OF_ALL, ...ownDimensions(definition)]);
  if (definition.credit?.by === 'performer') own.add('performer');
  return DIMENSIONS.filter((one) => own.has(one));
}

function ownDimensions(definition: Measurement): readonly Dimension[] {
  switch (definition.measure) {
    case 'steps':
      return ['performer', 'step', 'stepKind'];
    case 'activities':
      return ['performer', 'activityKind', 'topic', 'outcome'];
    case 'timeliness':
      return definition.work === 'steps' ? ['performer', 'step', 'stepKind'] : ['performer', 'activityKind', 'topic'];
    case 'deviations':
      return ['performer', 'step', 'stepKind', 'deviationKind'];
    case 'deals':
      return ofDeals(definition);
    case 'customers':
    case 'contracts':
    case 'amount':
    case 'payments':
    case 'ratio':
    case 'conversion':
    case 'winRate':
    case 'time':
      return [];
    default:
      return definition satisfies never;
  }
}

function ofDeals({ event }: Extract<Measurement, { measure: 'deals' }>): readonly Dimension[] {
  if (event === 'lost') return ['lossReason'];
  // Of a return: the step that the deal went back to.
  return event === 'returned' ? ['step', 'stepKind'] : [];
}

/** Dimensions in which one fact stands under several values: their rows do not add up, a distinct total stands beside. */
export function multiValuedDimensions(definition: Measurement): readonly Dimension[] {
  // Contract lines carry their own product, so amounts are divided and not repeated.
  return definition.measure === 'amount' ? [] : ['product', 'productLine'];
}
