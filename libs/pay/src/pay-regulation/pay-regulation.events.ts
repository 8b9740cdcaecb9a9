import type { EventDefinitions, EventOf, LocalDate } from '@voronka/kernel';
import type { RegulationDocument } from './pay-regulation.document.js';

interface Version {
  readonly regulation: string;
  /** From 1, per regulation. */
  readonly version: number;
  /** First day of a month. */
  readonly effectiveFrom: LocalDate;
}

/** The whole document, in force from a month on until a later version. */
export type PayRegulationPublished = EventOf<
  'PayRegulationPublished',
  Version & {
    readonly document: RegulationDocument;
    /** The proposal that it was; null where no closed period is touched. */
    readonly proposal: string | null;
  }
>;

/** From a month on it covers nobody. */
export type PayRegulationRetired = EventOf<
  'PayRegulationRetired',
  Version & {
    readonly reason: string;
    /** The proposal that it was; left out where no closed period is touched. */
    readonly proposal?: string;
  }
>;

/** A version, or the end of a regulation, that touches closed periods: somebody else is to approve it. */
export type PayRegulationProposed = EventOf<
  'PayRegulationProposed',
  {
    readonly proposal: string;
    readonly regulation: string;
    readonly effectiveFrom: LocalDate;
    /** Null: from then on it is to cover nobody. */
    readonly document: RegulationDocument | null;
    readonly proposedBy: string;
    readonly reason: string;
    /** Hash of the preview that the proposer has seen; null or left out where he has seen none. */
    readonly previewHash?: string | null;
  }
>;

export type PayRegulationRejected = EventOf<
  'PayRegulationRejected',
  { readonly proposal: string; readonly reason: string }
>;

export type PayRegulationEvent =
  | PayRegulationPublished
  | PayRegulationRetired
  | PayRegulationProposed
  | PayRegulationRejected;

export const payRegulationEvents: EventDefinitions<PayRegulationEvent> = {
  PayRegulationPublished: {},
  PayRegulationRetired: {},
  PayRegulationProposed: {},
  PayRegulationRejected: {},
};
