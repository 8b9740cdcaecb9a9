import type { EventDefinitions, EventOf } from '@voronka/kernel';
import type { RouteMapDocument } from './route-map.document.js';

/** The whole document; each publication is the next version, from 1. */
export type RouteMapPublished = EventOf<
  'RouteMapPublished',
  { readonly version: number; readonly document: RouteMapDocument }
>;

/** No new deals on this map; deals under way go on. */
export type RouteMapRetired = EventOf<'RouteMapRetired', { readonly reason: string }>;

export type RouteMapEvent = RouteMapPublished | RouteMapRetired;

export const routeMapEvents: EventDefinitions<RouteMapEvent> = { RouteMapPublished: {}, RouteMapRetired: {} };
