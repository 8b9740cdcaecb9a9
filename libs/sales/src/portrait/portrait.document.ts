import type { FormField } from '../form/form.document.js';

/** A version of the portrait: what is known of any customer whatever the deal, and the segments that follow from it. */
export interface PortraitDocument {
  readonly fields: readonly FormField[];
  /** In order: the first whose rule holds is the customer's. */
  readonly segments: readonly SegmentDefinition[];
}

export interface SegmentDefinition {
  readonly code: string;
  readonly name: string;
  /** Condition (see `Condition`) on fields of the portrait; left out: assigned by hand alone. */
  readonly rule?: string;
}
