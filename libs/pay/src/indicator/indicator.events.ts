import type { EventDefinitions, EventOf, LocalDate } from '@voronka/kernel';
import type { IndicatorDocument } from './indicator.document.js';

/** Version 1. Its code is the id of the stream. */
export type IndicatorDefined = EventOf<
  'IndicatorDefined',
  {
    readonly version: number;
    /** First local date it holds for; null: from the beginning of time. */
    readonly effectiveFrom: LocalDate | null;
    readonly definition: IndicatorDocument;
  }
>;

/** The whole definition again, for periods that begin on `effectiveFrom` or later; earlier ones keep theirs. */
export type IndicatorRevised = EventOf<
  'IndicatorRevised',
  {
    readonly version: number;
    readonly effectiveFrom: LocalDate;
    readonly definition: IndicatorDocument;
    readonly reason: string;
  }
>;

/** Nothing new is built on it; what uses it goes on. */
export type IndicatorRetired = EventOf<'IndicatorRetired', { readonly reason: string }>;

export type IndicatorEvent = IndicatorDefined | IndicatorRevised | IndicatorRetired;

export const indicatorEvents: EventDefinitions<IndicatorEvent> = {
  IndicatorDefined: {},
  IndicatorRevised: {},
  IndicatorRetired: {},
};
