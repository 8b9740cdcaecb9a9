import type { EventDefinitions, EventOf } from '@voronka/kernel';

export type ProductAdded = EventOf<'ProductAdded', { readonly name: string; readonly line: string }>;

/** What speaks for the product, for one segment or (null) for all. */
export type AdvantageStated = EventOf<
  'AdvantageStated',
  { readonly advantageId: string; readonly segment: string | null; readonly text: string }
>;

export type ProductRetired = EventOf<'ProductRetired', { readonly reason: string }>;

export type ProductEvent = ProductAdded | AdvantageStated | ProductRetired;

export const productEvents: EventDefinitions<ProductEvent> = {
  ProductAdded: {},
  AdvantageStated: {},
  ProductRetired: {},
};
