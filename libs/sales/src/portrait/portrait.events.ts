import type { EventDefinitions, EventOf } from '@voronka/kernel';
import type { PortraitDocument } from './portrait.document.js';

/** The whole document; each publication is the next version, from 1. */
export type PortraitPublished = EventOf<
  'PortraitPublished',
  { readonly version: number; readonly document: PortraitDocument }
>;

/** A route map asks the portrait: newer versions of it are held against that map. */
export type PortraitUseNoted = EventOf<'PortraitUseNoted', { readonly routeMapId: string }>;

export type PortraitEvent = PortraitPublished | PortraitUseNoted;

export const portraitEvents: EventDefinitions<PortraitEvent> = { PortraitPublished: {}, PortraitUseNoted: {} };
