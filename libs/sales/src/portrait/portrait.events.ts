import type { EventDefinitions, EventOf } from '@voronka/kernel';
import type { PortraitDocument } from './portrait.document.js';

/** The whole document; each publication is the next version, from 1. */
export type PortraitPublished = EventOf<
  'PortraitPublished',
  { readonly version: number; readonly document: PortraitDocument }
>;

export type PortraitEvent = PortraitPublished;

export const portraitEvents: EventDefinitions<PortraitEvent> = { PortraitPublished: {} };
