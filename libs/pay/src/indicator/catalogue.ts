import { activities, efforts } from './catalogue/activities.js';
import { conversions } from './catalogue/conversions.js';
import type { CatalogueEntry } from './catalogue/entry.js';
import { quality } from './catalogue/quality.js';
import { results } from './catalogue/results.js';

export type { CatalogueEntry };

/**
 * Ready indicators, in an order in which they can be defined one after another: what an entry speaks of stands above
 * it. They select by kinds of steps and of activities, so they hold on any route map.
 */
export const indicatorCatalogue: readonly CatalogueEntry[] = [
  ...results,
  ...conversions,
  ...activities,
  ...efforts,
  ...quality,
];
